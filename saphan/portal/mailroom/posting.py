"""Letters that wait in the outbox as a kind and a reference only. Address and words are read when the letter is sent, so none of them lies in a queue."""

import smtplib
from collections.abc import Callable
from datetime import datetime
from email.message import EmailMessage
from typing import Any

from django.core.mail import get_connection

from saphan.core import clock
from saphan.core.faults import point
from saphan.core.mail import is_lasting, message_id
from saphan.core.models import OutboxMessage
from saphan.core.outbox import ATTEMPTS_AT_MOST, CannotDeliver, enqueue, handler
from saphan.portal.mailroom import refusals
from saphan.portal.mailroom.letters import Letter, compose
from saphan.portal.mailroom.wire import send_message

TOPIC = "letter"
Maker = Callable[[str], Letter | None]
Settled = Callable[[str, str, str], None]
MAKERS: dict[str, Maker] = {}
SETTLED: dict[str, Settled] = {}


def letter_kind(name: str) -> Callable[[Maker], Maker]:
    """Registers who makes the letters of a kind. The maker gets the reference and answers None for a letter that is no longer to be sent."""

    def register(maker: Maker) -> Maker:
        if MAKERS.setdefault(name, maker) is not maker:
            raise RuntimeError(f"two makers of the letter {name}")
        return maker

    return register


def on_settled(kind: str) -> Callable[[Settled], Settled]:
    """Registers who hears what became of letters of a kind: reference, Message-ID, and `sent`, `suppressed`, `refused` or, after a day and a half of trying, `given up`."""

    def register(function: Settled) -> Settled:
        SETTLED[kind] = function
        return function

    return register


def letter_id(kind: str, key: str) -> str:
    """The Message-ID of a letter: the same however often it is tried."""
    return message_id(f"{kind} {key}")


def post(kind: str, reference: str, *, key: str = "", available_at: datetime | None = None) -> str:
    """Writes down, in the caller's transaction, that this letter is to be sent; the same key only once. Answers its Message-ID."""
    if kind not in MAKERS:
        raise RuntimeError(f"nobody makes letters {kind}")
    key = key or reference
    enqueue(TOPIC, key=f"{kind} {key}", payload={"kind": kind, "reference": reference, "key": key}, available_at=available_at)
    return letter_id(kind, key)


@handler(TOPIC)
def send(payload: dict[str, Any], *, key: str) -> None:
    """Makes the letter and hands it to the mail server. A lasting refusal is noted and not tried again."""
    kind, reference = payload["kind"], payload["reference"]
    identity = letter_id(kind, payload["key"])
    try:
        letter = MAKERS[kind](reference)
        if letter is None:
            return
        message = compose(letter)
        if not message["Message-ID"]:
            message["Message-ID"] = identity
        identity = str(message["Message-ID"])
        outcome = "suppressed" if refusals.is_refused(letter.to) else _handed_over(message, letter.to)
    except Exception:
        if _is_last(key):  # also where the letter cannot be made: nobody shall wait for it for ever
            _tell_room(kind, reference, identity, "given up")
        raise
    _tell_room(kind, reference, identity, outcome)
    if outcome == "refused":
        raise CannotDeliver from _Refused()


def _tell_room(kind: str, reference: str, identity: str, outcome: str) -> None:
    SETTLED.get(kind, _nobody)(reference, identity, outcome)


def _nobody(_reference: str, _identity: str, _outcome: str) -> None:
    """Hears what became of letters that no room asks about."""


def _is_last(key: str) -> bool:
    """Whether the outbox will not try this letter again."""
    return OutboxMessage.objects.filter(topic=TOPIC, key=key, attempts__gte=ATTEMPTS_AT_MOST).exists()


class _Refused(Exception):
    """The name under which a lasting refusal stands among the dead letters."""


def _handed_over(message: EmailMessage, to: str) -> str:
    try:
        send_message(message, to, get_connection())
    except (smtplib.SMTPRecipientsRefused, smtplib.SMTPDataError, smtplib.SMTPSenderRefused) as error:
        if not is_lasting(error):
            raise
        if isinstance(error, smtplib.SMTPRecipientsRefused):
            refusals.note(to, "hard", clock.now())
        return "refused"
    point("letter:after_send")
    return "sent"
