"""Links that are confirmed by a button: the link in a letter opens a page, and only its button acts. Programs that follow links change nothing."""

from datetime import datetime, timedelta

from django.core import signing
from django.utils.translation import gettext as _

from saphan.core.errors import DomainError, NotFound


class Stale(DomainError):
    """The link was ours but is too old (410)."""

    status = 410

    def __init__(self) -> None:
        super().__init__(_("This link has had its time. Ask for a new one."))


def token_for(purpose: str, subject: str, *, lifetime: timedelta, at: datetime) -> str:
    """A signed token for an address. `subject` is an id, nothing personal: a token can be read, though not changed."""
    return signing.dumps([subject, int((at + lifetime).timestamp())], salt=f"saphan.{purpose}")


def subject_of(purpose: str, token: str, *, at: datetime) -> str:
    """The id inside a token. Raises NotFound for a token that is not ours, Stale for one that is too old."""
    try:
        subject, until = signing.loads(token, salt=f"saphan.{purpose}")
        is_over = at.timestamp() > int(until)
    except (signing.BadSignature, ValueError, TypeError):
        raise NotFound(_("This link is not whole. Open it from the letter again, or copy all of it.")) from None
    if is_over:
        raise Stale
    return str(subject)
