"""Proof of work: a device computes for about a second before a form is taken, so that a program cannot send thousands. No third party is asked.

A challenge is signed and says for which form and when it was made. Its answer is a number with which the SHA-256 of both begins with
`BITS` zero bits. Checking costs one hash. Without script a small sum stands in its place; the limits hold for both (decision 0026).
"""

import hashlib
import secrets
from datetime import datetime, timedelta

from django.core import signing

from saphan.portal.doorway.models import SpentProof

BITS = 15  # about 33,000 hashes: 0.1 s on a desk, 1-2 s on a slow telephone
LIFETIME = timedelta(hours=6)  # a form may lie open while somebody looks for words
SALT = "saphan.doorway.challenge"


def challenge_for(purpose: str, *, at: datetime) -> str:
    """A new challenge for one form."""
    return signing.Signer(salt=SALT, sep=".").sign(f"{purpose}-{int(at.timestamp() * 1000)}-{secrets.token_hex(8)}")


def age_of(purpose: str, challenge: str, *, at: datetime) -> float | None:
    """How many seconds ago we made this challenge for this form; None for one that is not ours, or too old."""
    try:
        text = signing.Signer(salt=SALT, sep=".").unsign(challenge)
        named, made, _nonce = text.rsplit("-", 2)
        age = at.timestamp() - int(made) / 1000
    except (signing.BadSignature, ValueError):
        return None
    return age if named == purpose and -300 <= age <= LIFETIME.total_seconds() else None


def is_answered(challenge: str, answer: str) -> bool:
    """Whether the answer took its work."""
    if not (answer.isascii() and answer.isdigit() and len(answer) <= 12):
        return False
    digest = hashlib.sha256(f"{challenge}:{answer}".encode()).digest()
    return int.from_bytes(digest[:4], "big") >> (32 - BITS) == 0


def key_of(challenge: str) -> str:
    """A few letters that tell this form from others on the same page."""
    return hashlib.sha256(challenge.encode()).hexdigest()[:8]


def sum_of(challenge: str) -> tuple[int, int]:
    """The two small numbers that a reader without script adds up."""
    digest = hashlib.sha256(challenge.encode()).digest()
    return digest[0] % 8 + 1, digest[1] % 8 + 1


def spend(challenge: str, *, at: datetime) -> bool:
    """Uses the challenge up; false when it was used before, also at the same moment in another process."""
    mark = hashlib.sha256(challenge.encode()).hexdigest()
    _row, first = SpentProof.objects.get_or_create(mark=mark, defaults={"expires_at": at + LIFETIME})
    return first


def solve(challenge: str) -> str:
    """The answer, computed as a browser would: for tests and benches."""
    number = 0
    while not is_answered(challenge, str(number)):
        number += 1
    return str(number)
