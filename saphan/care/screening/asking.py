"""What an interview asks now: the rows of its version, in its branch, as its replies stand."""

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING

from saphan.care.screening.instruments import InstrumentVersion, Question
from saphan.care.screening.models import Interview
from saphan.care.screening.rules import Branch, Item
from saphan.care.screening.skipping import Standing, filling_with, standing
from saphan.core import clock
from saphan.xlsform.filling import Filling

if TYPE_CHECKING:
    from saphan.care.screening.results import Said


def standing_of(interview: Interview, replies: "Mapping[str, Said]") -> Standing:
    """What of this interview is asked with these replies."""
    codes = [question.code for question in asked_questions(interview)]
    return standing(interview.version.form, codes, _words(replies), at=_moment(interview))


def asked_questions(interview: Interview) -> list[Question]:
    """The questions of this interview in order, whatever was answered; those for children only in the child's branch."""
    child = interview.branch == Branch.CHILD
    return [q for q in interview.version.questions.all() if child or not q.child_only]


def counted_items(version: InstrumentVersion) -> list[Item]:
    """The questions of a version that a result may count."""
    return [question.item for question in version.questions.all() if question.is_five_valued]


def filling_of(interview: Interview, replies: "Mapping[str, Said]") -> Filling:
    """The form with what was answered; an answer that is not known or was declined is no value."""
    return filling_with(interview.version.form, _words(replies), at=_moment(interview))


def _moment(interview: Interview) -> datetime:
    return interview.started_at or clock.now()


def _words(replies: "Mapping[str, Said]") -> dict[str, str]:
    return {place: said.value for place, said in replies.items()}
