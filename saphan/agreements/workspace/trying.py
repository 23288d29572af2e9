"""One invented case, tried step by step in the browser: nothing of it is kept but the steps, in the session of whoever tries."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _

from saphan.agreements.following.words import said
from saphan.agreements.procedures.calendars import Calendars
from saphan.agreements.procedures.compiling import Compiled, SendRule
from saphan.agreements.procedures.drifting import drift
from saphan.agreements.procedures.entering import may_enter, spoken
from saphan.agreements.procedures.events import Event, event_from
from saphan.agreements.procedures.following import follow
from saphan.agreements.procedures.promises import Promise
from saphan.agreements.procedures.simulating import hindrances, possible
from saphan.agreements.procedures.standing import Standing
from saphan.agreements.procedures.terms import Length
from saphan.core.errors import Invalid

MOST = 300  # steps of one invented case
FORWARD = ("1d", "5wd", "30d", "90d")
PERSON = ""  # whose step it is when it is no party's


@dataclass(frozen=True)
class Step:
    """Something that may be done next: by which party, what is seen on the button, what crosses by it."""

    key: str
    party: str
    label: str
    row: Mapping[str, Any]
    send: SendRule | None = None

    @property
    def fields(self) -> list[str]:
        """What crosses by it, as words."""
        return [spoken(name) for name in self.send.fields] if self.send else []


@dataclass
class Try:
    """The invented case: its steps, and what the clock shows."""

    compiled: Compiled
    calendars: Calendars
    rows: list[dict[str, Any]]
    now: datetime

    @classmethod
    def begun(cls, compiled: Compiled, calendars: Calendars, *, now: datetime, facts: list[str]) -> "Try":
        """A new one, bound to this text."""
        bound = Event(1, now, "bound", compiled.digest, fields=tuple(sorted(set(facts) & set(compiled.procedure.facts))))
        return cls(compiled, calendars, [bound.plain()], now)

    @classmethod
    def kept(cls, compiled: Compiled, calendars: Calendars, kept: Mapping[str, Any]) -> "Try":
        """As it lies in a session. The steps run under the text of now, which may have changed since."""
        return cls(compiled, calendars, list(kept["rows"]), datetime.fromisoformat(kept["now"]))

    def keep(self) -> dict[str, Any]:
        """For the session."""
        return {"rows": self.rows, "now": self.now.isoformat()}

    @property
    def events(self) -> list[Event]:
        return [event_from(row) for row in self.rows]

    @property
    def standing(self) -> Standing:
        return follow(self.compiled, self.events, calendars=self.calendars)

    def take(self, key: str) -> None:
        """Takes one of the steps that are possible now. Raises Invalid for any other."""
        if len(self.rows) >= MOST:
            raise Invalid(_("An invented case has at most %(most)s steps. Begin a new one.") % {"most": MOST})
        step = next((step for step in self.steps() if step.key == key), None)
        if step is None:
            raise Invalid(_("This step is not possible now."))
        self._add(step.row)

    def back(self) -> None:
        """Takes the last step back; the beginning stays."""
        if len(self.rows) > 1:
            self.rows.pop()
            self.now = datetime.fromisoformat(self.rows[-1]["at"])

    def forward(self, text: str) -> None:
        """Sets the clock forward; working days by the calendar of the first party."""
        if text not in FORWARD:
            raise Invalid(_("The clock moves by the lengths shown."))
        length = Length.read(text)
        if length.unit == "d":
            self.now += timedelta(days=length.amount)
            return
        country = next(iter(self.compiled.procedure.parties.values())).country
        zone = self.calendars.of(country).zone
        day = self.calendars.due_after(self.now, length, country).at.astimezone(zone).date()
        self.now = datetime.combine(day, self.now.astimezone(zone).timetz()).astimezone(self.now.tzinfo)

    def _add(self, row: Mapping[str, Any]) -> None:
        told = {"kind": "entered", "name": row["enter"], "by": row.get("by", "")} if "enter" in row else dict(row)
        event = event_from({key: value for key, value in told.items() if value not in ("", [])} | {"seq": len(self.rows) + 1, "at": self.now})
        self.rows.append(event.plain())

    def steps(self) -> list[Step]:
        """All that may be done now: what the stage asks, messages, stages that open, and what the person may do at any time."""
        standing = self.standing
        found = [self._step(row) for row in possible(standing, now=self.now)]
        return [*found, *self._of_the_person(standing)]

    def _step(self, row: Mapping[str, Any]) -> Step:
        roles = self.compiled.procedure.roles
        if "enter" in row:
            stage = str(row["enter"])
            present = self.compiled.stages.get(self.standing.stage)
            owner = present.stage.by if present else ""
            label = _("Go back to “%(stage)s”") if stage in self.standing.visited else _("Go on to “%(stage)s”")
            return Step(f"enter:{stage}", roles.get(owner, PERSON), label % {"stage": spoken(stage)}, dict(row) | {"by": owner})
        kind, name, by = str(row["kind"]), str(row.get("name", "")), str(row.get("by", ""))
        named = {"name": spoken(name), "role": spoken(by)}
        key = f"{kind}:{name}:{by}"
        if kind == "consent_given":
            guardian = _(" (with a guardian)") if row.get("guardian") else ""
            return Step(key, PERSON, _("She agrees: %(name)s") % named + guardian, row)
        if kind == "message_sent":
            return Step(key, str(row.get("party", "")), _("Send “%(name)s”") % named, row, self.compiled.messages.get(name))
        said_of = {"checked": _("Done: %(name)s"), "document_filed": _("Put on file: %(name)s"), "signed": _("Sign “%(name)s” as %(role)s")}
        return Step(key, roles.get(by, PERSON), said_of.get(kind, kind) % named, row)

    def _of_the_person(self, standing: Standing) -> Iterator[Step]:
        if standing.is_over or not standing.stage:
            return
        rules = self.compiled.stages[standing.stage]
        for consent in rules.consents:
            if consent.id not in standing.consents and consent.holds(standing.facts):
                yield Step(f"consent_refused:{consent.id}:", PERSON, _("She does not agree: %(name)s") % {"name": spoken(consent.id)},
                           {"kind": "consent_refused", "name": consent.id})  # fmt: skip
        for name, answered in standing.consents.items():
            if answered.answer == "given":
                yield Step(f"consent_withdrawn:{name}:", PERSON, _("She withdraws: %(name)s") % {"name": spoken(name)},
                           {"kind": "consent_withdrawn", "name": name})  # fmt: skip
        for fact in self.compiled.procedure.facts:
            kind = "fact_cleared" if fact in standing.facts else "fact_set"
            label = _("No longer so: %(fact)s") if fact in standing.facts else _("It turns out: %(fact)s")
            yield Step(f"{kind}:{fact}:", PERSON, label % {"fact": spoken(fact)}, {"kind": kind, "name": fact})

    def waiting(self) -> list[tuple[str, list[str]]]:
        """Each stage that follows and may not be entered yet, with every reason and its article."""
        return [
            (stage, [said(one, self.compiled.procedure.id) for one in reasons])
            for stage, reasons in hindrances(self.standing, now=self.now).items()
            if reasons
        ]

    def may_go(self, stage: str) -> bool:
        return not may_enter(self.standing, stage, now=self.now)

    def held_back(self) -> list[tuple[SendRule, list[str]]]:
        """Messages of this stage that may not cross now, with the consents that are missing."""
        standing = self.standing
        rules = self.compiled.stages.get(standing.stage)
        found = []
        for send in rules.sends if rules else ():
            missing = [name for name in send.needs if not standing.consent_holds(name, self.now)]
            if missing and send.holds(standing.facts) and send.id not in standing.messages:
                found.append((send, missing))
        return found

    def promises(self) -> list[tuple[Promise, str, bool]]:
        """What is owed and was owed, with its state on this clock and whether it is late."""
        return [(promise, promise.state_at(self.now), promise.is_late(self.now)) for promise in self.standing.promises.values()]

    def drifts(self) -> int:
        """How many times practice left the agreement, on this clock."""
        return len(drift(self.standing, now=self.now))
