"""Screens of the hearing: the list, the hearing with its minimum file, votes and decision."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import Prefetch, prefetch_related_objects
from django.forms import Form
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from saphan.access.actions import Action
from saphan.access.guard import StaffRequest, page_for
from saphan.access.models import User
from saphan.access.policy import check, require
from saphan.care.persons.disclosure import reveal, reveal_many
from saphan.care.screening import clocks, decisions, procedure, results, selectors, teams
from saphan.care.screening.aloud import read_aloud
from saphan.care.screening.asking import asked_questions
from saphan.care.screening.codes import OUTCOME_TONES, Ballot, Conflict, Outcome
from saphan.care.screening.forms import HearingFilter
from saphan.care.screening.models import Hearing, Interview, Member, Retraction, SafetyCheck, TeamSession, Vote
from saphan.care.screening.reference import open_services, team_roles
from saphan.care.screening.states import HearingState, RequestState
from saphan.care.screening.team_forms import CancelForm, DecideForm, DeclareForm, EndSessionForm, OpenSessionForm, ReplaceForm, TakeBackForm, VoteForm
from saphan.care.screening.views import add_errors, lead_back, record_reading, typed_in
from saphan.core import clock
from saphan.core.errors import Invalid, WrongState
from saphan.core.once import once
from saphan.core.paging import paginate


@page_for(Action.HEARING_LIST)
@require_GET
def list_hearings(request: StaffRequest) -> HttpResponse:
    """Hearings to which the worker was called, and those of the files the worker takes part in."""
    filters = HearingFilter(request.GET)
    filters.is_valid()
    found = Hearing.objects.visible_to(request.user).select_related("person", "org")
    if state := filters.cleaned_data.get("state"):
        found = found.filter(state=state)
    if filters.cleaned_data.get("waiting"):
        found = found.waiting_for_vote_of(request.user)
    found = selectors.found_by(found, filters.cleaned_data.get("find", ""), questions="interview__version__instrument")
    page = paginate(found, request, order=("-convened_at", "-id"))
    return render(request, "screening/hearings.html", {"page": page, "filters": filters})


def visible_hearing(request: StaffRequest, hearing_id: UUID) -> Hearing:
    """The hearing, if this worker may see that it exists; else it does not exist."""
    found = Hearing.objects.visible_to(request.user).select_related(
        "person",
        "org",
        "interview__version__instrument",
        "convened_by",
        "decided_by",
        "review_of",
        "follows",
        "interview_before",
        "newer_left_out",
        "interview_taken_by",
    )
    hearing = found.filter(pk=hearing_id).first()
    if hearing is None:
        raise Http404
    hearing.interview.person = hearing.person
    lead_back(request, "screening:hearing", hearing.pk)
    return hearing


@page_for(Action.HEARING_READ)
@require_GET
def detail(request: StaffRequest, hearing_id: UUID) -> HttpResponse:
    """A hearing: the minimum file, the clocks, the team, its sittings, and what stands against deciding."""
    return hearing_page(request, visible_hearing(request, hearing_id))


@page_for(Action.HEARING_VOTE)
@require_POST
@once
def declare(request: StaffRequest, hearing_id: UUID) -> HttpResponse:
    """A member says whether there is a conflict of interest; only then the file opens."""
    hearing = visible_hearing(request, hearing_id)
    form = DeclareForm(request.POST)
    if not form.is_valid():
        return hearing_page(request, hearing, declare=form, status=422)
    seat = teams.declare(hearing_id=hearing.pk, conflict=form.cleaned_data["conflict"], by=request.user, at=clock.now())
    if seat.conflict == Conflict.CONFLICT:
        messages.success(request, _("Noted for %(reference)s: the file is closed to you.") % {"reference": hearing.reference})
        return redirect("screening:hearings")
    messages.success(request, _("Noted for %(reference)s.") % {"reference": hearing.reference})
    return redirect("screening:hearing", hearing.pk)


@page_for(Action.HEARING_VOTE)
@require_POST
@once
def vote(request: StaffRequest, hearing_id: UUID) -> HttpResponse:
    """A member votes, or abstains, with a reason."""
    form = VoteForm(request.POST)
    if _over_for_its_member(request, hearing_id):
        return _words_back(request, form)
    hearing = visible_hearing(request, hearing_id)
    if form.is_valid():
        try:
            decisions.vote(hearing_id=hearing.pk, **form.cleaned_data, by=request.user, at=clock.now())
        except WrongState as error:
            return too_late(request, hearing, form, error)
        except Invalid as error:
            add_errors(form, error)
        else:
            told = {"reference": hearing.reference}
            messages.success(request, _("Your vote in %(reference)s is kept. You may change it until the decision.") % told)
            return redirect("screening:hearing", hearing.pk)
    require(request.user, Action.HEARING_VOTE, hearing)
    return hearing_page(request, hearing, vote=form, status=422)


def _over_for_its_member(request: StaffRequest, hearing_id: UUID) -> bool:
    """Whether this worker had a seat in a hearing that has ended and does not exist for her any more."""
    seat = Member.objects.filter(hearing=hearing_id, user=request.user).exclude(hearing__state=HearingState.CONVENED)
    return seat.exists() and not Hearing.objects.visible_to(request.user).filter(pk=hearing_id).exists()


def _words_back(request: StaffRequest, form: Form) -> HttpResponse:
    """Nothing of the hearing, which is closed to its member by now, but her own words: she may have written for an hour."""
    told = {"sentence": _("The hearing has ended. Your vote is not kept."), "typed": typed_in(form)}
    return render(request, "screening/over.html", told, status=409)


@page_for(Action.HEARING_DECIDE)
@require_POST
@once
def decide(request: StaffRequest, hearing_id: UUID) -> HttpResponse:
    """Writes down what the team's majority decided."""
    hearing = visible_hearing(request, hearing_id)
    form = DecideForm(request.POST, majority=decisions.tally_of(hearing).majority, newer=teams.newer_result(hearing))
    if form.is_valid():
        try:
            decisions.decide(hearing_id=hearing.pk, **form.written(), by=request.user, at=clock.now())
        except WrongState as error:
            return too_late(request, hearing, form, error)
        except Invalid as error:
            add_errors(form, error)
        else:
            messages.success(request, _("The decision of %(reference)s is written down.") % {"reference": hearing.reference})
            return redirect("screening:hearing", hearing.pk)
    return hearing_page(request, hearing, decide=form, status=422)


