"""One act upon a held binding: several events, each counting at once for what is asked next, written together at its end."""

import re
from collections.abc import Iterable
from datetime import datetime
from typing import Any, cast

from saphan.access.actions import Action
from saphan.access.models import User
from saphan.agreements.following.deriving import standing_of, texts_of, write
from saphan.agreements.following.models import Binding, CaseEvent
from saphan.agreements.following.subjects import kind_of
from saphan.agreements.following.words import deviation_said, said, with_article
from saphan.agreements.procedures.drifting import may_send
from saphan.agreements.procedures.entering import Hindrance, may_enter
from saphan.agreements.procedures.events import Event, Kind
from saphan.agreements.procedures.following import after
from saphan.agreements.procedures.standing import Standing
from saphan.agreements.procedures.terms import NAME
from saphan.audit.services import record
from saphan.core.errors import DomainError

NAMED = re.compile(rf"{NAME}|sha256:[0-9a-f]{{64}}|")


class NotYet(DomainError):
    """The procedure does not let it happen (409). `reasons` say why, each with its article."""

    def __init__(self, reasons: Iterable[str]) -> None:
        self.reasons = tuple(reasons)
        super().__init__(" ".join(self.reasons))


class Sitting:
    """What is noted here is not in the database before `close`."""

    def __init__(self, binding: Binding, by: User | None, at: datetime, standing: Standing | None = None) -> None:
        self.binding, self.by, self.at = binding, by, at
        self.standing = standing or standing_of(binding)
        self.fresh: list[Event] = []
        self.action = Action.PROCEDURE_FOLLOW
        self.purpose = ""

    @property
    def next_seq(self) -> int:
        return self.binding.seq + len(self.fresh) + 1

    def event(
        self, kind: str, name: str = "", *, role: str = "", fields: Iterable[str] = (), party: str = "", to: str = "", what: str = "", form: str = "",
        guardian: bool = False, ref: str = "",
    ) -> Event:  # fmt: skip
        """One thing that happens now. Names of the procedure and ids only: anything else is a ValueError."""
        named = tuple(fields)
        if not all(NAMED.fullmatch(word) for word in (name, role, party, to, *named)):
            raise ValueError("an event holds names of the procedure only")
        return Event(self.next_seq, self.at, cast("Kind", kind), name, role, party, to, what, form, guardian, ref, named)

    def note(self, kind: str, name: str = "", **more: Any) -> None:
        """Something happened, as it should or not: `more` is what `event` takes."""
        self._add(self.event(kind, name, **more))

    def _add(self, event: Event) -> None:
        self.fresh.append(event)
        self.standing = after(self.standing, event, texts_of([event.name]) if event.kind == "rebound" else {})

    def enter(self, stage: str, *, role: str = "") -> None:
        """The subject enters a stage. Raises NotYet, with the articles, where something hinders it."""
        if hindrances := self.hindrances(stage):
            raise NotYet(said(hindrance, self.binding.identity) for hindrance in hindrances)
        self.note("entered", stage, role=role)

    def send(self, message: str, *, role: str = "", fields: Iterable[str] = (), ref: str = "") -> None:
        """A message crosses, between the parties that the procedure names. Raises NotYet where it would say too much, or without its consent."""
        rule = self.standing.compiled.messages.get(message)
        party, to = (rule.sender, rule.receiver) if rule else ("", "")
        event = self.event("message_sent", message, role=role, fields=sorted(fields), ref=ref, party=party, to=to)
        if wrong := may_send(self.standing, event):
            raise NotYet(
                with_article(deviation.article, deviation_said(deviation.code, deviation.name, self.binding.identity)) for deviation in wrong
            )
        self._add(event)

    def hindrances(self, stage: str) -> tuple[Hindrance, ...]:
        """What stands in the way of a stage, with what was noted here."""
        return may_enter(self.standing, stage, now=self.at)

    def refresh_facts(self, known: frozenset[str] | None = None) -> None:
        """Asks the owning room which facts hold now, unless it says so itself: an old fact never opens a stage."""
        told = kind_of(self.binding.subject_kind).facts(self.binding.subject_id) if known is None else known
        now_true = told & set(self.standing.compiled.procedure.facts)
        before = self.standing.facts
        for fact in sorted(now_true - before):
            self.note("fact_set", fact)
        for fact in sorted(before - now_true):
            self.note("fact_cleared", fact)

    def close(self) -> None:
        """Writes the events, what follows from them, and one line of the audit."""
        if not self.fresh:
            return
        CaseEvent.objects.bulk_create(self._row(event) for event in self.fresh)
        write(self.binding, self.standing, now=self.at)
        names = [f"{event.kind}:{event.name}"[:40] for event in self.fresh if event.kind != "bound"]
        record(
            by=self.by, action=self.action, target=self.binding, subject=self.binding.scope, at=self.at, fields=names or ["bound"],
            purpose=self.purpose,
        )  # fmt: skip

    def _row(self, event: Event) -> CaseEvent:
        return CaseEvent(
            binding=self.binding, seq=event.seq, at=event.at, kind=event.kind, name=event.name, role=event.by, party=event.party, to=event.to,
            what=event.what, form=event.form, guardian=event.guardian, ref=event.ref, fields=list(event.fields), actor=self.by,
        )  # fmt: skip
