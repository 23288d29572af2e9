"""Data keys: one per scope, sensitivity class and generation, wrapped once for each organisation that may read.

The database is asked on every use (one indexed query), so a key withdrawn or shredded by any process is gone for all at once;
unwrapped data keys are never kept.
"""

import secrets
from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.db import connection, transaction
from django.utils.translation import gettext as _

from saphan.core import clock, orgkeys
from saphan.core.errors import DomainError, Invalid
from saphan.core.models import DataKey, ErasureLedger
from saphan.core.orgkeys import KEY_BYTES, KeyMissing

NONCE_BYTES = 12
Ring = dict[tuple[str, int], AESGCM]


class Broken(DomainError):
    """A ciphertext or a wrapped key was damaged or moved from where it belongs."""


def for_reading(scope: UUID, classes: Iterable[str], org: UUID) -> Ring:
    """Every generation of the data keys of these classes that `org` holds; empty when it holds none."""
    wanted = set(classes)
    try:
        return _ring(scope, wanted, org)
    except KeyMissing:  # a rotation may just have replaced the organisation's key: the rows name the new one now
        return _ring(scope, wanted, org)


def _ring(scope: UUID, wanted: set[str], org: UUID) -> Ring:
    ids: list[UUID | str] = [scope, org] if connection.features.has_native_uuid_field else [scope.hex, org.hex]
    with connection.cursor() as cursor:  # written out: the query builder would take longer than the sealing
        cursor.execute("SELECT sensitivity, generation, wrapped, org_key_version FROM core_datakey WHERE scope = %s AND org = %s", ids)
        rows = cursor.fetchall()
    return {
        (sensitivity, generation): AESGCM(_unwrap(bytes(wrapped), scope, sensitivity, generation, org, version))
        for sensitivity, generation, wrapped, version in rows
        if sensitivity in wanted
    }


def for_writing(scope: UUID, classes: Iterable[str], org: UUID) -> dict[str, tuple[int, AESGCM]]:
    """The newest generation of each class, made where the scope has none yet. Raises KeyMissing where others hold it and `org` does not."""
    wanted = set(classes)
    ring = for_reading(scope, wanted, org)
    if missing := wanted - {sensitivity for sensitivity, _generation in ring}:
        _create(scope, missing, org)
        ring = for_reading(scope, wanted, org)
    newest: dict[str, tuple[int, AESGCM]] = {}
    for (sensitivity, generation), key in sorted(ring.items(), key=lambda item: item[0]):
        newest[sensitivity] = (generation, key)
    if wanted - newest.keys():
        raise KeyMissing(_("Your organisation holds no key for this part of the file."))
    return newest


@transaction.atomic
def share_keys(scope: UUID, classes: Iterable[str], *, from_org: UUID, to_org: UUID) -> None:
    """Wraps all generations of these classes for `to_org` too. Classes that `from_org` does not hold are passed over."""
    _hold_scope(scope)
    _hold_versions(from_org, alone=False)
    held = DataKey.objects.filter(scope=scope, sensitivity__in=sorted(set(classes)), org__in=[from_org, to_org])
    theirs = {(row.sensitivity, row.generation) for row in held if row.org == to_org}
    fresh = [row for row in held if row.org == from_org and (row.sensitivity, row.generation) not in theirs]
    if fresh:
        version = _current_version(to_org)
        DataKey.objects.bulk_create(
            [_wrapped_row(_unwrap_row(row), scope, row.sensitivity, row.generation, to_org, version) for row in fresh], ignore_conflicts=True
        )


@transaction.atomic
def withdraw_keys(scope: UUID, classes: Iterable[str], *, org: UUID) -> None:
    """Takes these keys from `org`. The last holder keeps them (Invalid): to destroy a file for all is `shred`."""
    _hold_scope(scope)
    rows = DataKey.objects.filter(scope=scope, sensitivity__in=sorted(set(classes)))
    mine = set(rows.filter(org=org).values_list("sensitivity", flat=True))
    if mine - set(rows.exclude(org=org).values_list("sensitivity", flat=True)):
        raise Invalid(_("No other organisation holds these keys: withdrawing them would destroy the file."))
    rows.filter(org=org).delete()


@transaction.atomic
def shred(scope: UUID, *, at: datetime | None = None) -> None:
    """Destroys every key of the scope: what they sealed is unreadable for good. The ledger lets a restored backup be shredded again."""
    _hold_scope(scope)
    keys = DataKey.objects.filter(scope=scope)
    holders = sorted(set(keys.values_list("org", flat=True)))
    org = holders[0] if len(holders) == 1 else None
    ErasureLedger.objects.bulk_create([ErasureLedger(scope=scope, at=at or clock.now(), org=org)], ignore_conflicts=True)
    keys.delete()


def replay_erasures() -> int:
    """Destroys once more what the ledger says was erased, for a restored backup; returns the number of keys destroyed."""
    return DataKey.objects.filter(scope__in=ErasureLedger.objects.values("scope")).delete()[0]


