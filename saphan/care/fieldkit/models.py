"""A device, what it sent, and a visit to one site with many people."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, ClassVar, Self
from uuid import UUID

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from saphan.access.actions import Action
from saphan.access.roles import Role, acts_of
from saphan.care.fieldkit.states import DeviceState
from saphan.core.ids import new_id
from saphan.core.sealing import SealedField
from saphan.core.sensitivity import Sensitivity

if TYPE_CHECKING:
    from saphan.access.models import User

WRONG_FROM = timedelta(minutes=2)  # a clock nearer than this counts as right: sending takes a while


class DeviceQuerySet(models.QuerySet["Device"]):
    """Many devices."""

    def visible_to(self, user: "User") -> Self:
        """One's own; a supervisor sees those of the organisation."""
        if Action.FIELDKIT_LIST not in acts_of(user.roles):
            return self.none()
        mine = Q(worker=user)
        if Role.CASE_SUPERVISOR in user.roles:
            mine |= Q(org=user.org_id)
        return self.filter(mine)


class Device(models.Model):
    """A browser or an ODK Collect app that a worker prepared. It proves itself by tokens of its own, never by a person's password."""

    class Kind(models.TextChoices):
        BROWSER = "browser", _("field kit in a browser")
        COLLECT = "collect", _("ODK Collect")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    reference = models.CharField(max_length=12, unique=True)
    kind = models.CharField(max_length=7, choices=Kind)
    worker = models.ForeignKey("access.User", models.PROTECT, related_name="+")
    org = models.ForeignKey("directory.Organisation", models.PROTECT, related_name="+")
    alias = models.CharField(max_length=40)  # what the worker calls it: "blue telephone"
    state = models.CharField(max_length=7, choices=DeviceState, default=DeviceState.ACTIVE)
    reading_digest = models.BinaryField(max_length=32)  # SHA-256 of the token that reads
    sending_digest = models.BinaryField(max_length=32)  # SHA-256 of the token that only sends
    enrolled_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    closes_at = models.DateTimeField(null=True, blank=True)  # until then an expired device may still send
    last_seen_at = models.DateTimeField(null=True, blank=True)
    wiped_at = models.DateTimeField(null=True, blank=True)  # when it said that its store is empty

    objects = DeviceQuerySet.as_manager()
    labels: ClassVar[dict[str, Sensitivity]] = dict.fromkeys(
        ["id", "reference", "kind", "worker", "org", "alias", "state", "reading_digest", "sending_digest", "enrolled_at", "expires_at", "closes_at",
         "last_seen_at", "wiped_at"],
        Sensitivity.WORKING,
    )  # fmt: skip

    class Meta:
        indexes = [models.Index(name="device_of_org", fields=["org", "-enrolled_at", "-id"])]
        constraints = [
            models.CheckConstraint(name="device_state_known", condition=Q(state__in=DeviceState.values)),
            models.CheckConstraint(
                name="device_over_iff_it_closes",
                condition=Q(state=DeviceState.ACTIVE, closes_at=None) | (~Q(state=DeviceState.ACTIVE) & Q(closes_at__isnull=False)),
            ),
        ]

    def may_read(self, at: datetime) -> bool:
        """Whether it may still fetch questions and the list of its worker's files."""
        return self.state == DeviceState.ACTIVE and at < self.expires_at


class SiteVisitQuerySet(models.QuerySet["SiteVisit"]):
    """Many visits."""

    def visible_to(self, user: "User") -> Self:
        """Those one led; a supervisor sees the organisation's."""
        if Action.SITE_VISIT_READ not in acts_of(user.roles):
            return self.none()
        mine = Q(worker=user)
        if Role.CASE_SUPERVISOR in user.roles:
            mine |= Q(org=user.org_id)
        return self.filter(mine)


