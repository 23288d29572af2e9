"""Which questions are asked as the answers stand: skip logic takes some away, repeated parts bring some more than once. Pure, but for the rows of a version.

A question that skip logic hides is as if it had never been asked, whatever was answered before it was hidden; the answer stays kept. One rule guards
"unknown is never no": while a question that decides over others has no settled answer itself, those wait with it as open ones.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from saphan.care.screening.instruments import InstrumentVersion, Question
from saphan.care.screening.models import Interview
from saphan.care.screening.rules import OPEN_ANSWERS, Answer, Branch, Item
from saphan.core import clock
from saphan.xlsform.definition import Form
from saphan.xlsform.filling import Filling

if TYPE_CHECKING:
    from saphan.care.screening.results import Said


@dataclass(frozen=True)
class Standing:
    """What of a form is asked now, by place, and which hidden questions still wait for an open one before them."""

    places: tuple[str, ...]
    waiting: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # code of the hidden question -> the open ones that decide over it

    @property
    def counted(self) -> frozenset[str]:
        """The codes that a result counts: asked now, or not ruled out yet."""
        return frozenset({code_of(place) for place in self.places} | set(self.waiting))

    def items(self, items: Iterable[Item]) -> list[Item]:
        """The questions that a result counts."""
        return [item for item in items if item.code in self.counted]

    def settled(self, answers: Mapping[str, str]) -> dict[str, Answer]:
        """The answers that a result counts: of what is asked now."""
        return {place: Answer(answers[place]) for place in self.places if answers.get(place)}

    def to_ask(self, codes: Iterable[str]) -> tuple[str, ...]:
        """The same questions, with what cannot be asked yet replaced by what must be asked before it."""
        return tuple(dict.fromkeys(step for code in codes for step in self.waiting.get(code, (code,))))


def code_of(place: str) -> str:
    """The code of the question at a place."""
    return place.partition("@")[0]


def standing(form: Form, codes: Collection[str], answers: Mapping[str, str], *, at: datetime) -> Standing:
    """What is asked of these questions, with these answers by place."""
    if not has_logic(form):
        return Standing(tuple(codes))
    filling = filling_with(form, answers, at=at)
    wanted = set(codes)
    places = tuple(str(place) for place in filling.places() if place.code in wanted)
    unsettled = {code_of(place) for place in places if answers.get(place, "") in ("", *OPEN_ANSWERS)}
    hidden = wanted - {code_of(place) for place in places}
    decided_by = {code: tuple(before for before in filling.plan.before(code) if before in unsettled) for code in codes if code in hidden}
    return Standing(places, {code: before for code, before in decided_by.items() if before})


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


def has_logic(form: Form) -> bool:
    """Whether any question depends on another, or a part is repeated."""
    return any(node.relevant or node.node == "repeat" for node, _around in form.nodes())


def filling_of(interview: Interview, replies: "Mapping[str, Said]") -> Filling:
    """The form with what was answered; an answer that is not known or was declined is no value."""
    return filling_with(interview.version.form, _words(replies), at=_moment(interview))


def filling_with(form: Form, answers: Mapping[str, str], *, at: datetime) -> Filling:
    """A form with these answers by place."""
    return Filling(form, {place: value for place, value in answers.items() if _has_value(form, place, value)}, at=at)


def _moment(interview: Interview) -> datetime:
    return interview.started_at or clock.now()


def _words(replies: "Mapping[str, Said]") -> dict[str, str]:
    return {place: said.value for place, said in replies.items()}


def _has_value(form: Form, place: str, value: str) -> bool:
    if not value or value == Answer.NOT_ASKED:
        return False
    return value not in (Answer.UNKNOWN, Answer.DECLINED) or _offers(form, place, value)


def _offers(form: Form, place: str, value: str) -> bool:
    """Whether the question has this as an answer of its own, as five-valued ones have."""
    question = form.question(code_of(place))
    return any(choice.name == value for choice in form.choices.get(question.choices, ()))
