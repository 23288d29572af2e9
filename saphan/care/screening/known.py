"""What is known already is not asked again: answers of earlier interviews and facts of the file are carried over, and say where they come from."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from saphan.access.models import User
from saphan.care.persons.disclosure import reveal_many
from saphan.care.screening.instruments import Question
from saphan.care.screening.models import Interview, Reply
from saphan.care.screening.replies import Given, keep_replies
from saphan.care.screening.rules import Answer
from saphan.care.screening.states import ENDED


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
    """Writes what is known into this interview, by the code of the question; returns how many answers.

    Of earlier interviews with this person the settled ones; of the interview that this one mends, all. They are opened in one audit event.
    Notes are not taken along: words belong to the talk in which they fell.
    """
    questions = {question.code: question for question in interview.version.questions.all()}
    taken = [reply for reply in _earlier(interview) if reply.question.code in questions and _may_pass(reply, questions[reply.question.code])]
    opened = reveal_many(taken, "value", by=by, at=at, purpose="care")
    known = {reply.pk: (values["value"] or "").strip() for reply, values in zip(taken, opened, strict=True)}
    wanted = [reply for reply in taken if known[reply.pk] in SETTLED or (reply.interview_id == interview.revises_id and known[reply.pk])]
    given = [Given(questions[reply.question.code], known[reply.pk], reply.instance, known_from=reply) for reply in wanted]
    keep_replies(interview, given, by=by, at=at)
    return len(wanted)


def _may_pass(reply: Reply, question: Question) -> bool:
    """Another instrument may ask something else under a code only where both ask for one of the five answers."""
    return reply.question.version_id == question.version_id or (reply.question.is_five_valued and question.is_five_valued)


def _earlier(interview: Interview) -> list[Reply]:
    """The last reply to each question in the ended interviews of this person in this organisation; the newest interview counts."""
    found = Reply.objects.filter(interview__person=interview.person_id, interview__state__in=ENDED, interview__org=interview.org_id)
    found = found.select_related("question", "interview__person").order_by("interview__started_at", "seq")
    return list({(reply.question.code, reply.instance): reply for reply in found}.values())
