"""A report, a person under an alias, and who is involved with that person."""

from typing import ClassVar
from uuid import UUID

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from saphan.core.ids import new_id
from saphan.core.sealing import SealedField
from saphan.core.sensitivity import Sensitivity


class Person(models.Model):
    """A person whom somebody may have to protect, known to all screens by an alias only.

    The person's id is the scope of the sealing keys: every sealed field of any room about this person is
    sealed with the data key of (this id, the field's class), wrapped for each organisation that may read it.
    """

    class AgeBand(models.TextChoices):
        ADULT = "adult", _("adult")
        CHILD = "child", _("child")
        DOUBT = "doubt", _("age in doubt: treated as a child")

    class Sex(models.TextChoices):
        FEMALE = "female", _("female")
        MALE = "male", _("male")
        OTHER = "other", _("other")
        UNKNOWN = "unknown", _("unknown")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    alias = models.CharField(max_length=40, unique=True)
    org = models.ForeignKey("directory.Organisation", models.PROTECT, related_name="+")
    office = models.ForeignKey("directory.Office", models.PROTECT, null=True, blank=True, related_name="+")
    age_band = models.CharField(max_length=5, choices=AgeBand, default=AgeBand.DOUBT)
    sex = models.CharField(max_length=7, choices=Sex, default=Sex.UNKNOWN)
    language = models.CharField(max_length=10, default="th")
    nationality = models.ForeignKey("directory.Country", models.PROTECT, null=True, blank=True, related_name="+")
    created_at = models.DateTimeField()
    created_by = models.ForeignKey("access.User", models.PROTECT, related_name="+")
    version = models.PositiveIntegerField(default=1)  # counts edits, so that a second editor sees the difference

    given_name = SealedField(Sensitivity.IDENTITY)
    family_name = SealedField(Sensitivity.IDENTITY)
    birth_date = SealedField(Sensitivity.IDENTITY)
    phone = SealedField(Sensitivity.CONTACT)
    safe_contact = SealedField(Sensitivity.CONTACT)
    whereabouts = SealedField(Sensitivity.LOCATION)

    labels: ClassVar[dict[str, Sensitivity]] = dict.fromkeys(
        ["id", "alias", "org", "office", "age_band", "sex", "language", "nationality", "created_at", "created_by", "version"], Sensitivity.WORKING
    )

    @property
    def sealed_scope(self) -> UUID:
        """The scope of the data keys that seal this row."""
        return self.pk


class Involvement(models.Model):
    """The tie between a person's file and a worker or an organisation: it opens the classes named, from one moment to another."""

    class Relation(models.TextChoices):
        LEAD = "lead", _("lead worker")
        CO_WORKER = "co_worker", _("co-worker")
        INTAKE = "intake", _("intake officer")
        TEAM = "team", _("member of the deciding team")
        RECEIVER = "receiver", _("receiver of a referral")
        PURPOSE = "purpose", _("opened for a stated purpose")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    person = models.ForeignKey(Person, models.CASCADE, related_name="involvements")
    owner_org = models.ForeignKey("directory.Organisation", models.PROTECT, related_name="+")  # the person's organisation, for the row lock
    org = models.ForeignKey("directory.Organisation", models.PROTECT, related_name="+")
    user = models.ForeignKey("access.User", models.PROTECT, null=True, blank=True, related_name="+")  # empty: the whole organisation's care staff
    relation = models.CharField(max_length=10, choices=Relation)
    classes = models.JSONField(default=list)  # the sensitivity classes opened; the matrix of access.sensitivity may narrow them
    source = models.CharField(max_length=60, blank=True)  # what opened it, for example a referral's reference
    purpose = models.CharField(max_length=40, blank=True)
    since = models.DateTimeField()
    until = models.DateTimeField(null=True, blank=True)

    labels: ClassVar[dict[str, Sensitivity]] = dict.fromkeys(
        ["id", "person", "owner_org", "org", "user", "relation", "classes", "source", "purpose", "since", "until"], Sensitivity.WORKING
    )

    class Meta:
        indexes = [models.Index(name="involvement_of_user", fields=["user", "until"]), models.Index(name="involvement_of_org", fields=["org", "until"])]
        constraints = [models.CheckConstraint(name="involvement_ends_after_start", condition=Q(until=None) | Q(until__gte=models.F("since")))]
