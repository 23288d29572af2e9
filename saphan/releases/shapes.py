"""The shape that a content must have to pass a door: what is not named here cannot pass."""

import re
from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext as _

from saphan.core.errors import Invalid

Shape = Callable[[Any, str], Any]


def record(**fields: Shape) -> Shape:
    """A record of exactly these fields; `optional` ones may be absent, an unknown one is refused."""

    def check(value: Any, where: str) -> Any:
        if not isinstance(value, dict):
            raise _misshapen(where)
        if unknown := set(value) - set(fields):
            raise _misshapen(f"{where}.{sorted(map(str, unknown))[0]}")
        return {name: shape(value.get(name), f"{where}.{name}") for name, shape in fields.items() if name in value or not hasattr(shape, "optional")}

    return check


def list_of(shape: Shape, *, most: int) -> Shape:
    """A list of at most `most` items of one shape."""

    def check(value: Any, where: str) -> Any:
        if not isinstance(value, list) or len(value) > most:
            raise _misshapen(where)
        return [shape(item, f"{where}[{index}]") for index, item in enumerate(value)]

    return check


def text(longest: int, pattern: str = "") -> Shape:
    """Text of at most `longest` characters, matching the whole `pattern` when one is given."""

    def check(value: Any, where: str) -> Any:
        if not isinstance(value, str) or len(value) > longest or (pattern and not re.fullmatch(pattern, value)):
            raise _misshapen(where)
        return value

    return check


def integer(least: int, most: int) -> Shape:
    """A whole number between two bounds."""

    def check(value: Any, where: str) -> Any:
        if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
            raise _misshapen(where)
        return value

    return check


def one_of(*codes: str) -> Shape:
    """One of these codes."""

    def check(value: Any, where: str) -> Any:
        if value not in codes:
            raise _misshapen(where)
        return value

    return check


def optional(shape: Shape) -> Shape:
    """A field that may be absent from its record."""

    def check(value: Any, where: str) -> Any:
        return shape(value, where)

    check.optional = True  # type: ignore[attr-defined]  # read by `record`
    return check


def _misshapen(where: str) -> Invalid:
    """Names the place in the content, never what stands there."""
    return Invalid(_("The content does not have the agreed shape at “%(place)s”.") % {"place": where[:80]})
