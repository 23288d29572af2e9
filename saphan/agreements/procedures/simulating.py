"""An invented subject, step by step: to try a procedure before anybody signs it. Plain values in, plain values out.

A script: {"at": "2027-03-01T09:00:00+07:00", "facts": ["child"], "steps": [{"kind": "checked", "name": "rights_explained", "after": "2d"}, …]}.
A step is an event without its number; its time is `at`, or `after` a length from the step before, or the same moment.
{"enter": "tracing"} asks first and does nothing where something hinders it, and says what; with "force": true it enters all the same,
and the deviation shows among the findings. Without steps the subject does what each stage asks and goes on to the first stage that follows.
"""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from saphan.agreements.procedures.calendars import Calendars
from saphan.agreements.procedures.compiling import Compiled, SendRule
from saphan.agreements.procedures.drifting import drift
from saphan.agreements.procedures.entering import Hindrance, may_enter
from saphan.agreements.procedures.events import Event, event_from
from saphan.agreements.procedures.following import after
from saphan.agreements.procedures.standing import Deviation, Standing
from saphan.agreements.procedures.terms import Length

BEGIN = datetime(2027, 3, 1, 2, 0, tzinfo=UTC)
MOST_STEPS = 2000
WORDS = frozenset({"at", "facts", "steps", "until"})


def simulate(compiled: Compiled, script: Mapping[str, Any] | None = None, *, calendars: Calendars | None = None) -> dict[str, Any]:
    """What happens to the invented subject. Raises ValueError, with the number of the step, where the script does not read."""
    script, calendars = script or {}, calendars or Calendars()
    if unknown := sorted(set(script) - WORDS):
        raise ValueError(f"a script has no “{unknown[0]}”")
    at = _moment(script.get("at"), BEGIN)
    standing = after(Standing(compiled, calendars), Event(1, at, "bound", compiled.digest, fields=tuple(script.get("facts", ()))))
    told = [_shown(standing, at, {"kind": "bound"})]
    if "steps" in script:
        standing, at = _play(standing, script["steps"], at, told)
    else:
        standing, at = _walk(standing, at, told)
    until = _moment(script.get("until"), at)
    return {
        "procedure": compiled.procedure.id, "version": compiled.procedure.version, "digest": compiled.digest, "steps": told, "until": until.isoformat(),
        "standing": standing.plain(until), "drift": [_finding(finding) for finding in drift(standing, now=until)],
    }  # fmt: skip


def possible(standing: Standing, *, now: datetime) -> tuple[dict[str, Any], ...]:
    """What could be done next, as steps of a script: what the present stage asks and offers, then the stages that may be entered."""
    steps = [*_work(standing, now), *_messages(standing, now)]
    steps += [{"enter": stage} for stage in standing.compiled.stages if not may_enter(standing, stage, now=now)]
    return tuple(steps)


def hindrances(standing: Standing, *, now: datetime) -> dict[str, tuple[Hindrance, ...]]:
    """For each stage that follows on the present one, what stands in the way."""
    return {stage: may_enter(standing, stage, now=now) for stage in standing.compiled.following.get(standing.stage, ())}


def _play(standing: Standing, steps: Any, at: datetime, told: list[dict[str, Any]]) -> tuple[Standing, datetime]:
    if not isinstance(steps, list) or len(steps) > MOST_STEPS:
        raise ValueError(f"steps are a list of at most {MOST_STEPS}")
    for place, step in enumerate(steps, 1):
        if not isinstance(step, Mapping):
            raise ValueError(f"step {place}: a step is a map of words and values")
        try:
            at = _time_of(step, at, standing)
            standing, shown = _step(standing, step, at)
        except (ValueError, TypeError, KeyError, OverflowError) as error:
            raise ValueError(f"step {place}: {error}") from error
        told.append(shown)
    return standing, at


def _step(standing: Standing, step: Mapping[str, Any], at: datetime) -> tuple[Standing, dict[str, Any]]:
    if "enter" not in step:
        row = {key: value for key, value in step.items() if key != "after"} | {"seq": standing.seq + 1, "at": at}
        standing = after(standing, event_from(row))
        return standing, _shown(standing, at, {key: value for key, value in step.items() if key not in ("at", "after")})
    stage = str(step["enter"])
    refused = may_enter(standing, stage, now=at)
    if not refused or step.get("force"):
        standing = after(standing, Event(standing.seq + 1, at, "entered", stage))
    shown = _shown(standing, at, {"enter": stage})
    return standing, shown | {"entered": standing.stage == stage, "refused": [_hindrance(reason) for reason in refused]}


