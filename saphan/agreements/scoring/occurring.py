"""When a commitment falls due, and what became of it: days and words only, no table."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date
from typing import Literal

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from saphan.agreements.procedures.scoring import Tally

Became = Literal["kept", "late", "not_kept", "excused", "pending", "overdue", "void"]


class Rhythm(TextChoices):
    """How often a commitment falls due."""

    ONCE = "once", _("once")
    YEARLY = "yearly", _("every year")
    HALF_YEARLY = "half_yearly", _("every half year")
    QUARTERLY = "quarterly", _("every quarter")


MONTHS = {Rhythm.YEARLY: 12, Rhythm.HALF_YEARLY: 6, Rhythm.QUARTERLY: 3}


class OccurrenceState(TextChoices):
    """Where one occurrence of a commitment stands. Only the other party makes it confirmed."""

    OPEN = "open", _("to be kept")
    STATED = "stated", _("stated, to be confirmed")
    CONFIRMED = "confirmed", _("confirmed")
    DISPUTED = "disputed", _("disputed")
    EXCUSE_ASKED = "excuse_asked", _("asked to be excused")
    EXCUSED = "excused", _("excused by both")
    MISSED = "missed", _("not kept")
    VOID = "void", _("no longer owed")


S = OccurrenceState
LABELS: dict[str, object] = {
    "kept": _("kept"), "late": _("kept late"), "not_kept": _("not kept"), "excused": _("excused"), "pending": _("pending"),
    "overdue": _("pending, past its day"), "void": _("no longer owed"),
}  # fmt: skip
TONES: dict[str, str] = {
    "kept": "good", "late": "warm", "not_kept": "bad", "excused": "still", "pending": "", "overdue": "bad", "void": "still",
}  # fmt: skip


def due_on(first: date, rhythm: str, number: int) -> date:
    """The day on which it falls due for the nth time, counted from 1. The 31st of a shorter month is its last day."""
    month = first.year * 12 + first.month - 1 + (number - 1) * MONTHS.get(Rhythm(rhythm), 0)
    year, month = month // 12, month % 12 + 1
    return date(year, month, min(first.day, monthrange(year, month)[1]))


def closes_on(first: date, rhythm: str, number: int) -> date | None:
    """The day after which it can no longer be kept: when it falls due the next time. What is owed once stays open until somebody says how it ended."""
    return None if rhythm == Rhythm.ONCE else due_on(first, rhythm, number + 1)


@dataclass(frozen=True)
class Seen:
    """One occurrence as it stood at some moment."""

    state: str
    due_on: date
    happened_on: date | None = None
    closes_on: date | None = None

    def became(self, day: date) -> Became:
        """What it counts as on this day. Nothing counts as kept before the other party has confirmed it, on whatever day it is looked at."""
        if self.state == S.CONFIRMED:
            return "kept" if self._in_time else "late"
        if self.state in (S.EXCUSED, S.MISSED, S.VOID):
            return {S.EXCUSED: "excused", S.MISSED: "not_kept", S.VOID: "void"}[S(self.state)]  # type: ignore[return-value]  # three of the seven
        if self.state == S.STATED:
            return "pending" if self._in_time else "overdue"  # the other party's silence is not the owner's lateness
        if self.closes_on is not None and day > self.closes_on:
            return "not_kept"
        return "overdue" if day > self.due_on else "pending"

    @property
    def _in_time(self) -> bool:
        return self.happened_on is not None and self.happened_on <= self.due_on


def counted(became: Became) -> Tally:
    """One occurrence as a count of one; of what is no longer owed, of none."""
    if became == "void":
        return Tally()
    if became in ("pending", "overdue"):
        return Tally(pending=1, overdue=int(became == "overdue"))
    part: str = became
    return Tally(**{part: 1})
