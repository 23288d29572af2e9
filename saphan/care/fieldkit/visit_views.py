"""Screens of visits to a site: the list, one visit with its people, adding a person, and the print. No script is needed."""

from dataclasses import dataclass
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from saphan.access.actions import Action
from saphan.access.guard import StaffRequest, page_for
from saphan.access.policy import require
from saphan.care.fieldkit import visits
from saphan.care.fieldkit.codes import Activity, SiteKind
from saphan.care.fieldkit.forms import MetForm, VisitForm
from saphan.care.fieldkit.models import SiteVisit, VisitPerson
from saphan.care.fieldkit.site_facts import site_facts
from saphan.care.persons.services import Facts
from saphan.care.screening.codes import YesNo
from saphan.care.screening.models import Interview
from saphan.core import clock
from saphan.core.once import once
from saphan.core.paging import paginate
from saphan.directory.models import Province


@page_for(Action.SITE_VISIT_READ)
@require_GET
def list_visits(request: StaffRequest) -> HttpResponse:
    """Visits by number and day; what holds for a site is opened on its own page only."""
    found = SiteVisit.objects.visible_to(request.user).select_related("worker").prefetch_related("people")
    return render(request, "fieldkit/visits.html", {"page": paginate(found, request, order=("-visited_on", "-id"))})


@page_for(Action.SITE_VISIT_RECORD)
@require_http_methods(["GET", "POST"])
@once
def new_visit(request: StaffRequest) -> HttpResponse:
    """Writes down what holds for everybody at a site."""
    form = VisitForm(request.POST or None, initial={"visited_on": clock.now().date()})
    if request.method == "POST" and form.is_valid():
        visit = visits.record_visit(visited_on=form.cleaned_data["visited_on"], facts=form.facts(), by=request.user, at=clock.now())
        messages.success(request, _("Visit %(reference)s is kept. Now add the people.") % {"reference": visit.reference})
        return redirect("fieldkit:visit", visit.pk)
    return render(request, "fieldkit/visit_new.html", {"form": form}, status=422 if request.method == "POST" else 200)


@page_for(Action.SITE_VISIT_RECORD)
@require_http_methods(["GET", "POST"])
@once
def correct_visit(request: StaffRequest, visit_id: UUID) -> HttpResponse:
    """What holds for the site is put right; the day stays. Interviews that were asked keep what was answered in them."""
    visit = _visible(request, visit_id)
    require(request.user, Action.SITE_VISIT_READ, visit)
    kept = visits.read_facts(visit, by=request.user, at=clock.now()) if request.method == "GET" else {}
    form = VisitForm(request.POST or None, initial=kept)
    del form.fields["visited_on"]
    if request.method == "POST" and form.is_valid():
        visits.correct(visit_id=visit.pk, facts=form.facts(), by=request.user, at=clock.now())
        messages.success(request, _("Visit %(reference)s is put right.") % {"reference": visit.reference})
        return redirect("fieldkit:visit", visit.pk)
    return render(request, "fieldkit/visit_new.html", {"form": form, "visit": visit}, status=422 if request.method == "POST" else 200)


def _visible(request: StaffRequest, visit_id: UUID) -> SiteVisit:
    return get_object_or_404(SiteVisit.objects.visible_to(request.user).select_related("worker"), pk=visit_id)


@dataclass(frozen=True)
class Met:
    """A person of the visit with the interviews that this worker may see."""

    number: int
    row: VisitPerson
    interviews: list[Interview]


def _people(request: StaffRequest, visit: SiteVisit) -> list[Met]:
    rows = list(visit.people.select_related("person"))
    seen = Interview.objects.visible_to(request.user).filter(person__in=[r.person_id for r in rows])
    interviews = list(seen.select_related("version__instrument", "submission").prefetch_related("checks", "sittings").order_by("prepared_at"))
    return [Met(row.number, row, [i for i in interviews if i.person_id == row.person_id]) for row in rows]


def _spelled(facts: dict[str, str]) -> dict[str, str]:
    """Codes as words."""
    province = Province.objects.filter(pk=facts["province"]).first() if facts["province"] else None
    return facts | {
        "site_kind": str(dict(SiteKind.choices).get(facts["site_kind"], "")), "activity": str(dict(Activity.choices).get(facts["activity"], "")),
        "province": str(province or ""),
    }  # fmt: skip


def _page(request: StaffRequest, visit: SiteVisit, template: str, status: int = 200, form: MetForm | None = None) -> HttpResponse:
    facts = _spelled(visits.read_facts(visit, by=request.user, at=clock.now()))
    shared = [(fact, YesNo(facts[fact.code]).label) for fact in site_facts() if facts[fact.code] in YesNo.values]
    context = {"visit": visit, "facts": facts, "shared": shared, "people": _people(request, visit), "form": form or MetForm()}
    return render(request, template, context, status=status)


@page_for(Action.SITE_VISIT_READ)
@require_GET
def visit(request: StaffRequest, visit_id: UUID) -> HttpResponse:
    """One visit: what holds for all, and a row for each person."""
    return _page(request, _visible(request, visit_id), "fieldkit/visit.html")


@page_for(Action.SITE_VISIT_READ)
@require_GET
def print_visit(request: StaffRequest, visit_id: UUID) -> HttpResponse:
    """The visit on paper: aliases and references only."""
    return _page(request, _visible(request, visit_id), "fieldkit/visit_print.html")


@page_for(Action.SITE_VISIT_RECORD)
@require_http_methods(["POST"])
@once
def add_person(request: StaffRequest, visit_id: UUID) -> HttpResponse:
    """Opens a file for another person at the site."""
    visit = _visible(request, visit_id)
    require(request.user, Action.SITE_VISIT_READ, visit)
    form = MetForm(request.POST)
    if not form.is_valid():
        return _page(request, visit, "fieldkit/visit.html", 422, form)
    given = form.cleaned_data
    facts = Facts(age_band=given["age_band"], sex=given["sex"], language=given["language"])
    person = visits.add_person(visit_id=visit.pk, facts=facts, by=request.user, at=clock.now())
    messages.success(request, _("%(alias)s has a file. Prepare the interview from the list below.") % {"alias": person.alias})
    return redirect("fieldkit:visit", visit.pk)
