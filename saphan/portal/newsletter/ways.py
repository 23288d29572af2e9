"""The addresses in a letter by which its reader changes or ends the subscription. They hold an id, signed, and nothing personal."""

from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings

from saphan.core.errors import NotFound
from saphan.portal.doorway.confirming import subject_of, token_for

CONFIRM, OWN, LEAVE = "newsletter.confirm", "newsletter.own", "newsletter.leave"
TO_CONFIRM, TO_CHANGE = timedelta(days=7), timedelta(days=90)  # the page of the own choices gives the address out: not by an old letter
TO_LEAVE = timedelta(days=730)  # who leaves by a letter of last year leaves all the same


def confirm_url(subscriber_id: UUID, language: str, *, at: datetime) -> str:
    """The page whose button confirms the address."""
    return _url(language, "confirm", token_for(CONFIRM, subscriber_id.hex, lifetime=TO_CONFIRM, at=at))


def own_url(subscriber_id: UUID, language: str, *, at: datetime) -> str:
    """The page on which languages, countries and topics are changed."""
    return _url(language, "own", token_for(OWN, subscriber_id.hex, lifetime=TO_CHANGE, at=at))


def leave_url(subscriber_id: UUID, language: str, *, at: datetime) -> str:
    """The page whose button ends the subscription; a mail program sends its POST there too (RFC 8058)."""
    return _url(language, "leave", token_for(LEAVE, subscriber_id.hex, lifetime=TO_LEAVE, at=at))


def subscriber_of(purpose: str, token: str, *, at: datetime) -> UUID:
    """The id in such an address. Raises NotFound or Stale."""
    try:
        return UUID(subject_of(purpose, token, at=at))
    except ValueError:
        raise NotFound from None


def _url(language: str, page: str, token: str) -> str:
    return f"{settings.SITE_URL}/{language}/newsletter/{page}/{token}/"
