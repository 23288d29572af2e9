"""Patterns of `regex()`. A pattern that could take for ever is refused when the form is read: repetition inside repetition.

Python, JavaScript and Java agree on the part that forms use; the whole value must match, as in JavaRosa.
"""

import re
from functools import lru_cache
from re import _constants, _parser
from typing import Any

from saphan.xlsform.names import Unreadable

MAX_PATTERN = 500
MAX_VALUE = 1_000
MAX_OPEN = 6  # repetitions without an end, side by side
REPEATS = frozenset({_constants.MAX_REPEAT, _constants.MIN_REPEAT, _constants.POSSESSIVE_REPEAT})


def check_pattern(pattern: str) -> None:
    """Raises Unreadable when the pattern is broken, too long, or could take for ever."""
    if len(pattern) > MAX_PATTERN:
        raise Unreadable("bad_pattern", pattern=pattern[:60])
    try:
        parsed = _parser.parse(pattern)
    except (re.error, RecursionError, OverflowError):
        raise Unreadable("bad_pattern", pattern=pattern[:60]) from None
    if _open_repeats(parsed, 0) > MAX_OPEN:
        raise Unreadable("bad_pattern", pattern=pattern[:60])


def _open_repeats(parsed: Any, inside: int) -> int:
    """How many repetitions without a small end there are; one inside another counts as too many."""
    total = 0
    for operator, argument in parsed:
        if operator in REPEATS and argument[1] - argument[0] > 0:
            if inside and argument[1] > 1:
                return MAX_OPEN + 1
            total += 1 if argument[1] > 64 else 0
            total += _open_repeats(argument[2], 1 if argument[1] > 1 else inside)
        elif operator is _constants.SUBPATTERN:
            total += _open_repeats(argument[3], inside)
        elif operator is _constants.BRANCH:
            total += sum(_open_repeats(branch, inside) for branch in argument[1])
        elif operator in REPEATS:
            total += _open_repeats(argument[2], inside)
        elif operator is _constants.GROUPREF or operator is _constants.GROUPREF_EXISTS:
            return MAX_OPEN + 1
        elif operator in (_constants.ASSERT, _constants.ASSERT_NOT):
            total += _open_repeats(argument[1], 1)
    return total


@lru_cache(maxsize=256)
def _compiled(pattern: str) -> re.Pattern[str] | None:
    try:
        check_pattern(pattern)
    except Unreadable:
        return None
    return re.compile(pattern)


def matches(value: str, pattern: str) -> bool:
    """Whether the whole value fits the pattern. A pattern that cannot be used fits nothing."""
    compiled = _compiled(pattern)
    return compiled is not None and len(value) <= MAX_VALUE and compiled.fullmatch(value) is not None
