"""Sealed fields: AES-256-GCM under the data key of the record's scope and the field's class, bound to the row and the column.

Layout: format (1 byte), generation of the data key (4), nonce (12), ciphertext with its tag.
"""

import secrets
import struct
from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.db import models
from django.utils.translation import gettext as _

from saphan.core import keyring
from saphan.core.keyring import NONCE_BYTES, Broken, Ring, replay_erasures, rotate_data_keys, rotate_org_key, share_keys, shred, withdraw_keys
from saphan.core.orgkeys import KeyMissing
from saphan.core.sealed_field import Sealed, SealedField

__all__ = [
    "Broken", "KeyMissing", "Sealed", "SealedField", "replay_erasures", "reseal", "rotate_data_keys", "rotate_org_key",
    "seal", "seal_many", "sealed_fields", "share_keys", "shred", "unseal", "unseal_many", "withdraw_keys",
]  # fmt: skip

FORMAT = 1
HEAD = struct.Struct(">BI")


def sealed_fields(model: type[models.Model]) -> dict[str, SealedField]:
    """The sealed fields of a model by name."""
    return {field.name: field for field in model._meta.concrete_fields if isinstance(field, SealedField)}


def seal(record: Any, /, *, org: UUID, **values: str | None) -> None:
    """Puts sealed values on the record, to be saved by the caller. The first use of a class makes its data key, wrapped for `org`.

    Raises KeyMissing when the scope already has this key and `org` does not hold it.
    """
    seal_many([(record, values)], org=org)


def seal_many(pairs: Sequence[tuple[Any, Mapping[str, str | None]]], *, org: UUID) -> None:
    """As `seal`, for many records with their values: one look at the keys for each scope among them."""
    wanted: dict[UUID, set[str]] = {}
    for record, values in pairs:
        if classes := {_class_of(record, _field(record, name)) for name, text in values.items() if text is not None}:
            wanted.setdefault(record.sealed_scope, set()).update(classes)
    keys = {scope: keyring.for_writing(scope, classes, org) for scope, classes in wanted.items()}
    for record, values in pairs:
        for name, text in values.items():
            field = _field(record, name)
            sealed = None if text is None else _sealed_text(record, field, text, keys[record.sealed_scope])
            setattr(record, name, sealed)


def _sealed_text(record: Any, field: SealedField, text: str, keys: Mapping[str, tuple[int, AESGCM]]) -> Sealed:
    return _sealed(record, field, text.encode("utf-8", "surrogatepass"), *keys[_class_of(record, field)])


def unseal(record: Any, *fields: str, org: UUID) -> dict[str, str | None]:
    """The plain texts of these fields with the keys `org` holds, in one query. Raises KeyMissing or Broken."""
    return unseal_many([record], *fields, org=org)[0]


def unseal_many(records: Sequence[Any], *fields: str, org: UUID) -> list[dict[str, str | None]]:
    """As `unseal`, for many records: one query for each scope among them."""
    rings: dict[UUID, Ring] = {}
    opened = []
    for record in records:
        wanted = [_field(record, name) for name in fields]
        scope = record.sealed_scope
        if scope not in rings and any(getattr(record, field.attname) is not None for field in wanted):
            rings[scope] = keyring.for_reading(scope, {_class_of(record, field) for field in wanted}, org)
        opened.append({field.name: _opened(record, field, rings.get(scope, {})) for field in wanted})
    return opened


def reseal(record: Any, *, org: UUID) -> None:
    """Seals every field of a saved record anew under the newest generation of its data keys."""
    names = [name for name in sealed_fields(type(record)) if getattr(record, name) is not None]
    if names:
        seal(record, org=org, **unseal(record, *names, org=org))
        record.save(update_fields=names)


def seal_bytes(content: bytes, *, scope: UUID, sensitivity: str, org: UUID, binding: Iterable[str]) -> bytes:
    """Seals a file or another blob that is no column; `binding` names where it belongs."""
    generation, key = keyring.for_writing(scope, {sensitivity}, org)[sensitivity]
    return _encrypted(content, generation, key, _bound(*binding, str(scope), sensitivity, str(generation)))


def unseal_bytes(sealed: bytes, *, scope: UUID, sensitivity: str, org: UUID, binding: Iterable[str]) -> bytes:
    """Opens what `seal_bytes` sealed. Raises KeyMissing or Broken."""
    generation = _generation(sealed)
    ring = keyring.for_reading(scope, {sensitivity}, org)
    return _decrypted(sealed, sensitivity, generation, ring, _bound(*binding, str(scope), sensitivity, str(generation)))


def _field(record: Any, name: str) -> SealedField:
    field = record._meta.get_field(name)
    if not isinstance(field, SealedField):
        raise TypeError(f"{name} is not a sealed field")
    return field


def _class_of(record: Any, field: SealedField) -> str:
    """The field's class; a record whose class is chosen row by row names it as `sealed_class`."""
    return str(getattr(record, "sealed_class", field.sensitivity))


def _bound(*parts: str) -> bytes:
    return "\0".join(parts).encode()


def _place(record: Any, field: SealedField, generation: int) -> bytes:
    if record.pk is None:
        raise ValueError("a sealed record needs its id before it is sealed")
    return _bound(record._meta.db_table, field.column, str(record.pk), str(record.sealed_scope), _class_of(record, field), str(generation))


def _sealed(record: Any, field: SealedField, text: bytes, generation: int, key: AESGCM) -> Sealed:
    return Sealed(_encrypted(text, generation, key, _place(record, field, generation)))


def _opened(record: Any, field: SealedField, ring: Ring) -> str | None:
    value: Sealed | None = getattr(record, field.attname)
    if value is None:
        return None
    generation = _generation(value.ciphertext)
    text = _decrypted(value.ciphertext, _class_of(record, field), generation, ring, _place(record, field, generation))
    return text.decode("utf-8", "surrogatepass")


def _encrypted(content: bytes, generation: int, key: AESGCM, place: bytes) -> bytes:
    nonce = secrets.token_bytes(NONCE_BYTES)
    return HEAD.pack(FORMAT, generation) + nonce + key.encrypt(nonce, content, place)


def _generation(sealed: bytes) -> int:
    if len(sealed) < HEAD.size + NONCE_BYTES + 16 or sealed[0] != FORMAT:
        raise _broken()
    generation: int = HEAD.unpack_from(sealed)[1]
    return generation


def _decrypted(sealed: bytes, sensitivity: str, generation: int, ring: Ring, place: bytes) -> bytes:
    key = ring.get((sensitivity, generation))
    if key is None:
        if any(held == sensitivity for held, _generation in ring):
            raise _broken()
        raise KeyMissing(_("Your organisation holds no key for this part of the file."))
    nonce = sealed[HEAD.size : HEAD.size + NONCE_BYTES]
    try:
        return key.decrypt(nonce, sealed[HEAD.size + NONCE_BYTES :], place)
    except InvalidTag:
        raise _broken() from None


def _broken() -> Broken:
    return Broken(_("This field cannot be opened: its text was damaged or moved from where it belongs. Ask the person who looks after the system."))
