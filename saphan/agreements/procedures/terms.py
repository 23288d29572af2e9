"""The small words of a procedure: names, lengths of time, conditions over named facts. Nothing here can hold an expression that runs."""

import re
from dataclasses import dataclass
from typing import Any, Literal

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic_core import core_schema

NAME = r"^[a-zA-Z][a-zA-Z0-9_]{0,39}$"
LENGTH = re.compile(r"^([1-9][0-9]{0,4})(h|d|wd|mo)$")
CONDITION = re.compile(r"^(?:not )?[a-zA-Z][a-zA-Z0-9_]{0,39}(?: and (?:not )?[a-zA-Z][a-zA-Z0-9_]{0,39}){0,7}$")
RESERVED = ("and", "not")
# Who may be the only reader of a message without being a role of the procedure.
PROFESSIONS = frozenset({"clinician", "nurse", "psychologist", "social_worker", "lawyer", "interpreter", "guardian", "child_protection_officer"})
Unit = Literal["h", "d", "wd", "mo"]


class _Word:
    """A value that is written as one word in a file and read into parts."""

    @classmethod
    def read(cls, text: str) -> Any:
        raise NotImplementedError

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> core_schema.CoreSchema:
        return core_schema.no_info_after_validator_function(
            cls.read, core_schema.str_schema(max_length=400), serialization=core_schema.plain_serializer_function_ser_schema(str)
        )

    @classmethod
    def __get_pydantic_json_schema__(cls, schema: core_schema.CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        return {"type": "string", "pattern": cls.PATTERN}  # type: ignore[attr-defined]  # each word names its own


@dataclass(frozen=True, slots=True)
class Length(_Word):
    """A length of time: hours `24h`, calendar days `30d`, working days of the party that owes `5wd`, months `24mo`."""

    amount: int
    unit: Unit

    PATTERN = LENGTH.pattern

    @classmethod
    def read(cls, text: str) -> "Length":
        found = LENGTH.fullmatch(text)
        if not found:
            raise ValueError("write a whole number and h, d, wd or mo, for example 24h, 30d, 5wd, 24mo")
        return cls(int(found[1]), found[2])  # type: ignore[arg-type]  # the pattern lets only units through

    @property
    def least_hours(self) -> int:
        """The hours that pass at least, whatever days it falls on."""
        return self.amount * {"h": 1, "d": 24, "wd": 24, "mo": 28 * 24}[self.unit]

    @property
    def usual_hours(self) -> float:
        """The hours that usually pass: a week has five working days. For comparing two lengths, never for a due date."""
        return self.amount * {"h": 1.0, "d": 24.0, "wd": 33.6, "mo": 730.5}[self.unit]

    def __str__(self) -> str:
        return f"{self.amount}{self.unit}"


@dataclass(frozen=True, slots=True)
class Condition(_Word):
    """Named facts joined by `and`, each with or without `not`: `child and not refuses`."""

    needs: tuple[tuple[str, bool], ...]

    PATTERN = CONDITION.pattern

    @classmethod
    def read(cls, text: str) -> "Condition":
        if not CONDITION.fullmatch(text):
            raise ValueError("write names of facts, joined by “and”, each with or without “not”: child and not refuses")
        parts = [part.split(" ") for part in text.split(" and ")]
        if any(part[-1] in RESERVED for part in parts):
            raise ValueError("“and” and “not” are no names of facts")
        return cls(tuple((part[-1], len(part) == 1) for part in parts))

    @property
    def facts(self) -> frozenset[str]:
        return frozenset(name for name, _wanted in self.needs)

    @property
    def can_hold(self) -> bool:
        """Whether there is any person for whom it holds: a fact and its opposite exclude each other."""
        return len({name for name, _wanted in self.needs}) == len(set(self.needs))

    def holds(self, facts: "frozenset[str] | set[str]") -> bool:
        """Whether it holds where exactly these facts are true."""
        return all((name in facts) is wanted for name, wanted in self.needs)

    def __str__(self) -> str:
        return " and ".join(name if wanted else f"not {name}" for name, wanted in self.needs)
