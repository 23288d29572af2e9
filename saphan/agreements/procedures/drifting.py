"""Drift: where practice left the agreement and nobody recorded a departure. Found in the events, with the article."""

from collections.abc import Iterable, Iterator
from datetime import datetime

from saphan.agreements.procedures.compiling import SendRule
from saphan.agreements.procedures.entering import Hindrance
from saphan.agreements.procedures.events import Event
from saphan.agreements.procedures.promises import Promise
from saphan.agreements.procedures.standing import Deviation, Drift, Standing

KINDS: tuple[Drift, ...] = ("skipped", "late", "order", "over_disclosure", "missing_document")
MISSING = frozenset({"document_missing", "signature_missing"})
ORDER = frozenset({"not_next", "closed", "suspended", "not_bound"})

# What a deviation found in a message or a clock says; those of entering a stage say what hindered it (`entering.SENTENCES`). A closed list.
SENTENCES = {
    "field_not_agreed": "A field crossed that the agreement does not let cross: {name}.",
    "wrong_party": "“{name}” went from or to another party than agreed.",
    "message_not_foreseen": "“{name}” was sent although it is not foreseen in this situation.",
    "no_consent": "A message crossed without the consent it needs: {name}.",
    "too_early": "“{name}” was sent before its stage.",
    "other_stage": "“{name}” was sent at another stage.",
    "unknown_message": "A message crossed of which the agreement knows nothing: {name}.",
    "promise_late": "Not kept in time: {name}.",
    "promise_dropped": "The case was ended by the party that still owed this: {name}.",
    "stage_late": "The stage was not left in time: {name}.",
    "not_told": "The other party was not told of a departure in time.",
}


def from_hindrances(hindrances: Iterable[Hindrance], event: Event) -> Iterator[Deviation]:
    """A stage was entered although something stood in the way."""
    for hindrance in hindrances:
        named = dict(hindrance.parameters)
        name = ":".join(filter(None, [named.get("name") or event.name, named.get("role", "")]))
        kind: Drift = "missing_document" if hindrance.code in MISSING else "order" if hindrance.code in ORDER else "skipped"
        yield Deviation(kind, hindrance.article, hindrance.code, name, event.at, event.seq)


def from_message(standing: Standing, rule: SendRule, event: Event) -> Iterator[Deviation]:
    """What was wrong with a message that crossed: to whom, with which fields, under which consents, at which stage."""

    def finding(code: str, name: str, kind: Drift = "over_disclosure") -> Deviation:
        party = standing.compiled.procedure.roles.get(event.by, event.party or rule.sender)
        return Deviation(kind, rule.article, code, name, event.at, event.seq, party, event.by)

    for name in sorted(set(event.fields).difference(rule.fields)) if event.fields != rule.fields else ():
        yield finding("field_not_agreed", name)
    if (event.party and event.party != rule.sender) or (event.to and event.to != rule.receiver):
        yield finding("wrong_party", rule.id)
    if not rule.holds(standing.facts):
        yield finding("message_not_foreseen", rule.id)
    for name in rule.needs:
        if not standing.consent_holds(name, event.at):
            yield finding("no_consent", name)
    if rule.stage and rule.stage != standing.stage:
        early = rule.stage not in standing.visited
        yield finding("too_early", rule.id) if early and rule.fields else finding("other_stage", rule.id, "order")


def may_send(standing: Standing, event: Event) -> tuple[Deviation, ...]:
    """What is wrong with a message before it crosses; empty means that it may. A message at another stage that tells no field may always."""
    rule = standing.compiled.messages.get(event.name)
    found = from_message(standing, rule, event) if rule else unknown_message(standing, event)
    return tuple(deviation for deviation in found if deviation.kind == "over_disclosure")


def unknown_message(standing: Standing, event: Event) -> Iterator[Deviation]:
    """A message of which the procedure knows nothing carried fields."""
    if event.fields:
        article = standing.compiled.stages[standing.stage].article if standing.stage in standing.compiled.stages else ""
        yield Deviation("over_disclosure", article, "unknown_message", event.name, event.at, event.seq, event.party, event.by)


def late_ones(promises: Iterable[Promise], now: datetime) -> Iterator[Deviation]:
    """Promises that were not kept in time, as far as this moment shows. A promise that was excused or is void is not among them."""
    for promise in promises:
        state = promise.state_at(now)
        if promise.ending == "not_kept" and promise.ended_at is not None and promise.ended_at <= promise.due.at:
            yield Deviation("skipped", promise.article, "promise_dropped", promise.key, promise.ended_at, 0, promise.party, promise.role)
        elif state in ("kept_late", "not_kept") or (state == "running" and now > promise.due.at):
            code = {"promise": "promise_late", "stage": "stage_late", "tell": "not_told"}[promise.owed]
            yield Deviation("late", promise.article, code, promise.key, promise.due.at, 0, promise.party, promise.role)


def drift(standing: Standing, *, now: datetime) -> tuple[Deviation, ...]:
    """All findings at this moment; those that an event put right are marked."""
    return (*standing.findings.values(), *late_ones(standing.promises.values(), now))
