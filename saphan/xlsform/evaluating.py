"""What a tree of `expressions` is worth. Values are text, numbers, truths, and lists of text where a repeat or a list of choices gives several.

What a value means as a number, a text or a truth stands in `values`.
"""

import math
import re
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import Protocol

from saphan.xlsform.expressions import Tree
from saphan.xlsform.patterns import matches
from saphan.xlsform.values import DAY, Value, as_number, as_text, as_truth, day_of, first_of, moment_of

MAX_TEXT = 20_000  # no text grows longer by being put together
CLOCK = re.compile(r"(\d{1,2}):(\d{2})(?::(\d{2}))?", re.ASCII)
MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()
DAYS = "Mon Tue Wed Thu Fri Sat Sun".split()


class Scope(Protocol):
    """What a tree may ask about the place from which it is evaluated."""

    at: datetime

    def own(self) -> str: ...
    def answer(self, code: str) -> str | float: ...
    def every(self, code: str) -> list[str]: ...
    def instances(self, code: str) -> int: ...
    def position(self, code: str) -> int: ...
    def indexed(self, code: str, numbers: Sequence[int]) -> str | float: ...
    def column(self, name: str) -> str: ...
    def lookup(self, listed: str, predicate: Tree, column: str) -> list[str]: ...
    def choice_name(self, code: str, name: str) -> str: ...


def evaluate(tree: Tree, scope: Scope) -> Value:
    """The value of a tree at a place. Total: every tree that `compile_expression` makes has one."""
    word = tree[0]
    asking = ASKING.get(word)
    if asking is not None:
        return asking(scope, tree)
    return STRICT[word](*[evaluate(part, scope) for part in tree[1:]])


# operators


def _equal(left: Value, right: Value) -> bool:
    if isinstance(left, list):
        return any(_equal(item, right) for item in left)
    if isinstance(right, list):
        return any(_equal(left, item) for item in right)
    if isinstance(left, bool) or isinstance(right, bool):
        return as_truth(left) == as_truth(right)
    if isinstance(left, float) or isinstance(right, float):
        return as_number(left) == as_number(right)
    return left == right


def _unequal(left: Value, right: Value) -> bool:
    if isinstance(left, list):
        return any(_unequal(item, right) for item in left)
    if isinstance(right, list):
        return any(_unequal(left, item) for item in right)
    return not _equal(left, right)


def _ordered(compare: Callable[[float, float], bool]) -> Callable[[Value, Value], bool]:
    def ordered(left: Value, right: Value) -> bool:
        if isinstance(left, list):
            return any(ordered(item, right) for item in left)
        if isinstance(right, list):
            return any(ordered(left, item) for item in right)
        return compare(as_number(left), as_number(right))

    return ordered


def _counted(compute: Callable[..., float]) -> Callable[..., float]:
    """A function of numbers that has no value where mathematics has none."""

    def counted(*values: Value) -> float:
        try:
            return float(compute(*[as_number(value) for value in values]))
        except (ValueError, ZeroDivisionError, OverflowError, TypeError):
            return math.nan

    return counted


def _divided(left: float, right: float) -> float:
    if right == 0:
        return math.nan if left == 0 or math.isnan(left) else math.copysign(math.inf, left) * math.copysign(1, right)
    return left / right


def _whole(cut: Callable[[float], int]) -> Callable[[float], float]:
    """What has no end stays as it is."""
    return lambda number: number if math.isinf(number) else float(cut(number))


def _rounded(number: float, digits: float = 0.0) -> float:
    if math.isinf(number):
        return number
    factor = 10.0 ** max(-12, min(12, int(digits)))
    return math.floor(number * factor + 0.5) / factor


def _power(base: float, exponent: float) -> float:
    found = base**exponent
    return math.nan if isinstance(found, complex) else found


# texts


def _concat(*values: Value) -> str:
    return "".join(_flat(values))[:MAX_TEXT]


def _flat(values: Iterable[Value]) -> list[str]:
    found: list[str] = []
    for value in values:
        found += value if isinstance(value, list) else [as_text(value)]
    return found


