"""An interview taken elsewhere enters as one: what was asked without a network, or in another program, with the times it had there."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from saphan.access.actions import Action
from saphan.access.models import User
from saphan.access.policy import require
from saphan.audit.services import record
from saphan.care.persons.models import Person
from saphan.care.screening import procedure, services
from saphan.care.screening.asking import filling_of
from saphan.care.screening.codes import Source, StopReason
from saphan.care.screening.instruments import InstrumentVersion, Question
from saphan.care.screening.known import taken_over
from saphan.care.screening.models import Interview, SafetyCheck, Sitting
from saphan.care.screening.replies import LONGEST_NOTE, Given, keep_replies
from saphan.care.screening.results import UNSAID
from saphan.care.screening.rules import Answer, Branch
from saphan.care.screening.safety import is_met
from saphan.care.screening.states import INTERVIEW_LIFE, InterviewState
from saphan.core.errors import Invalid, WrongState
from saphan.core.ids import new_reference
from saphan.core.sealing import seal
from saphan.xlsform.faults import type_faults
from saphan.xlsform.filling import Filling

LONGEST_INSTANCE = 20
MISSING = (Answer.NOT_ASKED, Answer.UNKNOWN, Answer.DECLINED)


@dataclass(frozen=True)
class Sat:
    """One sitting as it was: from when to when, who was present."""

    began_at: datetime
    ended_at: datetime
    present: str = ""


@dataclass(frozen=True)
class Rechecked:
    """A safety check made again before an interview went on: before which sitting, when, and its points."""

    sitting: int
    at: datetime
    points: Mapping[str, Any]


@dataclass(frozen=True)
class Told:
    """What was said, by the place of its question: values, notes, the moments at which they were given, where the device knows them, and what was known."""

    values: Mapping[str, str]
    notes: Mapping[str, str] = field(default_factory=dict)
    moments: Mapping[str, datetime] = field(default_factory=dict)
    known: Mapping[str, UUID] = field(default_factory=dict)  # the earlier replies that were not asked again


@transaction.atomic
def take_in(
    *, version: InstrumentVersion, person: Person, told: Told, safety: Mapping[str, Any],
    sittings: Sequence[Sat], source: str, source_id: UUID, by: User, at: datetime, clock_offset_s: int | None = None,
    revises: Interview | None = None, ending: str = "complete", stop_reason: str = "",
    further: Sequence[Rechecked] = (), prepared: UUID | None = None,
) -> Interview:  # fmt: skip
    """Takes in an interview that was asked elsewhere; the same `source_id` again answers the interview that is there.

    A retired version is taken: whoever was asked with it is not asked again. `ending` is complete, pause or stop. `revises` is the interview
    whose answers this one mends; the old one stays. `further` are the safety checks after the first. `prepared` is the interview that was prepared at
    the desk for this one: it is taken up while it waits. A reply without a moment of its own has that of the end of the last sitting. Raises Refused, WrongState when the safety check did not pass although questions were
    asked, Invalid with the question that cannot be taken.
    """
    require(by, Action.INTERVIEW_START, person)
    kept = Interview.objects.filter(source_id=source_id).first()
    if kept is not None:
        return kept
    _refuse_unasked(safety, sittings, told.values, ending)
    if further and ending != "stop" and not is_met(further[-1].points):
        raise WrongState(_("The interview cannot start: the safety check has not passed yet."))
    interview = _waiting(prepared, version, person, by) or Interview(
        reference=new_reference("S"), person=person, org=by.org, version=version, interviewer=by, prepared_by=by,
        prepared_at=sittings[0].began_at if sittings else at,
    )  # fmt: skip
    interview.branch = Branch.CHILD if person.counts_as_child else Branch.ADULT
    interview.source, interview.source_id, interview.clock_offset_s, interview.revises = Source(source), source_id, clock_offset_s, _newest(revises)
    interview.save()
    record(by=by, action=Action.INTERVIEW_START, target=interview, subject=person.pk, at=at, fields=["version", "branch", "source"])
    _lay_down(interview, told, safety, sittings, by, at)
    _check_again(interview, further, by, at)
    return _ended(interview, ending, stop_reason, sittings, by, at)


def _waiting(prepared: UUID | None, version: InstrumentVersion, person: Person, by: User) -> Interview | None:
    """The interview that was prepared at the desk for this person and these questions; one that was begun, ended or handed on meanwhile stays as it is."""
    if prepared is None:
        return None
    held = Interview.objects.select_for_update(of=("self",)).filter(pk=prepared, interviewer=by, org=by.org_id, state=InterviewState.PREPARED)
    return held.filter(person=person, version=version, source=Source.DESK, revises=None).first()


def _newest(revised: Interview | None) -> Interview | None:
    """The last of a row of mended interviews, where it is completed: what was mended at the desk meanwhile is not passed over."""
    while revised is not None and (after := Interview.objects.filter(revises=revised).first()) is not None:
        revised = after
    return revised if revised is not None and revised.state == InterviewState.COMPLETED else None


def _refuse_unasked(safety: Mapping[str, Any], sittings: Sequence[Sat], answers: Mapping[str, str], ending: str) -> None:
    if not is_met(safety) and (sittings or answers):
        raise WrongState(_("The interview cannot start: the safety check has not passed yet."))
    if not sittings and ending != "stop":
        raise Invalid(fields={"sittings": _("This interview has not begun.")})


def _lay_down(interview: Interview, told: Told, safety: Mapping[str, Any], sittings: Sequence[Sat], by: User, at: datetime) -> None:
    """The rows of an interview that is over or rests, under the times it had; the audit has the time at which they came."""
    began = sittings[0].began_at if sittings else at
    check = SafetyCheck.objects.create(interview=interview, seq=interview.checks.count() + 1, at=began, by=by, passed=is_met(safety), **safety)
    procedure.tell(interview.person, procedure.safety_checked(passed=check.passed), by=by, at=at)
    for sat in sittings:
        sitting = Sitting(interview=interview, worker=by, began_at=sat.began_at, ended_at=sat.ended_at)
        seal(sitting, org=by.org_id, present=sat.present[:LONGEST_NOTE] or None)
        sitting.save(force_insert=True)
    if sittings:
        interview.started_at, interview.state = began, INTERVIEW_LIFE.target("start", interview.state)
        interview.save(update_fields=["started_at", "state"])
    carried = taken_over(interview, told.known, by=by, at=at) if sittings else {}
    given = [*_given(interview, told, carried, at), *(replace(one, at=began) for place, one in carried.items() if not told.values.get(place))]
    keep_replies(interview, given, by=by, at=sittings[-1].ended_at if sittings else at)
    record(
        by=by, action=Action.INTERVIEW_ANSWER, target=interview, subject=interview.person_id, at=at,
        fields=["safety", "sittings", *sorted({*told.values, *carried})],
    )  # fmt: skip


def _check_again(interview: Interview, further: Sequence[Rechecked], by: User, at: datetime) -> None:
    """The checks after the first; none lies ahead of now. One that was broken off is kept as one that did not pass."""
    for seq, again in enumerate(further, interview.checks.count() + 1):
        SafetyCheck.objects.create(
            interview=interview, seq=seq, sitting=again.sitting, at=min(again.at, at), by=by, passed=is_met(again.points), **again.points
        )


def _given(interview: Interview, told: Told, carried: Mapping[str, Given], at: datetime) -> list[Given]:
    """What was asked, each reply looked at in the light of all others, also of those taken over. No moment lies ahead of now."""
    asked = {question.code: question for question in interview.version.questions.all()}
    places = sorted({*told.values, *(place for place, note in told.notes.items() if note)})
    found = [_one(asked, told, place, at) for place in places]
    all_of_it = {**carried, **dict(zip(places, found, strict=True))}
    filling = filling_of(interview, {place: replace(UNSAID, value=one.value) for place, one in all_of_it.items()})
    for place, one in zip(places, found, strict=True):
        _refuse_unfit(filling, one, place)
    return found


def _one(asked: Mapping[str, Question], told: Told, place: str, at: datetime) -> Given:
    code, _sign, instance = place.partition("@")
    question = asked.get(code)
    if question is None or len(instance) > LONGEST_INSTANCE:
        raise Invalid(fields={place: _("This version has no such question.")})
    moment = told.moments.get(place)
    return Given(question, told.values.get(place) or Answer.NOT_ASKED, instance, told.notes.get(place, ""), at=min(moment, at) if moment else None)


def _refuse_unfit(filling: Filling, one: Given, place: str) -> None:
    """The office has the last word on what the device let through; the sentence is for the field on the device.

    An answer to a question that is not asked any more is kept and does not count, so that only its kind is looked at.
    """
    question, value = one.question, one.value
    try:
        services.refuse_unfit_answer(question, value)
    except Invalid as error:
        raise Invalid(fields={place: next(iter(error.fields.values()))}) from error
    if value in MISSING:
        return
    if filling.is_relevant(place):
        faults = filling.problems(place, value)
    else:
        asked = filling.form.question(question.code)
        faults = type_faults(asked, value, [choice.name for choice in filling.form.choices.get(asked.choices, ())])
    if faults:
        raise Invalid(fields={place: faults[0].words(filling.form, get_language() or "en").text or _("This is no answer to this question.")})


def _ended(interview: Interview, ending: str, stop_reason: str, sittings: Sequence[Sat], by: User, at: datetime) -> Interview:
    if ending == "pause":
        return services.pause(interview_id=interview.pk, by=by, at=at)
    if ending == "stop":
        done = services.stop(interview_id=interview.pk, reason=stop_reason or StopReason.OTHER, by=by, at=at)
    else:
        done = services.complete(interview_id=interview.pk, by=by, at=at)
    if sittings and done.state in (InterviewState.COMPLETED, InterviewState.STOPPED):
        done.ended_at = sittings[-1].ended_at
        done.save(update_fields=["ended_at"])
    return done
