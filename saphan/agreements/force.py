"""Whether something is in force on a day: a fold over the events of its force, and nothing else. Pure, so that everybody may check it by hand.

Two tracks run beside each other: that of the whole, and that of a single provision. A provision is in force while the whole is and it is not
itself suspended or ended; or, applied provisionally, while it has itself entered and the whole has not yet.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal, Protocol

from saphan.agreements.codes import ForceKind

Force = Literal["not_yet", "in_force", "suspended", "ended"]
K = ForceKind
ENDING: tuple[str, ...] = (K.TERMINATED, K.REPLACED, K.EXPIRES)
BOUND: tuple[Force, ...] = ("not_yet", "in_force", "suspended")  # from which it may end
# Which events may follow upon which force, and what they make of it.
AFTER: dict[tuple[Force, str], Force] = {
    ("not_yet", K.ENTERS): "in_force",
    ("in_force", K.SUSPENDED): "suspended",
    ("suspended", K.RESUMED): "in_force",
    ("ended", K.ENTERS): "in_force",
    **{(before, kind): "ended" for before in BOUND for kind in ENDING},
}
# Of a single provision: it comes into force with the whole, so it may be suspended without an event of its own.
OF_PROVISION = AFTER | {("not_yet", K.SUSPENDED): "suspended"}


class Happening(Protocol):
    """What the fold reads of an event."""

    @property
    def provision(self) -> str: ...
    @property
    def kind(self) -> str: ...
    @property
    def on(self) -> date: ...


@dataclass(frozen=True)
class Standing:
    """The force of the whole or of a provision on a day, since when, and by which event."""

    force: Force
    since: date | None = None
    by: str = ""

    @property
    def holds(self) -> bool:
        return self.force == "in_force"


NOT_YET = Standing("not_yet")


def standing_on(events: Iterable[Happening], day: date, provision: str = "") -> Standing:
    """The force on a day. `events` in the order of their days; those taken back are not among them."""
    until = [event for event in events if event.on <= day]
    whole = _folded([event for event in until if not event.provision], AFTER)
    if not provision:
        return whole
    own = _folded([event for event in until if event.provision == provision], OF_PROVISION)
    if own is NOT_YET or (own.holds and whole.force != "not_yet"):
        return whole
    return own if whole.holds or whole.force == "not_yet" else whole


def first_misfit(events: Sequence[Happening]) -> Happening | None:
    """The first event that cannot follow upon those before it: a resumption of what was not suspended, an end of what has ended."""
    stands: dict[str, Force] = {}
    for event in events:
        rules = OF_PROVISION if event.provision else AFTER
        before = stands.get(event.provision, "not_yet")
        if (before, event.kind) not in rules:
            return event
        stands[event.provision] = rules[before, event.kind]
    return None


def _folded(events: Iterable[Happening], rules: dict[tuple[Force, str], Force]) -> Standing:
    standing = NOT_YET
    for event in events:
        after = rules.get((standing.force, event.kind), standing.force)
        if after != standing.force:
            standing = Standing(after, event.on, event.kind)
    return standing


def periods(events: Iterable[Happening]) -> list[tuple[date, date | None]]:
    """From which day to which (no longer that one) the whole is in force; the last may be open."""
    found: list[tuple[date, date | None]] = []
    force: Force = "not_yet"
    for event in (event for event in events if not event.provision):
        after = AFTER.get((force, event.kind), force)
        if after == "in_force" != force:
            found.append((event.on, None))
        elif force == "in_force" != after:
            found[-1] = (found[-1][0], event.on)
        force = after
    return [(since, until) for since, until in found if since != until]
