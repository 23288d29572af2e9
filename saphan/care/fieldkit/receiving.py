"""Taking in what a device sent: one interview and one receipt, however often it comes."""

import secrets
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import NAMESPACE_URL, UUID, uuid5

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils.translation import gettext as _

from saphan.access.actions import Action
from saphan.access.models import User
from saphan.access.policy import require
from saphan.audit.services import record
from saphan.care.fieldkit import visits
from saphan.care.fieldkit.devices import digest_of, locked
from saphan.care.fieldkit.models import WRONG_FROM, Device, Enclosure, Submission
from saphan.care.fieldkit.parcels import Parcel, Photo
from saphan.care.persons.models import Person
from saphan.care.persons.services import Facts, open_person
from saphan.care.screening.codes import Source
from saphan.care.screening.instruments import InstrumentVersion
from saphan.care.screening.states import VersionState
from saphan.care.screening.taking import Rechecked, Sat, Told, take_in
from saphan.core.attachments import Inspected, inspect_upload, keep_upload
from saphan.core.errors import Invalid, Refused
from saphan.core.faults import point
from saphan.core.sensitivity import Sensitivity

MOST_OFFSET = 2**31 - 1


@dataclass(frozen=True)
class Delivery:
    """One sending: the parcel, how it came, and how far the device's clock was from ours."""

    parcel: Parcel
    way: str
    offset: timedelta | None
    instance_id: UUID | None = None


@dataclass(frozen=True)
class Receipt:
    """What the device keeps of an interview after it is here: a number and a time. `again` says that it had come before."""

    submission: Submission
    again: bool

    @property
    def reference(self) -> str:
        """The number of the interview."""
        return self.submission.interview.reference


def receive(*, device_id: UUID, delivery: Delivery, at: datetime) -> Receipt:
    """A device sends for its worker. Raises Refused, Invalid or WrongState with a sentence; then nothing was kept and the device keeps it."""
    photos = _inspected(delivery.parcel.photos)
    with transaction.atomic():
        device = locked(device_id)
        require(device.worker, Action.FIELDKIT_SUBMIT, device)
        return _take(device, delivery, photos, device.worker, device.worker, at)


def bring_in(*, delivery: Delivery, by: User, at: datetime) -> Receipt:
    """A colleague at the desk brings in what a device could not send; it enters under its worker, or under the colleague when that worker has left."""
    parcel = delivery.parcel
    photos = _inspected(parcel.photos)
    with transaction.atomic():
        device = locked(parcel.device_id) if parcel.device_id else None
        if device is None or not secrets.compare_digest(bytes(device.sending_digest), digest_of(parcel.token)):
            raise Refused(_("This interview does not come from a device that was prepared here."), action=Action.FIELDKIT_BRING_IN)
        require(by, Action.FIELDKIT_BRING_IN, device)
        working = device.worker.is_active and Action.INTERVIEW_ANSWER in device.worker.acts
        return _take(device, delivery, photos, device.worker if working else by, by, at)


def _inspected(photos: Iterable[Photo]) -> list[tuple[str, Inspected]]:
    """Photos are looked at before anything is locked: it takes its time."""
    return [(photo.place, inspect_upload(ContentFile(photo.content, name=photo.name))) for photo in photos]


def _take(device: Device, delivery: Delivery, photos: list[tuple[str, Inspected]], worker: User, by: User, at: datetime) -> Receipt:
    editions = list(Submission.objects.select_related("interview").filter(source_id=delivery.parcel.source_id).order_by("edition"))
    if any(edition.device_id != device.pk for edition in editions):
        raise Refused(_("This interview does not come from this device."), action=Action.FIELDKIT_SUBMIT)
    same = next((edition for edition in editions if bytes(edition.digest) == delivery.parcel.digest), None)
    if same is not None:
        _enclose(same, photos, device, worker, at)  # a slow line sends the photos of one form one after the other
        return Receipt(same, again=True)
    submission = _kept(device, delivery, editions, worker, by, at)
    _enclose(submission, photos, device, worker, at)
    record(
        by=by, action=Action.FIELDKIT_SUBMIT, target=submission, subject=submission.interview.person_id, at=at,
        fields=["interview", "edition", "way"],
    )  # fmt: skip
    point("fieldkit:before_receipt")
    return Receipt(submission, again=False)


