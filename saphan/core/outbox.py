"""The outbox: what must happen after a commit is written down in the same transaction and delivered by a worker.

Delivery is at least once: a worker holds a message by a lease; when it dies, the lease runs out and another takes the message.
A handler gets the message's key and must make a second delivery of the same key harmless.
"""

import logging
import threading
import time
import uuid
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Protocol

from django.conf import settings
from django.db import Error as StoreError
from django.db import close_old_connections, connection, transaction
from django.db.models import F, Q

from saphan.core import clock
from saphan.core.faults import point
from saphan.core.models import OutboxMessage
from saphan.core.upkeep import chore, run_due

LEASE = timedelta(minutes=5)
ATTEMPTS_AT_MOST = 12  # with the pauses below: about a day and a half
FIRST_PAUSE = timedelta(seconds=10)
LONGEST_PAUSE = timedelta(hours=6)
CLOCK_TOLERANCE = timedelta(minutes=5)
DONE_KEPT_FOR = timedelta(days=30)
IDLE_SECONDS = 1.0
HOUSEKEEPING_SECONDS = 60.0
HEARTBEAT_SECONDS = 5.0

log = logging.getLogger(__name__)


class Handler(Protocol):
    """Delivers one message; raises to have it tried again."""

    def __call__(self, payload: dict[str, Any], *, key: str) -> None: ...


HANDLERS: dict[str, Handler] = {}


class CannotDeliver(Exception):
    """Raised by a handler when trying again is of no use: the message goes to the dead letters at once."""


def handler(topic: str) -> Callable[[Handler], Handler]:
    """Registers the one handler of a topic. A message whose topic has no handler here waits for a worker that knows it."""

    def register(function: Handler) -> Handler:
        if topic in HANDLERS and HANDLERS[topic] is not function:
            raise RuntimeError(f"two handlers for {topic}")
        HANDLERS[topic] = function
        return function

    return register


def enqueue(topic: str, *, key: str, payload: dict[str, Any], available_at: datetime | None = None) -> None:
    """Writes a message down in the caller's transaction. The same topic and key a second time changes nothing."""
    at = clock.now()
    message = OutboxMessage(topic=topic, key=key, payload=payload, created_at=at, available_at=available_at or at)
    OutboxMessage.objects.bulk_create([message], ignore_conflicts=True)


def enqueue_mail(*, key: str, to: str, subject: str, body: str) -> None:
    """A mail, sent after the commit. Neither subject nor body may hold a fact of a case: only “sign in to read”."""
    enqueue("mail", key=key, payload={"to": to, "subject": subject, "body": body})


def due(at: datetime) -> Q:
    """What a worker may take now. Leases and pauses that lie further ahead than any real one come from a clock that ran wrong, and are void."""
    waiting = Q(done_at=None, dead_at=None, attempts__lt=ATTEMPTS_AT_MOST)
    time_has_come = (
        Q(available_at__lte=at)
        | Q(created_at__gt=at + CLOCK_TOLERANCE, available_at__lte=F("created_at"))
        | Q(Q(available_at__gt=F("created_at")), attempts__gt=0, available_at__gt=at + LONGEST_PAUSE + CLOCK_TOLERANCE)
    )
    return waiting & time_has_come & _free(at)


def _free(at: datetime) -> Q:
    return Q(leased_until=None) | Q(leased_until__lte=at) | Q(leased_until__gt=at + LEASE + CLOCK_TOLERANCE)


def claim(limit: int, at: datetime) -> list[OutboxMessage]:
    """Leases up to `limit` messages to the caller, oldest first; no two callers get the same one."""
    ready = OutboxMessage.objects.filter(due(at), topic__in=sorted(HANDLERS)).order_by("available_at", "id")
    if not ready.exists():
        return []
    lease = uuid.uuid4()
    with transaction.atomic():
        if connection.features.has_select_for_update_skip_locked:
            ready = ready.select_for_update(skip_locked=True)
        taken = list(ready.values_list("pk", flat=True)[:limit])
        OutboxMessage.objects.filter(due(at), pk__in=taken).update(lease=lease, leased_until=at + LEASE, attempts=F("attempts") + 1)
    return list(OutboxMessage.objects.filter(lease=lease).order_by("available_at", "id"))


