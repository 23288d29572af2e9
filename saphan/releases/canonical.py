"""One sequence of bytes for one meaning: what is signed and what is compared between two machines."""

import hashlib
import json
import unicodedata
from typing import Any

from django.utils.translation import gettext as _

from saphan.core.errors import Invalid

DEEPEST = 12
LARGEST_INTEGER = 2**53 - 1  # what every JSON reader keeps exactly


def canonical(value: Any) -> bytes:
    """Canonical JSON: sorted keys, no spaces, text in Unicode NFC, no floats. Raises Invalid for what has no one form."""
    return json.dumps(normalise(value), ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False).encode()


def digest_of(value: Any) -> str:
    """SHA-256 of the canonical form, in hex."""
    return hashlib.sha256(canonical(value)).hexdigest()


def normalise(value: Any, depth: int = 0) -> Any:
    """The same value with its text in NFC. Raises Invalid for floats, huge integers, NUL characters and too deep nesting."""
    if depth > DEEPEST:
        raise Invalid(_("The content is nested too deeply."))
    if isinstance(value, dict):
        return _normalised_record(value, depth)
    if isinstance(value, list | tuple):
        return [normalise(item, depth + 1) for item in value]
    if isinstance(value, str):
        return _normalised_text(value)
    if value is None or isinstance(value, bool) or (isinstance(value, int) and abs(value) <= LARGEST_INTEGER):
        return value
    raise Invalid(_("The content holds a value that has no one form: only text, whole numbers, yes/no, lists and records may pass."))


def _normalised_record(value: dict[Any, Any], depth: int) -> dict[str, Any]:
    if not all(isinstance(key, str) for key in value):
        raise Invalid(_("The names in the content must be text."))
    record = {_normalised_text(key): normalise(item, depth + 1) for key, item in value.items()}
    if len(record) != len(value):
        raise Invalid(_("Two names in the content are the same."))
    return record


def _normalised_text(value: str) -> str:
    if "\x00" in value or any(0xD800 <= ord(letter) <= 0xDFFF for letter in value):
        raise Invalid(_("The content holds a character that is not text."))
    return unicodedata.normalize("NFC", value)