class SiteVisit(models.Model):
    """One place, many people: what holds for all of them is asked once. It is sealed under the visit's own id, for it is in nobody's file."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    reference = models.CharField(max_length=12, unique=True)
    org = models.ForeignKey("directory.Organisation", models.PROTECT, related_name="+")
    worker = models.ForeignKey("access.User", models.PROTECT, related_name="+")
    visited_on = models.DateField()
    recorded_at = models.DateTimeField()
    source_id = models.UUIDField(null=True, unique=True)  # made by the device, so that twelve interviews name one visit

    facts = SealedField(Sensitivity.LOCATION)

    objects = SiteVisitQuerySet.as_manager()
    labels: ClassVar[dict[str, Sensitivity]] = dict.fromkeys(
        ["id", "reference", "org", "worker", "visited_on", "recorded_at", "source_id"], Sensitivity.WORKING
    )

    class Meta:
        indexes = [models.Index(name="site_visit_of_org", fields=["org", "-visited_on", "-id"])]

    @property
    def sealed_scope(self) -> UUID:
        return self.pk


class VisitPerson(models.Model):
    """A person met at a site."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    visit = models.ForeignKey(SiteVisit, models.CASCADE, related_name="people")
    person = models.ForeignKey("care_persons.Person", models.PROTECT, related_name="+")
    number = models.PositiveIntegerField()

    labels: ClassVar[dict[str, Sensitivity]] = dict.fromkeys(["id", "visit", "person", "number"], Sensitivity.WORKING)

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(name="person_once_per_visit", fields=["visit", "person"]),
            models.UniqueConstraint(name="number_once_per_visit", fields=["visit", "number"]),
        ]


class Submission(models.Model):
    """What a device sent of one interview, and the receipt it got. The same sent again gets the same receipt; an edited one is a new edition."""

    class Way(models.TextChoices):
        NETWORK = "network", _("over the network")
        BUNDLE = "bundle", _("brought in as a file")
        COLLECT = "collect", _("from ODK Collect")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    device = models.ForeignKey(Device, models.PROTECT, related_name="submissions")
    org = models.ForeignKey("directory.Organisation", models.PROTECT, related_name="+")
    source_id = models.UUIDField()
    instance_id = models.UUIDField(null=True, blank=True)  # ODK Collect gives an edited form a new id and names the one before
    edition = models.PositiveIntegerField()
    follows = models.OneToOneField("self", models.PROTECT, null=True, blank=True, related_name="+")
    digest = models.BinaryField(max_length=32)  # keyed: tells the same content again, and nothing of it
    interview = models.OneToOneField("care_screening.Interview", models.PROTECT, related_name="submission")
    person_key = models.UUIDField(null=True, blank=True)  # the device's own id of a person who had no file yet
    visit = models.ForeignKey(SiteVisit, models.PROTECT, null=True, blank=True, related_name="+")
    way = models.CharField(max_length=7, choices=Way)
    sequence = models.PositiveIntegerField()  # the device's own counter: orders where clocks do not
    device_time_at = models.DateTimeField(null=True, blank=True)  # what its clock said when it finished the interview
    offset_seconds = models.BigIntegerField(null=True, blank=True)  # its clock less ours, measured when sent; empty: not measured
    version_was_retired = models.BooleanField(default=False)
    received_at = models.DateTimeField()
    received_by = models.ForeignKey("access.User", models.PROTECT, related_name="+")

    labels: ClassVar[dict[str, Sensitivity]] = dict.fromkeys(
        ["id", "device", "org", "source_id", "instance_id", "edition", "follows", "digest", "interview", "person_key", "visit", "way", "sequence", "device_time_at",
         "offset_seconds", "version_was_retired", "received_at", "received_by"],
        Sensitivity.WORKING,
    )  # fmt: skip

    class Meta:
        ordering = ["device", "sequence", "edition"]
        constraints = [
            models.UniqueConstraint(name="submission_edition_once", fields=["source_id", "edition"]),
            models.UniqueConstraint(name="submission_content_once", fields=["source_id", "digest"]),
            models.CheckConstraint(
                name="submission_follows_iff_edited", condition=Q(edition=1, follows=None) | Q(edition__gt=1, follows__isnull=False)
            ),
        ]
        indexes = [models.Index(name="submission_person_key", fields=["device", "person_key"])]

    @property
    def clock_wrong_by(self) -> timedelta | None:
        """By how much the device's clock was wrong, where that is more than sending takes."""
        if self.offset_seconds is None:
            return None
        wrong = timedelta(seconds=self.offset_seconds)
        return wrong if abs(wrong) >= WRONG_FROM else None


class Enclosure(models.Model):
    """A photo that came with an interview, kept sealed in the person's file. `question_code` is the place of the question that it answers."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    submission = models.ForeignKey(Submission, models.CASCADE, related_name="enclosures")
    question_code = models.CharField(max_length=221)  # a code of 200 letters, and the turn of a part that repeats
    attachment = models.OneToOneField("core.Attachment", models.PROTECT, related_name="+")

    labels: ClassVar[dict[str, Sensitivity]] = dict.fromkeys(["id", "submission", "question_code", "attachment"], Sensitivity.WORKING)

    class Meta:
        constraints = [models.UniqueConstraint(name="enclosure_once", fields=["submission", "question_code"])]
