"""What core keeps: keys of sealed fields, erased scopes, messages that wait."""

from django.db import models
from django.db.models import Q

from saphan.core import clock
from saphan.core.sensitivity import SEALED_CLASSES, Sensitivity


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
            models.CheckConstraint(name="data_key_class_is_sealed", condition=Q(sensitivity__in=[str(s) for s in SEALED_CLASSES])),
        ]
        indexes = [models.Index(name="data_key_of_org", fields=["org", "org_key_version"])]


class ErasureLedger(models.Model):
    """A scope whose keys were destroyed. Kept beside the backups, so that a restored one is shredded again."""

    scope = models.UUIDField(primary_key=True)
    at = models.DateTimeField()
