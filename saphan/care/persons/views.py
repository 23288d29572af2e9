"""Screens of the reports: the list, the hotline's one screen, a report with its clock."""

from uuid import UUID

import segno
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from saphan.access.actions import Action
from saphan.access.guard import StaffRequest, page_for
from saphan.audit.services import record
from saphan.care.persons import services
from saphan.care.persons.clocks import clock_of
from saphan.care.persons.codes import ContactOutcome
from saphan.care.persons.disclosure import reveal
from saphan.care.persons.forms import CloseForm, ContactForm, FileForm, PurposeForm, ReportFilter, ReportForm
from saphan.care.persons.models import Report, ReportQuerySet
from saphan.core import clock
from saphan.core.once import once
from saphan.core.paging import paginate

SEALED = ("narrative", "place", "callback")


@page_for(Action.REPORT_LIST)
@require_GET
def list_reports(request: StaffRequest) -> HttpResponse:
    """Reports of the own organisation, newest first."""
    filters = ReportFilter(request.GET)
    found = _filtered(Report.objects.visible_to(request.user), filters).select_related("province")
    page = paginate(found, request, order=("-reported_at", "-id"))
    return render(request, "persons/reports.html", {"page": page, "filters": filters})


def _filtered(reports: ReportQuerySet, filters: ReportFilter) -> ReportQuerySet:
    filters.is_valid()
    chosen = filters.cleaned_data
    if state := chosen.get("state"):
        reports = reports.filter(state=state)
    if danger := chosen.get("danger"):
        reports = reports.filter(danger=danger)
    return reports.late(clock.now()) if chosen.get("late") else reports


@page_for(Action.REPORT_RECORD)
@require_http_methods(["GET", "POST"])
@once
def new_report(request: StaffRequest) -> HttpResponse:
    """Takes a report down."""
    form = ReportForm(request.POST or None)
    if request.method == "POST":
        if form.is_valid():
            report = services.record_report(told=form.told(), by=request.user, at=clock.now())
            messages.success(request, _("Report %(reference)s is recorded.") % {"reference": report.reference})
            return redirect("reports:detail", report.pk)
        return render(request, "persons/report_new.html", {"form": form}, status=422)
    return render(request, "persons/report_new.html", {"form": form})


@page_for(Action.REPORT_READ)
@require_GET
def report_detail(request: StaffRequest, report_id: UUID) -> HttpResponse:
    """A report with its clock; what was said stays sealed until asked for."""
    report = _visible(request, report_id)
    record(by=request.user, action=Action.REPORT_READ, target=report, at=clock.now())
    return _page(request, report)


@page_for(Action.REPORT_READ)
@require_POST
def read_report(request: StaffRequest, report_id: UUID) -> HttpResponse:
    """Opens what was said, for a stated purpose."""
    report = _visible(request, report_id)
    form = PurposeForm(request.POST)
    if not form.is_valid():
        return _page(request, report, purpose=form, status=422)
    said = reveal(report, *SEALED, by=request.user, at=clock.now(), purpose=form.cleaned_data["purpose"])
    return _page(request, report, said=said)


@page_for(Action.REPORT_CONTACT)
@require_POST
@once
def contact(request: StaffRequest, report_id: UUID) -> HttpResponse:
    """Records a try to reach the person."""
    report = _visible(request, report_id)
    form = ContactForm(request.POST)
    if not form.is_valid():
        return _page(request, report, contact=form, status=422)
    outcome = form.cleaned_data["outcome"]
    services.record_contact(report_id=report.pk, how=form.cleaned_data["how"], outcome=outcome, by=request.user, at=clock.now())
    running = outcome == ContactOutcome.NOT_REACHED
    sentence = _("%(reference)s: the try is recorded, the clock runs on.") if running else _("%(reference)s: first contact is recorded.")
    messages.success(request, sentence % {"reference": report.reference})
    return redirect("reports:detail", report.pk)


@page_for(Action.PERSON_OPEN)
@require_http_methods(["GET", "POST"])
@once
def open_file(request: StaffRequest, report_id: UUID) -> HttpResponse:
    """Opens a file for one person of the report."""
    report = _visible(request, report_id)
    form = FileForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        person = services.open_person(report_id=report.pk, facts=form.facts(), by=request.user, at=clock.now())
        messages.success(request, _("The file %(alias)s is open. You lead it.") % {"alias": person.alias})
        return redirect("persons:detail", person.pk)
    return render(request, "persons/file_new.html", {"report": report, "form": form}, status=422 if request.method == "POST" else 200)


@page_for(Action.REPORT_CLOSE)
@require_POST
def close(request: StaffRequest, report_id: UUID) -> HttpResponse:
    """Ends a report."""
    report = _visible(request, report_id)
    form = CloseForm(request.POST)
    if not form.is_valid():
        return _page(request, report, close=form, status=422)
    services.close_report(report_id=report.pk, reason=form.cleaned_data["reason"], by=request.user, at=clock.now())
    messages.success(request, _("Report %(reference)s is closed.") % {"reference": report.reference})
    return redirect("reports:detail", report.pk)


@page_for(Action.REPORT_READ)
@require_GET
def print_report(request: StaffRequest, report_id: UUID) -> HttpResponse:
    """The report on one sheet: working facts and its reference, nothing that was said."""
    report = _visible(request, report_id)
    record(by=request.user, action=Action.REPORT_READ, target=report, at=clock.now(), purpose="print")
    code = segno.make(report.reference, micro=False).svg_inline(scale=3, svgclass="qr", lineclass=None)
    return render(request, "persons/report_print.html", {"report": report, "code": code, "attempts": report.attempts.select_related("by")})


def _visible(request: StaffRequest, report_id: UUID) -> Report:
    report = (
        Report.objects.visible_to(request.user)
        .select_related("org", "office", "province", "recorded_by", "contacted_by")
        .filter(pk=report_id)
        .first()
    )
    if report is None:
        raise Http404
    return report


def _page(
    request: StaffRequest, report: Report, *, said: dict[str, str | None] | None = None, purpose: PurposeForm | None = None,
    contact: ContactForm | None = None, close: CloseForm | None = None, status: int = 200,
) -> HttpResponse:  # fmt: skip
    context = {
        "report": report, "limit": clock_of(report.clock), "said": said,
        "purpose_form": purpose or PurposeForm(), "contact_form": contact or ContactForm(),
        "close_form": close or CloseForm(), "attempts": report.attempts.select_related("by"), "people": report.people.order_by("created_at"),
    }  # fmt: skip
    return render(request, "persons/report.html", context, status=status)
