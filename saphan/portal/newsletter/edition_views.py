"""The desk's page of one edition: words, order, what is added, and how the letter will look."""

import hashlib
import re
from base64 import b64encode
from typing import Any
from uuid import UUID

from csp.constants import SELF
from csp.decorators import csp_update
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_GET, require_POST

from saphan.access.actions import Action
from saphan.access.guard import StaffRequest, page_for
from saphan.access.policy import check
from saphan.core import clock
from saphan.core.errors import Invalid
from saphan.core.once import once
from saphan.portal.heads import absolute
from saphan.portal.newsletter import editing
from saphan.portal.newsletter.digest import SCHEMES, Ways, as_html, as_text, digest_of, named, neutral_subject
from saphan.portal.newsletter.issue_forms import EditionForm, ItemForm, PositionForm, TestForm
from saphan.portal.newsletter.issue_states import IssueState
from saphan.portal.newsletter.issues import Edition, Issue, Item
from saphan.portal.newsletter.kinds import heading_of
from saphan.portal.newsletter.testing import send_test
from saphan.portal.search.models import SearchEntry
from saphan.portal.search.selectors import ids_matching

FOUND = 10


@page_for(Action.NEWSLETTER_LIST)
@require_GET
def edition(request: StaffRequest, edition_id: UUID) -> HttpResponse:
    """One edition with everything that an editor may do to it."""
    return _page(request, _visible(request, edition_id))


@page_for(Action.NEWSLETTER_EDIT)
@require_POST
@once
def write(request: StaffRequest, edition_id: UUID) -> HttpResponse:
    """Subject and introduction."""
    shown = _visible(request, edition_id)
    form = EditionForm(request.POST)
    if not form.is_valid():
        return _page(request, shown, status=422, form=form)
    editing.write_edition(edition_id=shown.pk, by=request.user, at=clock.now(), **form.cleaned_data)
    messages.success(request, _("Kept."))
    return redirect("newsletter_desk:edition", shown.pk)


@page_for(Action.NEWSLETTER_EDIT)
@require_POST
@once
def add(request: StaffRequest, edition_id: UUID) -> HttpResponse:
    """Adds what the search found."""
    shown = _visible(request, edition_id)
    try:
        item = editing.add(edition_id=shown.pk, key=request.POST.get("key", ""), by=request.user, at=clock.now())
    except Invalid as error:
        messages.error(request, error.sentence)
        return _page(request, shown, status=422)
    messages.success(request, _("Added. You may change its words and its place."))
    return _to(item)


@page_for(Action.NEWSLETTER_EDIT)
@require_POST
@once
def write_item(request: StaffRequest, item_id: UUID) -> HttpResponse:
    """Other words for an item."""
    item = _item(request, item_id)
    form = ItemForm(request.POST, prefix=item.pk.hex)
    if not form.is_valid():
        return _page(request, item.edition, status=422, item_form=form, item=item)
    editing.write_item(item_id=item.pk, by=request.user, at=clock.now(), **form.cleaned_data)
    messages.success(request, _("Kept."))
    return _to(item)


@page_for(Action.NEWSLETTER_EDIT)
@require_POST
def move(request: StaffRequest, item_id: UUID) -> HttpResponse:
    """Up, down, or to a number."""
    item = _item(request, item_id)
    form = PositionForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Write the place as a number from 1 on."))
        return _page(request, item.edition, status=422)
    editing.move(item_id=item.pk, position=form.cleaned_data["position"], by=request.user, at=clock.now())
    return _to(item)


@page_for(Action.NEWSLETTER_EDIT)
@require_POST
def hide(request: StaffRequest, item_id: UUID) -> HttpResponse:
    """Leaves it out."""
    return _to(editing.hide(item_id=_item(request, item_id).pk, by=request.user, at=clock.now()))


@page_for(Action.NEWSLETTER_EDIT)
@require_POST
def show(request: StaffRequest, item_id: UUID) -> HttpResponse:
    """Shows it again."""
    return _to(editing.show(item_id=_item(request, item_id).pk, by=request.user, at=clock.now()))


@page_for(Action.NEWSLETTER_EDIT)
@require_POST
def drop(request: StaffRequest, item_id: UUID) -> HttpResponse:
    """Takes away what was added by hand."""
    item = _item(request, item_id)
    try:
        editing.drop(item_id=item.pk, by=request.user, at=clock.now())
    except Invalid as error:
        messages.error(request, error.sentence)
        return _page(request, item.edition, status=422)
    return redirect("newsletter_desk:edition", item.edition_id)


@page_for(Action.NEWSLETTER_TEST)
@require_POST
@once
def test(request: StaffRequest, edition_id: UUID) -> HttpResponse:
    """A test letter to the one who asks."""
    shown = _visible(request, edition_id)
    form = TestForm(request.POST)
    if not form.is_valid():
        raise Http404
    send_test(edition_id=shown.pk, face=form.cleaned_data["face"], by=request.user, at=clock.now())
    messages.success(request, _("The test letter is on its way to your own address."))
    return redirect((request.POST.get("back") == "preview" and "newsletter_desk:preview") or "newsletter_desk:edition", shown.pk)


