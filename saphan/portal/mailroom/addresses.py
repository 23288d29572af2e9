"""Addresses to which answers and bounces come back: signed, so that nobody can invent one, and empty of anything personal.

`reply+inquiries.4f3k….sig@domain` leads an answer to its inquiry; `bounce+mark.sig@domain` tells which address a report of the mail
system speaks of, by the same mark under which refusals are kept (VERP).
"""

import hashlib
import hmac
from dataclasses import dataclass

from saphan.access.derived import derived_keys
from saphan.portal.doorway.marks import mark_of
from saphan.portal.mailroom.letters import own_domain

SIGNED = 10  # hexadecimal letters of the signature: 40 bits, asked once per letter


@dataclass(frozen=True)
class Returned:
    """What one of our addresses says: `reply` with a room and its token, or `bounce` with the mark of an address."""

    kind: str
    room: str
    token: str


def reply_address(room: str, token: str) -> str:
    """Where an answer to this letter goes. `token` is an id of lower-case letters and digits."""
    return _address("reply", f"{room}.{token}")


def bounce_address(to: str) -> str:
    """The sender on the envelope of a letter to this address."""
    return _address("bounce", mark_of("mail", to))


def read_address(address: str) -> Returned | None:
    """What an address of ours says; None for one that we have not made."""
    local, _, domain = address.strip().strip("<>").lower().rpartition("@")
    kind, _, rest = local.partition("+")
    text, _, signature = rest.rpartition(".")
    if domain != own_domain().lower() or kind not in {"reply", "bounce"} or not text:
        return None
    if not any(hmac.compare_digest(signature.encode(), one.encode()) for one in _signatures(kind, text)):
        return None
    room, _, token = text.partition(".") if kind == "reply" else ("", "", text)
    return Returned(kind, room, token)


def _address(kind: str, text: str) -> str:
    return f"{kind}+{text}.{_signatures(kind, text)[0]}@{own_domain()}"


def _signatures(kind: str, text: str) -> list[str]:
    """By the present secret and, behind it, by earlier ones: letters of before a change are still answered."""
    return [hmac.new(key, f"{kind} {text}".encode(), hashlib.sha256).hexdigest()[:SIGNED] for key in derived_keys("mail addresses")]
