"""Chores: what an installation does by itself, once a day or as often as the chore says, whichever worker comes first.

Each chore has a row among the milestones. A worker claims it there, does it, and notes the day. When the worker dies or the chore
fails, the claim runs out and the next worker does it again; so a chore must be harmless when it is repeated.
"""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta

from django.conf import settings
from django.utils import timezone

from saphan.core.faults import point
from saphan.core.milestones import Milestone

Chore = Callable[[datetime], object]
CHORES: dict[str, Chore] = {}
EVERY: dict[str, timedelta] = {}  # of chores that come round more often than once a day
DAY = timedelta(days=1)
CLAIM = timedelta(hours=1)
SHORT_CLAIM = timedelta(minutes=5)  # of chores that come round more often than once an hour
BEGUN = "begun "
FAILED = "failed"

log = logging.getLogger(__name__)


def chore(name: str, *, every: timedelta = DAY) -> Callable[[Chore], Chore]:
    """Registers what is to be done once a day, or `every` so often, under a short name. It gets the present moment and may answer what it did.

    A worker looks once a minute, so nothing is done more often than that.
    """

    def register(function: Chore) -> Chore:
        if CHORES.get(name, function) is not function:
            raise RuntimeError(f"two chores called {name}")
        CHORES[name] = function
        EVERY[name] = every
        return function

    return register


def run_due(at: datetime) -> dict[str, object]:
    """Does the chores whose turn has come and nobody has done; answers what each of them said."""
    return {name: _done(name, at) for name in sorted(CHORES) if _claimed(name, at)}


def run_all(at: datetime) -> dict[str, object]:
    """Does all chores now, whether or not they were done already."""
    return {name: _done(name, at) for name in sorted(CHORES)}


def _turn(name: str, at: datetime) -> str:
    """The day of the place, or the number of the interval since 1970: one of them is one turn of the chore."""
    every = EVERY.get(name, DAY)
    return timezone.localdate(at).isoformat() if every >= DAY else str(int(at.timestamp() // every.total_seconds()))


def _claim(name: str) -> timedelta:
    return CLAIM if EVERY.get(name, DAY) >= CLAIM else SHORT_CLAIM


def _row(name: str) -> str:
    """One row for each surface: two surfaces may share a database, but not their files."""
    return f"upkeep {settings.SURFACE}: {name}"[:40]


def _claimed(name: str, at: datetime) -> bool:
    """Whether the chore is ours: not done in this turn, nor in anybody's hands. The row as it was read must still stand, so that one worker wins."""
    turn = _turn(name, at)
    row, first = Milestone.objects.get_or_create(name=_row(name), defaults={"version": BEGUN + turn, "at": at})
    if first:
        return True
    in_hands = row.version.startswith(BEGUN) and abs(at - row.at) < _claim(name)  # a claim from far ahead comes from a clock that ran wrong
    if row.version == turn or in_hands:
        return False
    as_read = Milestone.objects.filter(name=row.name, version=row.version, at=row.at)
    return as_read.update(version=BEGUN + turn, at=at) == 1


def _done(name: str, at: datetime) -> object:
    """What the chore said; a chore that fails is named in the log by the kind of its error and stops no other."""
    point("upkeep:after_claim")
    try:
        said = CHORES[name](at)
    except Exception as error:  # noqa: BLE001  # the worker's edge: one broken chore does not keep the others from being done
        log.warning("upkeep: %s failed (%s)", name, type(error).__name__)
        return FAILED
    Milestone.objects.update_or_create(name=_row(name), defaults={"version": _turn(name, at), "at": at})
    return said