@page_for(Action.HEARING_CONVENE)
@require_POST
@once
def cancel(request: StaffRequest, hearing_id: UUID) -> HttpResponse:
    """The hearing will not take place."""
    hearing = visible_hearing(request, hearing_id)
    form = CancelForm(request.POST)
    if not form.is_valid():
        require(request.user, Action.HEARING_CONVENE, hearing)
        return hearing_page(request, hearing, cancel=form, status=422)
    decisions.cancel(hearing_id=hearing.pk, reason=form.cleaned_data["reason"], by=request.user, at=clock.now())
    messages.success(request, _("Hearing %(reference)s is cancelled.") % {"reference": hearing.reference})
    return redirect("screening:hearing", hearing.pk)


def too_late(request: StaffRequest, hearing: Hearing, form: Form, error: WrongState) -> HttpResponse:
    """The hearing as it stands now, with why the act could not be done and the words that were typed for it."""
    return hearing_page(request, visible_hearing(request, hearing.pk), status=409, sentence=error.sentence, typed=typed_in(form))


@dataclass(frozen=True)
class SeatLine:
    """One seat as the page shows it."""

    seat: Member
    role: str
    voted: bool
    remote: bool | None  # in the last sitting; None: not there
    here: bool  # in the sitting that is open now
    before: bool  # voted before a newer result was taken over
    taken_back: list[tuple[Retraction, str]]  # conflicts declared by mistake, with the reason where the file is open
    take_back: TakeBackForm | None


@dataclass(frozen=True)
class SessionLine:
    """One sitting: who was there from when to when, and its minutes where they are open."""

    session: TeamSession
    present: list[Any]
    minutes: str


