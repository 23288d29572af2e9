"""The editors' own screens inside the editors' system. The door of that system has checked the role before."""

import csv
from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from wagtail.admin.paginator import WagtailPaginator
from wagtail.models import Page, PageLogEntry

from saphan.access.actions import Action
from saphan.access.guard import StaffRequest
from saphan.access.policy import check as ask
from saphan.core import clock
from saphan.core.errors import DomainError, Invalid
from saphan.portal.editors import board as boards
from saphan.portal.editors import links as outgoing
from saphan.portal.editors import making
from saphan.portal.editors import strings as catalogue
from saphan.portal.editors.calendar import HELD
from saphan.portal.editors.checking import kinds, report_on
from saphan.portal.editors.comparing import side_by_side
from saphan.portal.editors.models import OutsideLink, PassedFinding, TranslationMark
from saphan.portal.editors.origins import Standing, standing_of, version_of
from saphan.portal.editors.passing import pass_findings
from saphan.portal.pages import PublicPage

PER_PAGE = 40


@require_http_methods(["GET", "POST"])
def check(request: StaffRequest, page_id: int) -> HttpResponse:
    """What the check finds on the newest draft of a page; a publisher gives reasons for what may be passed."""
    page = _public_page(page_id)
    revision = page.get_latest_revision()
    faults: dict[str, str] = {}
    if request.method == "POST" and revision is not None:
        reasons = {name.removeprefix("reason-"): str(text) for name, text in request.POST.items() if name.startswith("reason-")}
        try:
            kept = pass_findings(page=page, reasons=reasons, by=request.user, at=clock.now())
        except Invalid as invalid:
            faults = invalid.fields
            messages.error(request, invalid.sentence)
        else:
            messages.success(request, ngettext("%(n)s reason kept.", "%(n)s reasons kept.", kept) % {"n": kept})
            return redirect("editors:check", page_id)
    report = report_on(revision.as_object() if revision else page)
    names = kinds()
    rows = [(f, names[f.rule], report.passed.get(f.key), request.POST.get(f"reason-{f.key}", ""), faults.get(f.key, "")) for f in report.findings]
    return render(request, "editors/check.html", {
        "page": page, "report": report, "rows": rows, "may_pass": ask(request.user, Action.PAGE_PASS_FINDING, revision) if revision else False,
        "held": PageLogEntry.objects.filter(page=page.pk, action=HELD, revision=revision).order_by("-timestamp").first() if revision else None,
        "reasons": PassedFinding.objects.filter(page=page.pk).select_related("by").order_by("-at")[:50], "kinds": names, **_trail(_("Check"), page),
    }, status=422 if faults else 200)  # fmt: skip


@require_GET
def board(request: HttpRequest) -> HttpResponse:
    """Each text against each language."""
    found = boards.board(request.GET)
    paged = _paged(found.rows, request)
    codes = [found.chosen["language"]] if "language" in found.chosen else [code for code, _name in settings.LANGUAGES]
    waiting = catalogue.counts()
    numbers = [
        (code, name, [found.counts[code].get(state, 0) for state in Standing.values], waiting.get(code, 0)) for code, name in settings.LANGUAGES
    ]
    return render(request, "editors/board.html", {
        "board": found, "languages": settings.LANGUAGES, "columns": [(c, n) for c, n in settings.LANGUAGES if c in codes],
        "rows": [(row, [cell for cell in row.cells if cell.language in codes]) for row in paged["listing"]], "numbers": numbers, "states": Standing.choices,
        "url": reverse("editors:board"), **paged, **_trail(_("Translations")),
    })  # fmt: skip


@require_http_methods(["GET", "POST"])
def translation(request: StaffRequest, page_id: int) -> HttpResponse:
    """A translation beside its original, and what can be done with it."""
    page = _public_page(page_id)
    original = making.original_of(page)
    if request.method == "POST":
        return _done(request, page, str(request.POST.get("act", "")))
    mark = TranslationMark.objects.filter(page=page.pk).select_related("page", "made_by", "approved_by", "made_from").first()
    standing = standing_of(version_of(page), version_of(original) if original else None, mark) if original else Standing.ORIGINAL
    may_approve = ask(request.user, Action.TRANSLATION_APPROVE, mark or TranslationMark(page=page))
    return render(request, "editors/translation.html", {
        "page": page, "original": original, "mark": mark, "standing": standing, "may_approve": may_approve,
        "pairs": side_by_side(original.specific, page.get_latest_revision_as_object(), mark) if original else [], **_trail(_("Translations"), page),
    })  # fmt: skip


