"""What core keeps: keys of sealed fields, erased scopes, messages that wait."""

from uuid import UUID

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from saphan.core import clock
from saphan.core.ids import new_id
from saphan.core.sealed_field import SealedField
from saphan.core.sensitivity import SEALED_CLASSES, Sensitivity

SEALED_CODES = [str(s) for s in SEALED_CLASSES]


class DataKey(models.Model):
    """The key of one scope, class and generation, wrapped by the key of one organisation. Core knows the organisation as an id only."""

    id = models.BigAutoField(primary_key=True)
    scope = models.UUIDField()
    sensitivity = models.CharField(max_length=12, choices=Sensitivity)
    org = models.UUIDField()
    generation = models.PositiveIntegerField()
    org_key_version = models.PositiveIntegerField()
    wrapped = models.BinaryField(max_length=80)
    first = models.BooleanField(default=False)  # the holder that began this generation: there can be one only
    created_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="data_key_once_per_org", fields=["scope", "org", "sensitivity", "generation"]),
            models.UniqueConstraint(name="data_key_begun_once", fields=["scope", "sensitivity", "generation"], condition=Q(first=True)),
            models.CheckConstraint(name="data_key_class_is_sealed", condition=Q(sensitivity__in=SEALED_CODES)),
        ]
        indexes = [models.Index(name="data_key_of_org", fields=["org", "org_key_version"])]


class ErasureLedger(models.Model):
    """A scope whose keys were destroyed. Kept beside the backups, so that a restored one is shredded again."""

    scope = models.UUIDField(primary_key=True)
    at = models.DateTimeField()
    org = models.UUIDField(null=True)  # who alone held the keys; none where several did, or nobody


class OutboxMessage(models.Model):
    """Something to deliver after a commit. A row is waiting, leased to a worker, done, or a dead letter."""

    id = models.BigAutoField(primary_key=True)
    topic = models.CharField(max_length=60)
    key = models.CharField(max_length=200)
    payload = models.JSONField(default=dict)
    created_at = models.DateTimeField()
    available_at = models.DateTimeField()
    attempts = models.PositiveIntegerField(default=0)
    lease = models.UUIDField(null=True, editable=False)
    leased_until = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)
    dead_at = models.DateTimeField(null=True)
    last_error = models.CharField(max_length=100, blank=True)  # the name of the exception's class, never its text

    class Meta:
        constraints = [
            models.UniqueConstraint(name="outbox_key_once_per_topic", fields=["topic", "key"]),
            models.CheckConstraint(
                name="outbox_lease_has_an_end", condition=Q(lease=None, leased_until=None) | Q(lease__isnull=False, leased_until__isnull=False)
            ),
            models.CheckConstraint(name="outbox_done_or_dead", condition=Q(done_at=None) | Q(dead_at=None)),
            models.CheckConstraint(name="outbox_settled_without_lease", condition=Q(lease=None) | Q(done_at=None, dead_at=None)),
        ]
        indexes = [
            models.Index(name="outbox_waiting", fields=["available_at", "id"], condition=Q(done_at=None, dead_at=None)),
            models.Index(name="outbox_leased", fields=["lease"], condition=Q(lease__isnull=False)),
            models.Index(name="outbox_done", fields=["done_at"], condition=Q(done_at__isnull=False)),
        ]


class Attachment(models.Model):
    """A file about a scope, sealed on disk under the scope's data key; read only through a view that asks the policy."""

    class Kind(models.TextChoices):
        PDF = "pdf", _("PDF")
        JPEG = "jpg", _("JPEG picture")
        PNG = "png", _("PNG picture")
        WEBP = "webp", _("WebP picture")
        TEXT = "txt", _("plain text")
        CSV = "csv", _("CSV table")
        DOCX = "docx", _("Word document")
        XLSX = "xlsx", _("Excel workbook")

    class State(models.TextChoices):
        QUARANTINED = "quarantined", _("waits for the virus scan")
        CLEAN = "clean", _("scanned, nothing found")
        UNSCANNED = "unscanned", _("checked, but not scanned for viruses")
        REFUSED = "refused", _("refused")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    reference = models.CharField(max_length=12, unique=True)
    scope = models.UUIDField(db_index=True)
    sensitivity = models.CharField(max_length=12, choices=Sensitivity)
    org = models.UUIDField()  # the organisation that received it and whose key sealed it first
    kind = models.CharField(max_length=4, choices=Kind)
    state = models.CharField(max_length=11, choices=State, default=State.QUARANTINED)
    name = SealedField(Sensitivity.IDENTITY)  # as the sender called it; sealed with the attachment's own class
    size = models.PositiveIntegerField()
    stored_as = models.CharField(max_length=32, unique=True)
    received_at = models.DateTimeField()
    received_by = models.UUIDField()
    settled_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(name="attachment_state_known", condition=Q(state__in=["quarantined", "clean", "unscanned", "refused"])),
            models.CheckConstraint(name="attachment_class_is_sealed", condition=Q(sensitivity__in=SEALED_CODES)),
            models.CheckConstraint(
                name="attachment_settled_iff_out_of_quarantine",
                condition=Q(state="quarantined", settled_at=None) | (~Q(state="quarantined") & Q(settled_at__isnull=False)),
            ),
        ]

    @property
    def sealed_scope(self) -> UUID:
        """The scope of the data keys that seal this file."""
        return self.scope

    @property
    def sealed_class(self) -> str:
        """The class chosen when the file was received."""
        return self.sensitivity


from saphan.core.milestones import Milestone  # noqa: E402, F401  # a table of this room that lives in a file of its own
from saphan.core.once import Submission  # noqa: E402, F401  # likewise