@csp_update({"frame-src": [SELF]})
@page_for(Action.NEWSLETTER_LIST)
@require_GET
def preview(request: StaffRequest, edition_id: UUID) -> HttpResponse:
    """The letter as it will arrive: light and dark side by side, and as plain text."""
    shown = _visible(request, edition_id)
    digest = digest_of(shown)
    discreet = "discreet" in request.GET
    siblings = Edition.objects.filter(issue=shown.issue, country=shown.country)
    context = {
        "edition": shown, "digest": digest, "discreet": discreet, "month": _month(shown.issue), "text": as_text(digest, _ways(shown), discreet=discreet),
        "subject": neutral_subject(digest) if discreet else digest.subject, "siblings": siblings, "schemes": list(SCHEMES),
    }  # fmt: skip
    return render(request, "newsletter/desk/preview.html", context)


@xframe_options_sameorigin
@page_for(Action.NEWSLETTER_LIST)
@require_GET
def letter(request: StaffRequest, edition_id: UUID) -> HttpResponse:
    """The letter itself, shut into a frame: it may show its own style, and nothing else."""
    shown = _visible(request, edition_id)
    scheme = request.GET.get("scheme", "")
    html = as_html(digest_of(shown), _ways(shown), discreet="discreet" in request.GET, scheme=scheme if scheme in SCHEMES else "")
    styles = " ".join(
        f"'sha256-{b64encode(hashlib.sha256(style.encode()).digest()).decode()}'" for style in re.findall(r"<style>(.*?)</style>", html, re.DOTALL)
    )
    response = HttpResponse(html)
    response["Content-Security-Policy"] = (
        f"default-src 'none'; style-src {styles}; frame-ancestors 'self'; base-uri 'none'; form-action 'none'; sandbox"
    )
    return response


def _visible(request: StaffRequest, edition_id: UUID) -> Edition:
    found = Edition.objects.filter(issue__in=Issue.objects.visible_to(request.user)).select_related("issue").filter(pk=edition_id).first()
    if found is None:
        raise Http404
    return found


def _item(request: StaffRequest, item_id: UUID) -> Item:
    found = Item.objects.filter(edition__issue__in=Issue.objects.visible_to(request.user)).select_related("edition__issue").filter(pk=item_id).first()
    if found is None:
        raise Http404
    return found


def _to(item: Item) -> HttpResponse:
    return redirect(reverse("newsletter_desk:edition", args=[item.edition_id]) + f"#item-{item.pk}")


def _ways(shown: Edition) -> Ways:
    """Where the ways out lead in a preview: nobody reads it, so nobody can leave by it."""
    page = absolute(f"/{shown.language}/newsletter/")
    return Ways(page, page)


def _page(request: StaffRequest, shown: Edition, status: int = 200, **more: Any) -> HttpResponse:
    may = shown.issue.state == IssueState.DRAFT and bool(check(request.user, Action.NEWSLETTER_EDIT, shown.issue))
    context = {
        "edition": shown, "issue": shown.issue, "month": _month(shown.issue), "may": may, "default_subject": digest_of(shown).subject,
        "form": EditionForm(initial={"subject": shown.subject, "introduction": shown.introduction}),
        "siblings": Edition.objects.filter(issue=shown.issue).order_by("country", "language"),
        "found": _found(request, shown) if may else [], "asked": request.GET.get("q", ""), **more,
    }  # fmt: skip
    context["sections"] = _sections(shown, more.get("item"), more.get("item_form"), may=may)
    return render(request, "newsletter/desk/edition.html", context, status=status)


def _sections(shown: Edition, wrong: Item | None, wrong_form: ItemForm | None, *, may: bool) -> list[dict[str, Any]]:
    """The items by section, each with its number and, for who may write, its form."""
    sections: dict[str, list[dict[str, Any]]] = {}
    for item in editing.in_order(shown):
        rows = sections.setdefault(item.kind, [])
        form = wrong_form if wrong and wrong.pk == item.pk else ItemForm(initial={"title": item.title, "summary": item.summary}, prefix=item.pk.hex)
        rows.append({"item": item, "number": len(rows) + 1, "form": form if may else None, "foreign": item.language != shown.language})
    return [{"heading": heading_of(kind), "rows": rows, "last": len(rows)} for kind, rows in sections.items()]


def _found(request: StaffRequest, shown: Edition) -> list[SearchEntry]:
    """What the search finds for the words typed, without what stands in the edition already."""
    asked = request.GET.get("q", "").strip()
    if not asked:
        return []
    ids = ids_matching(asked, shown.language)[:50]
    there = set(shown.items.values_list("permanent", flat=True))
    entries = SearchEntry.objects.defer("text").in_bulk(ids)
    return [entries[pk] for pk in ids if pk in entries and entries[pk].permanent not in there][:FOUND]


def _month(issue: Issue) -> str:
    return named(issue, get_language() or "en")
