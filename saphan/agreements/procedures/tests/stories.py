"""What the tests of the engine share: the example, a case told in lines, and any case that could happen."""

import random
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import cast

from saphan.agreements.procedures.articles import Procedure
from saphan.agreements.procedures.calendars import Calendars
from saphan.agreements.procedures.compiling import Compiled, compile_procedure
from saphan.agreements.procedures.events import Event, Kind
from saphan.agreements.procedures.following import after, follow
from saphan.agreements.procedures.loading import load_file
from saphan.agreements.procedures.standing import Standing

BEGIN = datetime(2027, 3, 1, 3, 0, tzinfo=UTC)  # a Monday, ten in the morning in Bangkok and Vientiane
CALENDARS = Calendars()


@cache
def example() -> Compiled:
    procedure = load_file(Path(__file__).with_name("th-la-return.yaml")).procedure
    assert procedure is not None
    return compile_procedure(procedure)


def changed(**articles) -> Compiled:
    """The example with rows of an article changed: `changed(a5={"oblige": …})` takes plain values as in a file."""
    plain = example().procedure.plain()
    for name, rows in articles.items():
        next(article for article in plain["articles"] if article["art"] == name[1:]).update(rows)
    return compile_procedure(Procedure.model_validate(plain))


class Story:
    """Events one after another; times in days after the beginning."""

    def __init__(self, compiled: Compiled | None = None, facts: tuple[str, ...] = ()) -> None:
        self.compiled = compiled or example()
        self.events: list[Event] = []
        self.at = BEGIN
        self.tell("bound", self.compiled.digest, fields=facts)

    def day(self, days: float) -> "Story":
        self.at = BEGIN + timedelta(days=days)
        return self

    def tell(self, kind: str, name: str = "", **more) -> "Story":
        self.events.append(Event(len(self.events) + 1, self.at, cast("Kind", kind), name, **more))
        return self

    def enter(self, *stages: str) -> "Story":
        for stage in stages:
            self.tell("entered", stage)
        return self

    def recovered(self) -> "Story":
        """All that the first stage asks."""
        for check in ("rights_explained", "interpreter_offered", "immediate_needs_met"):
            self.tell("checked", check)
        return self.tell("consent_given", "c_trace", form="written", guardian=True).tell("document_filed", "identification_record")

    def traced(self) -> "Story":
        """In tracing, with the consent for it."""
        return self.recovered().enter("tracing")

    @property
    def standing(self) -> Standing:
        return follow(self.compiled, self.events, calendars=CALENDARS)

    def state(self, key: str, days: float) -> str:
        return self.standing.promises[key].state_at(BEGIN + timedelta(days=days))


def any_event(rng: random.Random, compiled: Compiled, seq: int, at: datetime) -> Event:
    """Anything that could be written into the history of a case, sensible or not."""
    kinds = {
        "entered": list(compiled.stages), "checked": list(compiled.checks), "unchecked": list(compiled.checks), "consent_given": list(compiled.consents),
        "consent_refused": list(compiled.consents), "consent_withdrawn": list(compiled.consents), "consent_lapsed": list(compiled.consents),
        "document_filed": list(compiled.documents), "signed": list(compiled.documents), "message_sent": list(compiled.messages),
        "message_received": list(compiled.messages), "fact_set": list(compiled.procedure.facts), "fact_cleared": list(compiled.procedure.facts),
        "departed": [*compiled.checks, *compiled.promises, *compiled.stages], "told": [""], "suspended": [""], "resumed": [""], "corrected": [""],
    }  # fmt: skip
    kind = rng.choice([*kinds, "entered", "checked", "message_sent"])
    name = rng.choice([*kinds[kind], "unknown"]) if kinds[kind] != [""] else ""
    send = compiled.messages.get(name)
    return Event(
        seq, at, cast("Kind", kind), name, by=rng.choice(list(compiled.procedure.roles)), what=rng.choice(["due", "check", "document"]), form=rng.choice(["written", "spoken"]),
        guardian=rng.random() < 0.5, ref=str(rng.randint(1, 9)), fields=send.fields if send and rng.random() < 0.7 else (),
    )  # fmt: skip


def any_history(seed: int, length: int, compiled: Compiled | None = None) -> list[Event]:
    """A history of any events; the same seed gives the same."""
    rng, compiled, at = random.Random(seed), compiled or example(), BEGIN
    events = [Event(1, at, "bound", compiled.digest, fields=("child",) if rng.random() < 0.3 else ())]
    for seq in range(2, length + 2):
        at += timedelta(hours=rng.choice([0, 1, 20, 24 * 6, 24 * 40]))
        events.append(any_event(rng, compiled, seq, at))
    return events


def guarded(seed: int, length: int) -> list[Standing]:
    """A case in which every entering asks first, as a screen does; all its standings."""
    from saphan.agreements.procedures.entering import may_enter

    rng, compiled = random.Random(seed), example()
    standing = after(Standing(compiled, CALENDARS), Event(1, BEGIN, "bound", compiled.digest))
    found, at = [standing], BEGIN
    for seq in range(2, length + 2):
        at += timedelta(hours=rng.choice([0, 1, 20, 24 * 6]))
        event = any_event(rng, compiled, seq, at)
        if event.kind == "entered" and may_enter(standing, event.name, now=at):
            continue
        standing = after(standing, event)
        found.append(standing)
    return found
