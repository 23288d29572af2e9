"""The supervisor's figures of screening, on the screen and as a table to take along."""

from datetime import datetime

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from saphan.access.actions import Action
from saphan.access.guard import StaffRequest, page_for
from saphan.audit.services import record
from saphan.care.screening import figures as counted
from saphan.core import clock
from saphan.core.spreadsheet import table_text

EARLIEST = 2026


def _year(request: StaffRequest, now: datetime) -> tuple[int, list[int]]:
    """The year asked for, and all there are."""
    years = list(range(now.year, EARLIEST - 1, -1))
    wanted = request.GET.get("year", "")
    known = wanted.isascii() and wanted.isdecimal() and len(wanted) == 4 and int(wanted) in years
    return (int(wanted) if known else now.year), years


@page_for(Action.SCREENING_FIGURES)
@require_GET
def figures(request: StaffRequest) -> HttpResponse:
    """Numbers of the supervisor's own organisation in one year; no person can be opened from here."""
    now = clock.now()
    year, years = _year(request, now)
    record(by=request.user, action=Action.SCREENING_FIGURES, target=("screening.figures", str(year)), at=now)
    context = {
        "year": year,
        "years": years,
        "instruments": counted.instrument_lines(request.user, year),
        "agreement": counted.agreement_lines(request.user, year),
        "left_out": counted.questions_left_out(request.user, year),
        "fewest": counted.FEWEST,
        "title": _("Figures of screening"),
    }
    return render(request, "screening/figures.html", context)


@page_for(Action.SCREENING_FIGURES)
@require_GET
def figures_table(request: StaffRequest) -> HttpResponse:
    """The same numbers as a CSV file, one number a row; no cell can begin a formula."""
    now = clock.now()
    year, _years = _year(request, now)
    record(by=request.user, action=Action.SCREENING_FIGURES, target=("screening.figures", str(year)), at=now, fields=["table"])
    answer = HttpResponse(table_text(counted.as_rows(request.user, year)), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="screening-{year}.csv"'
    return answer
