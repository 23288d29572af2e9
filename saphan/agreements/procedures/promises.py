"""A promise: what a party owes in one case, by when, and what became of it. Made and ended by events alone; its state is read off at a moment.

not started -> running -> kept | kept late | not kept | excused (departure) | void (consent withdrawn, or no longer owed).
A promise that is past its due and can still be kept is running and late; it never counts as kept.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Literal, NamedTuple

from saphan.agreements.procedures.calendars import Calendars, Due
from saphan.agreements.procedures.compiling import Compiled, Evidence, PromiseRule, StageRules
from saphan.agreements.procedures.terms import Length

State = Literal["not_started", "running", "kept", "kept_late", "not_kept", "excused", "void"]
STATES: tuple[State, ...] = ("not_started", "running", "kept", "kept_late", "not_kept", "excused", "void")
SETTLED = frozenset({"kept", "kept_late", "not_kept", "excused", "void"})
Ending = Literal["", "kept", "not_kept", "excused", "void"]
Owed = Literal["promise", "stage", "tell"]  # of the agreement; the time of a stage; that the other party is told of a departure


class Promise(NamedTuple):
    """One instance of what is owed. `closes_at` is the last moment at which it can still be kept, late or not; None while nothing closes it."""

    id: str
    number: int
    owed: Owed
    article: str
    stage: str
    party: str
    role: str
    started_at: datetime
    opens_at: datetime
    due: Due
    closes_at: datetime | None = None
    very_late_at: datetime | None = None
    late_to: str = ""
    very_late_to: str = ""
    kept_by: str = ""
    evidence: Evidence = ""
    ending: Ending = ""
    ended_at: datetime | None = None
    because: str = ""  # why it is void or excused; the number of the event that kept it

    @property
    def key(self) -> str:
        """Its name within the case."""
        return f"{self.owed}:{self.id}:{self.number}"

    def state_at(self, now: datetime) -> State:
        """What it is at this moment. Once settled it never changes, however late the moment."""
        if self.ending == "kept":
            assert self.ended_at is not None  # an ending has its moment
            return "kept" if self.ended_at <= self.due.at else "kept_late"
        if self.ending:
            return self.ending
        if self.closes_at is not None and now > self.closes_at:
            return "not_kept"
        return "not_started" if now < self.opens_at else "running"

    def is_late(self, now: datetime) -> bool:
        """Past its due and neither kept nor settled otherwise."""
        return now > self.due.at and self.state_at(now) == "running"

    def is_open(self, now: datetime) -> bool:
        """Whether anything can still happen to it."""
        return not self.ending and (self.closes_at is None or now <= self.closes_at)

    def settled_at(self) -> datetime | None:
        """The moment from which its state stands, as far as the events tell."""
        return self.ended_at or self.closes_at

    def kept(self, at: datetime, seq: int) -> "Promise":
        return self._replace(ending="kept", ended_at=at, because=str(seq))

    def excused(self, at: datetime, ref: str) -> "Promise":
        return self._replace(ending="excused", ended_at=at, because=ref)

    def broken(self, at: datetime, because: str) -> "Promise":
        return self._replace(ending="not_kept", ended_at=at, because=because)

    def released(self, at: datetime, because: str) -> "Promise":
        """No longer owed: void where it was not yet due; a promise that was late by then stays broken."""
        return self._replace(ending="not_kept" if at > self.due.at else "void", ended_at=at, because=because)

    def left_behind(self, at: datetime) -> "Promise":
        """The stage went on without it: until it is due it may still be kept, and no longer."""
        if at > self.due.at:
            return self._replace(ending="not_kept", ended_at=at, because="stage_over")
        return self._replace(closes_at=min(self.closes_at or self.due.at, self.due.at))


def begun(rule: PromiseRule, stage: str, start: datetime, first: int, calendars: Calendars) -> Iterator[Promise]:
    """The instances of a promise that starts now, numbered from `first`. With `every`, each opens when the one before it fell due and closes when the next does."""
    clause, country = rule.clause, rule.country
    dues = [calendars.due_after(start, length, country) for length in (clause.every or ((clause.due,) if clause.due else ()))]
    very_late = _after(calendars, start, clause.very_late, country) if not clause.every else None
    for place, due in enumerate(dues):
        following = dues[place + 1].at if place + 1 < len(dues) else None
        yield Promise(
            rule.id, first + place, "promise", rule.article, stage, clause.party, clause.by, start, dues[place - 1].at if place else start, due,
            closes_at=following or very_late, very_late_at=very_late, late_to=clause.late_to or "", very_late_to=clause.very_late_to or "",
            kept_by=rule.kept_by, evidence=rule.evidence,
        )  # fmt: skip


def stage_clock(compiled: Compiled, rules: StageRules, start: datetime, number: int, calendars: Calendars) -> Promise | None:
    """That a stage is left by its due: owed by the party of its role. None where the stage has no due."""
    stage = rules.stage
    if stage.due is None:
        return None
    party = compiled.procedure.roles.get(stage.by, "")
    due = calendars.due_after(start, stage.due, country_of(compiled, party))
    return Promise(stage.id, number, "stage", rules.article, stage.id, party, stage.by, start, start, due)


def country_of(compiled: Compiled, party: str) -> str:
    """Whose calendar counts for this party; empty where the procedure does not know it."""
    found = compiled.procedure.parties.get(party)
    return found.country if found else ""


def _after(calendars: Calendars, start: datetime, length: Length | None, country: str) -> datetime | None:
    return calendars.due_after(start, length, country).at if length else None
