"""Acts on a device: prepare it, know it by its token, end it."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from saphan.access.actions import Action
from saphan.access.models import User
from saphan.access.policy import require
from saphan.access.rowlock import as_system
from saphan.audit.services import record
from saphan.care.fieldkit.models import Device
from saphan.care.fieldkit.states import DEVICE_LIFE, DeviceState
from saphan.care.persons.clocks import clock_of
from saphan.core.errors import Invalid, NotFound
from saphan.core.ids import new_reference
from saphan.core.upkeep import chore

LONGEST_ALIAS = 40
SEEN_EVERY = 60  # seconds between two notes of "seen"


@dataclass(frozen=True)
class Enrolled:
    """A device just prepared, with its tokens: told once, kept here only as digests."""

    device: Device
    reading_token: str
    sending_token: str


def digest_of(token: str) -> bytes:
    """What is kept of a token. It is 256 random bits, so a plain digest cannot be guessed back."""
    return hashlib.sha256(token.encode()).digest()


@transaction.atomic
def enrol(*, kind: str, alias: str, by: User, at: datetime) -> Enrolled:
    """The worker prepares a device: it may hold interviews for as long as the reference clock says."""
    require(by, Action.FIELDKIT_PREPARE)
    name = " ".join(alias.split())
    if not 1 <= len(name) <= LONGEST_ALIAS:
        raise Invalid(fields={"alias": _("Give the device a short name, at most 40 letters, such as “blue telephone”. No name of a person.")})
    reading, sending = secrets.token_urlsafe(32), secrets.token_urlsafe(32)
    device = Device.objects.create(
        reference=new_reference("K"), kind=Device.Kind(kind), worker=by, org=by.org, alias=name, reading_digest=digest_of(reading),
        sending_digest=digest_of(sending), enrolled_at=at, expires_at=clock_of("fieldkit_device").due(at),
    )  # fmt: skip
    record(by=by, action=Action.FIELDKIT_PREPARE, target=device, at=at, fields=["alias", "expires_at"])
    return Enrolled(device, reading, sending)


def locked(device_id: UUID) -> Device:
    """The device, held until the transaction ends; two of its sendings wait for each other."""
    device = Device.objects.select_for_update(of=("self",)).select_related("worker__org", "org").filter(pk=device_id).first()
    if device is None:
        raise NotFound
    return device


@transaction.atomic
def expire(*, device_id: UUID, by: User, at: datetime) -> Device:
    """From now on the device reads nothing; what it holds may be sent for some days, then it empties itself."""
    device = locked(device_id)
    require(by, Action.FIELDKIT_EXPIRE, device)
    return _ended(device, "expire", by, at)


@transaction.atomic
def revoke(*, device_id: UUID, by: User, at: datetime) -> Device:
    """The device is closed for good: nothing more is taken from it, and it empties itself when it next asks."""
    device = locked(device_id)
    require(by, Action.FIELDKIT_EXPIRE, device)
    return _ended(device, "revoke", by, at)


def _ended(device: Device, verb: str, by: User | None, at: datetime) -> Device:
    device.state = DEVICE_LIFE.target(verb, device.state)
    device.closes_at = clock_of("fieldkit_sending").due(at) if device.state == DeviceState.EXPIRED else at
    device.save(update_fields=["state", "closes_at"])
    record(by=by, action=Action.FIELDKIT_EXPIRE, target=device, at=at, fields=["state"])
    return device


@dataclass(frozen=True)
class Known:
    """A device that proved itself, and whether by the token that also reads."""

    device: Device
    reads: bool


@transaction.atomic
def recognise(*, reference: str, token: str, at: datetime) -> Known | None:
    """The device with this reference and token, its time looked at; None for a stranger. A closed device is still recognised, to be told so."""
    with as_system():
        device = Device.objects.select_related("worker__org", "org").filter(reference=reference[:12]).first()
        digest = digest_of(token)
        if device is None:
            return None
        reads = secrets.compare_digest(bytes(device.reading_digest), digest)
        if not reads and not secrets.compare_digest(bytes(device.sending_digest), digest):
            return None
        _age(device, at)
        if device.last_seen_at is None or abs((at - device.last_seen_at).total_seconds()) >= SEEN_EVERY:
            device.last_seen_at = at
            device.save(update_fields=["last_seen_at"])
    return Known(device, reads)


def _age(device: Device, at: datetime) -> None:
    if device.state == DeviceState.ACTIVE and at >= device.expires_at:
        _ended(device, "lapse", None, at)
    if device.state == DeviceState.EXPIRED and device.closes_at is not None and at >= device.closes_at:
        _ended(device, "close", None, at)


@transaction.atomic
def note_wiped(*, device_id: UUID, at: datetime) -> None:
    """The device says that its store is empty. It can be wrong or lie; the office sees it as what it said."""
    device = locked(device_id)
    if device.state != DeviceState.ACTIVE and device.wiped_at is None:
        device.wiped_at = at
        device.save(update_fields=["wiped_at"])


@chore("devices of the field kit")
def age_devices(at: datetime) -> int:
    """Devices whose time is over, also when they never came back; returns how many changed."""
    changed = 0
    with as_system(), transaction.atomic():
        over = Device.objects.filter(state=DeviceState.ACTIVE, expires_at__lte=at) | Device.objects.filter(
            state=DeviceState.EXPIRED, closes_at__lte=at
        )
        for device in over.select_for_update():
            _age(device, at)
            changed += 1
    return changed
