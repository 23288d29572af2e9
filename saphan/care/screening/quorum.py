"""Counts a team's votes by its quorum rule: who counts, what the majority is, and what is still needed. Knows no database."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Protocol

ABSTAIN = "abstain"


class Rule(Protocol):
    """What the count asks of a quorum rule."""

    @property
    def minimum_members(self) -> int: ...
    @property
    def minimum_agencies(self) -> int: ...
    @property
    def required_roles(self) -> tuple[str, ...]: ...
    @property
    def remote_share(self) -> int: ...
    @property
    def sitting(self) -> bool: ...


@dataclass(frozen=True)
class Seat:
    """One member who still sits in the team and declared no conflict of interest."""

    agency: str
    role: str
    has_vote: bool
    choice: str = ""  # the last vote; empty: none yet
    present: bool = False
    remote: bool = False
    chair: bool = False


@dataclass(frozen=True)
class Lack:
    """One thing that stands against deciding: a code of the closed list below, a number, names of parts."""

    code: str
    number: int = 0
    names: tuple[str, ...] = ()


LACKS = ("members", "agencies", "roles", "remote", "chair", "tie", "no_majority")


@dataclass(frozen=True)
class Count:
    """The votes as they count."""

    counted: int
    agencies: int
    remote: int
    counts: Mapping[str, int]
    abstained: int
    majority: str
    not_present: int = 0  # voted, but are not counted because they were not in the sitting
    lacks: tuple[Lack, ...] = field(default=())


def count(seats: Iterable[Seat], rule: Rule) -> Count:
    """Only members with a vote who voted are counted, and, where the rule asks for a sitting, who were present in it.

    An abstention makes the member count as present and counts for no outcome. The majority is more than half of the votes for outcomes.
    """
    known = list(seats)
    voted = [seat for seat in known if seat.has_vote and seat.choice]
    counted = [seat for seat in voted if seat.present or not rule.sitting]
    counts = Counter(seat.choice for seat in counted if seat.choice != ABSTAIN)
    ahead, most = counts.most_common(1)[0] if counts else ("", 0)
    majority = ahead if most * 2 > sum(counts.values()) else ""
    found = Count(
        len(counted), len({seat.agency for seat in counted}), sum(1 for seat in counted if seat.remote), dict(counts),
        sum(1 for seat in counted if seat.choice == ABSTAIN), majority, len(voted) - len(counted),
    )  # fmt: skip
    return Count(**{**vars(found), "lacks": (*_missing_people(known, counted, found, rule), *_missing_majority(found))})


def _missing_people(known: list[Seat], counted: list[Seat], found: Count, rule: Rule) -> list[Lack]:
    lacks = []
    if found.counted < rule.minimum_members:
        lacks.append(Lack("members", rule.minimum_members - found.counted))
    if found.agencies < rule.minimum_agencies:
        lacks.append(Lack("agencies", rule.minimum_agencies))
    if missing := tuple(role for role in rule.required_roles if role not in {seat.role for seat in counted}):
        lacks.append(Lack("roles", len(missing), missing))
    if found.counted and found.remote * 100 > rule.remote_share * found.counted:
        lacks.append(Lack("remote", rule.remote_share))
    if rule.sitting and not any(seat.chair and seat.present for seat in known):
        lacks.append(Lack("chair"))
    return lacks


def _missing_majority(found: Count) -> list[Lack]:
    if not found.counted or found.majority:
        return []
    best = sorted(found.counts.values(), reverse=True)
    return [Lack("tie" if len(best) > 1 and best[0] == best[1] else "no_majority")]
