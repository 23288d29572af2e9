"""What the mailroom remembers: addresses that refuse letters, by a mark only, and letters that were taken in."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from saphan.core.ids import new_id


class Refusal(models.Model):
    """One sign that an address does not take letters. The address itself is not kept."""

    class Kind(models.TextChoices):
        SOFT = "soft", _("for now")
        HARD = "hard", _("for good")
        COMPLAINT = "complaint", _("marked as unwanted")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    mark = models.CharField(max_length=40, db_index=True)
    kind = models.CharField(max_length=9, choices=Kind)
    at = models.DateTimeField()

    objects: ClassVar[models.Manager["Refusal"]] = models.Manager()

    class Meta:
        constraints = [models.CheckConstraint(name="refusal_kind_known", condition=Q(kind__in=["soft", "hard", "complaint"]))]


class TakenLetter(models.Model):
    """A letter that came in, by a digest of its Message-ID: a second delivery of it changes nothing."""

    digest = models.CharField(max_length=64, primary_key=True)
    kind = models.CharField(max_length=12)
    token = models.CharField(max_length=60, blank=True, db_index=True)
    at = models.DateTimeField(db_index=True)

    objects: ClassVar[models.Manager["TakenLetter"]] = models.Manager()