def run_once(limit: int = 50) -> int:
    """Delivers up to `limit` messages, holding one at a time; returns how many were taken up."""
    for taken in range(limit):
        messages = claim(1, clock.now())
        if not messages:
            return taken
        _deliver(messages[0])
    return limit


def _deliver(message: OutboxMessage) -> None:
    point("outbox:after_claim")
    try:
        HANDLERS[message.topic](message.payload, key=message.key)
    except CannotDeliver as error:
        _fail(message, error, final=True)
    except Exception as error:  # noqa: BLE001  # the worker's edge: whatever a handler raises, the message is kept and tried again
        _fail(message, error, final=message.attempts >= ATTEMPTS_AT_MOST)
    else:
        point("outbox:after_handler")
        _settle(message, done_at=clock.now(), last_error="")
        point("outbox:after_done")


def _fail(message: OutboxMessage, error: Exception, *, final: bool) -> None:
    at, name = clock.now(), type(error.__cause__ or error).__name__
    log.warning("outbox: %s message %s failed (%s), attempt %s%s", message.topic, message.pk, name, message.attempts, ", dead" if final else "")
    if final:
        _settle(message, dead_at=at, last_error=name)
    else:
        _settle(message, available_at=at + pause_after(message.attempts), last_error=name)


def _settle(message: OutboxMessage, **changes: Any) -> None:
    """Ends the lease; does nothing when the lease ran out and another worker holds the message now."""
    OutboxMessage.objects.filter(pk=message.pk, lease=message.lease).update(lease=None, leased_until=None, **changes)


def pause_after(attempts: int) -> timedelta:
    """How long to wait after so many failed attempts: doubling, with a ceiling."""
    return min(LONGEST_PAUSE, FIRST_PAUSE * (1 << min(attempts - 1, 30)))


def requeue_dead(topic: str = "") -> int:
    """Gives dead letters (of one topic) all their attempts again; returns how many."""
    dead = OutboxMessage.objects.exclude(dead_at=None)
    return (dead.filter(topic=topic) if topic else dead).update(dead_at=None, attempts=0, available_at=clock.now())


def bury(at: datetime) -> int:
    """Moves messages whose last attempt ended with the worker's death to the dead letters."""
    spent = OutboxMessage.objects.filter(_free(at), done_at=None, dead_at=None, attempts__gte=ATTEMPTS_AT_MOST)
    return spent.update(dead_at=at, lease=None, leased_until=None, last_error="WorkerDied") if spent.exists() else 0


@chore("outbox")
def purge_done(at: datetime) -> int:
    """Forgets what was delivered long ago; returns how many."""
    return OutboxMessage.objects.filter(done_at__lt=at - DONE_KEPT_FOR).delete()[0]


def work_forever(stop: threading.Event) -> None:
    """Delivers until `stop` is set; the message in hand is finished first. A database that is away or full is waited for."""
    housekeeping_due = heartbeat_due = time.monotonic()
    while not stop.is_set():
        taken = 0
        try:
            close_old_connections()
            if time.monotonic() >= heartbeat_due:
                beat()
                heartbeat_due = time.monotonic() + HEARTBEAT_SECONDS
            if time.monotonic() >= housekeeping_due:
                bury(clock.now())
                run_due(clock.now())
                housekeeping_due = time.monotonic() + HOUSEKEEPING_SECONDS
            taken = run_once(limit=1)
        except (StoreError, OSError) as error:
            log.warning("outbox: the store does not answer (%s); trying again", type(error).__name__)
        if not taken:
            stop.wait(IDLE_SECONDS)
    close_old_connections()


def heartbeat_file() -> Path:
    """The file whose age tells how long ago a worker was last seen."""
    return Path(settings.DATA) / "worker.heartbeat"


def beat() -> None:
    """Leaves the sign of life that /healthz reads."""
    heartbeat_file().touch()
