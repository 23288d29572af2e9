"""An interview taken elsewhere enters as one: what was asked without a network, or in another program, with the times it had there."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from saphan.access.actions import Action
from saphan.access.models import User
from saphan.access.policy import require
from saphan.audit.services import record
from saphan.care.persons.models import Person
from saphan.care.screening import procedure, services
from saphan.care.screening.codes import Source, StopReason
from saphan.care.screening.instruments import InstrumentVersion, Question
from saphan.care.screening.models import Interview, SafetyCheck, Sitting
from saphan.care.screening.replies import LONGEST_NOTE, Given, keep_replies
from saphan.care.screening.rules import Answer, Branch
from saphan.care.screening.safety import failing_points
from saphan.care.screening.states import INTERVIEW_LIFE, InterviewState
from saphan.core.errors import Invalid, WrongState
from saphan.core.ids import new_reference
from saphan.core.sealing import seal
from saphan.xlsform.filling import Filling

LONGEST_INSTANCE = 20
MISSING = (Answer.NOT_ASKED, Answer.UNKNOWN, Answer.DECLINED)


@dataclass(frozen=True)
class Sat:
    """One sitting as it was: from when to when, who was present."""

    began_at: datetime
    ended_at: datetime
    present: str = ""


@transaction.atomic
def take_in(
    *, version: InstrumentVersion, person: Person, answers: Mapping[str, str], notes: Mapping[str, str], safety: Mapping[str, Any],
    sittings: Sequence[Sat], source: str, source_id: UUID, by: User, at: datetime, clock_offset_s: int | None = None,
    revises: Interview | None = None, ending: str = "complete", stop_reason: str = "",
) -> Interview:  # fmt: skip
    """Takes in an interview that was asked elsewhere; the same `source_id` again answers the interview that is there.

    A retired version is taken: whoever was asked with it is not asked again. `ending` is complete, pause or stop. `revises` is the interview
    whose answers this one mends; the old one stays. Raises Refused, WrongState when the safety check did not pass although questions were
    asked, Invalid with the question that cannot be taken.
    """
    require(by, Action.INTERVIEW_START, person)
    kept = Interview.objects.filter(source_id=source_id).first()
    if kept is not None:
        return kept
    _refuse_unasked(safety, sittings, answers, ending)
    interview = Interview.objects.create(
        reference=new_reference("S"), person=person, org=by.org, version=version, branch=Branch.CHILD if person.counts_as_child else Branch.ADULT,
        interviewer=by, prepared_at=sittings[0].began_at if sittings else at, prepared_by=by, source=Source(source), source_id=source_id,
        clock_offset_s=clock_offset_s, revises=_newest(revises),
    )  # fmt: skip
    record(by=by, action=Action.INTERVIEW_START, target=interview, subject=person.pk, at=at, fields=["version", "branch", "source"])
    _lay_down(interview, answers, notes, safety, sittings, by, at)
    return _ended(interview, ending, stop_reason, sittings, by, at)


def _newest(revised: Interview | None) -> Interview | None:
    """The last of a row of mended interviews, where it is completed: what was mended at the desk meanwhile is not passed over."""
    while revised is not None and (after := Interview.objects.filter(revises=revised).first()) is not None:
        revised = after
    return revised if revised is not None and revised.state == InterviewState.COMPLETED else None


def _refuse_unasked(safety: Mapping[str, Any], sittings: Sequence[Sat], answers: Mapping[str, str], ending: str) -> None:
    if failing_points(safety) and (sittings or answers):
        raise WrongState(_("The interview cannot start: the safety check has not passed yet."))
    if not sittings and ending != "stop":
        raise Invalid(fields={"sittings": _("This interview has not begun.")})


def _lay_down(
    interview: Interview, answers: Mapping[str, str], notes: Mapping[str, str], safety: Mapping[str, Any], sittings: Sequence[Sat], by: User,
    at: datetime,
) -> None:  # fmt: skip
    """The rows of an interview that is over or rests, under the times it had; the audit has the time at which they came."""
    began = sittings[0].began_at if sittings else at
    check = SafetyCheck.objects.create(interview=interview, seq=1, at=began, by=by, passed=not failing_points(safety), **safety)
    procedure.tell(interview.person, procedure.safety_checked(passed=check.passed), by=by, at=at)
    for sat in sittings:
        sitting = Sitting(interview=interview, worker=by, began_at=sat.began_at, ended_at=sat.ended_at)
        seal(sitting, org=by.org_id, present=sat.present[:LONGEST_NOTE] or None)
        sitting.save(force_insert=True)
    if sittings:
        interview.started_at, interview.state = began, INTERVIEW_LIFE.target("start", interview.state)
        interview.save(update_fields=["started_at", "state"])
    asked = {question.code: question for question in interview.version.questions.all()}
    places = sorted({*answers, *(place for place, note in notes.items() if note)})
    given = [_given(interview, asked, place, answers.get(place, ""), notes.get(place, ""), at) for place in places]
    keep_replies(interview, given, by=by, at=sittings[-1].ended_at if sittings else at)
    record(
        by=by, action=Action.INTERVIEW_ANSWER, target=interview, subject=interview.person_id, at=at,
        fields=["safety", "sittings", *sorted(answers)],
    )  # fmt: skip


def _given(interview: Interview, asked: Mapping[str, Question], place: str, value: str, note: str, at: datetime) -> Given:
    code, _sign, instance = place.partition("@")
    question = asked.get(code)
    if question is None or len(instance) > LONGEST_INSTANCE:
        raise Invalid(fields={place: _("This version has no such question.")})
    given = value or Answer.NOT_ASKED
    _refuse_unfit(interview, question, place, given, at)
    return Given(question, given, instance, note)


def _refuse_unfit(interview: Interview, question: Question, place: str, value: str, at: datetime) -> None:
    """The office looks again at what the device let through; the sentence is for the field on the device."""
    try:
        services.refuse_unfit_answer(question, value)
    except Invalid as error:
        raise Invalid(fields={place: next(iter(error.fields.values()))}) from error
    if question.is_five_valued or value in MISSING:
        return
    wrong = Filling(interview.version.form, {}, at=at).problems(question.code, value)
    if any(fault.code != "constraint" for fault in wrong):  # a constraint may look at other answers and at the day: the device has asked it
        raise Invalid(fields={place: _("This is no answer to this question.")})


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
