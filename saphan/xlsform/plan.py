"""All expressions of a form, compiled once, and in which order its rows can be worked out. Kept in the process by the form's digest."""

import threading
from collections import OrderedDict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from pyxform.utils import default_is_dynamic

from saphan.xlsform.definition import Form, Node, Question, Repeat
from saphan.xlsform.expressions import Tree, compile_expression
from saphan.xlsform.names import Index, Names, Unreadable

KEPT = 32  # forms whose plans stay in the process
SLOTS = {
    "relevant": "relevant",
    "constraint": "constraint",
    "required": "required",
    "calculation": "calculation",
    "choice_filter": "choice_filter",
    "read_only": "read_only",
    "count": "repeat_count",
    "default": "default",
}  # attribute -> column of the sheet


@dataclass(frozen=True, slots=True)
class Failure:
    """An expression that cannot be used, and where it stands."""

    node: Node
    column: str
    error: Unreadable


class Plan:
    """The trees of a form by row and column, and who waits for whom."""

    def __init__(self, form: Form) -> None:
        self.form = form
        self.index = Index(form)
        self.trees: dict[tuple[str, str], Tree] = {}
        self.failures: list[Failure] = []
        for node, _ in form.nodes():
            self._compile(node)
        self._closures: dict[str, tuple[str, ...]] = {}

    def tree(self, code: str, column: str) -> Tree | None:
        """The compiled expression of a row, or None where the cell is empty."""
        return self.trees.get((code, column))

    def _compile(self, node: Node) -> None:
        names = Names(self.index, node)
        for attribute, column in SLOTS.items():
            text = getattr(node, attribute, "")
            if not text or (attribute == "default" and not is_dynamic(node)):
                continue
            if text == "yes" and attribute in ("required", "read_only"):
                self.trees[node.code, column] = ("truth", True)
                continue
            try:
                self.trees[node.code, column] = compile_expression(text, names, columns=attribute == "choice_filter")
            except Unreadable as error:
                self.failures.append(Failure(node, column, error))

    @cached_property
    def needs(self) -> dict[str, tuple[str, ...]]:
        """For each row the rows whose values it waits for: through its relevance, calculation, default and count, and through what it stands in."""
        found = {}
        for node, around in self.form.nodes():
            wanted = [around[-1].code] if around else []
            for column in ("relevant", "calculation", "default", "repeat_count"):
                wanted += mentioned(self.trees.get((node.code, column), ()))
            found[node.code] = tuple(dict.fromkeys(wanted))
        return found

    @cached_property
    def rings(self) -> tuple[tuple[str, ...], ...]:
        """Rows that wait for each other, each ring in the order of waiting."""
        return tuple(_rings(self.needs))

    def before(self, code: str) -> tuple[str, ...]:
        """The rows that must be worked out for this one, in an order in which none waits for a later one; itself last."""
        if code not in self._closures:
            self._closures[code] = tuple(_in_order(code, self.needs))
        return self._closures[code]


def is_dynamic(node: Node) -> bool:
    """Whether a default is an expression and not a text; decided as pyxform does."""
    return isinstance(node, Question) and bool(default_is_dynamic(node.default, node.kind))


def mentioned(tree: Tree) -> list[str]:
    """The codes of the rows that a tree asks."""
    found: list[str] = []
    waiting: list[Tree] = [tree] if tree else []
    while waiting:
        part = waiting.pop()
        if part[0] in ("answer", "every", "instances", "indexed"):
            found.append(part[1])
        waiting += [piece for piece in part[1:] if isinstance(piece, tuple)]
    return found


def _in_order(start: str, needs: dict[str, tuple[str, ...]]) -> Iterator[str]:
    seen = {start}
    trail = [(start, iter(needs.get(start, ())))]
    while trail:
        code, rest = trail[-1]
        following = next((other for other in rest if other not in seen), None)
        if following is None:
            trail.pop()
            yield code
        else:
            seen.add(following)
            trail.append((following, iter(needs.get(following, ()))))


def _rings(needs: dict[str, tuple[str, ...]]) -> Iterator[tuple[str, ...]]:
    """Each ring once, found by walking along what is waited for; a row that was walked to its end is in no ring that is not told yet."""
    done: set[str] = set()
    for start in needs:
        trail: list[tuple[str, Iterator[str]]] = [(start, iter(needs[start]))] if start not in done else []
        on_trail = {start: 0}
        while trail:
            code, rest = trail[-1]
            following = next(rest, None)
            if following is None:
                trail.pop()
                on_trail.pop(code, None)
                done.add(code)
            elif following in on_trail:
                yield tuple(step for step, _ in trail[on_trail[following] :])
            elif following not in done and following in needs:
                on_trail[following] = len(trail)
                trail.append((following, iter(needs[following])))


_plans: OrderedDict[str, Plan] = OrderedDict()
_guard = threading.Lock()


def plan_of(form: Form) -> Plan:
    """The plan of a form; made once in the process for each digest, the longest unused forgotten first."""
    with _guard:
        if form.digest in _plans:
            _plans.move_to_end(form.digest)
            return _plans[form.digest]
    made = Plan(form)
    with _guard:
        _plans[form.digest] = made
        while len(_plans) > KEPT:
            _plans.popitem(last=False)
    return made


def rows_named(form: Form, codes: Iterable[str]) -> str:
    """Codes with their rows, for a sentence: `a (5) → b (7)`."""
    return " → ".join(f"{code} ({form.by_code[code].row})" for code in codes)


def repeats_of(form: Form) -> list[Repeat]:
    """The repeats of a form in order."""
    return [node for node, _ in form.nodes() if isinstance(node, Repeat)]
