"""Acts of an interview: prepare, check that it is safe, start, answer, pause, hand over, stop, complete."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from saphan.access.actions import Action
from saphan.access.models import User
from saphan.access.policy import check as ask_policy
from saphan.access.policy import require
from saphan.audit.services import record
from saphan.care.persons.disclosure import involve, readable_classes
from saphan.care.persons.models import Involvement, Person
from saphan.care.screening import known, procedure, rechecks, results
from saphan.care.screening.aloud import as_json
from saphan.care.screening.asking import asked_questions
from saphan.care.screening.codes import ResultCode, StopReason
from saphan.care.screening.models import Instrument, InstrumentVersion, Interview, Question, Reply, SafetyCheck, Sitting
from saphan.care.screening.policies import has_conflict
from saphan.care.screening.replies import LONGEST_NOTE, Given, keep_replies
from saphan.care.screening.rules import Answer, Branch
from saphan.care.screening.safety import failing_points
from saphan.care.screening.states import INTERVIEW_LIFE, RUNNING, InterviewState, VersionState
from saphan.care.screening.tallies import count_answers
from saphan.core.errors import Invalid, NotFound, Outdated, WrongState
from saphan.core.ids import new_reference
from saphan.core.sealing import seal
from saphan.core.sensitivity import Sensitivity


@transaction.atomic
def prepare(*, person: Person, version: InstrumentVersion, by: User, at: datetime) -> Interview:
    """An interview is prepared for this person with one version of an instrument; nothing is asked yet."""
    require(by, Action.INTERVIEW_START, person)
    _refuse_unfit(version, person)
    return _prepared(person, version, by, at)


@transaction.atomic
def revise(*, interview_id: UUID, by: User, at: datetime) -> Interview:
    """What was answered is mended in a new interview that takes all of it over; the old one and its result stay as they were."""
    old = locked(interview_id)
    require(by, Action.INTERVIEW_START, old.person)
    INTERVIEW_LIFE.target("revise", old.state)
    if Interview.objects.filter(revises=old).exists():
        raise WrongState(_("These answers have been mended already. Mend the newest ones."))
    return _prepared(old.person, old.version, by, at, revises=old)


def _prepared(person: Person, version: InstrumentVersion, by: User, at: datetime, revises: Interview | None = None) -> Interview:
    if Interview.objects.filter(person=person, version=version, state__in=RUNNING).exists():
        raise WrongState(_("An interview with these questions is already open for this person. Go on with that one: nobody should be asked twice."))
    branch = Branch.CHILD if person.counts_as_child else Branch.ADULT
    interview = Interview.objects.create(
        reference=new_reference("S"), person=person, org=by.org, version=version, branch=branch, interviewer=by, prepared_at=at, prepared_by=by,
        revises=revises,
    )  # fmt: skip
    record(by=by, action=Action.INTERVIEW_START, target=interview, subject=person.pk, at=at, fields=["version", "branch"])
    return interview


def _refuse_unfit(version: InstrumentVersion, person: Person) -> None:
    if version.state == VersionState.RETIRED:
        raise Invalid(fields={"instrument": _("This version is retired. Choose the newest one.")})
    _refuse_unfit_age(version, person)


def _refuse_unfit_age(version: InstrumentVersion, person: Person) -> None:
    if version.instrument.audience == Instrument.Audience.CHILD and not person.counts_as_child:
        raise Invalid(fields={"instrument": _("These questions are for children. The file says that this person is an adult.")})


def locked(interview_id: UUID) -> Interview:
    """The interview with its person and version, held until the transaction ends."""
    found = Interview.objects.select_for_update(of=("self",)).select_related("person", "version__instrument").filter(pk=interview_id).first()
    if found is None:
        raise NotFound
    return found


@transaction.atomic
def check_safety(*, interview_id: UUID, points: Mapping[str, Any], by: User, at: datetime) -> SafetyCheck:
    """Keeps what was looked at before the interview, or before it goes on; earlier checks stay. Whether it passed follows from the points."""
    interview = locked(interview_id)
    require(by, Action.INTERVIEW_ANSWER, interview)
    again = interview.state == InterviewState.PAUSED
    INTERVIEW_LIFE.target("check_again" if again else "check", interview.state)
    check = SafetyCheck.objects.create(
        interview=interview, seq=interview.checks.count() + 1, sitting=rechecks.coming_sitting(interview), at=at, by=by,
        passed=not failing_points(points), **points,
    )  # fmt: skip
    record(by=by, action=Action.INTERVIEW_ANSWER, target=interview, subject=interview.person_id, at=at, fields=["safety"])
    if not again:
        procedure.tell(interview.person, procedure.safety_checked(passed=check.passed), by=by, at=at)
    return check


@transaction.atomic
def start(*, interview_id: UUID, present: str, by: User, at: datetime) -> Interview:
    """The interview begins. Refused until the last safety check passed, made by this worker today."""
    interview = locked(interview_id)
    require(by, Action.INTERVIEW_ANSWER, interview)
    interview.state = INTERVIEW_LIFE.target("start", interview.state)
    rechecks.require_check(interview, by=by, at=at)
    interview.started_at = at
    interview.save(update_fields=["state", "started_at"])
    _sit_down(interview, present, by, at)
    known.carry_over(interview, by=by, at=at)
    record(by=by, action=Action.INTERVIEW_ANSWER, target=interview, subject=interview.person_id, at=at, fields=["state"])
    return interview


def _sit_down(interview: Interview, present: str, by: User, at: datetime) -> None:
    sitting = Sitting(interview=interview, worker=by, began_at=at)
    if present:
        seal(sitting, org=by.org_id, present=present[:LONGEST_NOTE])
    sitting.save()


def _stand_up(interview: Interview, at: datetime) -> None:
    interview.sittings.filter(ended_at=None).update(ended_at=at)


@transaction.atomic
def answer(*, interview_id: UUID, code: str, value: str, note: str, seen: int, by: User, at: datetime, instance: str = "") -> Reply:
    """Keeps what the person answered to one question. `seen` counts the replies that the page had shown to this question.

    Raises Outdated when another browser answered the same question meanwhile: both stay to be compared, nothing is overwritten.
    """
    interview = locked(interview_id)
    require(by, Action.INTERVIEW_ANSWER, interview)
    INTERVIEW_LIFE.target("answer", interview.state)
    question = interview.version.questions.filter(code=code).first()
    if question is None or (question.child_only and interview.branch != Branch.CHILD):
        raise NotFound
    refuse_unfit_answer(question, value)
    given = interview.replies.filter(question=question, instance=instance).count()
    if given != seen:
        raise _answered_meanwhile()
    [reply] = keep_replies(interview, [Given(question, value, instance, note, given + 1)], by=by, at=at)
    record(by=by, action=Action.INTERVIEW_ANSWER, target=interview, subject=interview.person_id, at=at, fields=[code])
    return reply


@transaction.atomic
def answer_part(*, interview_id: UUID, answers: Mapping[str, str], seen: Mapping[str, int], by: User, at: datetime) -> int:
    """Keeps the answers of one page together, all or none; an answer that is as it was, or empty, is not written. Returns how many were kept.

    Raises Outdated when one of these questions was answered in another window after the page was shown.
    """
    interview = locked(interview_id)
    require(by, Action.INTERVIEW_ANSWER, interview)
    INTERVIEW_LIFE.target("answer", interview.state)
    known_now = results.said(interview, by=by, at=at)
    questions = {question.code: question for question in asked_questions(interview)}
    given = []
    for place, value in answers.items():
        code, _at, instance = place.partition("@")
        question, before = questions.get(code), known_now.get(place, results.UNSAID)
        if question is None:
            raise NotFound
        if value == _shown_value(before.value, question.is_five_valued):
            continue
        refuse_unfit_answer(question, value or Answer.NOT_ASKED)
        if before.seq != seen.get(place, 0):
            raise _answered_meanwhile()
        given.append(Given(question, value or Answer.NOT_ASKED, instance, before.note, before.seq + 1))
    if given:
        keep_replies(interview, given, by=by, at=at)
        codes = [one.question.code for one in given]
        record(by=by, action=Action.INTERVIEW_ANSWER, target=interview, subject=interview.person_id, at=at, fields=codes)
    return len(given)


def _answered_meanwhile() -> Outdated:
    """Both answers stay to be compared, nothing is overwritten."""
    return Outdated(_("This question was answered in another window meanwhile. Compare both answers below, then save again."))


def _shown_value(value: str, five_valued: bool) -> str:
    """What the page showed: nothing for what was not asked, nor for a number or date that was declined."""
    missing = (Answer.NOT_ASKED,) if five_valued else (Answer.NOT_ASKED, Answer.UNKNOWN, Answer.DECLINED)
    return "" if value in missing else value


def refuse_unfit_answer(question: Question, value: str) -> None:
    """Raises Invalid for what is no answer to this question: one of the five, or what its form takes (looked at by the page of the form)."""
    if question.is_five_valued and value not in list(Answer):
        raise Invalid(fields={"answer": _("Choose one of the answers.")})
    if len(value) > LONGEST_NOTE:
        raise Invalid(fields={"answer": _("This answer is too long: at most %(n)d characters.") % {"n": LONGEST_NOTE}})


@transaction.atomic
def pause(*, interview_id: UUID, by: User, at: datetime) -> Interview:
    """The interview rests; every answer is kept."""
    return _move("pause", Action.INTERVIEW_ANSWER, interview_id, by, at)


@transaction.atomic
def resume(*, interview_id: UUID, present: str, by: User, at: datetime, elsewhere: bool = False) -> Interview:
    """The interview goes on where it stopped; who is present is asked again.

    Raises WrongState until the safety check was made again where another worker goes on, on another day, or `elsewhere`: in another place or
    with another interpreter.
    """
    interview = locked(interview_id)
    require(by, Action.INTERVIEW_ANSWER, interview)
    INTERVIEW_LIFE.target("resume", interview.state)
    rechecks.require_check(interview, by=by, at=at, elsewhere=elsewhere)
    interview = _move("resume", Action.INTERVIEW_ANSWER, interview_id, by, at)
    _sit_down(interview, present, by, at)
    return interview


@transaction.atomic
def stop(*, interview_id: UUID, reason: str, by: User, at: datetime) -> Interview:
    """The interview ends before its end. It costs the person no service."""
    if reason not in StopReason:
        raise Invalid(fields={"reason": _("Say why the interview stops.")})
    interview = _move("stop", Action.INTERVIEW_STOP, interview_id, by, at)
    interview.stop_reason, interview.ended_at = reason, at
    return _saved(interview)


def _move(verb: str, action: Action, interview_id: UUID, by: User, at: datetime) -> Interview:
    interview = locked(interview_id)
    require(by, action, interview)
    interview.state = INTERVIEW_LIFE.target(verb, interview.state)
    _stand_up(interview, at)
    if interview.state not in (InterviewState.STOPPED, InterviewState.COMPLETED):
        interview.save(update_fields=["state"])
    record(by=by, action=action, target=interview, subject=interview.person_id, at=at, fields=["state"])
    return interview


@transaction.atomic
def hand_over(*, interview_id: UUID, to: User, by: User, at: datetime) -> Interview:
    """A colleague of the same organisation takes the interview over, with a tie to the file that opens what it needs.

    Given by the worker who holds it, or by the supervisor when that worker is away.
    """
    interview = locked(interview_id)
    require(by, Action.INTERVIEW_HAND_OVER, interview)
    interview.state = INTERVIEW_LIFE.target("hand_on" if interview.state == InterviewState.PREPARED else "hand_over", interview.state)
    is_one = to.org_id == interview.org_id and to.pk != interview.interviewer_id and bool(ask_policy(to, Action.INTERVIEW_START))
    if not is_one or has_conflict(to, interview.person):
        raise Invalid(fields={"to": _("Choose a colleague of your organisation who interviews.")})
    if Sensitivity.EXPLOITATION not in readable_classes(to, interview.person):
        involve(
            interview.person, org=to.org, user=to, relation=Involvement.Relation.CO_WORKER, classes=[Sensitivity.EXPLOITATION], at=at,
            source=interview.reference,
        )  # fmt: skip
    _stand_up(interview, at)
    interview.interviewer = to
    interview.save(update_fields=["state", "interviewer"])
    record(by=by, action=Action.INTERVIEW_HAND_OVER, target=interview, subject=interview.person_id, at=at, fields=["interviewer"])
    return interview


@transaction.atomic
def follow_age(*, interview_id: UUID, by: User, at: datetime) -> Interview:
    """The interview asks by the age that the file states now. Every answer given stays; what the other branch asks comes to it or rests."""
    interview = locked(interview_id)
    require(by, Action.INTERVIEW_ANSWER, interview)
    if interview.state not in RUNNING or interview.fits_age:
        raise WrongState(_("The questions follow the age in the file already, or the interview has ended."))
    _refuse_unfit_age(interview.version, interview.person)
    interview.branch = Branch.CHILD if interview.person.counts_as_child else Branch.ADULT
    interview.save(update_fields=["branch"])
    record(by=by, action=Action.INTERVIEW_ANSWER, target=interview, subject=interview.person_id, at=at, fields=["branch"])
    return interview


@transaction.atomic
def complete(*, interview_id: UUID, by: User, at: datetime) -> Interview:
    """The interview ends with its result. A version that is only a draft gives an informal one."""
    interview = locked(interview_id)
    require(by, Action.INTERVIEW_COMPLETE, interview)
    interview.state = INTERVIEW_LIFE.target("complete", interview.state)
    if interview.branch == Branch.ADULT and interview.person.counts_as_child:
        raise WrongState(
            _("The file says that this person is, or may be, a child. Go on with the questions for children first; every answer is kept.")
        )
    replies = results.said(interview, by=by, at=at)
    found = results.result_from(interview, replies)
    interview.formal = interview.version.is_formal
    interview.result_code = results.code_of(interview.version, found)
    basis = results.basis_of(interview.version)
    kept = results.conclude(found, basis) if interview.formal else as_json(found, basis)
    seal(interview, org=by.org_id, result=json.dumps(kept, ensure_ascii=False))
    interview.ended_at = at
    _stand_up(interview, at)
    own = {place: one.value for place, one in replies.items() if not one.known_from}
    count_answers(org_id=interview.org_id, version_id=interview.version_id, year=at.year, answers=own)
    record(by=by, action=Action.INTERVIEW_COMPLETE, target=interview, subject=interview.person_id, at=at, fields=["result", "result_code", "formal"])
    if interview.result_code not in (
        ResultCode.NOT_INDICATED,
        ResultCode.PROFILE,
    ):  # a low threshold: what is not clear yet is a reasonable ground too
        procedure.tell(interview.person, procedure.presumed, by=by, at=at)
    return _saved(interview)


def _saved(interview: Interview) -> Interview:
    interview.save(update_fields=["state", "ended_at", "stop_reason", "formal", "result_code", "result"])
    return interview
