"""Clocks are data: each length with its basis, version and origin, read from seeds/reference/clocks.csv."""

import csv
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache

from django.conf import settings


@dataclass(frozen=True)
class Clock:
    """How long something may take, and who says so. The origin is shown wherever the length is."""

    code: str
    length: timedelta
    version: str
    basis: str
    provenance: str
    approval: str

    def due(self, start: datetime) -> datetime:
        """The moment by which it must be done."""
        return start + self.length


@cache
def _clocks() -> dict[str, Clock]:
    path = settings.PACKAGE.parent / "seeds" / "reference" / "clocks.csv"
    with path.open(encoding="utf-8", newline="") as file:
        return {
            row["code"]: Clock(
                row["code"], timedelta(**{row["unit"]: float(row["amount"])}), row["version"], row["basis"], row["provenance"], row["approval"]
            )
            for row in csv.DictReader(file)
        }


def clock_of(code: str) -> Clock:
    """The clock of this code; a KeyError means that the reference file lacks it."""
    return _clocks()[code]
