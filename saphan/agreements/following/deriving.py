"""From the events to what the database shows: the standing, the rows of promises and findings. Everything here can be made again from the events."""

from collections.abc import Iterable, Sequence
from dataclasses import fields as fields_of
from datetime import datetime
from uuid import UUID

from saphan.agreements.following.calendars import calendars
from saphan.agreements.following.kept import compiled
from saphan.agreements.following.models import Binding, CaseEvent, DriftFinding, KeptProcedure, PromiseInstance
from saphan.agreements.following.states import BINDING
from saphan.agreements.procedures.calendars import Calendars, Due
from saphan.agreements.procedures.compiling import Compiled
from saphan.agreements.procedures.drifting import drift
from saphan.agreements.procedures.events import Event
from saphan.agreements.procedures.following import follow
from saphan.agreements.procedures.promises import Promise
from saphan.agreements.procedures.standing import Deviation, Standing

WRITTEN = ["closes_at", "ending", "ended_at", "because"]  # what later events change of a promise


def event_of(row: CaseEvent) -> Event:
    """The event as the engine reads it."""
    return Event(
        row.seq, row.at, row.kind, row.name, row.role, row.party, row.to, row.what, row.form, row.guardian, row.ref, tuple(row.fields)  # type: ignore[arg-type]  # the constraint holds the list
    )  # fmt: skip


def standing_of(binding: Binding) -> Standing:
    """Where the subject stands, folded from all its events. Due dates computed before stand."""
    return _folded(binding, list(binding.events.order_by("seq")), calendars().remembering(_remembered(binding)))


def glance_at(kind: str, subject_id: UUID, identity: str) -> tuple[Binding, Standing] | None:
    """Where a subject stands, in one question and without its due dates: enough to say what may come next. None where it follows nothing."""
    rows = list(
        CaseEvent.objects.filter(binding__subject_kind=kind, binding__subject_id=subject_id, binding__identity=identity)
        .select_related("binding__procedure")
        .order_by("seq")
    )
    return (rows[0].binding, _folded(rows[0].binding, rows, Calendars())) if rows else None


def _folded(binding: Binding, rows: Sequence[CaseEvent], at_hand: Calendars) -> Standing:
    digests = {row.name for row in rows if row.kind in ("bound", "rebound")}
    texts = {binding.procedure.digest: compiled(binding.procedure)}
    texts |= texts_of(digests - texts.keys())
    first = next((texts[row.name] for row in rows if row.kind == "bound"), compiled(binding.procedure))
    return follow(first, map(event_of, rows), calendars=at_hand, versions=texts)


def texts_of(digests: Iterable[str]) -> dict[str, Compiled]:
    """Kept procedures by their digests, ready to run."""
    wanted = list(digests)
    return {kept.digest: compiled(kept) for kept in KeptProcedure.objects.filter(digest__in=wanted)} if wanted else {}


def _remembered(binding: Binding) -> dict[tuple[datetime, str, str], Due]:
    found = {}
    for row in binding.promises.all():
        due = row.as_promise().due
        found[row.started_at, due.length, due.country] = due
        if row.very_late_at and (length := row.reason.get("very_late")):
            found[row.started_at, length, due.country] = Due(row.very_late_at, length, due.country, due.calendar)
    return found


def write(binding: Binding, standing: Standing, *, now: datetime) -> None:
    """Brings the rows of the binding to what the standing says."""
    binding.stage, binding.seq = standing.stage, standing.seq
    if standing.is_over and binding.ended_at is None:
        binding.state, binding.ended_at = BINDING.target("end", binding.state), standing.entered_at
    binding.save(update_fields=["stage", "seq", "state", "ended_at", "procedure"])
    _write_promises(binding, standing)
    note_findings(binding, drift(standing, now=now))


def _write_promises(binding: Binding, standing: Standing) -> None:
    known = {row.key: row for row in binding.promises.all()}
    fresh, changed = [], []
    for key, promise in standing.promises.items():
        row = known.get(key)
        if row is None:
            fresh.append(_row(binding, standing, promise))
        elif any(getattr(row, name) != getattr(promise, name) for name in WRITTEN):
            for name in WRITTEN:
                setattr(row, name, getattr(promise, name))
            changed.append(row)
    PromiseInstance.objects.bulk_create(fresh)
    PromiseInstance.objects.bulk_update(changed, WRITTEN)


def _row(binding: Binding, standing: Standing, promise: Promise) -> PromiseInstance:
    rule = standing.compiled.promises.get(promise.id) if promise.owed == "promise" else None
    very_late = str(rule.clause.very_late) if rule and rule.clause.very_late and promise.very_late_at else ""
    same = {name: getattr(promise, name) for name in promise._fields if name not in ("id", "due", "evidence", "owed")}
    return PromiseInstance(
        binding=binding, key=promise.key, owed=promise.owed, rule=promise.id, org_id=binding.org_of(promise.party), due_at=promise.due.at,
        reason=promise.due.plain() | ({"very_late": very_late} if very_late else {}), **same,
    )  # fmt: skip


def note_findings(binding: Binding, found: Iterable[Deviation]) -> list[DriftFinding]:
    """Keeps findings that are new; a finding stands even when the practice is put right later. Answers the new ones."""
    known = set(binding.findings.values_list("key", flat=True))
    fresh = [_finding(binding, deviation) for deviation in found if not deviation.corrected and deviation.key not in known]
    return DriftFinding.objects.bulk_create(fresh)


def _finding(binding: Binding, deviation: Deviation) -> DriftFinding:
    same = {f.name: getattr(deviation, f.name) for f in fields_of(deviation) if f.name != "corrected"}
    return DriftFinding(binding=binding, key=deviation.key, org_id=binding.org_of(deviation.party), **same)
