"""What happened to a subject, one line at a time: names and ids only, never a word about the person. Nothing else is ever evidence."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from itertools import pairwise
from typing import Any, Literal, NamedTuple, get_args

Kind = Literal[
    "bound",  # the subject follows the procedure `name` (its digest) from now on and stands at the first stage; `fields` are the facts that hold
    "fact_set",
    "fact_cleared",
    "entered",  # a stage
    "checked",
    "unchecked",
    "consent_given",  # `form` written or spoken, `guardian` where one agreed too
    "consent_refused",
    "consent_withdrawn",
    "consent_lapsed",
    "document_filed",  # `by` whom
    "signed",  # a document, `by` the role that signed
    "message_sent",  # `party` sent it to `to` with these `fields`
    "message_received",  # the platform of the other party confirmed it
    "departed",  # `what` kind of rule, `name` which one, `by` the role that approved, `ref` where the reason is written
    "told",  # the other party was told of the departure `ref`
    "suspended",
    "resumed",
    "corrected",  # the event `ref` (its number) was put right: its finding closes
    "rebound",  # the subject follows the procedure `name` from now on
]
KINDS: frozenset[str] = frozenset(get_args(Kind))


class Event(NamedTuple):
    """One thing that happened. `seq` orders events, not `at`: a clock may be wrong. `by` is a role of the procedure, empty for the platform."""

    seq: int
    at: datetime
    kind: Kind
    name: str = ""
    by: str = ""
    party: str = ""
    to: str = ""
    what: str = ""
    form: str = ""
    guardian: bool = False
    ref: str = ""
    fields: tuple[str, ...] = ()

    def plain(self) -> dict[str, Any]:
        """The event as plain values, without what was not said."""
        row: dict[str, Any] = {"seq": self.seq, "at": self.at.isoformat(), "kind": self.kind}
        for name in ("name", "by", "party", "to", "what", "form", "guardian", "ref"):
            if value := getattr(self, name):
                row[name] = value
        return row | ({"fields": list(self.fields)} if self.fields else {})


WORDS = frozenset(Event._fields)


def event_from(row: Mapping[str, Any]) -> Event:
    """An event from plain values. Raises ValueError, with the reason, for a word or kind that is not foreseen, or a time without its zone."""
    if unknown := sorted(set(row) - WORDS):
        raise ValueError(f"an event has no “{unknown[0]}”")
    if row.get("kind") not in KINDS:
        raise ValueError(f"no event is called “{row.get('kind')}”")
    at = datetime.fromisoformat(row["at"]) if isinstance(row.get("at"), str) else row.get("at")
    if not isinstance(at, datetime) or at.tzinfo is None:
        raise ValueError("an event needs its time with a time zone, for example 2027-03-01T09:00:00+07:00")
    if not isinstance(row.get("seq"), int):
        raise ValueError("an event needs its number")
    return Event(**{**row, "at": at, "fields": tuple(row.get("fields", ()))})


def in_order(events: Iterable[Event]) -> list[Event]:
    """By number. Raises ValueError where two have the same."""
    found = sorted(events, key=lambda event: event.seq)
    for one, other in pairwise(found):
        if one.seq == other.seq:
            raise ValueError(f"two events have the number {one.seq}")
    return found
