"""The words of letters and notes in the person's language: reference data, one column a language, with the mark of who made them."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from saphan.care.screening.reference import rows_of

FOLDER = "decision_letters"


@dataclass(frozen=True)
class Tongue:
    """A language of letters. `reviewed`: a person has checked the words; else the letter says that nobody has."""

    code: str
    name: str
    reviewed: bool


@cache
def tongues() -> dict[str, Tongue]:
    """The languages in which letters exist, by code."""
    return {row["code"]: Tongue(row["code"], row["name"], row["review"] != "machine") for row in rows_of(f"{FOLDER}/languages.csv")}


def tongue_for(asked: str, spoken: str, reader: str) -> Tongue:
    """The language of a letter: the one asked for, else the person's, else the reader's, who then has it read out."""
    known = tongues()
    return next((known[code] for code in (asked, spoken, reader) if code in known), known["en"])


@cache
def _table(name: str) -> Mapping[str, Mapping[str, str]]:
    rows = rows_of(f"{FOLDER}/{name}.csv")
    return {code: {row["code"]: row[code] for row in rows} for code in tongues()}


def letter_words(language: str) -> Mapping[str, str]:
    """The words of the decision's letter in one language."""
    return _table("letter")[language]


def note_words(language: str) -> Mapping[str, str]:
    """The words of the note on non-punishment in one language."""
    return _table("non_punishment")[language]
