"""Replays what happened under another version of the procedure: what a changed article would have meant for the cases already closed."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from saphan.agreements.procedures.calendars import Calendars
from saphan.agreements.procedures.compiling import Compiled
from saphan.agreements.procedures.drifting import drift
from saphan.agreements.procedures.events import Event
from saphan.agreements.procedures.following import NO_VERSIONS, Versions, follow
from saphan.agreements.procedures.promises import Promise
from saphan.agreements.procedures.scoring import Tally, tally
from saphan.agreements.procedures.standing import Standing

Histories = Mapping[str, Iterable[Event]]


@dataclass(frozen=True, slots=True)
class Effect:
    """One promise under both versions. A promise that only one of them knows is counted there alone."""

    name: str
    article: str
    before: Tally
    after: Tally


@dataclass(frozen=True, slots=True)
class Impact:
    """What the draft would have meant: promise by promise, and how many findings of each article it would have made."""

    cases: int
    effects: tuple[Effect, ...]
    findings_before: Mapping[str, int]
    findings_after: Mapping[str, int]
    unforeseen: int  # events that the draft does not know


def replay(compiled: Compiled, histories: Histories, *, calendars: Calendars, versions: Versions = NO_VERSIONS) -> dict[str, Standing]:
    """The standing of each subject, by its id."""
    return {subject: follow(compiled, events, calendars=calendars, versions=versions) for subject, events in histories.items()}


def impact(old: Compiled, draft: Compiled, histories: Histories, *, now: datetime, calendars: Calendars) -> Impact:
    """The same events under the version in force and under a draft, seen at `now`."""
    kept = {subject: tuple(events) for subject, events in histories.items()}
    before, after = (list(replay(compiled, kept, calendars=calendars).values()) for compiled in (old, draft))
    names = dict.fromkeys([*old.promises, *draft.promises])
    effects = tuple(
        Effect(name, (draft.promises.get(name) or old.promises[name]).article, _tally(before, name, now), _tally(after, name, now)) for name in names
    )
    return Impact(len(kept), effects, _findings(before, now), _findings(after, now), sum(standing.unforeseen for standing in after))


def _tally(standings: list[Standing], name: str, now: datetime) -> Tally:
    return tally((promise for standing in standings for promise in _promises(standing, name)), now=now)


def _promises(standing: Standing, name: str) -> list[Promise]:
    return [promise for promise in standing.promises.values() if promise.owed == "promise" and promise.id == name]


def _findings(standings: list[Standing], now: datetime) -> dict[str, int]:
    counted: dict[str, int] = {}
    for standing in standings:
        for finding in drift(standing, now=now):
            counted[finding.article] = counted.get(finding.article, 0) + 1
    return counted
