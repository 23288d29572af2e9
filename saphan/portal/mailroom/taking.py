"""Takes letters in, each once: answers go to the room whose address they bear, reports of the mail system become refusals, all else is left."""

import hashlib
import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from email.message import EmailMessage

from django.db import transaction

from saphan.core.mail import is_our_own
from saphan.core.upkeep import chore
from saphan.portal.mailroom import reading, refusals
from saphan.portal.mailroom.addresses import Returned, read_address
from saphan.portal.mailroom.models import TakenLetter
from saphan.portal.mailroom.reading import Incoming, IncomingFile, Unreadable
from saphan.portal.mailroom.reports import complained_about, read_report

__all__ = ["Incoming", "IncomingFile", "receive", "taker"]

Taker = Callable[[str, Incoming], None]
TAKERS: dict[str, Taker] = {}
KEPT = timedelta(days=90)
A_DAY = 30  # letters for one token in a day; beyond that two programs are answering each other

log = logging.getLogger(__name__)


def taker(room: str) -> Callable[[Taker], Taker]:
    """Registers who takes the letters that answer a room's letters. It gets the token of the address; auto-replies come with their flag."""

    def register(function: Taker) -> Taker:
        if TAKERS.setdefault(room, function) is not function:
            raise RuntimeError(f"two takers of letters to {room}")
        return function

    return register


def receive(raw: bytes, *, envelope_to: str = "", at: datetime) -> str:
    """Takes one letter in and says in a word what became of it: taken, bounce, complaint, twice, loop, not_ours or unreadable.

    A letter that a room fails to take raises what the room raised, and nothing of it is kept: the next delivery tries again.
    """
    try:
        message = reading.parse(raw)
    except Unreadable:
        return "unreadable"
    addressed = _our_address(message, envelope_to)
    if addressed is None:
        return "not_ours"
    if is_our_own(reading.header(message, "Message-ID")):
        return "loop"
    outcome = _taken(message, addressed, raw, at)
    log.info("mailroom: a letter was taken in: %s", outcome)
    return outcome


def is_for_us(address: str) -> bool:
    """Whether a letter to this address would be taken."""
    found = read_address(address)
    return found is not None and (found.kind == "bounce" or found.room in TAKERS)


def _our_address(message: EmailMessage, envelope_to: str) -> Returned | None:
    """The first address of ours, on the envelope or in the head."""
    for address in [envelope_to, *reading.recipients(message), *complained_about(message)]:
        if address and (found := read_address(address)):
            return found
    return None


@transaction.atomic
def _taken(message: EmailMessage, addressed: Returned, raw: bytes, at: datetime) -> str:
    identity = reading.header(message, "Message-ID") or hashlib.sha256(raw).hexdigest()
    digest = hashlib.sha256(f"{addressed.kind} {addressed.token} {identity}".encode("utf-8", "replace")).hexdigest()
    row, first = TakenLetter.objects.get_or_create(digest=digest, defaults={"kind": addressed.kind, "token": addressed.token[:60], "at": at})
    if not first:
        return "twice"
    if addressed.kind == "bounce":
        return _reported(message, addressed.token, at)
    return _given_on(message, addressed, row, at)


def _reported(message: EmailMessage, mark: str, at: datetime) -> str:
    """A report about one of our letters. The signed address says whose, so that a forged report suppresses nobody else."""
    report = read_report(message)
    if report is None:
        return "not_ours"
    refusals.note_mark(mark, report.kind, at)
    return "complaint" if report.kind == "complaint" else "bounce"


def _given_on(message: EmailMessage, addressed: Returned, row: TakenLetter, at: datetime) -> str:
    if addressed.room not in TAKERS or read_report(message) is not None:
        return "not_ours"
    today = TakenLetter.objects.filter(kind="reply", token=row.token, at__gt=at - timedelta(days=1)).count()
    if today > A_DAY:
        return "loop"
    TAKERS[addressed.room](addressed.token, reading.incoming(message, at=at))
    return "taken"


@chore("letters taken in")
def forget_old(at: datetime) -> int:
    """Forgets which letters came in long ago; returns how many."""
    return TakenLetter.objects.filter(at__lt=at - KEPT).delete()[0]
