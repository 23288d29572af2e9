"""What the doorway remembers, for an hour at most: how often something was sent, and which proofs were used."""

from typing import ClassVar

from django.db import models


class HourKey(models.Model):
    """The random key of one hour. When it is destroyed, no mark of that hour can be told from any other: not even we know who it was."""

    hour = models.BigIntegerField(primary_key=True)  # hours since 1970
    key = models.BinaryField(max_length=32)

    objects: ClassVar[models.Manager["HourKey"]] = models.Manager()


class Tally(models.Model):
    """How often somebody, known by a mark of this hour only, has sent something for one purpose."""

    hour = models.BigIntegerField(db_index=True)
    mark = models.CharField(max_length=32)
    count = models.PositiveIntegerField(default=0)

    objects: ClassVar[models.Manager["Tally"]] = models.Manager()

    class Meta:
        constraints = [models.UniqueConstraint(name="doorway_tally_once", fields=["hour", "mark"])]


class SpentProof(models.Model):
    """A proof of work that has opened a form once; kept until it would be too old anyway."""

    mark = models.CharField(max_length=64, primary_key=True)
    expires_at = models.DateTimeField(db_index=True)

    objects: ClassVar[models.Manager["SpentProof"]] = models.Manager()
