"""What gives binding force and takes it away. Nobody types that an agreement is in force: it follows from these events."""

from datetime import date
from typing import Self

from django.db import models
from django.db.models import Exists, F, OuterRef, Q, Subquery

from saphan.agreements.codes import ForceKind
from saphan.agreements.register_models import Agreement
from saphan.agreements.version_models import AgreementVersion
from saphan.core.ids import new_id
from saphan.core.origin import Provenance

GIVES = (ForceKind.ENTERS, ForceKind.RESUMED)


class ForceEventQuerySet(models.QuerySet["ForceEvent"]):
    """Many events."""

    def standing(self) -> Self:
        """Those that were not taken back, in the order in which they take effect."""
        return self.filter(voids=None, voided_by=None).order_by("on", "entered_at", "id")


class ForceEvent(models.Model):
    """Something happened to the force of a version, or of one of its provisions, on a day. Never changed: a mistake is taken back by another row."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="events")
    version = models.ForeignKey(AgreementVersion, models.PROTECT, null=True, blank=True, related_name="events")  # none: its text is not kept here
    provision = models.CharField(max_length=20, blank=True)  # empty: the whole
    kind = models.CharField(max_length=10, choices=ForceKind)
    on = models.DateField()
    replaced_by = models.ForeignKey(AgreementVersion, models.PROTECT, null=True, blank=True, related_name="+")
    reason = models.CharField(max_length=300, blank=True)
    provenance = models.CharField(max_length=8, choices=Provenance, default=Provenance.SOURCED)
    voids = models.OneToOneField("self", models.PROTECT, null=True, blank=True, related_name="voided_by")
    entered_at = models.DateTimeField()
    entered_by = models.ForeignKey("access.User", models.PROTECT, null=True, blank=True, related_name="+")  # none: reference data

    objects = ForceEventQuerySet.as_manager()

    class Meta:
        ordering = ["on", "entered_at"]
        constraints = [
            models.CheckConstraint(name="force_kind_known", condition=Q(kind__in=ForceKind.values)),
            models.CheckConstraint(name="force_replaced_iff_by_what", condition=Q(replaced_by=None) | Q(kind=ForceKind.REPLACED)),
            models.CheckConstraint(name="force_voids_another", condition=~Q(voids=F("id"))),
        ]
        indexes = [models.Index(name="force_of_version", fields=["version", "provision", "on"])]

    @property
    def is_standing(self) -> bool:
        return self.voids_id is None and not hasattr(self, "voided_by")


def _last_kind(events: models.QuerySet[ForceEvent]) -> Subquery:
    return Subquery(events.filter(voids=None, voided_by=None, provision="").order_by("-on", "-entered_at", "-id").values("kind")[:1])


def whole_in_force_on(day: date) -> Exists:
    """The condition on a version: the last event of its whole until the day gave force to it, and the agreement still runs.

    `force.py` says the same in plain words once the end of the term is written down as an event, which the first round of the next day does.
    """
    last = (
        AgreementVersion.objects.filter(pk=OuterRef("pk"))
        .exclude(agreement__expires_on__lt=day)
        .annotate(last=_last_kind(ForceEvent.objects.filter(version=OuterRef("pk"), on__lte=day)))
    )
    return Exists(last.filter(last__in=GIVES))


def agreement_in_force_on(day: date) -> Q:
    """The condition on an agreement: one of its versions, or, where no text is kept here, the agreement itself is in force on the day."""
    versions = AgreementVersion.objects.in_force_on(day).values("agreement")
    bare = Agreement.objects.exclude(expires_on__lt=day).annotate(
        last=_last_kind(ForceEvent.objects.filter(agreement=OuterRef("pk"), version=None, on__lte=day))
    )
    return Q(pk__in=versions) | Q(pk__in=bare.filter(last__in=GIVES).values("pk"))
