"""The identification of one person: its clocks on one line of time, its days, reflection, hearings."""

from collections.abc import Callable, Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from saphan.access.actions import Action
from saphan.access.guard import StaffRequest, page_for
from saphan.access.policy import check, require
from saphan.care.persons.models import Person
from saphan.care.screening import clocks, identifying, procedure, reflections
from saphan.care.screening.identification_forms import CustodyForm, ServicesForm, WishesForm
from saphan.care.screening.models import Hearing, Reflection
from saphan.care.screening.reference import open_services
from saphan.care.screening.team_forms import moment
from saphan.care.screening.views import add_errors, lead_back, record_reading, typed_in
from saphan.core import clock
from saphan.core.errors import Invalid, WrongState
from saphan.core.once import once


def _person(request: StaffRequest, person_id: UUID) -> Person:
    person = Person.objects.visible_to(request.user).filter(pk=person_id).first()
    if person is None or not check(request.user, Action.IDENTIFICATION_READ, person):
        raise Http404
    lead_back(request, "screening:identification", person.pk)
    return person


@page_for(Action.IDENTIFICATION_READ)
@require_GET
def identification(request: StaffRequest, person_id: UUID) -> HttpResponse:
    """The clocks side by side with their legal bases, and what has been done."""
    return _page(request, _person(request, person_id))


def _page(
    request: StaffRequest, person: Person, *, status: int = 200, sentence: str = "", typed: Sequence[tuple[str, str]] = (), **refused: forms.Form
) -> HttpResponse:
    at = clock.now()
    record_reading(request, Action.IDENTIFICATION_READ, person, person.pk)
    found = procedure.identification_of(person.pk)
    followed = procedure.binding(found) if found else None
    hearings = list(Hearing.objects.filter(person=person).prefetch_related("requests").order_by("convened_at"))
    running = clocks.clocks_of(found, hearings, at=at)
    context = {
        "sentence": sentence, "typed": typed, "person": person, "found": found, "binding": followed, "clocks": running, "picture": clocks.picture(running, at=at),
        "hearings": [hearing for hearing in hearings if Hearing.objects.visible_to(request.user).filter(pk=hearing.pk).exists()],
        "reflection": reflections.running(person.pk), "reflections": Reflection.objects.filter(person=person).select_related("offered_by"),
        "may_record": check(request.user, Action.IDENTIFICATION_RECORD, person), "services": open_services(),
        "custody_form": refused.get("custody") or CustodyForm(), "extension_form": refused.get("extension") or CustodyForm(prefix="leave"),
        "services_form": refused.get("services") or ServicesForm(), "wishes_form": refused.get("wishes") or WishesForm(),
        "source": procedure.text_of(followed).procedure.source, "follows_none": followed is None and procedure.nothing_in_force(at),
    }  # fmt: skip
    return render(request, "screening/identification.html", context, status=status)


@page_for(Action.IDENTIFICATION_RECORD)
@require_POST
@once
def record_day(request: StaffRequest, person_id: UUID, what: str) -> HttpResponse:
    """One day of the identification is recorded; what is refused stays in its form."""
    person = _person(request, person_id)
    require(request.user, Action.IDENTIFICATION_RECORD, person)
    if what in PLAIN:
        PLAIN[what](person=person, by=request.user, at=clock.now())
    elif what in DATED:
        name, make, act = DATED[what]
        form = make(request.POST)
        refused: dict[str, Any] = {name: form}
        if not form.is_valid():
            return _page(request, person, status=422, **refused)
        try:
            act(person, form.cleaned_data, request)
        except Invalid as error:
            form_errors(form, error)
            return _page(request, person, status=422, **refused)
    else:
        raise Http404
    messages.success(request, _("Noted for %(alias)s.") % {"alias": person.alias})
    return redirect("screening:identification", person.pk)


def form_errors(form: forms.Form, error: Invalid) -> None:
    """Puts what a service refused at the day of the form, which has one day only."""
    first = next(iter(form.fields))
    add_errors(form, Invalid(error.sentence, {name if name in form.fields else first: sentence for name, sentence in error.fields.items()}))


def _began(person: Person, given: dict[str, Any], request: StaffRequest) -> None:
    identifying.begin_custody(person=person, began_at=moment(given["day"], given["hour"]), by=request.user, at=clock.now())


def _extended(person: Person, given: dict[str, Any], request: StaffRequest) -> None:
    identifying.extend_custody(person=person, leave_at=moment(given["day"], given["hour"]), by=request.user, at=clock.now())


def _services(person: Person, given: dict[str, Any], request: StaffRequest) -> None:
    on, agrees = given["services_began_on"], given["agrees"] == "yes"
    identifying.begin_services(person=person, on=on, agrees=agrees, by=request.user, at=clock.now())


PLAIN: dict[str, Callable[..., Any]] = {
    "rights": identifying.tell_of_rights, "leaves-soon": identifying.mark_leaving_soon, "testimony": identifying.consider_testimony,
    "wishes-no-team": lambda **who: identifying.note_wish(declines=True, **who), "wishes-team": lambda **who: identifying.note_wish(declines=False, **who),
    "offer-reflection": reflections.offer,
}  # fmt: skip
DATED: dict[str, tuple[str, Callable[..., forms.Form], Callable[[Person, dict[str, Any], StaffRequest], None]]] = {
    "custody": ("custody", CustodyForm, _began),
    "extension": ("extension", lambda data: CustodyForm(data, prefix="leave"), _extended),
    "services": ("services", ServicesForm, _services),
}


@page_for(Action.IDENTIFICATION_RECORD)
@require_POST
@once
def answer_reflection(request: StaffRequest, person_id: UUID, reflection_id: UUID) -> HttpResponse:
    """The person takes the time to reflect, does not wish it now, or ends it."""
    person = _person(request, person_id)
    if not Reflection.objects.filter(person=person, pk=reflection_id).exists():
        raise Http404
    who: dict[str, Any] = {"reflection_id": reflection_id, "by": request.user, "at": clock.now()}
    how = request.POST.get("how")
    if how == "accept":
        reflections.accept(**who)
    elif how == "decline":
        reflections.decline(**who)
    else:
        form = WishesForm(request.POST)
        if not form.is_valid():
            return _page(request, person, status=422, wishes=form)
        try:
            reflections.end(wishes=form.cleaned_data["wishes"], **who)
        except WrongState as error:
            return _page(request, person, status=409, sentence=error.sentence, typed=typed_in(form))
    messages.success(request, _("Noted for %(alias)s.") % {"alias": person.alias})
    return redirect("screening:identification", person.pk)
