"""Return codes: six words in the asker's own language by which an inquiry is found again, and by nobody who does not have them.

Each list has 256 words, so six are one of 2^48 codes. A code is kept as a mark only: Argon2id over its words, salted by a key that lies
outside the database. Trying codes costs a tenth of a second each and is limited by the hour (decision 0030).
"""

import secrets
import unicodedata
from functools import cache
from pathlib import Path

from argon2.low_level import Type, hash_secret_raw
from django.conf import settings

from saphan.portal.doorway.marks import mark_of

WORDS = 6
FOLDER = Path(__file__).resolve().parent / "words"


@cache
def words_in(language: str) -> tuple[str, ...]:
    """The words of a language; English where there is no list."""
    path = FOLDER / f"{language}.txt"
    return tuple((path if path.exists() else FOLDER / f"{settings.LANGUAGE_CODE}.txt").read_text(encoding="utf-8").split())


def new_code(language: str) -> list[str]:
    """Six words, drawn at random."""
    return [secrets.choice(words_in(language)) for _ in range(WORDS)]


def read_code(typed: str) -> list[str]:
    """The words of what somebody typed: letter case, commas, hyphens and the spelling of marks make no difference."""
    plain = unicodedata.normalize("NFC", typed).casefold()
    return "".join(" " if letter in ",.-–·/\u200b" else letter for letter in plain).split()


def mark_of_code(words: list[str]) -> str:
    """The mark under which an inquiry keeps its code."""
    salt = bytes.fromhex(mark_of("inquiry codes", "salt"))[:16]
    text = " ".join(read_code(" ".join(words))).encode()
    return hash_secret_raw(text, salt, time_cost=2, memory_cost=19456, parallelism=1, hash_len=32, type=Type.ID).hex()