@transaction.atomic
def rotate_data_keys(scope: UUID) -> None:
    """Begins a new generation of every data key of the scope for its present holders; old text opens until it is sealed anew."""
    _hold_scope(scope)
    rows = list(DataKey.objects.filter(scope=scope).order_by("sensitivity", "generation", "org"))
    newest = {row.sensitivity: row.generation for row in rows}
    fresh = {sensitivity: secrets.token_bytes(KEY_BYTES) for sensitivity in newest}
    born: set[str] = set()
    for row in rows:
        if row.generation == newest[row.sensitivity]:
            key, first = fresh[row.sensitivity], row.sensitivity not in born
            born.add(row.sensitivity)
            _wrapped_row(key, scope, row.sensitivity, row.generation + 1, row.org, _current_version(row.org), first=first).save(force_insert=True)


def rotate_org_key(org: UUID) -> int:
    """Gives the organisation a new key, rewraps all its data keys and destroys the old key. A rotation cut short is finished by the next call.

    Returns the number of data keys rewrapped.
    """
    known = orgkeys.versions(org)
    if not known:
        raise KeyMissing(_("The key of this organisation is not on this machine. Ask the person who looks after the system."))
    target = known[-1] if len(known) > 1 else known[-1] + 1
    orgkeys.create(org, target)
    count = _rewrap(org, target)
    for version in orgkeys.versions(org):
        if version < target:
            orgkeys.remove(org, version)
    return count


@transaction.atomic(durable=True)  # the old key file goes afterwards: no outer transaction may still take this back
def _rewrap(org: UUID, target: int) -> int:
    _hold_versions(org, alone=True)
    rows = list(DataKey.objects.select_for_update().filter(org=org).exclude(org_key_version=target))
    for row in rows:
        row.wrapped = _wrap(_unwrap_row(row), row.scope, row.sensitivity, row.generation, org, target)
        row.org_key_version = target
    DataKey.objects.bulk_update(rows, ["wrapped", "org_key_version"], batch_size=200)
    return len(rows)


@transaction.atomic
def _create(scope: UUID, classes: Iterable[str], org: UUID) -> None:
    """First keys of a scope. The constraint on `first` lets one organisation only begin a class, whoever races."""
    _hold_scope(scope)
    if ErasureLedger.objects.filter(scope=scope).exists():
        raise KeyMissing(_("This file has been erased."))
    held = set(DataKey.objects.filter(scope=scope).values_list("sensitivity", flat=True))
    fresh = sorted(set(classes) - held)
    if fresh:
        version = _current_version(org)
        DataKey.objects.bulk_create(
            [_wrapped_row(secrets.token_bytes(KEY_BYTES), scope, sensitivity, 1, org, version, first=True) for sensitivity in fresh],
            ignore_conflicts=True,
        )


def _current_version(org: UUID) -> int:
    """The newest version of the organisation's key; made on first need, but never in place of one that was lost."""
    _hold_versions(org, alone=False)
    known = orgkeys.versions(org)
    if not known:
        if DataKey.objects.filter(org=org).exists():
            raise KeyMissing(_("The key of this organisation is not on this machine. Ask the person who looks after the system."))
        orgkeys.create(org, 1)
        known = [1]
    return known[-1]


def _hold_scope(scope: UUID) -> None:
    """Until the transaction ends, nobody else begins, shares, renews or shreds keys of this scope. Always taken before an organisation's hold."""
    _hold("pg_advisory_xact_lock", f"scope {scope}")


def _hold_versions(org: UUID, *, alone: bool) -> None:
    """Until the transaction ends, no rotation of the organisation's key runs beside a wrapping."""
    _hold("pg_advisory_xact_lock" if alone else "pg_advisory_xact_lock_shared", f"org {org}")


def _hold(function: str, name: str) -> None:
    """SQLite needs no hold: a transaction that will write is the only writer from its first moment."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT {function}(hashtextextended(%s, 1002))", [name])


def _binding(scope: UUID, sensitivity: str, generation: int, org: UUID, version: int) -> bytes:
    return f"data key\0{scope}\0{sensitivity}\0{generation}\0{org}\0{version}".encode()


def _wrap(key: bytes, scope: UUID, sensitivity: str, generation: int, org: UUID, version: int) -> bytes:
    nonce = secrets.token_bytes(NONCE_BYTES)
    return nonce + orgkeys.cipher(org, version).encrypt(nonce, key, _binding(scope, sensitivity, generation, org, version))


def _unwrap(wrapped: bytes, scope: UUID, sensitivity: str, generation: int, org: UUID, version: int) -> bytes:
    try:
        return orgkeys.cipher(org, version).decrypt(
            wrapped[:NONCE_BYTES], wrapped[NONCE_BYTES:], _binding(scope, sensitivity, generation, org, version)
        )
    except (InvalidTag, ValueError):
        raise Broken(_("A key of this file is damaged. Ask the person who looks after the system.")) from None


def _unwrap_row(row: DataKey) -> bytes:
    return _unwrap(bytes(row.wrapped), row.scope, row.sensitivity, row.generation, row.org, row.org_key_version)


def _wrapped_row(key: bytes, scope: UUID, sensitivity: str, generation: int, org: UUID, version: int, *, first: bool = False) -> DataKey:
    wrapped = _wrap(key, scope, sensitivity, generation, org, version)
    return DataKey(
        scope=scope,
        sensitivity=sensitivity,
        generation=generation,
        org=org,
        org_key_version=version,
        wrapped=wrapped,
        first=first,
        created_at=clock.now(),
    )
