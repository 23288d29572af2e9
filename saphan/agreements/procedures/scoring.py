"""How promises that fell due in a period were kept: counted from events, never typed in. What may be shown of it stands in `saphan/agreements/scoring`.

`kept` in time; `late`: kept after the due; `not kept`; `excused` by a departure; `pending`: still open, of which `overdue` ones are past
their due. What is void counts nowhere. The rate is kept / (kept + late + not kept + overdue): an overdue promise can no longer be kept in
time, and leaving it out would reward silence. A pending one never counts as kept.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from math import sqrt
from typing import Literal

from saphan.agreements.procedures.promises import Promise

Every = Literal["month", "quarter", "year"]
MONTHS: dict[Every, int] = {"month": 1, "quarter": 3, "year": 12}
Z95 = 1.959963984540054


@dataclass(frozen=True, slots=True)
class Period:
    """From the first instant to before the last: a month, quarter or year of the calendar at a place."""

    since: datetime
    until: datetime

    def holds(self, at: datetime) -> bool:
        return self.since <= at < self.until


def period_of(every: Every, at: datetime, zone: tzinfo = UTC) -> Period:
    """The period that holds this instant."""
    local = at.astimezone(zone)
    return _period(every, local.year * 12 + (local.month - 1) // MONTHS[every] * MONTHS[every], zone)


def period_before(every: Every, period: Period, zone: tzinfo = UTC) -> Period:
    """The one before it."""
    local = period.since.astimezone(zone)
    return _period(every, local.year * 12 + local.month - 1 - MONTHS[every], zone)


def _period(every: Every, month: int, zone: tzinfo) -> Period:
    begin, end = (datetime(m // 12, m % 12 + 1, 1, tzinfo=zone).astimezone(UTC) for m in (month, month + MONTHS[every]))
    return Period(begin, end)


@dataclass(frozen=True, slots=True)
class Tally:
    """A count of promises by what became of them."""

    kept: int = 0
    late: int = 0
    not_kept: int = 0
    excused: int = 0
    pending: int = 0
    overdue: int = 0  # of the pending ones

    @property
    def n(self) -> int:
        """All that fell due, or fall due still, in the period."""
        return self.kept + self.late + self.not_kept + self.excused + self.pending

    @property
    def judged(self) -> int:
        """Those of which it is known whether they were kept in time."""
        return self.kept + self.late + self.not_kept + self.overdue

    @property
    def rate(self) -> float | None:
        """Kept in time, of those judged; None where there is nothing to judge."""
        return self.kept / self.judged if self.judged else None

    @property
    def interval(self) -> tuple[float, float] | None:
        """Wilson's 95 % interval of the rate."""
        return wilson(self.kept, self.judged)

    def __add__(self, other: "Tally") -> "Tally":
        return Tally(
            self.kept + other.kept,
            self.late + other.late,
            self.not_kept + other.not_kept,
            self.excused + other.excused,
            self.pending + other.pending,
            self.overdue + other.overdue,
        )


def wilson(hits: int, of: int, z: float = Z95) -> tuple[float, float] | None:
    """Wilson's score interval for a share; None of nothing."""
    if not of:
        return None
    share, square = hits / of, z * z
    centre = (share + square / (2 * of)) / (1 + square / of)
    half = z / (1 + square / of) * sqrt(share * (1 - share) / of + square / (4 * of * of))
    return max(0.0, centre - half), min(1.0, centre + half)


def tally(promises: Iterable[Promise], *, now: datetime) -> Tally:
    """Counts them at this moment."""
    counted = dict.fromkeys(("kept", "kept_late", "not_kept", "excused", "pending", "overdue", "void"), 0)
    for promise in promises:
        state = promise.state_at(now)
        if state in ("running", "not_started"):
            counted["pending"] += 1
            counted["overdue"] += now > promise.due.at
        else:
            counted[state] += 1
    return Tally(counted["kept"], counted["kept_late"], counted["not_kept"], counted["excused"], counted["pending"], counted["overdue"])
