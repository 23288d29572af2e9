"""Brings letters in: from a mailbox by IMAP, or from the mail server that hands them over by SMTP on this machine."""

import imaplib
import logging
import re
import threading
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import Error as StoreError
from django.db import close_old_connections

from saphan.core import clock
from saphan.core.upkeep import chore
from saphan.portal.mailroom.reading import BYTES_AT_MOST
from saphan.portal.mailroom.taking import is_for_us, receive

TAKEN_FOLDER = "Saphan"
AT_ONCE = 200

log = logging.getLogger(__name__)


@chore("post", every=timedelta(minutes=1))
def fetch_when_configured(at: datetime) -> str:
    """Looks into the mailbox once a minute, where one is named."""
    return f"{sum(fetch(at=at).values())} letters" if settings.IMAP_HOST else "no mailbox"


def fetch(*, at: datetime) -> dict[str, int]:
    """Takes every unread letter of the mailbox and moves what was taken into the folder `Saphan`; says how many became what.

    One that cannot be taken now stays unread for the next time. Raises OSError or imaplib's error when the mailbox does not answer.
    """
    counts: dict[str, int] = {}
    with _mailbox() as box:
        box.select(settings.IMAP_FOLDER)
        box.create(TAKEN_FOLDER)
        _answer, found = box.uid("SEARCH", "UNSEEN")
        for uid in (found[0] or b"").split():
            # What failed stays unread: counted, it would stand before all others for ever.
            if sum(number for outcome, number in counts.items() if outcome != "failed") >= AT_ONCE:
                break
            outcome = _fetched(box, uid.decode(), at)
            counts[outcome] = counts.get(outcome, 0) + 1
        box.expunge()
    return counts


def waiting() -> int:
    """How many letters wait unread in the mailbox. Raises as `fetch` does."""
    with _mailbox() as box:
        box.select(settings.IMAP_FOLDER, readonly=True)
        return len((box.uid("SEARCH", "UNSEEN")[1][0] or b"").split())


def _mailbox() -> Any:
    kind = imaplib.IMAP4_SSL if settings.IMAP_TLS else imaplib.IMAP4
    box = kind(settings.IMAP_HOST, settings.IMAP_PORT, timeout=settings.EMAIL_TIMEOUT)
    box.login(settings.IMAP_USER, settings.IMAP_PASSWORD)
    return box


def _fetched(box: Any, uid: str, at: datetime) -> str:
    """One letter. It is marked as read only when it was taken, so that a crash leaves it for the next time."""
    _answer, sizes = box.uid("FETCH", uid, "(RFC822.SIZE)")
    size = re.search(rb"RFC822\.SIZE (\d+)", sizes[0] or b"")
    if size and int(size[1]) > BYTES_AT_MOST:
        box.uid("STORE", uid, "+FLAGS", "(\\Seen)")
        return "unreadable"
    _answer, parts = box.uid("FETCH", uid, "(BODY.PEEK[])")
    raw = next((part[1] for part in parts if isinstance(part, tuple)), b"")
    try:
        outcome = receive(raw, at=at)
    except Exception as error:  # noqa: BLE001  # the edge: one letter that a room cannot take does not keep the others out
        log.warning("mailroom: a letter could not be taken (%s); it stays unread", type(error).__name__)
        return "failed"
    if outcome == "not_ours":
        box.uid("STORE", uid, "+FLAGS", "(\\Seen)")  # somebody's own letter in this mailbox: it stays where it is
    elif box.uid("COPY", uid, TAKEN_FOLDER)[0] == "OK":
        box.uid("STORE", uid, "+FLAGS", "(\\Seen \\Deleted)")
    return outcome


class Counter:
    """What the mail server of this machine hands its letters to. Takes letters to our own signed addresses and refuses all others."""

    async def handle_RCPT(
        self, _server: Any, _session: Any, envelope: Any, address: str, _options: list[str]
    ) -> str:  # the name that the library calls
        if not _on_own_store(lambda: is_for_us(address)):
            return "550 5.1.1 No such address here"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # the name that the library calls
        try:
            for address in envelope.rcpt_tos:
                _on_own_store(lambda to=address: receive(envelope.content, envelope_to=to, at=clock.now()))
        except (StoreError, OSError) as error:
            log.warning("mailroom: the store does not answer (%s)", type(error).__name__)
            return "451 4.3.0 Try again later"
        except Exception as error:  # noqa: BLE001  # the edge: the server that hands over keeps the letter and tries again
            log.warning("mailroom: a letter could not be taken (%s)", type(error).__name__)
            return "451 4.3.0 Try again later"
        return "250 2.0.0 Taken"


def _on_own_store(act: Any) -> Any:
    """Runs in a thread of its own: the loop that speaks SMTP has no connection to the database."""
    answer: list[Any] = []
    fault: list[BaseException] = []

    def work() -> None:
        try:
            answer.append(act())
        except BaseException as error:  # noqa: BLE001  # carried over to the caller's thread
            fault.append(error)
        finally:
            close_old_connections()

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    if fault:
        raise fault[0]
    return answer[0]


def listen(host: str, port: int) -> Any:
    """Starts the counter and answers what stops it (`stop()`)."""
    from aiosmtpd.controller import Controller

    controller = Controller(Counter(), hostname=host, port=port, data_size_limit=BYTES_AT_MOST)
    controller.start()
    return controller
