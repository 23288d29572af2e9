"""Within how many hours a first answer is due, by kind; from a table with its origin, which the ministry confirms."""

import csv
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path

from django.conf import settings

from saphan.portal.inquiries.models import Inquiry, Way

TABLE = "inquiry_due_times.csv"
DANGER = "danger"


@dataclass(frozen=True)
class DueTime:
    """Hours until the first answer, and after how many more somebody else is told."""

    hours: int
    escalate_after: int
    provenance: str

    @property
    def span(self) -> timedelta:
        return timedelta(hours=self.hours)


@cache
def due_times() -> dict[str, DueTime]:
    """The table, read once."""
    path = Path(settings.PACKAGE).parent / "seeds" / "reference" / TABLE
    with path.open(encoding="utf-8", newline="") as file:
        return {row["kind"]: DueTime(int(row["hours"]), int(row["escalate_after_hours"]), row["provenance"]) for row in csv.DictReader(file)}


def due_time(kind: str, *, danger: bool) -> DueTime:
    """The row that applies: where somebody may be in danger, that of danger."""
    return due_times()[DANGER if danger else kind]


def due_by(inquiry: Inquiry, at: datetime) -> datetime | None:
    """When our word is due if the clock starts now. None for who wished for no answer: nothing is late where nothing is awaited, except where
    somebody may be in danger; then somebody has to act, whether or not there is anybody to answer."""
    if inquiry.way == Way.NONE and not inquiry.danger:
        return None
    return at + due_time(inquiry.kind, danger=inquiry.danger).span
