"""Where a mail provider tells of letters that did not arrive. Its messages are checked by the provider's own secret, which anymail asks for."""

from typing import Any

from anymail.signals import EventType, RejectReason, tracking
from django.dispatch import receiver

from saphan.core import clock
from saphan.portal.mailroom import refusals

KINDS = {EventType.COMPLAINED: "complaint", EventType.BOUNCED: "hard", EventType.REJECTED: "hard", EventType.DEFERRED: "soft"}
FOR_NOW = {RejectReason.TIMED_OUT, RejectReason.BLOCKED, RejectReason.OTHER}


@receiver(tracking)
def told_by_provider(sender: Any, event: Any, **_more: Any) -> None:  # noqa: ARG001  # the shape of a signal
    """Notes a bounce or a complaint. A bounce whose reason may pass counts as one for now."""
    kind = KINDS.get(event.event_type)
    if kind is None or not event.recipient:
        return
    if kind == "hard" and event.reject_reason in FOR_NOW:
        kind = "soft"
    refusals.note(event.recipient, kind, clock.now())
