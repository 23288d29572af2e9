"""A pass: for half an hour after a return code was typed, forms carry it in place of the code. It stands in no address and in no cookie."""

from datetime import datetime, timedelta
from uuid import UUID

from saphan.core.errors import NotFound
from saphan.portal.doorway.confirming import subject_of, token_for

BACK, KEEP = "inquiries.back", "inquiries.keep"
HALF_AN_HOUR = timedelta(minutes=30)


def pass_for(purpose: str, inquiry_id: UUID, *, at: datetime) -> str:
    """A new pass."""
    return token_for(purpose, inquiry_id.hex, lifetime=HALF_AN_HOUR, at=at)


def inquiry_of(purpose: str, typed: str, *, at: datetime) -> UUID:
    """The inquiry of a pass. Raises NotFound or Stale."""
    try:
        return UUID(subject_of(purpose, typed, at=at))
    except ValueError:
        raise NotFound from None
