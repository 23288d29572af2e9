"""Public ids are random: nothing about a person or a count can be read from them."""

import secrets
import uuid
from base64 import b32encode

# Crockford's base 32: no I, L, O or U, so that a reference can be read over a telephone.
LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def new_id() -> uuid.UUID:
    """A random 128-bit id for a row, a thread or a file."""
    return uuid.uuid4()


def permanent_name(identity: uuid.UUID) -> str:
    """Sixteen letters and digits for a permanent link, always the same ones for the same identity."""
    return b32encode(identity.bytes[:10]).decode().lower()


def new_reference(prefix: str, length: int = 8) -> str:
    """A short random reference for people, such as `R-8F2K71QD` (40 bits; the column that holds it is unique)."""
    return prefix + "-" + "".join(secrets.choice(LETTERS) for _ in range(length))
