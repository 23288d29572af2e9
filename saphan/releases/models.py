"""What passes the two doors, and the receipts of what has passed."""

from django.db import models
from django.db.models import Q

from saphan.core.ids import new_id


class Release(models.Model):
    """One signed statement of the casework to the public: figures, a part of the directory, an agreement's text."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    kind = models.CharField(max_length=40)
    key = models.CharField(max_length=80)
    seq = models.PositiveBigIntegerField()
    body = models.JSONField(default=dict)
    digest = models.CharField(max_length=64)
    signature = models.CharField(max_length=128)
    key_id = models.CharField(max_length=16)
    published_at = models.DateTimeField()
    published_by = models.CharField(max_length=36, blank=True)  # the actor as the audit names it; it does not travel to the public side
    received_at = models.DateTimeField(null=True, blank=True)  # where it came through the door from another machine
    withdrawn = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(name="release_seq_once", fields=["kind", "key", "seq"])]


class ReleaseHead(models.Model):
    """The highest sequence number seen of a release: an older one never comes back, also when the newest is lost or spoilt."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    kind = models.CharField(max_length=40)
    key = models.CharField(max_length=80)
    seq = models.PositiveBigIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(name="release_head_once", fields=["kind", "key"])]


class SealedReport(models.Model):
    """What somebody told the public side, sealed to the casework's key. The side that stores it cannot read it."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    kind = models.CharField(max_length=40)
    ciphertext = models.BinaryField(null=True, editable=False)
    created_at = models.DateTimeField()
    collected_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="report_content_until_collected",
                condition=Q(ciphertext__isnull=False, collected_at=None) | Q(ciphertext=None, collected_at__isnull=False),
            )
        ]
        indexes = [models.Index(name="report_waiting", fields=["created_at"], condition=Q(collected_at=None))]


class ReportReceipt(models.Model):
    """The casework's memory of a report it has taken: each is opened once; one that failed is kept sealed, with the reason."""

    class Outcome(models.TextChoices):
        RECEIVED = "received"
        FAILED = "failed"

    id = models.UUIDField(primary_key=True, editable=False)  # the id of the sealed report
    kind = models.CharField(max_length=40)
    received_at = models.DateTimeField()
    outcome = models.CharField(max_length=8, choices=Outcome)
    reason = models.CharField(max_length=20, blank=True)
    created_at = models.DateTimeField()
    ciphertext = models.BinaryField(null=True, editable=False)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="report_kept_iff_failed",
                condition=Q(outcome="received", ciphertext=None, reason="") | (Q(outcome="failed", ciphertext__isnull=False) & ~Q(reason="")),
            )
        ]
