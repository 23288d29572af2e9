"""Drift: where practice left the agreement and nobody recorded a departure. Found in the events, with the article."""

from collections.abc import Iterable, Iterator
from datetime import datetime

from saphan.agreements.procedures.compiling import SendRule
from saphan.agreements.procedures.entering import Hindrance
from saphan.agreements.procedures.events import Event
from saphan.agreements.procedures.promises import Promise
from saphan.agreements.procedures.standing import Drift, Finding, Standing

KINDS: tuple[Drift, ...] = ("skipped", "late", "order", "over_disclosure", "missing_document")
MISSING = frozenset({"document_missing", "signature_missing"})
ORDER = frozenset({"not_next", "closed", "suspended", "not_bound"})


def from_hindrances(hindrances: Iterable[Hindrance], event: Event) -> Iterator[Finding]:
    """A stage was entered although something stood in the way."""
    for hindrance in hindrances:
        named = dict(hindrance.parameters)
        name = ":".join(filter(None, [named.get("name") or event.name, named.get("role", "")]))
        kind: Drift = "missing_document" if hindrance.code in MISSING else "order" if hindrance.code in ORDER else "skipped"
        yield Finding(kind, hindrance.article, hindrance.code, name, event.at, event.seq)


def from_message(standing: Standing, rule: SendRule, event: Event) -> Iterator[Finding]:
    """What was wrong with a message that crossed: to whom, with which fields, under which consents, at which stage."""

    def finding(code: str, name: str, kind: Drift = "over_disclosure") -> Finding:
        party = standing.compiled.procedure.roles.get(event.by, event.party or rule.sender)
        return Finding(kind, rule.article, code, name, event.at, event.seq, party, event.by)

    for name in sorted(set(event.fields) - set(rule.fields)):
        yield finding("field_not_agreed", name)
    if (event.party and event.party != rule.sender) or (event.to and event.to != rule.receiver):
        yield finding("wrong_party", rule.id)
    if not rule.holds(standing.facts):
        yield finding("not_foreseen", rule.id)
    for name in rule.needs:
        if not standing.consent_holds(name, event.at):
            yield finding("no_consent", name)
    if rule.stage and rule.stage != standing.stage:
        early = rule.stage not in standing.visited
        yield finding("too_early", rule.id) if early and rule.fields else finding("other_stage", rule.id, "order")


def unknown_message(standing: Standing, event: Event) -> Iterator[Finding]:
    """A message of which the procedure knows nothing carried fields."""
    if event.fields:
        article = standing.compiled.stages[standing.stage].article if standing.stage in standing.compiled.stages else ""
        yield Finding("over_disclosure", article, "unknown_message", event.name, event.at, event.seq, event.party, event.by)


def late_ones(promises: Iterable[Promise], now: datetime) -> Iterator[Finding]:
    """Promises that were not kept in time, as far as this moment shows. A promise that was excused or is void is not among them."""
    for promise in promises:
        state = promise.state_at(now)
        if state in ("kept_late", "not_kept") or (state == "running" and now > promise.due.at):
            code = {"promise": "promise_late", "stage": "stage_late", "tell": "not_told"}[promise.owed]
            yield Finding("late", promise.article, code, promise.key, promise.due.at, 0, promise.party, promise.role)


def drift(standing: Standing, *, now: datetime) -> tuple[Finding, ...]:
    """All findings at this moment; those that an event put right are marked."""
    return (*standing.findings.values(), *late_ones(standing.promises.values(), now))
