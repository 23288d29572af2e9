"""Marks: by them an address is found again without being kept.

The key of the marks is a file beside the others. It never changes, also when the signing secret does: whoever left the newsletter is known
to have left for ever.
"""

import hashlib
import hmac
import secrets
from pathlib import Path

from django.conf import settings

from saphan.core.secret_files import write_secret

LETTERS = 40  # hexadecimal: 160 bits
_held: dict[Path, bytes] = {}


def mark_of(purpose: str, text: str) -> str:
    """A keyed mark of a text, the same for the same purpose and text whatever its letter case and blanks around it."""
    message = f"{purpose}\0{text.strip().casefold()}".encode()
    return hmac.new(_key(), message, hashlib.sha256).hexdigest()[:LETTERS]


def _key() -> bytes:
    path = Path(settings.KEYS) / "marks.key"
    if path not in _held:
        _held[path] = _read(path)
    return _held[path]


def _read(path: Path) -> bytes:
    """The key, made on first need; when two processes make it at once, the first one's stays."""
    if not path.exists():
        write_secret(path, secrets.token_bytes(32))
    return path.read_bytes()
