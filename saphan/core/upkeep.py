"""Daily chores: what an installation throws away by itself, once a day, whichever worker comes first.

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
CLAIM = timedelta(hours=1)
BEGUN = "begun "
FAILED = "failed"

log = logging.getLogger(__name__)


def chore(name: str) -> Callable[[Chore], Chore]:
    """Registers what is to be done once a day under a short name. It gets the present moment and may answer what it did."""

    def register(function: Chore) -> Chore:
        if CHORES.get(name, function) is not function:
            raise RuntimeError(f"two chores called {name}")
        CHORES[name] = function
        return function

    return register


def run_due(at: datetime) -> dict[str, object]:
    """Does the chores that nobody has done today; answers what each of them said."""
    return {name: _done(name, at) for name in sorted(CHORES) if _claimed(name, at)}


def run_all(at: datetime) -> dict[str, object]:
    """Does all chores now, whether or not they were done today."""
    return {name: _done(name, at) for name in sorted(CHORES)}


def _day(at: datetime) -> str:
    return timezone.localdate(at).isoformat()


def _row(name: str) -> str:
    """One row for each surface: two surfaces may share a database, but not their files."""
    return f"upkeep {settings.SURFACE}: {name}"[:40]


def _claimed(name: str, at: datetime) -> bool:
    """Whether the chore is ours: not done today, nor in anybody's hands. The row as it was read must still stand, so that one worker wins."""
    row, first = Milestone.objects.get_or_create(name=_row(name), defaults={"version": BEGUN + _day(at), "at": at})
    if first:
        return True
    in_hands = row.version.startswith(BEGUN) and abs(at - row.at) < CLAIM  # a claim from far ahead comes from a clock that ran wrong
    if row.version == _day(at) or in_hands:
        return False
    as_read = Milestone.objects.filter(name=row.name, version=row.version, at=row.at)
    return as_read.update(version=BEGUN + _day(at), at=at) == 1


def _done(name: str, at: datetime) -> object:
    """What the chore said; a chore that fails is named in the log by the kind of its error and stops no other."""
    point("upkeep:after_claim")
    try:
        said = CHORES[name](at)
    except Exception as error:  # noqa: BLE001  # the worker's edge: one broken chore does not keep the others from being done
        log.warning("upkeep: %s failed (%s)", name, type(error).__name__)
        return FAILED
    Milestone.objects.update_or_create(name=_row(name), defaults={"version": _day(at), "at": at})
    return said
