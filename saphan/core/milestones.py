"""What an installation has behind it: reference data of a version, the demonstration. Written in the transaction of the deed itself."""

from collections.abc import Callable

from django.db import models, transaction

from saphan.core import clock


class Milestone(models.Model):
    """One thing done once, or done last with a certain version."""

    name = models.CharField(max_length=40, primary_key=True)
    version = models.CharField(max_length=64, blank=True)
    at = models.DateTimeField()

    class Meta:
        app_label = "core"

    def __str__(self) -> str:
        return self.name


def reached(name: str, version: str = "") -> bool:
    """Whether this was done, with this very version."""
    return Milestone.objects.filter(name=name, version=version).exists()


def reach(name: str, version: str = "") -> None:
    """Notes that it is done."""
    Milestone.objects.update_or_create(name=name, defaults={"version": version, "at": clock.now()})


@transaction.atomic
def once(name: str, deed: Callable[[], object]) -> bool:
    """Does the deed unless it was done before; deed and note stand or fall together. Answers whether it was done now."""
    if reached(name):
        return False
    deed()
    reach(name)
    return True
