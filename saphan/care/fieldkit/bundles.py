"""A file from a USB stick: read whole before anything is taken, then each interview with its own receipt or reason."""

import json
import re
from base64 import b64decode
from binascii import Error as NotBase64
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from django.core.files.base import File
from django.utils.translation import gettext as _

from saphan.access.actions import Action
from saphan.access.models import User
from saphan.audit.services import record
from saphan.care.fieldkit import keys
from saphan.care.fieldkit.models import Submission
from saphan.care.fieldkit.parcels import Parcel, read_parcel
from saphan.care.fieldkit.receiving import Delivery, Receipt, bring_in
from saphan.core.errors import DomainError, Invalid

BYTES_AT_MOST = 200 * 1024 * 1024
PARCELS_AT_MOST = 500


@dataclass(frozen=True)
class Row:
    """What became of one interview of the file: its number, or why it was not taken."""

    number: int
    receipt: Receipt | None
    reason: str = ""
    field: str = ""


@dataclass(frozen=True)
class Part:
    """One interview of a file, opened. Its digest is over what lay in the file, sealed: it names the part and says nothing of it."""

    parcel: Parcel
    digest: str


def digest_of_file(file: File[Any]) -> str:
    """SHA-256 of a file, in hexadecimal digits."""
    found = sha256()
    for chunk in file.chunks():
        found.update(chunk)
    file.seek(0)
    return found.hexdigest()


def note_refusal(digest: str, code: str, *, by: User, at: datetime) -> None:
    """What was not taken in leaves its digest and the reason's code in the audit, and nothing else of it."""
    record(by=by, action=Action.FIELDKIT_BRING_IN, target=("fieldkit.bundle", digest), at=at, purpose=code, outcome="denied")


def read_bundle(file: File[Any]) -> list[Part]:
    """Every interview of the file, opened. Raises Invalid when any part of the file is broken; then nothing of it is taken."""
    if file.size is not None and file.size > BYTES_AT_MOST:
        raise Invalid(fields={"bundle": _("This file is larger than 200 MB. Save fewer interviews into one file.")})
    try:
        content = json.loads(file.read().decode("utf-8"))
        rows = content["parcels"]
        if content["saphan_field_kit"] != 1 or not isinstance(rows, list) or len(rows) > PARCELS_AT_MOST:
            raise ValueError
        sealed = [b64decode(row["sealed"], validate=True) for row in rows]
    except (ValueError, KeyError, TypeError, NotBase64, RecursionError):
        raise Invalid(fields={"bundle": _("This is no file of the field kit, or it was damaged on the way. Nothing was taken in.")}) from None
    if not sealed:
        raise Invalid(fields={"bundle": _("No interview is in this file.")})
    return [_opened(number, part) for number, part in enumerate(sealed, 1)]


def _opened(number: int, sealed: bytes) -> Part:
    try:
        return Part(read_parcel(keys.open_parcel(sealed)), sha256(sealed).hexdigest())
    except Invalid as error:
        why = error.sentence or next(iter(error.fields.values()), "")
        sentence = _("Row %(number)d: %(why)s Nothing was taken in.") % {"number": number, "why": why}
        raise Invalid(fields={"bundle": sentence}) from error


def bring_in_all(parts: Sequence[Part], *, by: User, at: datetime) -> list[Row]:
    """Takes in each interview by itself, the earliest of the device first: one that is refused stops no other."""
    numbered = sorted(enumerate(parts, 1), key=lambda row: row[1].parcel.sequence)
    return sorted((_row(number, part, by, at) for number, part in numbered), key=lambda row: row.number)


def _row(number: int, part: Part, by: User, at: datetime) -> Row:
    parcel = part.parcel
    offset = timedelta(seconds=parcel.offset_seconds) if parcel.offset_seconds is not None else None
    try:
        return Row(number, bring_in(delivery=Delivery(parcel, Submission.Way.BUNDLE, offset), by=by, at=at))
    except DomainError as error:
        note_refusal(part.digest, code_of(error), by=by, at=at)
        field, sentence = next(iter(error.fields.items()), ("", "")) if isinstance(error, Invalid) else ("", "")
        return Row(number, None, error.sentence or sentence, field)


def code_of(error: DomainError) -> str:
    """The kind of a refusal in one word: refused, invalid, wrong_state."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", type(error).__name__).lower()[:40]