@require_POST
def begin(request: StaffRequest, page_id: int) -> HttpResponse:
    """Copies a page into a language, to be translated there."""
    try:
        made = making.begin_translation(page=_public_page(page_id), language=str(request.POST.get("language", "")), by=request.user, at=clock.now())
    except DomainError as fault:
        messages.error(request, fault.sentence or _("This cannot be done."))
        return redirect("editors:board")
    messages.success(request, _("Copied as a draft. Translate it here; it becomes public when another person publishes it."))
    return redirect("wagtailadmin_pages:edit", made.pk)


@require_GET
def strings(request: HttpRequest, language: str) -> HttpResponse:
    """The words of the interface that wait for a person, in one language."""
    name = dict(settings.LANGUAGES).get(language, language)
    found = catalogue.unreviewed(language) if language in dict(settings.LANGUAGES) else []
    url = reverse("editors:strings", args=[language])
    context = {"language": language, "name": name, "url": url, **_paged(found, request), **_trail(_("Translations"))}
    return render(request, "editors/strings.html", context)


@require_GET
def links(request: HttpRequest) -> HttpResponse:
    """Links that lead nowhere, as a list or as a table to take away."""
    broken = outgoing.broken_links()
    if request.GET.get("export") == "csv":
        return _as_csv(broken)
    last = OutsideLink.objects.exclude(checked_at=None).order_by("-checked_at").first()
    return render(request, "editors/links.html", {
        "allowed": settings.CHECK_OUTSIDE_LINKS, "last": last, "asked": OutsideLink.objects.count(), "url": reverse("editors:links"),
        **_paged(broken, request), **_trail(_("Broken links")),
    })  # fmt: skip


def _paged(rows: Sequence[Any], request: HttpRequest) -> dict[str, Any]:
    """One page of a list, as the editors' system shows lists."""
    pages = WagtailPaginator(rows, PER_PAGE)
    listing = pages.get_page(request.GET.get("p"))
    return {"listing": listing, "elided_page_range": pages.get_elided_page_range(listing.number)}


def _done(request: StaffRequest, page: PublicPage, act: str) -> HttpResponse:
    """Does one act of the translation's screen; what is refused is told there."""
    try:
        if act == "approve":
            making.approve(page=page, by=request.user, at=clock.now())
            messages.success(request, _("Approved."))
        elif act == "machine":
            making.declare_machine_made(page=page, by=request.user, at=clock.now())
            messages.success(request, _("Marked as made by a machine. The public page says so until a person has approved it."))
        elif act == "update":
            changed = making.update_from_original(page=page, by=request.user, at=clock.now())
            messages.success(request, _("A draft was made. Translate what is new in it: %(fields)s.") % {"fields": ", ".join(changed)})
            return redirect("wagtailadmin_pages:edit", page.pk)
    except DomainError as fault:
        messages.error(request, fault.sentence)
    return redirect("editors:translation", page.pk)


def _as_csv(broken: list[outgoing.BrokenLink]) -> HttpResponse:
    response = HttpResponse(content_type="text/csv; charset=utf-8", headers={"Content-Disposition": 'attachment; filename="broken-links.csv"'})
    response.write("\ufeff")
    outgoing.write_csv(csv.writer(response), broken)
    return response


def _public_page(page_id: int) -> PublicPage:
    page = get_object_or_404(Page, pk=page_id, depth__gt=1).specific
    if not isinstance(page, PublicPage):
        raise Http404
    return page


def _trail(title: str, page: Page | None = None) -> dict[str, Any]:
    """The line at the head of the editors' system: where one is."""
    home = [{"url": reverse("wagtailadmin_home"), "label": _("Home")}]
    place = [{"url": reverse("wagtailadmin_pages:edit", args=[page.pk]), "label": page.get_admin_display_title()}] if page else []
    return {"breadcrumbs_items": [*home, *place, {"url": "", "label": title}], "header_title": title}