def _walk(standing: Standing, at: datetime, told: list[dict[str, Any]]) -> tuple[Standing, datetime]:
    """Does what each stage asks, in the order of the articles, then enters the first following stage that opens and was not visited yet."""
    while len(told) < MOST_STEPS:
        step = next(iter([*_work(standing, at), *_messages(standing, at)]), None)
        if step is None and (owed := _owed(standing, at)):
            at, step = owed
        step = step or next(_onward(standing, at), None)
        if step is None:
            break
        standing, shown = _step(standing, step, at)
        told.append(shown)
    return standing, at


def _work(standing: Standing, now: datetime) -> Iterator[dict[str, Any]]:
    rules = standing.compiled.stages.get(standing.stage)
    if rules is None:
        return
    facts = standing.facts
    for check in rules.checks:
        if check.holds(facts) and check.id not in standing.checks:
            yield {"kind": "checked", "name": check.id, "by": rules.stage.by}
    for consent in rules.consents:
        if consent.holds(facts) and not standing.consent_holds(consent.id, now):
            guardian = consent.clause.guardian_if is not None and consent.clause.guardian_if.holds(facts)
            yield {"kind": "consent_given", "name": consent.id, "form": "written"} | ({"guardian": True} if guardian else {})
    for document in rules.documents:
        filed = standing.documents.get(document.id)
        if document.holds(facts) and (filed is None or not filed.on_file):
            yield {"kind": "document_filed", "name": document.id, "by": document.by}
        elif document.holds(facts) and filed is not None:
            yield from ({"kind": "signed", "name": document.id, "by": role} for role in document.signed_by if role not in filed.signers)


def _messages(standing: Standing, now: datetime) -> Iterator[dict[str, Any]]:
    rules = standing.compiled.stages.get(standing.stage)
    for send in rules.sends if rules else ():
        if send.holds(standing.facts) and send.id not in standing.messages and _may_cross(standing, send, now):
            yield {"kind": "message_sent", "name": send.id, "party": send.sender, "to": send.receiver, "fields": list(send.fields)}


def _may_cross(standing: Standing, send: SendRule, now: datetime) -> bool:
    return all(standing.consent_holds(name, now) for name in send.needs)


def _owed(standing: Standing, now: datetime) -> tuple[datetime, dict[str, Any]] | None:
    """The next message by which a promise of the present stage is kept, at the moment from which it counts."""
    for promise in standing.promises.values():
        send = standing.compiled.messages.get(promise.kept_by)
        if promise.owed == "promise" and send and send.stage == standing.stage and promise.is_open(now) and _may_cross(standing, send, now):
            step = {"kind": "message_sent", "name": send.id, "party": send.sender, "to": send.receiver, "fields": list(send.fields)}
            return max(now, promise.opens_at), step
    return None


def _onward(standing: Standing, now: datetime) -> Iterator[dict[str, Any]]:
    for stage in standing.compiled.following.get(standing.stage, ()):
        if stage not in standing.visited and not may_enter(standing, stage, now=now):
            yield {"enter": stage}


def _time_of(step: Mapping[str, Any], before: datetime, standing: Standing) -> datetime:
    if "after" not in step:
        return _moment(step.get("at"), before)
    country = next(iter(standing.compiled.procedure.parties.values())).country
    length = Length.read(str(step["after"]))
    if length.unit == "h":
        return standing.calendars.due_after(before, length, country).at
    day = standing.calendars.due_after(before, length, country).at.astimezone(standing.calendars.of(country).zone).date()
    local = before.astimezone(standing.calendars.of(country).zone)
    return datetime.combine(day, local.timetz()).astimezone(UTC)


def _moment(text: Any, otherwise: datetime) -> datetime:
    if text is None:
        return otherwise
    at = text if isinstance(text, datetime) else datetime.fromisoformat(str(text))
    if at.tzinfo is None:
        raise ValueError("write times with their zone, for example 2027-03-01T09:00:00+07:00")
    return at


def _shown(standing: Standing, at: datetime, step: Mapping[str, Any]) -> dict[str, Any]:
    waiting = {stage: [_hindrance(reason) for reason in found] for stage, found in hindrances(standing, now=at).items()}
    due = [promise for promise in standing.promises.values() if promise.state_at(at) == "running"]
    return {
        "at": at.isoformat(), "step": dict(step), "stage": standing.stage, "next": waiting,
        "due": [{"id": p.id, "party": p.party, "article": p.article, "due_at": p.due.at.isoformat(), "late": p.is_late(at)} for p in due],
    }  # fmt: skip


def _hindrance(reason: Hindrance) -> dict[str, Any]:
    return {"article": reason.article, "code": reason.code, "parameters": dict(reason.parameters), "sentence": reason.sentence}


def _finding(finding: Deviation) -> dict[str, Any]:
    return {"kind": finding.kind, "article": finding.article, "code": finding.code, "name": finding.name, "seq": finding.seq, "party": finding.party}
