"""Follows a procedure: folds the events of a subject into its standing, one after the other. The same events always make the same standing."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import datetime

from saphan.agreements.procedures import departing, drifting
from saphan.agreements.procedures.calendars import Calendars
from saphan.agreements.procedures.compiling import Compiled, ConsentRule, PromiseRule, SendRule
from saphan.agreements.procedures.entering import is_free, may_enter
from saphan.agreements.procedures.events import Event, in_order
from saphan.agreements.procedures.promises import Promise, begun, country_of, stage_clock
from saphan.agreements.procedures.standing import Answer, Answered, Came, Filed, Standing

Versions = Mapping[str, Compiled]
NO_VERSIONS: Versions = {}


def follow(compiled: Compiled, events: Iterable[Event], *, calendars: Calendars, versions: Versions = NO_VERSIONS) -> Standing:
    """The standing after these events, begun under `compiled`. `versions` are those to which the subject was bound anew, by digest."""
    standing = Standing(compiled, calendars)
    for event in in_order(events):
        _apply(standing, event, versions)
    return standing


def after(standing: Standing, event: Event, versions: Versions = NO_VERSIONS) -> Standing:
    """The standing after one event more; the one before stays as it was. Raises ValueError where the event is not newer."""
    following = standing.copy()
    _apply(following, event, versions)
    return following


def _apply(standing: Standing, event: Event, versions: Versions) -> None:
    if event.seq <= standing.seq:
        raise ValueError(f"event {event.seq} does not come after {standing.seq}")
    standing.seq, standing.last_at = event.seq, event.at
    if event.kind == "rebound":
        _rebind(standing, event, versions)
    elif event.kind == "bound":
        _bind(standing, event)
    elif not standing.stage:
        standing.unforeseen += 1
    else:
        HANDLERS[event.kind](standing, event)


def _bind(standing: Standing, event: Event) -> None:
    if standing.stage or not standing.compiled.first:
        standing.unforeseen += 1
        return
    standing.facts = frozenset(event.fields)
    _arrive(standing, standing.compiled.first, event)


def _rebind(standing: Standing, event: Event, versions: Versions) -> None:
    """Another version from now on: what was owed under the old one ends, what the stage owes under the new one begins; consent to more fields is asked anew."""
    compiled = versions.get(event.name)
    if compiled is None or standing.stage not in compiled.stages:
        standing.unforeseen += 1
        return
    old, standing.compiled = standing.compiled, compiled
    for promise in _open(standing, event.at):
        _put(standing, promise.released(event.at, "rebound"))
    for name in [name for name in standing.consents if _crossing(compiled, name) - _crossing(old, name)]:
        del standing.consents[name]
    if not standing.suspended:
        _begin_clock(standing, event)
        _begin(standing, event)


def _crossing(compiled: Compiled, consent: str) -> frozenset[str]:
    """The fields that may cross under a consent."""
    return frozenset(field for send in compiled.messages.values() if consent in send.needs for field in send.fields)


# Stages


def _enter(standing: Standing, event: Event) -> None:
    rules, present = standing.compiled.stages.get(event.name), standing.compiled.stages.get(standing.stage)
    if rules is None or rules is present:
        standing.unforeseen += 1
        return
    for finding in drifting.from_hindrances(may_enter(standing, event.name, now=event.at), event):
        standing.findings[finding.key] = finding
    forward = not is_free(standing, rules)
    for promise in _open(standing, event.at):
        _settle_on_leaving(standing, promise, event, forward=forward, ends=rules.stage.final)
    _arrive(standing, event.name, event)


def _settle_on_leaving(standing: Standing, promise: Promise, event: Event, *, forward: bool, ends: bool) -> None:
    if promise.owed == "tell":
        return
    if promise.owed == "stage":
        _put(standing, promise.kept(event.at, event.seq))
    elif ends and _closer(standing, event) == promise.party:
        _put(standing, promise.broken(event.at, "case_closed"))  # whoever owes does not free itself by ending the case
    elif ends or (not forward and promise.stage == standing.stage):
        _put(standing, promise.released(event.at, "case_closed" if ends else "stage_over"))
    elif promise.stage == standing.stage and not _starts_on_message(standing, promise):
        _put(standing, promise.left_behind(event.at))


def _closer(standing: Standing, event: Event) -> str:
    """The party that moves the subject on: of the role that did it, else of the role that owns the stage."""
    roles = standing.compiled.procedure.roles
    return roles.get(event.by) or roles.get(standing.compiled.stages[standing.stage].stage.by, "")


def _starts_on_message(standing: Standing, promise: Promise) -> bool:
    rule = standing.compiled.promises.get(promise.id)
    return rule is not None and bool(rule.on)


def _arrive(standing: Standing, stage: str, event: Event) -> None:
    standing.stage, standing.entered_at = stage, event.at
    if stage not in standing.visited:
        standing.visited += (stage,)
    if not standing.suspended:
        _begin_clock(standing, event)
        _begin(standing, event)


# Promises


def _begin_clock(standing: Standing, event: Event) -> None:
    number = 1
    while f"stage:{standing.stage}:{number}" in standing.promises:
        number += 1
    clock = stage_clock(standing.compiled, standing.compiled.stages[standing.stage], event.at, number, standing.calendars)
    if clock is not None:
        _put(standing, clock)


def _begin(standing: Standing, event: Event) -> None:
    """Starts what the present stage owes, unless it is owed already or was kept before."""
    for rule in standing.compiled.stages[standing.stage].promises:
        if not rule.on:
            _begin_one(standing, rule, event)


def _begin_one(standing: Standing, rule: PromiseRule, event: Event) -> None:
    if not rule.holds(standing.facts) or _is_refused(standing, rule):
        return
    number = 1
    while earlier := standing.promises.get(f"promise:{rule.id}:{number}"):
        if earlier.ending == "kept" or earlier.is_open(event.at):
            return
        number += 1
    for promise in begun(rule, standing.stage, event.at, number, standing.calendars):
        _put(standing, promise)


def _is_refused(standing: Standing, rule: PromiseRule) -> bool:
    """Whether the person refused, or took back, a consent without which it cannot be kept."""
    return any(
        standing.consents[name].answer in ("refused", "withdrawn") for name in _consents_of(standing, rule.kept_by) if name in standing.consents
    )


def _consents_of(standing: Standing, message: str) -> tuple[str, ...]:
    send = standing.compiled.messages.get(message)
    return send.needs if send else ()


def _put(standing: Standing, promise: Promise) -> None:
    key = promise.key
    standing.promises[key] = promise
    if promise.ending:
        standing.open = tuple([other for other in standing.open if other != key])
    elif key not in standing.open:
        standing.open += (key,)


def _open(standing: Standing, at: datetime) -> list[Promise]:
    """Promises to which something can still happen, in the order in which they were made."""
    promises = standing.promises
    return [promise for key in standing.open if (promise := promises[key]).is_open(at)]


def _keep(standing: Standing, name: str, event: Event) -> None:
    """The evidence keeps the earliest open instance of each promise that rests on it."""
    kept: set[str] = set()
    for key in standing.open:
        promise = standing.promises[key]
        if promise.kept_by == name and promise.id not in kept and promise.opens_at <= event.at and promise.is_open(event.at):
            kept.add(promise.id)
            _put(standing, promise.kept(event.at, event.seq))


def _reconsider(standing: Standing, event: Event) -> None:
    """Facts changed: what no longer applies is released, what now applies begins."""
    for promise in _open(standing, event.at):
        rule = standing.compiled.promises.get(promise.id) if promise.owed == "promise" else None
        if rule is not None and not rule.holds(standing.facts):
            _put(standing, promise.released(event.at, "no_longer_applies"))
    if not standing.suspended:
        _begin(standing, event)


# What else happens


def _set_fact(standing: Standing, event: Event) -> None:
    standing.facts |= {event.name}
    _reconsider(standing, event)


def _clear_fact(standing: Standing, event: Event) -> None:
    standing.facts -= {event.name}
    _reconsider(standing, event)


def _check(standing: Standing, event: Event) -> None:
    if event.name not in standing.compiled.checks:
        standing.unforeseen += 1
        return
    standing.checks |= {event.name}
    _keep(standing, event.name, event)


def _uncheck(standing: Standing, event: Event) -> None:
    standing.checks -= {event.name}


def _answer(answer: Answer) -> Callable[[Standing, Event], None]:
    def note(standing: Standing, event: Event) -> None:
        rule = standing.consent_rule(event.name)
        if rule is None:
            standing.unforeseen += 1
            return
        expires = _expiry(standing, rule, event) if answer == "given" else None
        standing.consents[event.name] = Answered(answer, event.at, event.form, event.guardian, expires)
        if answer == "given" and not standing.suspended:
            _begin(standing, event)
        elif answer in ("refused", "withdrawn"):
            _void(standing, event)

    return note


def _expiry(standing: Standing, rule: ConsentRule, event: Event) -> datetime | None:
    """When it must be asked again, in the days of the place where it was asked."""
    if rule.clause.renew is None:
        return None
    roles, stage = standing.compiled.procedure.roles, standing.compiled.stages.get(rule.stage)
    country = country_of(standing.compiled, roles.get(stage.stage.by, "") if stage else "")
    return standing.calendars.due_after(event.at, rule.clause.renew, country).at


def _void(standing: Standing, event: Event) -> None:
    for promise in _open(standing, event.at):
        if event.name in _consents_of(standing, promise.kept_by):
            _put(standing, promise.released(event.at, "consent_withdrawn"))


def _file(standing: Standing, event: Event) -> None:
    filed = standing.documents.get(event.name, Filed())
    _document(standing, Filed(True, filed.signers), event)


def _sign(standing: Standing, event: Event) -> None:
    filed = standing.documents.get(event.name, Filed())
    _document(standing, Filed(filed.on_file, filed.signers | {event.by}), event)


def _document(standing: Standing, filed: Filed, event: Event) -> None:
    rule = standing.compiled.documents.get(event.name)
    if rule is None:
        standing.unforeseen += 1
        return
    standing.documents[event.name] = filed
    if filed.on_file and filed.signers.issuperset(rule.signed_by):
        _keep(standing, event.name, event)


def _send(standing: Standing, event: Event) -> None:
    came = standing.messages.get(event.name, Came())
    _message(standing, came, Came(came.sent + 1, came.received), event)


def _receive(standing: Standing, event: Event) -> None:
    came = standing.messages.get(event.name, Came())
    _message(standing, came, Came(came.sent, came.received + 1), event)


def _message(standing: Standing, before: Came, came: Came, event: Event) -> None:
    """Sent here, or come from a platform that sent it there: the second line about one message changes nothing more."""
    rule = standing.compiled.messages.get(event.name)
    if rule is None:
        standing.unforeseen += 1
        findings = drifting.unknown_message(standing, event)
    else:
        standing.messages[event.name] = came
        if came.count == before.count:
            return
        findings = drifting.from_message(standing, rule, event)
    for finding in findings:
        standing.findings[finding.key] = finding
    if rule is not None:
        _let_work(standing, rule, event)


def _let_work(standing: Standing, rule: SendRule, event: Event) -> None:
    _keep(standing, rule.id, event)
    if not standing.suspended:
        for promise in standing.compiled.promises.values():
            if promise.on == rule.id:
                _begin_one(standing, promise, event)


def _depart(standing: Standing, event: Event) -> None:
    rule = departing.rule_for(standing, event)
    if rule is None:
        standing.unforeseen += 1
        return
    standing.departures += (departing.departure_of(rule, event),)
    standing.departed |= {(event.what, event.name)}
    if event.what == "due":
        for promise in _open(standing, event.at):
            if promise.id == event.name and promise.owed != "tell" and event.at <= promise.due.at:
                _put(standing, promise.excused(event.at, event.ref))
    _put(standing, departing.telling(standing, rule, event))


def _tell(standing: Standing, event: Event) -> None:
    for promise in _open(standing, event.at):
        if promise.owed == "tell" and promise.id == event.ref:
            _put(standing, promise.kept(event.at, event.seq))


def _suspend(standing: Standing, event: Event) -> None:
    standing.suspended = True
    for promise in _open(standing, event.at):
        if promise.owed != "tell":
            _put(standing, promise.released(event.at, "suspended"))


def _resume(standing: Standing, event: Event) -> None:
    if standing.suspended:
        standing.suspended = False
        _begin_clock(standing, event)
        _begin(standing, event)
        _begin_answers(standing, event)


def _begin_answers(standing: Standing, event: Event) -> None:
    """What was owed on a message, and stood still, is owed again; its time begins anew as that of the stage does."""
    newest = {promise.id: promise for promise in standing.promises.values() if promise.owed == "promise"}
    for name, promise in newest.items():
        rule = standing.compiled.promises.get(name)
        if promise.because == "suspended" and rule is not None and rule.on and not standing.is_over:
            _begin_one(standing, rule, event)


def _correct(standing: Standing, event: Event) -> None:
    for key, finding in standing.findings.items():
        if str(finding.seq) == event.ref:
            standing.findings[key] = replace(finding, corrected=True)


HANDLERS: dict[str, Callable[[Standing, Event], None]] = {
    "fact_set": _set_fact,
    "fact_cleared": _clear_fact,
    "entered": _enter,
    "checked": _check,
    "unchecked": _uncheck,
    "consent_given": _answer("given"),
    "consent_refused": _answer("refused"),
    "consent_withdrawn": _answer("withdrawn"),
    "consent_lapsed": _answer("lapsed"),
    "document_filed": _file,
    "signed": _sign,
    "message_sent": _send,
    "message_received": _receive,
    "departed": _depart,
    "told": _tell,
    "suspended": _suspend,
    "resumed": _resume,
    "corrected": _correct,
}
