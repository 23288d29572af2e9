"""The supervisor's figures of screening, on the screen and as a table to take along."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from saphan.access.actions import Action
from saphan.access.guard import StaffRequest, page_for
from saphan.audit.services import record
from saphan.care.screening import figures as counted
from saphan.core import clock

EARLIEST = 2026


@page_for(Action.SCREENING_FIGURES)
@require_GET
def figures(request: StaffRequest) -> HttpResponse:
    """Numbers of the supervisor's own organisation in one year; no person can be opened from here."""
    now = clock.now()
    years = list(range(now.year, EARLIEST - 1, -1))
    wanted = request.GET.get("year", "")
    year = int(wanted) if wanted.isascii() and wanted.isdecimal() and len(wanted) == 4 and int(wanted) in years else now.year
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