def hearing_page(
    request: StaffRequest, hearing: Hearing, *, status: int = 200, sentence: str = "", typed: Sequence[tuple[str, str]] = (), **forms: Form
) -> HttpResponse:
    """The page of a hearing, with the form that was refused where one was."""
    at = clock.now()
    order = ("left_at", "agency__name_en", "user__name")
    seats = list(
        hearing.members.select_related("user__org", "agency", "replaced_by__user").prefetch_related("votes", "retractions__by").order_by(*order)
    )
    own = next((s for s in seats if s.user_id == request.user.pk and s.left_at is None), None)
    knows = selectors.may_know(request.user, hearing.person)
    decided = hearing.state == HearingState.DECIDED
    tally, newer = decisions.tally_of(hearing), teams.newer_result(hearing)
    if not knows:
        record_reading(request, Action.HEARING_READ, hearing, hearing.person_id)
    last = last_vote(own) if own else None
    prefetch_related_objects(
        [hearing], Prefetch("sessions", TeamSession.objects.select_related("opened_by").prefetch_related("attendances__member__user"))
    )
    sits = next((session for session in hearing.sessions.all() if session.ended_at is None), None)
    context = {
        "sentence": sentence, "typed": typed, "newer": newer, "hearing": hearing, "own": own, "tally": tally, "decided": decided, "knows": knows, "last": last, "open_session": sits,
        "seats": _seat_lines(request, hearing, seats, sits, knows=knows, refused=forms.get("take_back")), "counts": [(Ballot(code).label, number) for code, number in tally.counts.items()],
        "file": _minimum_file(request, hearing, at) if knows else None, "sessions": _session_lines(request, hearing, at) if knows else [],
        "clocks": clocks.clocks_of(procedure.identification_of(hearing.person_id), [hearing], at=at),
        "before": _articles_before(hearing, at) if hearing.state == HearingState.CONVENED else [],
        **(_after_decision(request, hearing, seats, knows=knows, at=at) if decided else {}),
        **_acts(request, hearing, seats, tally, newer, forms),
        "declare_form": forms.get("declare") or DeclareForm(), "vote_form": forms.get("vote") or VoteForm(initial={"choice": last.choice} if last else None),
    }  # fmt: skip
    return render(request, "screening/hearing.html", context, status=status)


def _seat_lines(
    request: StaffRequest, hearing: Hearing, seats: Sequence[Member], sits: TeamSession | None, *, knows: bool, refused: Form | None
) -> list[SeatLine]:
    there = decisions.present_in_last(hearing)
    here = {one.member_id for one in sits.attendances.all() if one.left_at is None} if sits else set()
    why = _why_taken_back(request, hearing, seats) if knows else {}
    return [
        SeatLine(
            seat, team_roles()[seat.role_code].name, seat.counts and last_vote(seat) is not None, there.get(seat.pk), seat.pk in here, _voted_before(seat, hearing),
            [(one, why.get(one.pk, "")) for one in seat.retractions.all()], _take_back_form(seat, hearing, refused),
        )
        for seat in seats
    ]  # fmt: skip


def _voted_before(seat: Member, hearing: Hearing) -> bool:
    vote, taken = last_vote(seat), hearing.interview_taken_at
    return bool(vote and taken and vote.at <= taken and hearing.state == HearingState.CONVENED)


def _why_taken_back(request: StaffRequest, hearing: Hearing, seats: Sequence[Member]) -> dict[UUID, str]:
    """The reasons for which declared conflicts were taken back, by the id of each."""
    found = [one for seat in seats for one in seat.retractions.all()]
    for seat in seats:
        seat.hearing = hearing
    for one in found:
        one.member = next(seat for seat in seats if seat.pk == one.member_id)
    opened = reveal_many(found, "reason", by=request.user, at=clock.now())
    return {one.pk: values["reason"] or "" for one, values in zip(found, opened, strict=True)}


def _take_back_form(seat: Member, hearing: Hearing, refused: Form | None) -> TakeBackForm | None:
    if hearing.state != HearingState.CONVENED or seat.conflict != Conflict.CONFLICT:
        return None
    return refused if isinstance(refused, TakeBackForm) and refused.seat_id == seat.pk else TakeBackForm(seat_id=seat.pk)


def last_vote(seat: Member) -> Vote | None:
    """The vote of a seat that counts, from votes that were fetched with the seats."""
    return next(reversed(list(seat.votes.all())), None)


def _minimum_file(request: StaffRequest, hearing: Hearing, at: datetime) -> dict[str, Any]:
    """What the team hears the case with; each opening is one audit event. Never a name, a way to reach the person, or a place."""
    kept = results.stored(hearing.interview, by=request.user, at=at)
    opened = reveal(hearing, "needs", "missing", by=request.user, at=at, purpose="care")
    return {
        "reading": read_aloud(kept, asked_questions(hearing.interview)),
        "check": SafetyCheck.objects.filter(interview=hearing.interview).last(),
        **opened,
        "missing_before": _missing_before(request, hearing, at),
    }


