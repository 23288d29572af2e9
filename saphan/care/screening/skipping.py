"""Which questions are asked as the answers stand: skip logic takes some away, repeated parts bring some more than once. Pure: it knows no model.

A question that skip logic hides is as if it had never been asked, whatever was answered before it was hidden; the answer stays kept. One rule guards
"unknown is never no": while a question that decides over others has no settled answer itself, those wait with it as open ones.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from saphan.care.screening.reference import combination_table
from saphan.care.screening.rules import OPEN_ANSWERS, Answer, Branch, Item, Result, result_of
from saphan.xlsform.definition import Form
from saphan.xlsform.filling import Filling


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


def result_of_standing(stood: Standing, items: Iterable[Item], answers: Mapping[str, str], branch: Branch) -> Result:
    """The result of answers by place, as far as they are asked now."""
    counted = stood.items(items)
    codes = {item.code for item in counted}
    given = stood.settled({place: value for place, value in answers.items() if place in codes})
    found = result_of(counted, given, branch, combination_table())
    return replace(found, questions=stood.to_ask(found.questions))


def has_logic(form: Form) -> bool:
    """Whether any question depends on another, or a part is repeated."""
    return any(node.relevant or node.node == "repeat" for node, _around in form.nodes())


def filling_with(form: Form, answers: Mapping[str, str], *, at: datetime) -> Filling:
    """A form with these answers by place."""
    return Filling(form, {place: value for place, value in answers.items() if _has_value(form, place, value)}, at=at)


def _has_value(form: Form, place: str, value: str) -> bool:
    if not value or value == Answer.NOT_ASKED:
        return False
    return value not in (Answer.UNKNOWN, Answer.DECLINED) or _offers(form, place, value)


def _offers(form: Form, place: str, value: str) -> bool:
    """Whether the question has this as an answer of its own, as five-valued ones have."""
    question = form.question(code_of(place))
    return any(choice.name == value for choice in form.choices.get(question.choices, ()))
