"""The public part of the directory as the newest signed release tells of it: services, and the ministry's offices in the provinces.

These tables are a copy made by `services.take_directory` and by nothing else. Neither has a field for an address, so that none can
be shown, found or copied from here.
"""

import re
from datetime import timedelta

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import get_language

from saphan.core import clock
from saphan.core.origin import in_language, language_of
from saphan.directory.languages import Language
from saphan.directory.models import Country, Need, Province

STALE_AFTER = timedelta(days=365)  # the public is told when nobody has asked a service for a year
DIALLED = re.compile(r"\+?[0-9 ()-]{3,24}")


def dialled(phone: str) -> str:
    """A number as a telephone dials it; empty when several numbers or words stand there."""
    return re.sub(r"[^0-9+]", "", phone) if DIALLED.fullmatch(phone) else ""


class PublicServiceQuerySet(models.QuerySet["PublicService"]):
    """Many public services."""

    def in_country(self, code: str) -> "PublicServiceQuerySet":
        return self.filter(country=code)

    def for_province(self, province: Province) -> "PublicServiceQuerySet":
        """Those of a province first, then those that work everywhere in its country."""
        here = models.Case(models.When(province=province, then=0), default=1, output_field=models.IntegerField())
        found = self.filter(models.Q(province=province) | models.Q(province=None, country=province.country_id))
        return found.annotate(distance=here).order_by("distance", "name_en", "pk")


class PublicService(models.Model):
    """What an organisation offers to people in need. A shelter has a province at most."""

    id = models.UUIDField(primary_key=True, editable=False)
    name_en = models.CharField(max_length=160)
    name_th = models.CharField(max_length=160, blank=True)
    kind = models.CharField(max_length=40)
    organisation_en = models.CharField(max_length=160)
    organisation_th = models.CharField(max_length=160, blank=True)
    country = models.ForeignKey(Country, models.SET_NULL, null=True, related_name="+")
    province = models.ForeignKey(Province, models.SET_NULL, null=True, related_name="+")
    phone = models.CharField(max_length=40, blank=True)
    hours = models.CharField(max_length=160, blank=True)
    spoken = models.CharField(max_length=500, blank=True)  # codes of languages between commas: ",lo,th,"
    verified_on = models.DateField(null=True)

    objects = PublicServiceQuerySet.as_manager()

    class Meta:
        ordering = ["name_en", "pk"]
        indexes = [models.Index(name="public_service_by_place", fields=["country", "province"])]

    def __str__(self) -> str:
        return in_language(self.name_en, self.name_th)

    @property
    def language(self) -> str:
        """The language of the name that is shown: services have names in English and Thai."""
        return language_of(self.name_en, self.name_th)

    @property
    def organisation(self) -> str:
        """Who offers it."""
        return in_language(self.organisation_en, self.organisation_th)

    @property
    def need(self) -> str:
        """What it is for, in the reader's words; empty for a kind that is not known on this side yet."""
        return str(dict(Need.choices).get(self.kind, ""))

    @property
    def languages(self) -> list[str]:
        """The languages spoken there, in the reader's words."""
        labels = dict(Language.choices)
        return [str(labels[code]) for code in self.spoken.split(",") if code in labels]

    @property
    def dial(self) -> str:
        """The telephone number as a telephone dials it."""
        return dialled(self.phone)

    @property
    def address(self) -> str:
        """Where its entry stands in the reader's language."""
        return f"/{get_language() or settings.LANGUAGE_CODE}/services/{self.pk}/"

    @property
    def stale(self) -> bool:
        """Whether nobody has asked within a year."""
        return self.verified_on is None or timezone.localdate(clock.now()) - self.verified_on > STALE_AFTER


class PublicOffice(models.Model):
    """The ministry's office in a province: for citizens, known to everybody, and no shelter."""

    province = models.OneToOneField(Province, models.CASCADE, primary_key=True, related_name="+")
    name_en = models.CharField(max_length=160)
    name_th = models.CharField(max_length=160, blank=True)
    phone = models.CharField(max_length=40, blank=True)

    def __str__(self) -> str:
        return in_language(self.name_en, self.name_th)

    @property
    def language(self) -> str:
        """The language of the name that is shown."""
        return language_of(self.name_en, self.name_th)

    @property
    def dial(self) -> str:
        """The telephone number as a telephone dials it."""
        return dialled(self.phone)
