"""Where a subject stands: all that its events have made true. Read it; only `following` writes it."""

from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Literal

from saphan.agreements.procedures.calendars import Calendars
from saphan.agreements.procedures.compiling import Compiled, ConsentRule
from saphan.agreements.procedures.promises import Promise

Answer = Literal["given", "refused", "withdrawn", "lapsed"]
Drift = Literal["skipped", "late", "order", "over_disclosure", "missing_document"]


@dataclass(frozen=True, slots=True)
class Answered:
    """What the person said when she was asked for a consent."""

    answer: Answer
    at: datetime
    form: str = ""
    guardian: bool = False
    expires_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Filed:
    """A document: whether it is on file, and which roles signed it."""

    on_file: bool = False
    signers: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Came:
    """How often a message was sent, and how often its arrival was confirmed."""

    sent: int = 0
    received: int = 0

    @property
    def count(self) -> int:
        return max(self.sent, self.received)


@dataclass(frozen=True, slots=True)
class Departure:
    """A rule that an emergency shortened, approved by a role that may, with the place where its reason is written."""

    seq: int
    at: datetime
    article: str
    what: str
    name: str
    by: str
    ref: str


@dataclass(frozen=True, slots=True)
class Deviation:
    """Practice that left the agreement without a recorded departure: which article, what, shown by which event."""

    kind: Drift
    article: str
    code: str
    name: str
    at: datetime
    seq: int = 0
    party: str = ""
    role: str = ""
    corrected: bool = False

    @property
    def key(self) -> str:
        """Its name within the case: the same finding found again has the same."""
        return f"{self.kind}:{self.code}:{self.name}:{self.seq}"


@dataclass(slots=True)
class Standing:
    """The state of one subject under one procedure after the event `seq`."""

    compiled: Compiled
    calendars: Calendars
    seq: int = 0
    last_at: datetime | None = None
    stage: str = ""
    entered_at: datetime | None = None
    suspended: bool = False
    facts: frozenset[str] = frozenset()
    visited: tuple[str, ...] = ()
    checks: frozenset[str] = frozenset()
    consents: dict[str, Answered] = field(default_factory=dict)
    documents: dict[str, Filed] = field(default_factory=dict)
    messages: dict[str, Came] = field(default_factory=dict)
    promises: dict[str, Promise] = field(default_factory=dict)
    open: tuple[str, ...] = ()  # keys of promises without an ending, in the order in which they were made
    departures: tuple[Departure, ...] = ()
    departed: frozenset[tuple[str, str]] = frozenset()
    findings: dict[str, Deviation] = field(default_factory=dict)
    unforeseen: int = 0  # events about things that this procedure does not know

    def copy(self) -> "Standing":
        """Another one with the same content, to go on from."""
        return replace(
            self,
            consents=dict(self.consents),
            documents=dict(self.documents),
            messages=dict(self.messages),
            promises=dict(self.promises),
            findings=dict(self.findings),
        )

    @property
    def is_over(self) -> bool:
        """Whether it stands at a final stage."""
        rules = self.compiled.stages.get(self.stage)
        return rules is not None and rules.stage.final

    def consent_rule(self, name: str) -> ConsentRule | None:
        """How the consent is to be asked here: the first asking that applies."""
        asked = self.compiled.consents.get(name, ())
        return next((rule for rule in asked if rule.holds(self.facts)), asked[0] if asked else None)

    def consent_holds(self, name: str, now: datetime) -> bool:
        """Whether the person agrees at this moment, in the form asked, with a guardian where one is needed."""
        said, rule = self.consents.get(name), self.consent_rule(name)
        if said is None or rule is None or said.answer != "given" or (said.expires_at is not None and now > said.expires_at):
            return False
        if rule.clause.form == "written" and said.form != "written":
            return False
        return said.guardian or rule.clause.guardian_if is None or not rule.clause.guardian_if.holds(self.facts)

    def plain(self, now: datetime) -> dict[str, Any]:
        """The state as plain values, for files and screens of other programs."""
        return {
            "digest": self.compiled.digest,
            "seq": self.seq,
            "stage": self.stage,
            "suspended": self.suspended,
            "facts": sorted(self.facts),
            "visited": list(self.visited),
            "checks": sorted(self.checks),
            "consents": {name: {"answer": said.answer, "holds": self.consent_holds(name, now)} for name, said in sorted(self.consents.items())},
            "documents": {name: {"on_file": filed.on_file, "signed": sorted(filed.signers)} for name, filed in sorted(self.documents.items())},
            "messages": {name: came.count for name, came in sorted(self.messages.items())},
            "promises": [_promise(promise, now) for promise in self.promises.values()],
            "departures": [{"article": d.article, "what": d.what, "name": d.name, "by": d.by} for d in self.departures],
            "unforeseen": self.unforeseen,
        }


def _promise(promise: Promise, now: datetime) -> dict[str, Any]:
    return {
        "id": promise.id, "number": promise.number, "owed": promise.owed, "article": promise.article, "party": promise.party, "role": promise.role,
        "state": promise.state_at(now), "late": promise.is_late(now), "due_at": promise.due.at.isoformat(), "because": promise.due.plain(),
    }  # fmt: skip
