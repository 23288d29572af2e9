"""The scorecard of an agreement: how the promises that fell due in a period were kept. Counted from events, never typed in.

`kept` in time; `late`: kept after the due; `not kept`; `excused` by a departure; `pending`: still open, of which `overdue` ones are past
their due. What is void counts nowhere. The rate is kept / (kept + late + not kept + overdue): an overdue promise can no longer be kept in
time, and leaving it out would reward silence. A pending one never counts as kept.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from math import sqrt
from typing import Any, Literal

from saphan.agreements.procedures.compiling import Compiled
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


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the scorecard. Where it is not `shown` nobody gets its figures: too few, or they would tell those of another line."""

    name: str
    counts: Tally
    before: Tally
    shown: bool
    shown_before: bool

    @property
    def trend(self) -> float | None:
        """How the rate moved against the period before; None where one of the two is not shown."""
        now, before = self.counts.rate, self.before.rate
        return now - before if self.shown and self.shown_before and now is not None and before is not None else None

    def plain(self) -> dict[str, Any]:
        """The line as plain values; without figures where they are withheld."""
        if not self.shown:
            return {"name": self.name, "shown": False}
        counts, interval = self.counts, self.counts.interval
        return {
            "name": self.name, "shown": True, "n": counts.n, "kept": counts.kept, "late": counts.late, "not_kept": counts.not_kept,
            "excused": counts.excused, "pending": counts.pending, "overdue": counts.overdue, "rate": counts.rate,
            "interval": list(interval) if interval else None, "trend": self.trend,
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Card:
    """How the promises of an agreement were kept in a period: all of them, and each."""

    period: Period
    target: float
    publish_min: int
    total: Row
    rows: tuple[Row, ...]

    @property
    def meets_target(self) -> bool | None:
        """Whether the rate reaches the target; None where it is withheld."""
        return self.total.counts.rate >= self.target if self.total.shown and self.total.counts.rate is not None else None


def scorecard(
    promises: Iterable[Promise],
    *,
    over: Iterable[str],
    every: Every,
    at: datetime,
    now: datetime,
    target: float,
    publish_min: int,
    zone: tzinfo = UTC,
) -> Card:
    """The card of the period that holds `at`, seen at `now`: promises of the agreement by the period in which they fall due."""
    names = tuple(dict.fromkeys(over))
    period = period_of(every, at, zone)
    earlier = period_before(every, period, zone)
    found = [promise for promise in promises if promise.owed == "promise" and promise.id in names]
    counts = {name: tally((p for p in found if p.id == name and period.holds(p.due.at)), now=now) for name in names}
    before = {name: tally((p for p in found if p.id == name and earlier.holds(p.due.at)), now=now) for name in names}
    shown, shown_before = _shown(counts, publish_min), _shown(before, publish_min)
    rows = tuple(Row(name, counts[name], before[name], name in shown, name in shown_before) for name in names)
    whole, whole_before = sum(counts.values(), Tally()), sum(before.values(), Tally())
    total = Row("", whole, whole_before, "" in shown, "" in shown_before)
    return Card(period, target, publish_min, total, rows)


def card_of(compiled: Compiled, promises: Iterable[Promise], *, at: datetime, now: datetime, zone: tzinfo = UTC) -> Card | None:
    """The card that the procedure's own score article asks for; None where it has none."""
    score = next((article.score for article in compiled.procedure.articles if article.score), None)
    if score is None:
        return None
    return scorecard(promises, over=score.over, every=score.every, at=at, now=now, target=score.target, publish_min=score.publish_min, zone=zone)


def _shown(counts: Mapping[str, Tally], least: int) -> frozenset[str]:
    """The lines whose figures may be given ("" is the total): those with enough to judge, and no line that the others would give away.

    Where one line is withheld beside a total, total less the others would be that line; so the smallest of the others is withheld too,
    or, where there is none, the total.
    """
    shown = {name for name, tally in counts.items() if tally.judged >= least}
    withheld = [tally for name, tally in counts.items() if name not in shown and tally.n]
    total_shown = sum((tally.judged for tally in counts.values()), 0) >= least
    if total_shown and len(withheld) == 1:
        if shown:
            shown.discard(min(shown, key=lambda name: (counts[name].judged, name)))
        else:
            total_shown = False
    return frozenset(shown | ({""} if total_shown else set()))
