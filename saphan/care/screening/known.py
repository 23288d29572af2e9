"""What is known already is not asked again: answers of earlier interviews and facts of the file are carried over, and say where they come from."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from saphan.access.models import User
from saphan.care.persons.disclosure import reveal_many
from saphan.care.screening.instruments import Question
from saphan.care.screening.models import Interview, Reply
from saphan.care.screening.replies import Given, keep_replies
from saphan.care.screening.rules import Answer
from saphan.care.screening.states import ENDED

if TYPE_CHECKING:
    from django.db.models import QuerySet


@dataclass(frozen=True)
class Offer:
    """An answer that is known from elsewhere, such as a visit to the site: the worker confirms or changes it, before that it counts nowhere."""

    value: str
    source: str  # a reference


OFFERS: dict[str, Callable[[Interview, str, User, datetime], Offer | None]] = {}  # filled by the rooms above, in `apps.ready()`


def offered(interview: Interview, code: str, *, by: User, at: datetime) -> Offer | None:
    """What is known from elsewhere to this question and may be opened to this worker; nothing where none of it is."""
    return next((found for ask in OFFERS.values() if (found := ask(interview, code, by, at)) is not None), None)


SETTLED = (Answer.YES, Answer.NO)  # what was not known or not said may be asked again, by somebody else, on a better day


def carry_over(interview: Interview, *, by: User, at: datetime) -> int:
    """Writes what is known into this interview, by the code of the question; returns how many answers."""
    given = known_answers(interview, by=by, at=at)
    keep_replies(interview, given, by=by, at=at)
    return len(given)


def known_answers(interview: Interview, *, by: User, at: datetime) -> list[Given]:
    """What is known to the questions of this interview. The caller has asked the policy whether it may be answered by this worker.

    Of earlier interviews with this person the settled ones; of the interview that this one mends, all. They are opened in one audit event.
    Notes are not taken along: words belong to the talk in which they fell.
    """
    questions = {question.code: question for question in interview.version.questions.all()}
    taken = [reply for reply in _earlier(interview) if reply.question.code in questions and _may_pass(reply, questions[reply.question.code])]
    known = _opened(taken, by, at)
    wanted = [reply for reply in taken if known[reply.pk] in SETTLED or (reply.interview_id == interview.revises_id and known[reply.pk])]
    return [Given(questions[reply.question.code], known[reply.pk], reply.instance, known_from=reply) for reply in wanted]


def taken_over(interview: Interview, named: Mapping[str, UUID], *, by: User, at: datetime) -> dict[str, Given]:
    """By place, the earlier replies that a device names as known: as they stand here, whatever the device believed; what is no such reply is left out."""
    questions = {question.code: question for question in interview.version.questions.all()}
    there = _ended_of(interview).filter(pk__in=named.values()).select_related("question", "interview__person").in_bulk()
    known = _opened(list(there.values()), by, at)
    found = {}
    for place, pk in named.items():
        code, _at, instance = place.partition("@")
        reply, question = there.get(pk), questions.get(code)
        if reply is not None and question is not None and reply.question.code == code and known[pk] and _may_pass(reply, question):
            found[place] = Given(question, known[pk], instance, known_from=reply)
    return found


def _opened(replies: Sequence[Reply], by: User, at: datetime) -> dict[UUID, str]:
    opened = reveal_many(replies, "value", by=by, at=at, purpose="care")
    return {reply.pk: (values["value"] or "").strip() for reply, values in zip(replies, opened, strict=True)}


def _may_pass(reply: Reply, question: Question) -> bool:
    """Another instrument may ask something else under a code only where both ask for one of the five answers."""
    return reply.question.version_id == question.version_id or (reply.question.is_five_valued and question.is_five_valued)


def _ended_of(interview: Interview) -> "QuerySet[Reply]":
    """The replies in the ended interviews of this person in this organisation."""
    return Reply.objects.filter(interview__person=interview.person_id, interview__state__in=ENDED, interview__org=interview.org_id)


def _earlier(interview: Interview) -> list[Reply]:
    """The last reply to each question there; the newest interview counts."""
    found = _ended_of(interview).select_related("question", "interview__person").order_by("interview__started_at", "seq")
    return list({(reply.question.code, reply.instance): reply for reply in found}.values())
