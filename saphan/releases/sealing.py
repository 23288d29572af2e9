"""Closing a report to the casework's key, so that the side which stores it cannot read it, and opening it there."""

import json
import struct
from typing import Any
from uuid import UUID

from cryptography.exceptions import InvalidTag
from django.utils.translation import gettext as _

from saphan.core.errors import DomainError, Invalid
from saphan.releases import keys
from saphan.releases.canonical import canonical

SUITE_ID = 2  # ML-KEM-768 + X25519, HKDF-SHA256, ChaCha20-Poly1305
PADDED_TO = (1024, 4096, 16384, 65536)  # so that the length tells little of what was written
LENGTH = struct.Struct(">I")
HEAD = 1 + 8
OVERHEAD = HEAD + 1088 + 32 + 16  # head, encapsulated keys, tag
CIPHERTEXT_SIZES = frozenset(size + OVERHEAD for size in PADDED_TO)


class Unopened(DomainError):
    """A report that cannot be opened; `reason` is a code: wrong_key, broken."""

    def __init__(self, reason: str) -> None:
        super().__init__(_("This report cannot be opened with the key that is here."))
        self.reason = reason


def close(kind: str, report_id: UUID, statement: dict[str, Any]) -> bytes:
    """The statement, padded and sealed; bound to the kind and the id, so that neither can be exchanged."""
    to = keys.casework_keys()
    return bytes([SUITE_ID]) + to.seal_id + keys.SUITE.encrypt(_padded(canonical(statement)), keys.sealing_key(to), info=_context(kind, report_id))


def open_sealed(kind: str, report_id: UUID, ciphertext: bytes) -> Any:
    """The statement in a sealed report. Raises Unopened with the reason."""
    if len(ciphertext) not in CIPHERTEXT_SIZES or ciphertext[0] != SUITE_ID:
        raise Unopened("broken")
    if ciphertext[1:HEAD] != keys.own_public_keys().seal_id:
        raise Unopened("wrong_key")
    try:
        padded = keys.SUITE.decrypt(ciphertext[HEAD:], keys.opening_key(), info=_context(kind, report_id))
        (length,) = LENGTH.unpack_from(padded)
        return json.loads(padded[LENGTH.size : LENGTH.size + length])
    except (InvalidTag, ValueError, struct.error) as error:
        raise Unopened("broken") from error


def _padded(content: bytes) -> bytes:
    needed = LENGTH.size + len(content)
    size = next((size for size in PADDED_TO if needed <= size), None)
    if size is None:
        raise Invalid(_("The report is too long to be sealed."))
    return LENGTH.pack(len(content)) + content + bytes(size - needed)


def _context(kind: str, report_id: UUID) -> bytes:
    return b"saphan report v1\n" + kind.encode() + b"\n" + report_id.bytes
