"""The desk's pages of subscribers: numbers, one address that is asked about, a list coming in, a list going out."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from saphan.access.actions import Action
from saphan.access.guard import StaffRequest, page_for
from saphan.access.policy import check
from saphan.core import clock
from saphan.core.errors import Invalid
from saphan.core.once import once
from saphan.core.paging import paginate
from saphan.portal.newsletter import exporting, importing, subscribers
from saphan.portal.newsletter.digest import month_named, named
from saphan.portal.newsletter.issues import Delivery
from saphan.portal.newsletter.models import Export
from saphan.portal.newsletter.subscriber_forms import FindForm, ListForm, ReasonForm
from saphan.portal.search.naming import Names

NOTES_SHOWN = 200  # lines of a file; further ones are counted
LETTERS_SHOWN = 12


@page_for(Action.NEWSLETTER_SUBSCRIBERS)
@require_GET
def overview(request: StaffRequest) -> HttpResponse:
    """The subscribers in numbers."""
    return _overview(request, FindForm())


def _overview(request: StaffRequest, form: FindForm, status: int = 200) -> HttpResponse:
    found = subscribers.counts(at=clock.now(), language=_language())
    acts = {act.name.removeprefix("NEWSLETTER_").lower(): act in request.user.acts for act in (Action.NEWSLETTER_FIND, Action.NEWSLETTER_IMPORT)}
    months = [(month_named(month.first, _language()), month) for month in found.months]
    return render(request, "newsletter/desk/subscribers.html", {"counts": found, "months": months, "form": form, "may": acts}, status=status)


@page_for(Action.NEWSLETTER_FIND)
@require_POST
def find(request: StaffRequest) -> HttpResponse:
    """Looks for one address and leads to its subscription."""
    form = FindForm(request.POST)
    if not form.is_valid():
        return _overview(request, form, status=422)
    found = subscribers.find(email=form.cleaned_data["email"], by=request.user, at=clock.now())
    if found.subscriber is not None:
        return redirect("newsletter_desk:subscriber", found.subscriber.pk)
    if found.left_at is not None:
        messages.info(request, _("This address has left the newsletter. Its owner can ask for it again by the form."))
    else:
        messages.info(request, _("This address is not among the subscribers."))
    return redirect("newsletter_desk:subscribers")


@page_for(Action.NEWSLETTER_FIND)
@require_GET
def subscriber(request: StaffRequest, subscriber_id: UUID) -> HttpResponse:
    """One subscription, without its address."""
    found, words = subscribers.read(subscriber_id=subscriber_id, by=request.user, at=clock.now())
    names, language = Names(), _language()
    letters = Delivery.objects.filter(subscriber=found).select_related("issue").order_by("-id")[:LETTERS_SHOWN]
    shown = {
        "subscriber": found,
        "words": words,
        "countries": [names.countries(language).get(code, code) for code in found.countries],
        "topics": [names.topics(language).get(slug, slug) for slug in found.topics],
        "letters": [(named(letter.issue, language), letter.get_state_display()) for letter in letters],
        "may_erase": check(request.user, Action.NEWSLETTER_ERASE, found),
    }
    return render(request, "newsletter/desk/subscriber.html", shown)


@page_for(Action.NEWSLETTER_ERASE)
@require_http_methods(["GET", "POST"])
@once
def erase(request: StaffRequest, subscriber_id: UUID) -> HttpResponse:
    """Takes one address off the list, after asking once more."""
    found, _words = subscribers.read(subscriber_id=subscriber_id, by=request.user, at=clock.now())
    if request.method == "POST":
        subscribers.erase(subscriber_id=found.pk, by=request.user, at=clock.now())
        messages.success(request, _("The address is deleted. No list brings it back."))
        return redirect("newsletter_desk:subscribers")
    consequences = [
        _("The address and all choices are deleted. This cannot be undone."),
        _("No further letter goes there. Its owner may ask again by the form."),
    ]
    shown = {"question": _("Take this address off the newsletter?"), "consequences": consequences, "verb": _("Delete the address"), "back": "../"}
    return render(request, "confirm.html", shown)


@page_for(Action.NEWSLETTER_IMPORT)
@require_http_methods(["GET", "POST"])
@once
def bring_in(request: StaffRequest) -> HttpResponse:
    """A list comes in: first the look, then, from the page of the look, the act. The file is kept nowhere in between but on that page."""
    if request.method == "GET":
        return _import_page(request, ListForm())
    try:
        if "content" in request.POST:
            done = importing.bring_in(request.POST["content"], by=request.user, at=clock.now())
            messages.success(
                request,
                _("The list is in. Receive from now on: %(n)s. Asked by letter: %(m)s.") % {"n": done.at_once, "m": done.by_letter},
            )
            return redirect("newsletter_desk:subscribers")
        return _look(request)
    except Invalid as error:
        form = ListForm()
        form.full_clean()
        return _import_page(request, form, 422, sentence=error.fields.get("file") or error.sentence)


def _look(request: StaffRequest) -> HttpResponse:
    form = ListForm(request.POST, request.FILES)
    if not form.is_valid():
        return _import_page(request, form, 422)
    text = importing.text_of(form.cleaned_data["file"].read(importing.BYTES + 1))
    found = importing.review(text, at=clock.now())
    shown = {"review": found, "content": text, "faults": found.faults[:NOTES_SHOWN], "left_out": found.left_out[:NOTES_SHOWN]}
    return _import_page(request, ListForm(), 422 if found.faults else 200, **shown)


def _import_page(request: StaffRequest, form: ListForm, status: int = 200, **shown: Any) -> HttpResponse:
    topics = sorted(Names().topics("en").items())
    return render(request, "newsletter/desk/import.html", {"form": form, "topics": topics, "columns": importing.COLUMNS, **shown}, status=status)


@page_for(Action.NEWSLETTER_EXPORT)
@require_http_methods(["GET", "POST"])
@once
def exports(request: StaffRequest) -> HttpResponse:
    """Requests to take the list out, and the form of a new one."""
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            exporting.ask_for(reason=form.cleaned_data["reason"], by=request.user, at=clock.now())
        except Invalid as error:
            form.add_error("reason", error.fields["reason"])
        else:
            messages.success(request, _("Asked for. Another publisher has to agree; then you have a day to take the list."))
            return redirect("newsletter_desk:exports")
    page = paginate(Export.objects.select_related("asked_by", "approved_by"), request, order=("-asked_at", "id"))
    return render(request, "newsletter/desk/exports.html", {"form": form, "page": page}, status=422 if form.is_bound else 200)


@page_for(Action.NEWSLETTER_APPROVE_EXPORT)
@require_POST
@once
def approve_export(request: StaffRequest, export_id: UUID) -> HttpResponse:
    """The second person agrees."""
    exporting.approve(export_id=export_id, by=request.user, at=clock.now())
    messages.success(request, _("Approved. Who asked may take the list once within a day."))
    return redirect("newsletter_desk:exports")


@page_for(Action.NEWSLETTER_EXPORT)
@require_POST
def take_export(request: StaffRequest, export_id: UUID) -> HttpResponse:
    """The list as a file, once."""
    table = exporting.take(export_id=export_id, by=request.user, at=clock.now())
    headers = {"Content-Disposition": 'attachment; filename="subscribers.csv"'}
    return HttpResponse("\ufeff" + table, content_type="text/csv; charset=utf-8", headers=headers)


def _language() -> str:
    return get_language() or "en"
