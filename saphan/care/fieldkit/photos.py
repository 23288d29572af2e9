"""Photos that came with an interview: for whoever may read the interview, each as a download for a stated purpose."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from saphan.access.actions import Action
from saphan.access.models import User
from saphan.access.policy import require
from saphan.care.fieldkit.models import Enclosure
from saphan.care.persons.disclosure import read_document, readable_classes
from saphan.care.persons.forms import PurposeForm
from saphan.care.screening.models import Interview
from saphan.core.errors import NotFound
from saphan.core.models import Attachment


@dataclass(frozen=True)
class Kept:
    """One photo as the interview's page shows it: the question that it answers, and whether it can be opened now."""

    enclosure: Enclosure
    question: str
    turn: str
    may_open: bool


@dataclass(frozen=True)
class Shown:
    """The photos of an interview with the form that asks for the purpose."""

    interview: Interview
    photos: Sequence[Kept]
    form: PurposeForm


def shown_beside(interview: Interview, user: User) -> Shown | None:
    """What the interview's page shows of its photos; None where there are none."""
    rows = list(Enclosure.objects.filter(submission__interview=interview).select_related("attachment").order_by("attachment__received_at", "id"))
    if not rows:
        return None
    asked = {question.code: question.text for question in interview.version.questions.all()}
    open_now = readable_classes(user, interview.person)
    return Shown(interview, [_kept(row, asked, open_now) for row in rows], PurposeForm(auto_id="photo_%s"))


def _kept(row: Enclosure, asked: dict[str, str], open_now: frozenset[str]) -> Kept:
    code, _sign, turn = row.question_code.partition("@")
    file = row.attachment
    may_open = file.sensitivity in open_now and file.settled_at is not None and file.state != Attachment.State.REFUSED
    return Kept(row, asked.get(code, code), turn, may_open)


def read_photo(*, interview: Interview, enclosure_id: UUID, purpose: str, by: User, at: datetime) -> tuple[Attachment, bytes]:
    """The photo and its content, with one audit event. Raises Refused, NotFound, WrongState or KeyMissing."""
    require(by, Action.INTERVIEW_READ, interview)
    row = Enclosure.objects.select_related("attachment").filter(pk=enclosure_id, submission__interview=interview).first()
    if row is None:
        raise NotFound
    return row.attachment, read_document(row.attachment, person=interview.person, by=by, at=at, purpose=purpose)