def _join(separator: Value, *values: Value) -> str:
    return as_text(separator).join(_flat(values))[:MAX_TEXT]


def _substr(text: Value, start: Value, end: Value | None = None) -> str:
    whole = as_text(text)
    first, last = as_number(start), len(whole) if end is None else as_number(end)
    if math.isnan(first) or math.isnan(last):
        return ""
    return whole[_bounded(first, len(whole)) : _bounded(last, len(whole))]


def _bounded(number: float, length: int) -> int:
    place = int(max(-length, min(length, number)))
    return place + length if place < 0 else place


def _selected_at(text: Value, number: Value) -> str:
    names = as_text(text).split()
    place = as_number(number)
    return names[int(place)] if 0 <= place < len(names) else ""


def _translate(text: Value, before: Value, after: Value) -> str:
    old, new = as_text(before), as_text(after)
    table = {ord(sign): new[place] if place < len(new) else None for place, sign in reversed(list(enumerate(old)))}
    return as_text(text).translate(table)


# gathering


def _numbers(values: Iterable[Value]) -> list[float]:
    return [number for text in _flat(values) if not math.isnan(number := as_number(text))]


def _count(value: Value) -> float:
    return float(len(value)) if isinstance(value, list) else 1.0


def _non_empty(value: Value) -> float:
    return float(sum(1 for text in _flat([value]) if text))


def _checklist(least: Value, most: Value, *answers: Value) -> bool:
    return _within(sum(1 for answer in answers if as_truth(answer)), least, most)


def _weighted(least: Value, most: Value, *pairs: Value) -> bool:
    return _within(sum(as_number(weight) for answer, weight in zip(pairs[::2], pairs[1::2], strict=False) if as_truth(answer)), least, most)


def _within(total: float, least: Value, most: Value) -> bool:
    low, high = as_number(least), as_number(most)
    return (low == -1 or total >= low) and (high == -1 or total <= high)


# days and clocks


def _date(value: Value) -> str:
    day = day_of(value)
    return day.isoformat() if day else ""


def _date_time(value: Value) -> str:
    text = first_of(value) if isinstance(value, str | list) else ""
    if DAY.fullmatch(text) and "T" in text:
        return text
    moment = moment_of(value)
    return moment.isoformat(timespec="milliseconds") if moment else ""


def _decimal_time(value: Value) -> float:
    text = as_text(value)
    found = CLOCK.match(text.partition("T")[2] or text)
    return (int(found[1]) * 3600 + int(found[2]) * 60 + int(found[3] or 0)) / 86400 if found else math.nan


def _format_date(value: Value, pattern: Value) -> str:
    moment = moment_of(value)
    if moment is None:
        return ""
    signs = {
        "Y": f"{moment.year:04}", "y": f"{moment.year % 100:02}", "m": f"{moment.month:02}", "n": str(moment.month), "b": MONTHS[moment.month - 1],
        "d": f"{moment.day:02}", "e": str(moment.day), "a": DAYS[moment.weekday()], "H": f"{moment.hour:02}", "h": str(moment.hour),
        "M": f"{moment.minute:02}", "S": f"{moment.second:02}", "3": "000", "W": str(moment.isocalendar().week),
    }  # fmt: skip
    return re.sub(r"%(.)", lambda found: signs.get(found[1], found[0]), as_text(pattern))


# functions that ask the place, or do not evaluate all they are given


def _if(scope: Scope, tree: Tree) -> Value:
    return evaluate(tree[2] if as_truth(evaluate(tree[1], scope)) else tree[3], scope)


def _coalesce(scope: Scope, tree: Tree) -> Value:
    for part in tree[1:]:
        if text := as_text(evaluate(part, scope)):
            return text
    return ""


def _indexed(scope: Scope, tree: Tree) -> Value:
    numbers = [as_number(evaluate(part, scope)) for part in tree[2:]]
    return scope.indexed(tree[1], [int(number) if 0 < number < 1e6 else 0 for number in numbers])


