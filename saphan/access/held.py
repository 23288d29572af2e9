"""A form that was cut off by the end of a session: what was typed waits, sealed, for the same person to come back.

The fields lie in the new, anonymous session, encrypted under a key derived from the installation's secret and bound to
the account and the address of the form. Files, passwords and tokens are never held.
"""

import json
import re
from base64 import b64decode, b64encode
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from secrets import token_bytes
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.http import HttpRequest

from saphan.access.derived import derived_key, derived_keys
from saphan.access.models import User

KEY = "held_form"
LARGEST = 200_000  # bytes of what was typed; more is not held, and the sign-in page says so
LIFETIME = timedelta(hours=2)
NEVER_HELD = re.compile(r"csrf|passw|secret|credential|token|^code$", re.IGNORECASE)


@dataclass(frozen=True)
class HeldForm:
    """What was typed, and where it was to go."""

    path: str
    fields: list[tuple[str, str]]


def seal(request: HttpRequest, user: User, at: datetime) -> dict[str, Any] | None:
    """What to put into the next session, or None when there is nothing worth keeping or too much of it."""
    fields = [(name, value) for name, values in request.POST.lists() if not NEVER_HELD.search(name) for value in values]
    plain = json.dumps(fields).encode()
    if not fields or len(plain) > LARGEST:
        return None
    path, nonce = request.get_full_path(), token_bytes(12)
    sealed = nonce + AESGCM(derived_key("held form")).encrypt(nonce, plain, _binding(user, path))
    return {"path": path, "sealed": b64encode(sealed).decode(), "until": (at + LIFETIME).timestamp()}


def is_waiting(request: HttpRequest) -> bool:
    """Whether this session carries a held form, for whomever it may be."""
    return KEY in request.session


def unseal(request: HttpRequest, user: User, at: datetime) -> HeldForm | None:
    """The held form if it is this person's and not too old. Anybody else's is dropped, and looks as if there were none."""
    kept = request.session.get(KEY)
    if not kept:
        return None
    try:
        if at.timestamp() > kept["until"]:
            raise InvalidTag
        plain = _opened(b64decode(kept["sealed"]), _binding(user, kept["path"]))
    except InvalidTag:
        discard(request)
        return None
    return HeldForm(kept["path"], [(name, value) for name, value in json.loads(plain)])


def _opened(sealed: bytes, binding: bytes) -> bytes:
    for key in derived_keys("held form"):
        with suppress(InvalidTag):
            return AESGCM(key).decrypt(sealed[:12], sealed[12:], binding)
    raise InvalidTag


def discard(request: HttpRequest) -> None:
    """Forgets the held form."""
    request.session.pop(KEY, None)


def _binding(user: User, path: str) -> bytes:
    return f"held form\0{user.pk}\0{path}".encode()
