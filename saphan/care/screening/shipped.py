"""The instruments that come with the platform: XLSForm sheets as text, one folder for each."""

import csv
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from saphan.care.screening.reference import reference_path
from saphan.xlsform.definition import Form
from saphan.xlsform.reading import read_tables

SHEETS = ("survey", "choices", "settings")


def shipped_codes() -> list[str]:
    """The codes of the instruments that are shipped."""
    return sorted(path.parent.name for path in reference_path("instruments").glob("*/survey.csv"))


def tables_in(folder: Path) -> dict[str, list[dict[str, str]]]:
    """The sheets of one folder; every cell is text."""
    return {sheet: list(_rows(folder / f"{sheet}.csv")) for sheet in SHEETS if (folder / f"{sheet}.csv").exists()}


def _rows(path: Path) -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


@cache
def shipped_form(code: str) -> Form:
    """The form of a shipped instrument. Raises KeyError for a code that is not shipped, ValueError where its sheets are wrong."""
    if code not in shipped_codes():
        raise KeyError(code)
    reading = read_tables(tables_in(reference_path("instruments") / code))
    if reading.form is None:
        told = "; ".join(f"{p.sheet} {p.row} {p.column}: {p.sentence}" for p in reading.problems)
        raise ValueError(f"{code}: {told}")
    return reading.form