ASKING: dict[str, Callable[[Scope, Tree], Value]] = {
    "text": lambda _scope, tree: str(tree[1]),
    "number": lambda _scope, tree: float(tree[1]),
    "truth": lambda _scope, tree: bool(tree[1]),
    "self": lambda scope, _tree: scope.own(),
    "answer": lambda scope, tree: scope.answer(tree[1]),
    "every": lambda scope, tree: scope.every(tree[1]),
    "instances": lambda scope, tree: float(scope.instances(tree[1])),
    "position": lambda scope, tree: float(scope.position(tree[1])),
    "indexed": _indexed,
    "column": lambda scope, tree: scope.column(tree[1]),
    "lookup": lambda scope, tree: scope.lookup(tree[1], tree[2], tree[3]),
    "choice-name": lambda scope, tree: scope.choice_name(tree[2], as_text(evaluate(tree[1], scope))),
    "and": lambda scope, tree: as_truth(evaluate(tree[1], scope)) and as_truth(evaluate(tree[2], scope)),
    "or": lambda scope, tree: as_truth(evaluate(tree[1], scope)) or as_truth(evaluate(tree[2], scope)),
    "if": _if,
    "coalesce": _coalesce,
    "once": lambda scope, tree: scope.own() or evaluate(tree[1], scope),
    "today": lambda scope, _tree: scope.at.date().isoformat(),
    "now": lambda scope, _tree: scope.at.isoformat(timespec="milliseconds"),
}
STRICT: dict[str, Callable[..., Value]] = {
    "=": _equal,
    "!=": _unequal,
    "<": _ordered(lambda left, right: left < right),
    "<=": _ordered(lambda left, right: left <= right),
    ">": _ordered(lambda left, right: left > right),
    ">=": _ordered(lambda left, right: left >= right),
    "+": _counted(lambda left, right: left + right),
    "-": _counted(lambda left, right: left - right),
    "*": _counted(lambda left, right: left * right),
    "div": _counted(_divided),
    "mod": _counted(math.fmod),
    "neg": _counted(lambda number: -number),
    "not": lambda value: not as_truth(value),
    "boolean": as_truth,
    "boolean-from-string": lambda value: as_text(value).lower() in ("1", "true"),
    "selected": lambda text, name: as_text(name).strip() in as_text(text).split(),
    "selected-at": _selected_at,
    "count-selected": lambda text: float(len(as_text(text).split())),
    "date": _date,
    "date-time": _date_time,
    "decimal-date-time": as_number,
    "decimal-time": _decimal_time,
    "format-date": _format_date,
    "format-date-time": _format_date,
    "int": _counted(_whole(math.trunc)),
    "as-number": as_number,
    "round": _counted(_rounded),
    "floor": _counted(_whole(math.floor)),
    "ceiling": _counted(_whole(math.ceil)),
    "abs": _counted(abs),
    "pow": _counted(_power),
    "sqrt": _counted(math.sqrt),
    "exp": _counted(math.exp),
    "log": _counted(math.log),
    "log10": _counted(math.log10),
    "pi": lambda: math.pi,
    "sin": _counted(math.sin),
    "cos": _counted(math.cos),
    "tan": _counted(math.tan),
    "string": as_text,
    "string-length": lambda text: float(len(as_text(text))),
    "regex": lambda text, pattern: matches(as_text(text), as_text(pattern)),
    "concat": _concat,
    "join": _join,
    "substr": _substr,
    "contains": lambda text, part: as_text(part) in as_text(text),
    "starts-with": lambda text, part: as_text(text).startswith(as_text(part)),
    "ends-with": lambda text, part: as_text(text).endswith(as_text(part)),
    "substring-before": lambda text, part: as_text(text).partition(as_text(part))[0] if as_text(part) and as_text(part) in as_text(text) else "",
    "substring-after": lambda text, part: as_text(text).partition(as_text(part))[2] if as_text(part) else as_text(text),
    "normalize-space": lambda text: " ".join(as_text(text).split()),
    "translate": _translate,
    "count": _count,
    "count-non-empty": _non_empty,
    "sum": lambda *values: float(sum(_numbers(values))),
    "min": lambda *values: min(_numbers(values), default=math.nan),
    "max": lambda *values: max(_numbers(values), default=math.nan),
    "checklist": _checklist,
    "weighted-checklist": _weighted,
}