def _missing_before(request: StaffRequest, hearing: Hearing, at: datetime) -> str:
    if hearing.follows is None:
        return ""
    hearing.follows.person = hearing.person
    return reveal(hearing.follows, "missing", by=request.user, at=at, purpose="care")["missing"] or ""


def _session_lines(request: StaffRequest, hearing: Hearing, at: datetime) -> list[SessionLine]:
    found = list(hearing.sessions.all())
    for session in found:
        session.hearing = hearing
    opened = reveal_many(found, "minutes", by=request.user, at=at, purpose="care")
    return [SessionLine(session, list(session.attendances.all()), values["minutes"] or "") for session, values in zip(found, opened, strict=True)]


def _articles_before(hearing: Hearing, at: datetime) -> list[str]:
    """What the procedure would have done before this act, with its articles; it stops nothing here."""
    identification = procedure.identification_of(hearing.person_id)
    if identification is None:
        return []
    if hearing.sessions.all():
        return procedure.why_not(identification, Outcome.IDENTIFIED, procedure.decision_written, at=at)
    return procedure.why_not(identification, "mdt_interview", at=at)


def _after_decision(request: StaffRequest, hearing: Hearing, seats: Sequence[Member], *, knows: bool, at: datetime) -> dict[str, Any]:
    written = ["summary", *(["why_earlier"] if hearing.newer_left_out else [])]
    return {
        "reasons": _reasons(request, hearing, seats) if knows else [],
        **(reveal(hearing, *written, by=request.user, at=at) if knows else {}),
        "outcome_tone": OUTCOME_TONES[Outcome(hearing.outcome)],
        "services": open_services(),
        "review": Hearing.objects.filter(review_of=hearing).first(),
        "followed_by": Hearing.objects.filter(follows=hearing).first(),
        "requests": list(hearing.requests.select_related("taken_by")),
        "waiting_request": hearing.requests.filter(state=RequestState.RECEIVED).first(),
        "review_open": hearing.review_until is not None and at <= hearing.review_until,
        "handovers": list(hearing.handovers.select_related("by")),
        "may_hand_over": check(request.user, Action.LETTER_HAND_OVER, hearing),
        "may_take_in": check(request.user, Action.REVIEW_TAKE_IN, hearing),
        "may_note": check(request.user, Action.NOTE_NON_PUNISHMENT, hearing.interview),
    }


def _acts(
    request: StaffRequest, hearing: Hearing, seats: Sequence[Member], tally: decisions.Tally, newer: Interview | None, forms: dict[str, Form]
) -> dict[str, Any]:
    """What this worker may do now, and the forms for it."""
    user: User = request.user
    sits = hearing.state == HearingState.CONVENED and check(user, Action.HEARING_SIT, hearing)
    taking_part = [seat for seat in seats if seat.takes_part]
    taken = {seat.user_id for seat in seats}
    convenes = check(user, Action.HEARING_CONVENE, hearing)
    others = [member for member in selectors.team_members() if member.pk not in taken] if convenes and hearing.state == HearingState.CONVENED else []
    return {
        "may_decide": check(user, Action.HEARING_DECIDE, hearing), "may_cancel": convenes, "may_sit": sits, "may_replace": bool(others),
        "may_review": check(user, Action.HEARING_REVIEW, hearing), "others": others,
        "decide_form": forms.get("decide") or DecideForm(majority=tally.majority, newer=newer),
        "open_form": forms.get("open") or OpenSessionForm(seats=taking_part), "replace_form": forms.get("replace") or ReplaceForm(team=others),
        "cancel_form": forms.get("cancel") or CancelForm(),
        "end_form": forms.get("end") or EndSessionForm(initial={"language": hearing.person.language}),
    }  # fmt: skip


def _reasons(request: StaffRequest, hearing: Hearing, seats: Sequence[Member]) -> list[tuple[Member, Vote, str]]:
    """The votes that counted, with their reasons: also those of the minority."""
    last = [(seat, vote) for seat in seats if seat.counts and (vote := last_vote(seat))]
    for seat, vote in last:
        seat.hearing, vote.member = hearing, seat
    opened = reveal_many([vote for _seat, vote in last], "reason", by=request.user, at=clock.now())
    return [(seat, vote, values["reason"] or "") for (seat, vote), values in zip(last, opened, strict=True)]
