"""Permanent addresses: the short name that a document has in all its languages (the same as in `/p/…/`), read back into its key."""

import binascii
import uuid
from base64 import b32decode

OCTETS = 10  # as many as core.ids.permanent_name takes of the key


def keys_of(public_id: str) -> tuple[uuid.UUID, uuid.UUID] | None:
    """The first and the last key of which this is the short name; None when it is no such name."""
    try:
        known = b32decode(public_id.upper())
    except (binascii.Error, ValueError):
        return None
    if len(known) != OCTETS:
        return None
    rest = 16 - OCTETS
    return uuid.UUID(bytes=known + b"\x00" * rest), uuid.UUID(bytes=known + b"\xff" * rest)
