"""Places: the keys of answers."""

import re

NUMBERED = re.compile(r"[1-9]\d{0,3}(?:\.[1-9]\d{0,3})*", re.ASCII)


class Place(str):
    """The key of an answer: `code`, or `code@2.1` inside repeats, counted from 1, outermost first. A string with two readings of itself."""

    __slots__ = ()

    @staticmethod
    def of(code: str, index: tuple[int, ...] = ()) -> "Place":
        """The place of a question in these instances."""
        return Place(f"{code}@{'.'.join(map(str, index))}" if index else code)

    @property
    def code(self) -> str:
        """The question's code."""
        return self.partition("@")[0]

    @property
    def numbers(self) -> tuple[int, ...]:
        """The numbers of the instances; empty where there are none or where they are no numbers."""
        numbers = self.partition("@")[2]
        return tuple(map(int, numbers.split("."))) if NUMBERED.fullmatch(numbers) else ()
