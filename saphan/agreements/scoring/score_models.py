"""The scorecard of a period that is over, frozen with what it was counted from; and who allowed that it be public."""

from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Q

from saphan.agreements.register_models import AgreementParty
from saphan.agreements.scoring.commitment_models import inside_of
from saphan.agreements.scoring.states import ConsentState
from saphan.agreements.version_models import AgreementVersion
from saphan.core.ids import new_id

if TYPE_CHECKING:
    from saphan.access.models import User

EVERY = ["month", "quarter", "year"]
G = ConsentState


class SnapshotQuerySet(models.QuerySet["ScoreSnapshot"]):
    """Many snapshots."""

    def visible_to(self, user: "User") -> Self:
        return self.filter(version__agreement__in=inside_of(user))


class ScoreSnapshot(models.Model):
    """The scorecard of one version for one period, as its end showed it. Never changed, also not by its owner; what it was counted from has a digest."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    version = models.ForeignKey(AgreementVersion, models.PROTECT, related_name="snapshots")
    every = models.CharField(max_length=7)
    since = models.DateTimeField()
    until = models.DateTimeField()  # also the moment as of which it was counted
    frozen_at = models.DateTimeField()
    content = models.JSONField(default=dict)  # all figures, also those that nobody is shown
    content_digest = models.CharField(max_length=64)
    inputs = models.PositiveIntegerField()
    inputs_digest = models.CharField(max_length=64)

    objects = SnapshotQuerySet.as_manager()
    consents: "models.Manager[PublicationConsent]"

    class Meta:
        ordering = ["-since"]
        constraints = [
            models.UniqueConstraint(name="snapshot_once_per_period", fields=["version", "every", "since"]),
            models.CheckConstraint(name="snapshot_every_known", condition=Q(every__in=EVERY)),
            models.CheckConstraint(name="snapshot_after_its_period", condition=Q(frozen_at__gte=models.F("until"), until__gt=models.F("since"))),
            models.CheckConstraint(name="snapshot_has_digests", condition=~Q(content_digest="") & ~Q(inputs_digest="")),
        ]


class PublicationConsent(models.Model):
    """A party allows that exactly this scorecard leaves the house; it may take that back at any time."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    snapshot = models.ForeignKey(ScoreSnapshot, models.PROTECT, related_name="consents")
    party = models.ForeignKey(AgreementParty, models.PROTECT, related_name="+")
    digest = models.CharField(max_length=64)  # of the content that was seen
    state = models.CharField(max_length=9, choices=ConsentState, default=G.GIVEN)
    given_at = models.DateTimeField()
    given_by = models.ForeignKey("access.User", models.PROTECT, related_name="+")
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.ForeignKey("access.User", models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["given_at"]
        constraints = [
            models.CheckConstraint(name="publication_consent_state_known", condition=Q(state__in=G.values)),
            models.UniqueConstraint(name="publication_consent_once", fields=["snapshot", "party"], condition=Q(state=G.GIVEN)),
            models.CheckConstraint(
                name="publication_consent_withdrawn_iff_by",
                condition=Q(state=G.GIVEN, withdrawn_at=None, withdrawn_by=None)
                | Q(state=G.WITHDRAWN, withdrawn_at__isnull=False, withdrawn_by__isnull=False),
            ),
        ]
