"""Clocks are data: each length with its basis, version and origin, read from seeds/reference/clocks.csv."""

import csv
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache

from django.conf import settings

from saphan.core.origin import Provenance, in_language


@dataclass(frozen=True)
class Clock:
    """How long something may take, and who says so. The origin is shown wherever the length is."""

    code: str
    length: timedelta
    version: str
    basis_en: str
    basis_th: str
    provenance: Provenance
    approval_en: str
    approval_th: str

    @property
    def basis(self) -> str:
        """What the length rests on, in the reader's language."""
        return in_language(self.basis_en, self.basis_th)

    @property
    def approval(self) -> str:
        """Whether it has been confirmed, in the reader's language."""
        return in_language(self.approval_en, self.approval_th)

    def due(self, start: datetime) -> datetime:
        """The moment by which it must be done."""
        return start + self.length


def read_clocks(name: str, code: Callable[[Mapping[str, str]], str]) -> dict[str, Clock]:
    """The clocks of a file of seeds/reference, each under the code that its row gives."""
    path = settings.PACKAGE.parent / "seeds" / "reference" / name
    with path.open(encoding="utf-8", newline="") as file:
        return {code(row): _clock(code(row), row) for row in csv.DictReader(file)}


def _clock(code: str, row: Mapping[str, str]) -> Clock:
    length = timedelta(**{row["unit"]: float(row["amount"])})
    wording = (row["basis"], row["basis_th"], Provenance(row["provenance"]), row["approval"], row["approval_th"])
    return Clock(code, length, row["version"], *wording)


@cache
def _clocks() -> dict[str, Clock]:
    return read_clocks("clocks.csv", lambda row: row["code"])


def clock_of(code: str) -> Clock:
    """The clock of this code; a KeyError means that the reference file lacks it."""
    return _clocks()[code]
