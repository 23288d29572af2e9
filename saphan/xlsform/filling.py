"""A questionnaire being answered: which questions are asked now, which values count, what speaks against a value.

A *place* is the key of an answer: the question's code, and inside repeats the number of each instance around it: `name@2`, `name@2.1`.
The number of instances of a repeat is a value too, kept under the repeat's own code.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, TypeAlias

from django.utils import timezone

from saphan.xlsform.definition import Choice, Container, Form, Node, Question, Repeat, Text
from saphan.xlsform.evaluating import evaluate
from saphan.xlsform.expressions import Tree
from saphan.xlsform.faults import Fault, type_faults
from saphan.xlsform.here import Here
from saphan.xlsform.kinds import SELECTS
from saphan.xlsform.pages import Page, pages_by_question, pages_by_section
from saphan.xlsform.places import Place
from saphan.xlsform.plan import plan_of
from saphan.xlsform.values import as_number, as_text, as_truth
from saphan.xlsform.wordings import filled_in

MAX_INSTANCES = 200

Key: TypeAlias = tuple[str, tuple[int, ...]]
Answers: TypeAlias = Mapping[str, str] | Mapping[Place, str]


class Filling:
    """Answers to a form at a moment. Never changed: `set` gives another one. Everything is worked out when it is first asked for."""

    def __init__(self, form: Form, values: Answers, *, at: datetime, language: str = "") -> None:
        self.form = form
        self.values: dict[str, str] = {str(place): value for place, value in values.items()}
        self.at = timezone.localtime(at) if timezone.is_aware(at) else at
        self.language = language or form.default_language
        self.plan = plan_of(form)
        self._known: dict[Key, bool] = {}
        self._worth: dict[Key, str] = {}
        self._worked_out: set[str] = set()
        self._under_way: set[Any] = set()
        self._offered: dict[str, tuple[Choice, ...]] = {}
        self._highest = _highest(self.values, self.plan.index.repeats)

    # what is asked

    def is_relevant(self, place: str) -> bool:
        """Whether the question (group, repeat) is part of the form now: its own condition holds, and that of everything it stands in."""
        code, index = _split(place)
        self.work_out(code)
        return self.relevant_at(code, index)

    def places(self) -> list[Place]:
        """The places of all questions in the order of the form, with every instance of repeats; those that are not asked now are left out."""
        return [place for place, node in self.nodes() if isinstance(node, Question)]

    def nodes(self) -> Iterator[tuple[Place, Node]]:
        """Everything that is part of the form now, in order. A repeat itself comes before its instances, with the number of each as last of its place."""
        self.work_out(*self.plan.needs)
        yield from self.below(self.form.children, ())

    def below(self, children: Iterable[Node], index: tuple[int, ...]) -> Iterator[tuple[Place, Node]]:
        for node in children:
            if not self.relevant_at(node.code, index):
                continue
            yield Place.of(node.code, index), node
            if isinstance(node, Repeat):
                for number in range(1, self.instances(node.code, index) + 1):
                    yield from self.below(node.children, (*index, number))
            elif not isinstance(node, Question):
                yield from self.below(node.children, index)

    def instances(self, code: str, index: tuple[int, ...] = ()) -> int:
        """How many instances a repeat has: as its count says, else as was chosen, else as many as have answers, and one to begin with."""
        tree = self.plan.tree(code, "repeat_count")
        if tree is not None:
            number = as_number(evaluate(tree, Here(self, code, index)))
        else:
            chosen = self.values.get(Place.of(code, index), "")
            number = float(chosen) if chosen.isascii() and chosen.isdigit() else max(1, self._highest.get((code, index), 0))
        return int(min(number, MAX_INSTANCES)) if number > 0 else 0

    # what counts

    def value(self, place: str) -> str:
        """The value that counts: a calculation's result, an answer, a default; empty where the question is not asked now."""
        code, index = _split(place)
        self.work_out(code)
        return self.value_at(code, index)

    def kept(self, place: str) -> str:
        """What was answered, whether it counts or not."""
        return self.values.get(place, "")

    @property
    def calculated(self) -> dict[Place, str]:
        """The values that the form itself works out, by place."""
        return {
            place: self.value_at(node.code, place.numbers)
            for place, node in self.nodes()
            if isinstance(node, Question) and self.plan.tree(node.code, "calculation") is not None
        }

    def answers(self) -> dict[Place, str]:
        """Every value that counts, by place: what ODK would submit."""
        found = {place: self.value_at(node.code, place.numbers) for place, node in self.nodes() if isinstance(node, Question)}
        return {place: value for place, value in found.items() if value}

    def missing(self) -> list[Place]:
        """The places that must be answered and are not."""
        return [
            place
            for place, node in self.nodes()
            if isinstance(node, Question) and node.asked and not self.value_at(node.code, place.numbers) and self.is_required(place)
        ]

    def is_required(self, place: str) -> bool:
        """Whether an answer is needed here, as things stand."""
        return self._holds(place, "required")

    def is_read_only(self, place: str) -> bool:
        """Whether the value is shown and not asked for."""
        code, _ = _split(place)
        return self._holds(place, "read_only") or self.plan.tree(code, "calculation") is not None

    def _holds(self, place: str, column: str) -> bool:
        code, index = _split(place)
        tree = self.plan.tree(code, column)
        return tree is not None and as_truth(evaluate(tree, Here(self, code, index)))

    # what speaks against a value

    def problems(self, place: str, value: str) -> list[Fault]:
        """What speaks against this value here: needed and empty, not of the type, not among the answers, against the constraint."""
        code, index = _split(place)
        question = self.form.question(code)
        if not value:
            return (
                [Fault("required", question.required_message)] if question.asked and self.is_required(place) and not self.is_read_only(place) else []
            )
        names = [choice.name for choice in self.choices(place)] if question.kind in SELECTS else []
        if wrong := type_faults(question, value, names):
            return wrong
        tree = self.plan.tree(code, "constraint")
        if tree is not None and not as_truth(evaluate(tree, Here(self, code, index, own=value))):
            return [Fault("constraint", question.constraint_message)]
        return []

    def choices(self, place: str) -> tuple[Choice, ...]:
        """The answers offered here, after the choice filter."""
        code, index = _split(place)
        if place not in self._offered:
            question = self.form.question(code)
            every = self.form.choices.get(question.choices, ())
            tree = self.plan.tree(code, "choice_filter")
            if tree is not None:
                every = tuple(choice for choice in every if as_truth(evaluate(tree, Here(self, code, index, choice=choice))))
            self._offered[place] = every
        return self._offered[place]

    # pages

    def pages(self, by: str = "section") -> list[Page]:
        """The pages of what is asked now: one for each question (`by="question"`) or for each part of the form (`by="section"`)."""
        return pages_by_question(self) if by == "question" else pages_by_section(self)

    # another filling

    def set(self, place: str, value: str) -> "Filling":
        """The same filling with another value at this place."""
        return self.having({place: value})

    def having(self, values: Answers) -> "Filling":
        """The same filling with these values instead of those it had at the same places."""
        return Filling(self.form, self.values | {str(place): value for place, value in values.items()}, at=self.at, language=self.language)

    def with_instance(self, repeat: str) -> "Filling":
        """One more instance of a repeat without a count, at its end."""
        code, index = _split(repeat)
        return self.set(Place.of(code, index), str(min(self.instances(code, index) + 1, MAX_INSTANCES)))

    def without_instance(self, repeat: str, number: int) -> "Filling":
        """Without this instance of a repeat: its answers go, those of later instances move up."""
        code, index = _split(repeat)
        depth = len(self.plan.index.repeats[code])
        kept: dict[str, str] = {}
        for place, value in self.values.items():
            moved = _moved(Place(place), (*self.plan.index.repeats.get(Place(place).code, ()),), code, index, depth, number)
            if moved is not None:
                kept[moved] = value
        kept[Place.of(code, index)] = str(max(0, self.instances(code, index) - 1))
        return Filling(self.form, kept, at=self.at, language=self.language)

    def words(self, text: Text, place: str = "", language: str = "") -> str:
        """A text of the form with the values that it mentions: `Hello ${name}`."""
        return filled_in(self, self.form.words(text, language or self.language).text, place)

    # the work

    def work_out(self, *codes: str) -> None:
        """Works out what these rows wait for, in an order in which nothing waits: a chain of any length needs no deep recursion."""
        for code in codes:
            if code in self._worked_out:
                continue
            for before in self.plan.before(code):
                if before not in self._worked_out:
                    self._worked_out.add(before)
                    for index in self._indexes(before):
                        self.relevant_at(before, index)
                        self.value_at(before, index)

    def _indexes(self, code: str) -> list[tuple[int, ...]]:
        return self.spread(self.plan.index.repeats[code], ())

    def spread(self, repeats: Sequence[str], index: tuple[int, ...]) -> list[tuple[int, ...]]:
        """The numbers of all instances below these: one row of numbers for each."""
        found = [index]
        for repeat in repeats[len(index) :]:
            found = [(*above, number) for above in found if self.relevant_at(repeat, above) for number in range(1, self.instances(repeat, above) + 1)]
        return found

    def relevant_at(self, code: str, index: tuple[int, ...]) -> bool:
        key = (code, index)
        if key not in self._known:
            if key in self._under_way:
                return False  # a ring, which reading refuses
            self._under_way.add(key)
            around = self.plan.index.around[code]
            parent = around[-1] if around else None
            there = parent is None or self._stands_in(parent, index)
            tree = self.plan.tree(code, "relevant")
            self._known[key] = there and (tree is None or as_truth(evaluate(tree, Here(self, code, index))))
            self._under_way.discard(key)
        return self._known[key]

    def _stands_in(self, parent: Container, index: tuple[int, ...]) -> bool:
        if not isinstance(parent, Repeat):
            return self.relevant_at(parent.code, index)
        return self.relevant_at(parent.code, index[:-1]) and bool(index) and index[-1] <= self.instances(parent.code, index[:-1])

    def value_at(self, code: str, index: tuple[int, ...]) -> str:
        key = (code, index)
        if key not in self._worth:
            node = self.form.by_code[code]
            self._worth[key] = self._found(node, index) if isinstance(node, Question) and self.relevant_at(code, index) else ""
        return self._worth[key]

    def _found(self, question: Question, index: tuple[int, ...]) -> str:
        key = (question.code, index)
        place = Place.of(question.code, index)
        tree = self.plan.tree(question.code, "calculation")
        if tree is not None and ("value", *key) not in self._under_way:
            return self._guarded(tree, question.code, index)
        if place in self.values:
            return self.values[place]
        if question.kind == "today":
            return self.at.date().isoformat()
        tree = self.plan.tree(question.code, "default")
        return self._guarded(tree, question.code, index) if tree is not None else question.default

    def _guarded(self, tree: Tree, code: str, index: tuple[int, ...]) -> str:
        key: Any = ("value", code, index)
        if key in self._under_way:
            return ""  # a ring, which reading refuses
        self._under_way.add(key)
        try:
            return as_text(evaluate(tree, Here(self, code, index, own=self.values.get(Place.of(code, index), ""))))
        finally:
            self._under_way.discard(key)


def _split(place: str) -> tuple[str, tuple[int, ...]]:
    found = Place(place)
    return found.code, found.numbers


def _highest(values: Answers, repeats: Mapping[str, tuple[str, ...]]) -> dict[Key, int]:
    """The highest number of an instance with an answer, for each repeat inside each outer instance."""
    found: dict[Key, int] = {}
    for place in values:
        code, index = _split(place)
        for depth, (repeat, number) in enumerate(zip(repeats.get(code, ()), index, strict=False)):
            key = (repeat, index[:depth])
            found[key] = max(found.get(key, 0), min(number, MAX_INSTANCES))
    return found


def _moved(place: Place, repeats: tuple[str, ...], code: str, index: tuple[int, ...], depth: int, number: int) -> Place | None:
    """Where an answer stands after an instance was taken out; None when it went with it."""
    mine = place.numbers
    if depth >= len(repeats) or repeats[depth] != code or len(mine) <= depth or mine[:depth] != index or mine[depth] < number:
        return place
    if mine[depth] == number:
        return None
    return Place.of(place.code, (*mine[:depth], mine[depth] - 1, *mine[depth + 1 :]))
