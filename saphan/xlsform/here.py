"""What an expression sees from one place of a filling."""

from collections.abc import Sequence
from itertools import takewhile
from typing import TYPE_CHECKING

from saphan.xlsform.definition import Choice, Form
from saphan.xlsform.evaluating import evaluate
from saphan.xlsform.expressions import Tree
from saphan.xlsform.kinds import NUMBERS
from saphan.xlsform.values import as_number, as_truth

if TYPE_CHECKING:
    from saphan.xlsform.filling import Filling


class Here:
    """What an expression sees from one place: its own value, other answers, the numbers of the instances it stands in."""

    def __init__(self, filling: "Filling", code: str, index: tuple[int, ...], *, own: str | None = None, choice: Choice | None = None) -> None:
        self.filling = filling
        self.code = code
        self.index = index
        self.at = filling.at
        self._own = own
        self._choice = choice

    def own(self) -> str:
        """The value of the question itself."""
        return self._own if self._own is not None else self.filling.value_at(self.code, self.index)

    def answer(self, code: str) -> str | float:
        """The answer of another question: of the same instance where both stand in one, else of the first."""
        shared = self._shared(code)
        return self._typed(code, shared + (1,) * (len(self.filling.plan.index.repeats[code]) - len(shared)))

    def every(self, code: str) -> list[str]:
        """The answers of all instances that can be seen from here, of those that are asked."""
        found = self.filling.spread(self.filling.plan.index.repeats[code], self._shared(code))
        return [self.filling.value_at(code, index) for index in found if self.filling.relevant_at(code, index)]

    def instances(self, code: str) -> int:
        """How many instances of a repeat there are, inside the instances that this place stands in."""
        outer = self.filling.plan.index.repeats[code]
        shared = self._shared(code)
        every = self.filling.spread(outer, shared)
        return sum(self.filling.instances(code, index) for index in every if self.filling.relevant_at(code, index))

    def position(self, code: str) -> int:
        """The number of the instance of this repeat in which the place stands."""
        repeats = self.filling.plan.index.repeats[self.code]
        return self.index[repeats.index(code)] if code in repeats and repeats.index(code) < len(self.index) else 1

    def indexed(self, code: str, numbers: Sequence[int]) -> str | float:
        """The answer in the instance with these numbers; empty where there is none."""
        return self._typed(code, tuple(numbers))

    def column(self, name: str) -> str:
        """A column of the choice that a filter looks at."""
        return column_of(self.filling.form, self._choice, name) if self._choice is not None else ""

    def lookup(self, listed: str, predicate: Tree, column: str) -> list[str]:
        """A column of the choices of a list for which the predicate holds."""
        form = self.filling.form
        return [
            column_of(form, choice, column)
            for choice in form.choices.get(listed, ())
            if as_truth(evaluate(predicate, Here(self.filling, self.code, self.index, own=self._own, choice=choice)))
        ]

    def choice_name(self, code: str, name: str) -> str:
        """The label of an answer, in the language of the filling."""
        form = self.filling.form
        listed = form.choices.get(form.question(code).choices, ())
        labels = {choice.name: form.words(choice.label, self.filling.language).text for choice in listed}
        return ", ".join(labels.get(each, each) for each in name.split())

    def _shared(self, code: str) -> tuple[int, ...]:
        mine, theirs = self.filling.plan.index.repeats[self.code], self.filling.plan.index.repeats[code]
        pairs = takewhile(lambda pair: pair[0] == pair[1], zip(mine, theirs, strict=False))
        return self.index[: len(list(pairs))]

    def _typed(self, code: str, index: tuple[int, ...]) -> str | float:
        value = self.filling.value_at(code, index) if all(number > 0 for number in index) else ""
        if value and self.filling.form.question(code).kind in NUMBERS:
            return as_number(value)
        return value


def column_of(form: Form, choice: Choice, name: str) -> str:
    """A column of a choice as filters and lookups read it."""
    if name == "name":
        return choice.name
    if name == "label":
        return form.words(choice.label, form.default_language).text
    return choice.extra.get(name, "")
