"""How often the same device or line may send a form in an hour. No network address is stored (decision 0026)."""

import hashlib
import hmac
import ipaddress
import secrets
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F
from django.http import HttpRequest
from django.utils.translation import gettext as _

from saphan.access.lockout import client_address
from saphan.core import clock
from saphan.core.errors import DomainError
from saphan.core.upkeep import chore
from saphan.portal.doorway.models import HourKey, SpentProof, Tally

AN_HOUR = 20  # sendings of one purpose in an hour, unless the purpose says otherwise
HOUR_SECONDS = 3600


class TooMany(DomainError):
    """The same line has sent this too often within the hour (429)."""

    status = 429

    def __init__(self) -> None:
        super().__init__(_("This was sent very often from here within an hour. Please wait a while and try again."))


def allow(purpose: str, request: HttpRequest, *, most: int = AN_HOUR) -> bool:
    """Counts one sending and says whether it is still within the limit. Call it outside of a transaction that a refusal takes back."""
    at = clock.now()
    hour = _hour(at)
    mark = hmac.new(_key_of(hour), f"{purpose}\0{line_of(client_address(request))}".encode(), hashlib.sha256).hexdigest()[:32]
    with transaction.atomic():
        Tally.objects.bulk_create([Tally(hour=hour, mark=mark)], ignore_conflicts=True)
        Tally.objects.filter(hour=hour, mark=mark).update(count=F("count") + 1)
        return Tally.objects.get(hour=hour, mark=mark).count <= most


def require(purpose: str, request: HttpRequest, *, most: int = AN_HOUR) -> None:
    """Raises TooMany beyond the limit."""
    if not allow(purpose, request, most=most):
        raise TooMany


def line_of(address: str) -> str:
    """What counts as one line: an IPv4 address, or the /64 network of an IPv6 address, of which one household has all."""
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if isinstance(found, ipaddress.IPv4Address):
        return str(found)
    return str(found.ipv4_mapped or ipaddress.ip_network((found, 64), strict=False))


def _hour(at: datetime) -> int:
    return int(at.timestamp()) // HOUR_SECONDS


def _key_of(hour: int) -> bytes:
    found = HourKey.objects.filter(pk=hour).first()
    if found is None:
        HourKey.objects.bulk_create([HourKey(hour=hour, key=secrets.token_bytes(32))], ignore_conflicts=True)
        found = HourKey.objects.get(pk=hour)
    return bytes(found.key)


@chore("doorway", every=timedelta(hours=1))
def forget_past_hours(at: datetime) -> int:
    """Destroys the keys of past hours with what they counted, and proofs that are too old to be used again; returns how many rows."""
    past = _hour(at)
    counts = [HourKey.objects.filter(hour__lt=past), Tally.objects.filter(hour__lt=past), SpentProof.objects.filter(expires_at__lt=at)]
    return sum(rows.delete()[0] for rows in counts)
