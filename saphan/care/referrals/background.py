"""What the worker does for referrals: it looks when a clock has run out."""

from typing import Any
from uuid import UUID

from saphan.care.referrals.services import ESCALATE, escalate
from saphan.core import clock
from saphan.core.outbox import handler


@handler(ESCALATE)
def look_at_the_clock(payload: dict[str, Any], *, key: str) -> None:  # noqa: ARG001  # each handler gets the key
    """Marks the referral when nobody has answered; harmless when repeated."""
    escalate(referral_id=UUID(payload["referral"]), state=payload["state"], at=clock.now())
