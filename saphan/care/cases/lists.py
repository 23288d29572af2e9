"""The list of cases: filtered, searched by alias or reference, page by page."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from saphan.access.actions import Action
from saphan.access.guard import StaffRequest, page_for
from saphan.access.models import User
from saphan.care.cases.forms import CaseFilter
from saphan.care.cases.models import Case, CaseQuerySet
from saphan.care.cases.states import State
from saphan.care.persons.aliases import as_alias
from saphan.care.persons.models import Person
from saphan.core import clock
from saphan.core.paging import paginate

ORDER = ("-opened_at", "-id")


@dataclass(frozen=True)
class Scope:
    """Which of the visible cases the list shows."""

    shared: bool

    def cases(self, user: User) -> CaseQuerySet:
        """Both parts lie within `visible_to`; apart, each is served by an index."""
        return Case.objects.shared_with(user) if self.shared else Case.objects.ours(user)

    @property
    def related(self) -> list[str]:
        """What a line names beside the case: for another's case the organisation that leads it, else our office."""
        return ["person", "lead", "org" if self.shared else "office"]

    @property
    def shown(self) -> list[str]:
        """The columns of the list: nothing that is sealed is fetched for it."""
        place = "org" if self.shared else "office"
        return ["reference", "state", "opened_at", "next_review_on", "person__alias", "lead__name", f"{place}__name_en", f"{place}__name_th"]


@page_for(Action.CASE_LIST)
@require_GET
def list_cases(request: StaffRequest) -> HttpResponse:
    """Cases of the own organisation, or those that others have opened to it."""
    scope = Scope(shared=request.GET.get("from") == "others")
    filters = CaseFilter(request.GET, user=request.user)
    cases = scope.cases(request.user)
    if scope.shared and request.GET.get("state") not in (None, "", State.CLOSED):  # a filter must not tell what the row does not
        cases = cases.whose_stage_is_open_to(request.user)
    found = filtered(cases, filters).select_related(*scope.related).only(*scope.shown)
    page = paginate(found, request, order=ORDER)
    context = {"page": page, "filters": filters, "scope": scope, "today": clock.now().date(), "known": _known(page.rows, scope, request.user)}
    return render(request, "cases/list.html", context)


def _known(cases: Iterable[Case], scope: Scope, user: User) -> frozenset[UUID]:
    """The people on this page whose stage another organisation has opened to the user."""
    if not scope.shared:
        return frozenset()
    shown = Case.objects.whose_stage_is_open_to(user).filter(pk__in=[case.pk for case in cases])
    return frozenset(shown.values_list("person", flat=True))


def filtered(cases: CaseQuerySet, filters: CaseFilter) -> CaseQuerySet:
    """The cases that the filters leave; what does not read as a filter is passed over."""
    filters.is_valid()
    chosen = filters.cleaned_data
    if state := chosen.get("state"):
        cases = cases.filter(state=state)
    if lead := chosen.get("lead"):
        cases = cases.filter(lead=lead)
    if province := chosen.get("province"):
        cases = cases.filter(office__province=province)
    if chosen.get("late"):
        cases = cases.late_for_review(clock.now().date())
    return _found(cases, chosen.get("find", ""))


def _found(cases: CaseQuerySet, typed: str) -> CaseQuerySet:
    """A reference exactly, or the beginning of an alias."""
    typed = typed.strip()
    if not typed:
        return cases
    if typed.upper().startswith("C-"):
        return cases.filter(reference=typed.upper())
    return cases.filter(person__in=Person.objects.with_alias_from(as_alias(typed)))
