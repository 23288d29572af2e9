"""Asks other sites whether our links to them still lead somewhere: from the worker or the command, never while a reader waits.

Only when the operator allows it (`SAPHAN_CHECK_LINKS=1`). One short question at a time, a pause between two, each address once a week,
and never an address inside of the operator's own network: an editor's link must not make this machine knock on its neighbours.
"""

import http.client
import ipaddress
import socket
import ssl
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.db.models import F, Q

from saphan.core.upkeep import chore
from saphan.portal.editors.links import outside_addresses
from saphan.portal.editors.models import OutsideLink

MINUTE, WEEK = timedelta(minutes=1), timedelta(days=7)
AT_ONCE = 3  # addresses a minute: the same worker delivers mail
SECONDS, PAUSE = 4.0, 1.0
GONE, MOVED, NO_HEAD = (404, 410), (301, 308), (405, 501)


@dataclass(frozen=True)
class Answer:
    """What an address answered; `fault` is empty when it leads somewhere, or when its owner does not want to say."""

    status: int | None = None
    fault: str = ""
    moved_to: str = ""


Ask = Callable[[str], Answer]


@chore("addresses of other sites")
def keep_the_list(_at: datetime) -> int | None:
    """Once a day: notes the addresses that stand on public pages now and forgets the others; answers how many there are."""
    if not settings.CHECK_OUTSIDE_LINKS:
        return None
    wanted = outside_addresses()
    OutsideLink.objects.exclude(url__in=wanted).delete()
    OutsideLink.objects.bulk_create([OutsideLink(url=url) for url in wanted], ignore_conflicts=True)
    return len(wanted)


@chore("links to other sites", every=MINUTE)
def ask_a_few(at: datetime) -> int | None:
    """Asks the next few addresses; None when the operator has not allowed it or nothing is due."""
    return (ask_due(at, limit=AT_ONCE) or None) if settings.CHECK_OUTSIDE_LINKS else None


def ask_due(at: datetime, *, limit: int | None = None, ask: Ask | None = None, wait: Callable[[float], object] = time.sleep) -> int:
    """Asks the noted addresses that were never asked, or not for a week; answers how many."""
    due = OutsideLink.objects.filter(Q(checked_at=None) | Q(checked_at__lte=at - WEEK)).order_by(F("checked_at").asc(nulls_first=True), "pk")
    rows = list(due[:limit])
    for number, row in enumerate(rows):
        if number:
            wait(PAUSE)
        answer = (ask or head)(row.url)
        row.checked_at, row.status, row.fault, row.moved_to = at, answer.status, answer.fault, answer.moved_to[:500]
        row.save()
    return len(rows)


def head(url: str) -> Answer:
    """One HEAD, or a GET whose body is not read where HEAD is not known. Follows nothing: where it leads is told, not visited."""
    try:
        status, location = _asked(url, "HEAD")
        if status in NO_HEAD:
            status, location = _asked(url, "GET")
    except PermissionError:
        return Answer(fault="not asked")
    except (OSError, ssl.SSLError, http.client.HTTPException, ValueError):
        return Answer(fault="no answer")
    return answer_of(status, location)


def answer_of(status: int, location: str) -> Answer:
    """What a status means for a link: gone, moved for good, broken over there; a refusal to a program says nothing about people."""
    if status in GONE:
        return Answer(status, "not found")
    if status in MOVED and location:
        return Answer(status, "moved", location)
    return Answer(status, "no answer" if status >= 500 else "")


def _asked(url: str, method: str) -> tuple[int, str]:
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.username:
        raise PermissionError
    port = parts.port or (443 if parts.scheme == "https" else 80)
    target = parts.path + (f"?{parts.query}" if parts.query else "") or "/"
    line = http.client.HTTPConnection(parts.hostname, port, timeout=SECONDS)
    line.sock = _open(parts.hostname, port, secure=parts.scheme == "https")
    try:
        line.request(
            method, _in_ascii(target), headers={"User-Agent": f"Saphan link check (+{settings.SITE_URL})", "Accept": "*/*", "Connection": "close"}
        )
        reply = line.getresponse()
        return reply.status, reply.headers.get("Location", "")
    finally:
        line.close()


def _open(host: str, port: int, *, secure: bool) -> socket.socket:
    """A connection to a public address only; the very address that was looked at is called, so that no second look-up can turn it inward."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    addresses = [entry[4][0] for entry in found]
    if not all(ipaddress.ip_address(str(address).partition("%")[0]).is_global for address in addresses):
        raise PermissionError
    plain = socket.create_connection((str(addresses[0]), port), timeout=SECONDS)
    return ssl.create_default_context().wrap_socket(plain, server_hostname=host) if secure else plain


def _in_ascii(target: str) -> str:
    from django.utils.encoding import iri_to_uri

    return iri_to_uri(target)
