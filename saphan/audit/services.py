"""Writing the record."""

import hashlib
import json
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, Protocol

from django.db import connection, transaction

from saphan.audit.models import AuditEvent

SYSTEM = "system"
GENESIS = "0" * 64


class Actor(Protocol):
    """Whoever acts: an account with its organisation. None stands for the system itself."""

    @property
    def actor_id(self) -> str: ...
    @property
    def acting_org(self) -> str: ...


@transaction.atomic(savepoint=False)  # a record that fails must fail the act; a savepoint would cost two statements more
def record(
    *,
    by: Actor | None,
    action: str,
    target: Any,
    at: datetime,
    subject: object = "",
    fields: Sequence[str] = (),
    purpose: str = "",
    outcome: str = "done",
) -> AuditEvent:
    """Appends one event to the chain of the actor's organisation, in the caller's transaction.

    `target` is a model instance or a (kind, id) pair; `subject` the id of the person whose file it touches;
    `fields` are names of fields read or written, never values; `purpose` is a code.
    """
    kind, target_id = target if isinstance(target, tuple) else (target._meta.label_lower, str(target.pk))
    event = AuditEvent(
        chain=by.acting_org if by else SYSTEM,
        actor=by.actor_id if by else SYSTEM,
        at=at.astimezone(UTC),
        action=str(action),
        outcome=outcome,
        target_kind=kind,
        target_id=target_id,
        subject_id=str(subject or ""),
        fields=",".join(fields)[:400],
        purpose=purpose,
    )
    seq, event.prev_hash = _last_of(event.chain)
    event.seq = seq + 1
    event.hash = digest(event)
    _append(event)
    return event


COLUMNS = [field for field in AuditEvent._meta.concrete_fields if not field.primary_key]
APPEND = (
    f"INSERT INTO audit_auditevent ({', '.join(field.column for field in COLUMNS)}) "  # noqa: S608  # names of our own columns
    f"VALUES ({', '.join(['%s'] * len(COLUMNS))}) RETURNING id"
)


def _append(event: AuditEvent) -> None:
    """Writes the row. Written out: the query builder would take longer than all the rest of a record."""
    with connection.cursor() as cursor:
        cursor.execute(APPEND, [field.get_db_prep_save(getattr(event, field.attname), connection) for field in COLUMNS])
        event.pk = cursor.fetchone()[0]
    event._state.adding = False


def record_denial(*, by: Actor | None, action: str, kind: str, target_id: str, at: datetime) -> AuditEvent:
    """Records that the policy said no. Called by the edge when the refused act has been rolled back."""
    return record(by=by, action=action, target=(kind, target_id), at=at, outcome="denied")


LAST = "SELECT seq, hash FROM audit_auditevent WHERE chain = %s ORDER BY seq DESC LIMIT 1"
# The lock and the read travel together but are two statements: the second sees what was committed while the first waited.
LOCK_AND_LAST = f"SELECT pg_advisory_xact_lock(hashtextextended(%s, 1001)); {LAST}"


def _last_of(chain: str) -> tuple[int, str]:
    """The end of a chain, held until the transaction ends. Writers of another chain do not wait; on SQLite there is one writer anyway."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(LOCK_AND_LAST, [chain, chain])
            cursor.nextset()
        else:
            cursor.execute(LAST, [chain])
        row = cursor.fetchone()
    return row or (0, GENESIS)


def digest(event: AuditEvent) -> str:
    """SHA-256 over the canonical JSON of everything but the hash itself and the row number."""
    return digest_of(
        event.chain, event.seq, event.at, event.actor, event.action, event.outcome, event.target_kind,
        event.target_id, event.subject_id, event.fields, event.purpose, event.prev_hash,
    )  # fmt: skip


def digest_of(chain: str, seq: int, at: datetime, *rest: str) -> str:
    """The digest of the plain columns, in the order of `digest`."""
    body = [chain, seq, at.astimezone(UTC).isoformat(), *rest]
    return hashlib.sha256(json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()).hexdigest()