def _enclose(submission: Submission, photos: list[tuple[str, Inspected]], device: Device, worker: User, at: datetime) -> None:
    there = set(submission.enclosures.values_list("question_code", flat=True))
    for place, upload in photos:
        if place not in there:
            there.add(place)
            attachment = keep_upload(
                upload, scope=submission.interview.person_id, sensitivity=Sensitivity.EXPLOITATION, org=device.org_id, by_id=worker.pk, at=at
            )
            Enclosure.objects.create(submission=submission, question_code=place, attachment=attachment)


def _kept(device: Device, delivery: Delivery, editions: list[Submission], worker: User, by: User, at: datetime) -> Submission:
    parcel = righted(delivery, at)
    version = _version(parcel.version_id)
    person = _person(device, parcel, editions, worker, at)
    number = len(editions) + 1
    visit = visits.at_site(site=parcel.site, person=person, by=worker, at=at) if parcel.site else None
    offset = round(delivery.offset.total_seconds()) if delivery.offset is not None else None
    interview = take_in(
        version=version, person=person, told=_told(parcel, set(version.questions.filter(kind="image").values_list("code", flat=True))), safety=parcel.safety,
        further=[Rechecked(c.sitting, c.at, c.points) for c in parcel.checks], prepared=None if editions else parcel.prepared,
        sittings=[Sat(s.began_at, s.ended_at, s.present) for s in parcel.stretches], ending=parcel.ending, stop_reason=parcel.stop_reason,
        source=Source.COLLECT if delivery.way == Submission.Way.COLLECT else Source.KIT, clock_offset_s=_bounded(offset),
        revises=editions[-1].interview if editions else None, source_id=uuid5(NAMESPACE_URL, f"saphan:fieldkit:{parcel.source_id}:{number}"), by=worker, at=at,
    )  # fmt: skip
    return Submission.objects.create(
        device=device, org=device.org, source_id=parcel.source_id, instance_id=delivery.instance_id, edition=number, follows=editions[-1] if editions else None,
        digest=delivery.parcel.digest, interview=interview, person_key=parcel.whom.key, visit=visit, way=delivery.way, sequence=parcel.sequence,
        device_time_at=delivery.parcel.finished_at, offset_seconds=offset,
        version_was_retired=version.state == VersionState.RETIRED, received_at=at, received_by=by,
    )  # fmt: skip


def _told(parcel: Parcel, pictures: Collection[str]) -> Told:
    """What was said, with the moments at which it was, put right by our clock. A photo answers its question by its name."""
    said, photos = parcel.answers, {photo.place: photo.name for photo in parcel.photos}
    pictured = {place: name for place, name in photos.items() if place.partition("@")[0] in pictures and not (place in said and said[place].value)}
    return Told({place: one.value for place, one in said.items()} | pictured, {place: one.note for place, one in said.items()},
                {place: one.at for place, one in said.items() if one.at}, parcel.known)  # fmt: skip


def _bounded(offset: int | None) -> int | None:
    """What the interview's own column holds; a clock that is off by more than 68 years is simply wrong."""
    return None if offset is None else max(-MOST_OFFSET, min(MOST_OFFSET, offset))


def righted(delivery: Delivery, at: datetime) -> Parcel:
    """The parcel with its moments by our clock; none lies ahead of now, whatever the device believed."""
    parcel, offset = delivery.parcel, delivery.offset
    if offset is not None and abs(offset) >= WRONG_FROM:
        parcel = parcel.shifted(offset)
    last = max([s.ended_at for s in parcel.stretches], default=at)
    return parcel.shifted(last - at) if last > at else parcel


def _version(version_id: UUID) -> InstrumentVersion:
    """A retired version is taken too: the person was asked these questions, and is not asked again."""
    version = InstrumentVersion.objects.select_related("instrument").filter(pk=version_id).first()
    if version is None:
        raise Invalid(fields={"version": _("These questions are not known here.")})
    return version


def _person(device: Device, parcel: Parcel, editions: list[Submission], worker: User, at: datetime) -> Person:
    if editions:
        return editions[-1].interview.person
    whom = parcel.whom
    if whom.known:
        person = Person.objects.visible_to(worker).filter(pk=whom.known).first()
        if person is None:
            raise Invalid(fields={"person": _("This file is not open to you any more. Ask your supervisor, then send again.")})
        return person
    before = Submission.objects.filter(device=device, person_key=whom.key).select_related("interview__person").first()
    if before is not None:
        return before.interview.person
    return open_person(report_id=None, facts=Facts(age_band=whom.age_band, sex=whom.sex, language=whom.language), by=worker, at=at)
