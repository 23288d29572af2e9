"""From a file to a procedure. What does not fit is told in plain sentences, each with its line and article; messages of the schema library are never shown."""

import difflib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path as File
from typing import Any

from pydantic import BaseModel, ValidationError

from saphan.agreements.procedures.articles import (
    Article,
    Block,
    Check,
    Consent,
    Depart,
    Document,
    Languages,
    Lifecycle,
    Oblige,
    Party,
    Procedure,
    Score,
    Send,
    Stage,
)
from saphan.agreements.procedures.findings import Finding, Lines, Path, Unreadable, fault
from saphan.agreements.procedures.reading import MOST_BYTES, kind_of, name_of, read

MODELS: dict[str, type[BaseModel]] = {
    "articles": Article,
    "parties": Party,
    "languages": Languages,
    "stage": Stage,
    "check": Check,
    "consent": Consent,
    "document": Document,
    "send": Send,
    "oblige": Oblige,
    "block": Block,
    "depart": Depart,
    "lifecycle": Lifecycle,
    "score": Score,
}
EXPECTED = {
    "string_type": "a text",
    "bool_type": "true or false",
    "int_type": "a whole number",
    "int_from_float": "a whole number",
    "float_type": "a number",
    "dict_type": "a map of words and values",
    "model_type": "a map of words and values",
    "model_attributes_type": "a map of words and values",
    "tuple_type": "a list",
    "list_type": "a list",
    "date_type": "a day, for example 2027-01-01",
}


@dataclass(frozen=True, slots=True)
class Loaded:
    """A procedure and the lines of the file it came from."""

    procedure: Procedure
    lines: Lines


def load(content: bytes | str) -> Loaded:
    """The procedure written in a YAML or JSON file. Raises `Unreadable` with every fault of the schema, or with the first of the text."""
    found = read(content)
    return Loaded(load_plain(found.value, found.lines), found.lines)


def load_file(file: File) -> Loaded:
    """The procedure in a file; of a file that is too large only the beginning is read."""
    with file.open("rb") as stream:
        return load(stream.read(MOST_BYTES + 1))


def load_plain(value: Mapping[str, Any], lines: Lines | None = None) -> Procedure:
    """The procedure in plain values, as `Procedure.plain()` gives them. Raises `Unreadable`."""
    try:
        return Procedure.model_validate(value, by_alias=True, by_name=False)
    except ValidationError as error:
        told = _Telling(value, lines or Lines())
        faults = {(found.rule, found.path): found for found in map(told.of, error.errors(include_url=False, include_context=True))}
        raise Unreadable(tuple(sorted(faults.values(), key=lambda found: found.line))) from None


@dataclass(frozen=True, slots=True)
class _Telling:
    value: Mapping[str, Any]
    lines: Lines

    def of(self, error: Any) -> Finding:
        """One message of the schema library in our own words."""
        path: Path = tuple(step for step in error["loc"] if step != "[key]")
        tell = TELL.get(error["type"], _unfit)
        rule, parameters = tell(error, path)
        return fault(rule, self.lines.of(path), path, self._article(path), **parameters)

    def _article(self, path: Path) -> str:
        if len(path) < 2 or path[0] != "articles" or not isinstance(path[1], int):
            return ""
        article = self.value["articles"][path[1]]
        number = article.get("art", "") if isinstance(article, dict) else ""
        return str(number)[:4] if isinstance(number, str | int) else ""


Told = tuple[str, dict[str, object]]


def _short(value: object) -> str:
    return " ".join(str(value).split())[:60]


def _nearest(word: str, known: list[str]) -> str:
    close = difflib.get_close_matches(word[:60], known, n=1, cutoff=0.5)
    return f" Did you mean “{close[0]}”?" if close else ""


def _unknown(_error: Any, path: Path) -> Told:
    word = _short(path[-1])
    inside = next((MODELS[str(step)] for step in reversed(path[:-1]) if str(step) in MODELS), Procedure)
    known = [field.alias or name for name, field in inside.model_fields.items() if name != "prose"]
    return "L01", {"word": word, "nearest": _nearest(word, known)}


def _missing(_error: Any, path: Path) -> Told:
    return "L02", {"word": "en, th or another language" if path[-1] == "prose" else _short(path[-1])}


def _wrong_kind(error: Any, _path: Path) -> Told:
    return "L03", {"found": kind_of(error["input"]), "expected": EXPECTED[error["type"]]}


def _pattern(error: Any, path: Path) -> Told:
    found = _short(error["input"])
    strange = next((character for character in found if not character.isascii()), "")
    if strange:
        return "L05", {"found": found, "character": name_of(strange)}
    last = next((str(step) for step in reversed(path) if isinstance(step, str)), "")
    reason = PATTERNS.get(last) if last != "id" or len(path) == 1 else None
    return ("L06", {"found": found, "reason": reason}) if reason else ("L04", {"found": found})


def _reason(error: Any, _path: Path) -> Told:
    return "L06", {"found": _short(error["input"]), "reason": str(error["ctx"]["error"])}


def _choice(error: Any, _path: Path) -> Told:
    known = [word.strip(" '") for word in error["ctx"]["expected"].replace(" or ", ", ").split(",")]
    found = _short(error["input"])
    return "L07", {"found": found, "expected": ", ".join(known), "nearest": _nearest(found, known) if len(known) > 1 else ""}


def _date(error: Any, _path: Path) -> Told:
    return "L06", {"found": _short(error["input"]), "reason": "there is no such day"}


def _too_many(error: Any, _path: Path) -> Told:
    return "L08", {"limit": error["ctx"]["max_length"]}


def _too_few(_error: Any, _path: Path) -> Told:
    return "L09", {}


def _too_long(error: Any, _path: Path) -> Told:
    return "L10", {"limit": error["ctx"]["max_length"]}


def _empty(_error: Any, _path: Path) -> Told:
    return "L11", {}


def _limit(error: Any, _path: Path) -> Told:
    signs = {"ge": "at least", "gt": "more than", "le": "at most", "lt": "less than"}
    return "L12", {
        "found": _short(error["input"]),
        "limit": " ".join(f"{signs[name]} {limit}" for name, limit in error["ctx"].items() if name in signs),
    }


def _unfit(error: Any, _path: Path) -> Told:
    return "L06", {"found": _short(error["input"]), "reason": "it does not belong here"}


TELL: dict[str, Callable[[Any, Path], Told]] = {
    "extra_forbidden": _unknown,
    "missing": _missing,
    "string_pattern_mismatch": _pattern,
    "value_error": _reason,
    "literal_error": _choice,
    "too_long": _too_many,
    "too_short": _too_few,
    "string_too_long": _too_long,
    "string_too_short": _empty,
    "greater_than": _limit,
    "greater_than_equal": _limit,
    "less_than": _limit,
    "less_than_equal": _limit,
    "date_from_datetime_parsing": _date,
    "date_parsing": _date,
    "date_from_datetime_inexact": _date,
} | dict.fromkeys(EXPECTED, _wrong_kind)
# What a word must look like where it is not a name.
PATTERNS = {
    "version": "a version is three numbers, for example 3.0.0",
    "id": "small letters, digits, - and /, for example th-la/return",
    "art": "the number of an article is 1 to 3 digits and at most one small letter, for example 12 or 12a",
    "country": "two capital letters of ISO 3166, for example TH",
    "authoritative": "two small letters of a language, for example th",
    "working": "two small letters of a language, for example en",
}
