"""Screens of the team: calling it together, replacing a member, its sittings."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from saphan.access.actions import Action
from saphan.access.guard import StaffRequest, page_for
from saphan.access.policy import require
from saphan.care.screening import procedure, selectors, sessions, teams
from saphan.care.screening.hearing_views import hearing_page, too_late, visible_hearing
from saphan.care.screening.models import Hearing
from saphan.care.screening.reference import quorum_on
from saphan.care.screening.states import HearingState
from saphan.care.screening.team_forms import ConveneForm, EndSessionForm, OpenSessionForm, ReplaceForm, TakeBackForm
from saphan.care.screening.views import add_errors, visible_interview
from saphan.core import clock
from saphan.core.errors import Invalid, WrongState
from saphan.core.once import once


@page_for(Action.HEARING_CONVENE)
@require_http_methods(["GET", "POST"])
@once
def convene(request: StaffRequest, interview_id: UUID) -> HttpResponse:
    """Calls the team together upon a completed interview."""
    interview = visible_interview(request, interview_id)
    require(request.user, Action.HEARING_CONVENE, interview.person)
    known = procedure.identification_of(interview.person_id)
    form = ConveneForm(request.POST or None, team=selectors.team_members(), initial={"services_began_on": known.services_began_on if known else None})
    status = 422 if request.method == "POST" else 200
    if request.method == "POST" and form.is_valid():
        began_on = form.cleaned_data["services_began_on"]
        try:
            hearing = teams.convene(interview_id=interview.pk, call=form.call(), services_began_on=began_on, by=request.user, at=clock.now())
        except Invalid as error:
            add_errors(form, error)
        except WrongState as error:
            form.add_error(None, error.sentence)
            status = error.status
        else:
            messages.success(request, _("Hearing %(reference)s is convened.") % {"reference": hearing.reference})
            return redirect("screening:hearing", hearing.pk)
    at = clock.now()
    context = {
        "interview": interview, "form": form, "rule": quorum_on(timezone.localdate(at)), "follows": teams.open_question_of(interview),
        "open_hearing": Hearing.objects.visible_to(request.user).filter(person=interview.person_id, state=HearingState.CONVENED).first(),
        "before": procedure.why_not(known, "mdt_interview", procedure.convened, at=at) if known else [],
    }  # fmt: skip
    return render(request, "screening/convene.html", context, status=status)


@page_for(Action.HEARING_CONVENE)
@require_POST
@once
def take_over(request: StaffRequest, hearing_id: UUID, interview_id: UUID) -> HttpResponse:
    """The team hears the newer result from now on."""
    hearing = visible_hearing(request, hearing_id)
    teams.take_over(hearing_id=hearing.pk, interview_id=interview_id, by=request.user, at=clock.now())
    messages.success(request, _("The team of %(reference)s hears the newer result.") % {"reference": hearing.reference})
    return redirect("screening:hearing", hearing.pk)


@page_for(Action.HEARING_CONVENE)
@require_POST
@once
def replace(request: StaffRequest, hearing_id: UUID, seat_id: UUID) -> HttpResponse:
    """Another takes a member's place before the decision."""
    hearing = visible_hearing(request, hearing_id)
    form = ReplaceForm(request.POST, team=selectors.team_members())
    if form.is_valid():
        try:
            teams.replace(hearing_id=hearing.pk, seat_id=seat_id, **form.cleaned_data, by=request.user, at=clock.now())
        except WrongState as error:
            return too_late(request, hearing, form, error)
        except Invalid as error:
            add_errors(form, error)
        else:
            messages.success(request, _("The place in %(reference)s has changed hands.") % {"reference": hearing.reference})
            return redirect("screening:hearing", hearing.pk)
    return hearing_page(request, hearing, replace=form, status=422)


@page_for(Action.HEARING_CONVENE)
@require_POST
@once
def take_back(request: StaffRequest, hearing_id: UUID, seat_id: UUID) -> HttpResponse:
    """Another person takes a conflict of interest back that was declared by mistake."""
    hearing = visible_hearing(request, hearing_id)
    require(request.user, Action.HEARING_CONVENE, hearing)
    form = TakeBackForm(request.POST, seat_id=seat_id)
    if form.is_valid():
        try:
            teams.take_back(hearing_id=hearing.pk, seat_id=seat_id, **form.cleaned_data, by=request.user, at=clock.now())
        except WrongState as error:
            return too_late(request, hearing, form, error)
        except Invalid as error:
            add_errors(form, error)
        else:
            messages.success(request, _("Taken back in %(reference)s: the member is asked anew.") % {"reference": hearing.reference})
            return redirect("screening:hearing", hearing.pk)
    return hearing_page(request, hearing, take_back=form, status=422)


@page_for(Action.HEARING_SIT)
@require_POST
@once
def open_session(request: StaffRequest, hearing_id: UUID) -> HttpResponse:
    """The team sits down."""
    hearing = visible_hearing(request, hearing_id)
    require(request.user, Action.HEARING_SIT, hearing)
    seats = [seat for seat in hearing.members.select_related("user") if seat.takes_part]
    form = OpenSessionForm(request.POST, seats=seats)
    if form.is_valid():
        try:
            sessions.open_session(hearing_id=hearing.pk, present=form.present(), by=request.user, at=clock.now())
        except WrongState as error:
            return too_late(request, hearing, form, error)
        except Invalid as error:
            add_errors(form, error)
        else:
            messages.success(request, _("The sitting of %(reference)s is open.") % {"reference": hearing.reference})
            return redirect("screening:hearing", hearing.pk)
    return hearing_page(request, hearing, open=form, status=422)


@page_for(Action.HEARING_SIT)
@require_POST
@once
def move_member(request: StaffRequest, hearing_id: UUID, seat_id: UUID) -> HttpResponse:
    """A member comes into the open sitting, or leaves it."""
    hearing = visible_hearing(request, hearing_id)
    how = request.POST.get("how", "")
    try:
        if how == "left":
            sessions.note_leaving(hearing_id=hearing.pk, seat_id=seat_id, by=request.user, at=clock.now())
        else:
            sessions.note_arrival(hearing_id=hearing.pk, seat_id=seat_id, remote=how == sessions.REMOTE, by=request.user, at=clock.now())
    except Invalid as error:
        messages.error(request, " ".join(error.fields.values()))
    return redirect("screening:hearing", hearing.pk)


@page_for(Action.HEARING_SIT)
@require_POST
@once
def end_session(request: StaffRequest, hearing_id: UUID) -> HttpResponse:
    """The sitting ends with its minutes."""
    hearing = visible_hearing(request, hearing_id)
    require(request.user, Action.HEARING_SIT, hearing)
    form = EndSessionForm(request.POST)
    if form.is_valid():
        try:
            sessions.end_session(hearing_id=hearing.pk, **form.cleaned_data, by=request.user, at=clock.now())
        except WrongState as error:
            return too_late(request, hearing, form, error)
        except Invalid as error:
            add_errors(form, error)
        else:
            messages.success(request, _("The sitting of %(reference)s has ended; its minutes are sealed.") % {"reference": hearing.reference})
            return redirect("screening:hearing", hearing.pk)
    return hearing_page(request, hearing, end=form, status=422)
