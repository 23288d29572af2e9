"""A pass: for half an hour after a return code was typed, forms carry it in place of the code. It stands in no address and in no cookie.

Letters carry a pass of another kind in an address: it lives as long as an inquiry and opens a page that shows no word of it.
"""

from datetime import datetime, timedelta
from uuid import UUID

from saphan.core.errors import NotFound
from saphan.portal.doorway.confirming import subject_of, token_for

BACK, HELD, KEEP, MAIL = "inquiries.back", "inquiries.held", "inquiries.keep", "inquiries.mail"
HALF_AN_HOUR = timedelta(minutes=30)
LIFETIMES = {MAIL: timedelta(days=731)}


def pass_for(purpose: str, inquiry_id: UUID, *, at: datetime) -> str:
    """A new pass."""
    return token_for(purpose, inquiry_id.hex, lifetime=LIFETIMES.get(purpose, HALF_AN_HOUR), at=at)


def inquiry_of(purpose: str, typed: str, *, at: datetime) -> UUID:
    """The inquiry of a pass. Raises NotFound or Stale."""
    try:
        return UUID(subject_of(purpose, typed, at=at))
    except ValueError:
        raise NotFound from None
