"""Writing the record."""

import hashlib
import json
from collections.abc import Sequence
from datetime import datetime
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


@transaction.atomic
def record(*, by: Actor | None, action: str, target: Any, at: datetime, subject: object = "", fields: Sequence[str] = (), purpose: str = "", outcome: str = "done") -> AuditEvent:
    """Appends one event to the chain of the actor's organisation, in the caller's transaction.

    `target` is a model instance or a (kind, id) pair; `subject` the id of the person whose file it touches;
    `fields` are names of fields read or written, never values; `purpose` is a code.
    """
    kind, target_id = target if isinstance(target, tuple) else (target._meta.label_lower, str(target.pk))
    event = AuditEvent(
        chain=by.acting_org if by else SYSTEM, actor=by.actor_id if by else SYSTEM, at=at, action=str(action), outcome=outcome,
        target_kind=kind, target_id=target_id, subject_id=str(subject or ""), fields=",".join(fields)[:400], purpose=purpose,
    )
    _append(event)
    return event


def _append(event: AuditEvent) -> None:
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 1001))", [event.chain])
    last = AuditEvent.objects.filter(chain=event.chain).order_by("-seq").values_list("seq", "hash").first()
    event.seq, event.prev_hash = (last[0] + 1, last[1]) if last else (1, GENESIS)
    event.hash = digest(event)
    event.save(force_insert=True)


def digest(event: AuditEvent) -> str:
    """SHA-256 over the canonical JSON of everything but the hash itself and the row number."""
    body = [event.chain, event.seq, event.at.isoformat(), event.actor, event.action, event.outcome, event.target_kind,
            event.target_id, event.subject_id, event.fields, event.purpose, event.prev_hash]
    return hashlib.sha256(json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()).hexdigest()
