"""Organisations, offices and places. Nothing here is about a person in need, and no shelter address is ever kept here."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from saphan.core.ids import new_id
from saphan.core.origin import country_name, in_language

PROVINCIAL_OFFICE = "Provincial Social Development and Human Security Office"


class Country(models.Model):
    """A country by its ISO 3166-1 alpha-2 code."""

    code = models.CharField(max_length=2, primary_key=True)
    name_en = models.CharField(max_length=80)
    name_th = models.CharField(max_length=80)

    class Meta:
        ordering = ["name_en"]

    def __str__(self) -> str:
        return country_name(self.code, self.name_en, self.name_th)


class Province(models.Model):
    """A first-level area by its ISO 3166-2 code, read as text (Nan is a province)."""

    code = models.CharField(max_length=6, primary_key=True)
    country = models.ForeignKey(Country, models.PROTECT, related_name="provinces")
    name_en = models.CharField(max_length=80)
    name_th = models.CharField(max_length=80)
    region = models.CharField(max_length=40, blank=True)

    class Meta:
        ordering = ["name_en"]

    def __str__(self) -> str:
        return in_language(self.name_en, self.name_th)


class Organisation(models.Model):
    """A ministry, an NGO, a hospital: whoever takes part. It takes part only once two people have approved it."""

    class Kind(models.TextChoices):
        MINISTRY = "ministry", _("ministry or government office")
        NGO = "ngo", _("non-governmental organisation")
        INTERNATIONAL = "international", _("international organisation")
        HEALTH = "health", _("health service")
        LAW_ENFORCEMENT = "law_enforcement", _("law enforcement")
        LEGAL = "legal", _("legal aid")

    class State(models.TextChoices):
        PROPOSED = "proposed", _("proposed")
        APPROVED = "approved", _("approved")
        REJECTED = "rejected", _("rejected")
        SUSPENDED = "suspended", _("suspended")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    name_en = models.CharField(max_length=160, unique=True)
    name_th = models.CharField(max_length=160, blank=True)
    kind = models.CharField(max_length=20, choices=Kind)
    country = models.ForeignKey(Country, models.PROTECT, related_name="organisations")
    state = models.CharField(max_length=10, choices=State, default=State.PROPOSED)

    class Meta:
        ordering = ["name_en"]
        constraints = [
            models.CheckConstraint(name="organisation_state_known", condition=models.Q(state__in=["proposed", "approved", "rejected", "suspended"]))
        ]

    def __str__(self) -> str:
        return in_language(self.name_en, self.name_th)


class OfficeQuerySet(models.QuerySet["Office"]):
    """Many offices."""

    def provincial(self) -> "OfficeQuerySet":
        """The ministry's own offices in the provinces. No other office is public: a shelter could stand among them."""
        return self.filter(
            name_en__startswith=PROVINCIAL_OFFICE,
            province__isnull=False,
            org__kind=Organisation.Kind.MINISTRY,
            org__state=Organisation.State.APPROVED,
        )


class Office(models.Model):
    """A place of work of an organisation, for example a provincial office of the ministry."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    org = models.ForeignKey(Organisation, models.CASCADE, related_name="offices")
    province = models.ForeignKey(Province, models.PROTECT, null=True, blank=True, related_name="offices")
    name_en = models.CharField(max_length=160)
    name_th = models.CharField(max_length=160, blank=True)
    phone = models.CharField(max_length=40, blank=True)
    version = models.PositiveIntegerField(default=1)

    objects = OfficeQuerySet.as_manager()

    class Meta:
        ordering = ["name_en"]
        constraints = [models.UniqueConstraint(name="office_name_once_per_org", fields=["org", "name_en"])]

    def __str__(self) -> str:
        return in_language(self.name_en, self.name_th)


class Need(models.TextChoices):
    """What a person may need, as the referral composer asks for it."""

    HEALTH = "health", _("health care")
    TRAUMA_CARE = "trauma_care", _("trauma care and counselling")
    LEGAL_AID = "legal_aid", _("legal aid")
    SHELTER = "shelter", _("safe shelter")
    LABOUR = "labour", _("labour claims and work")
    INTERPRETATION = "interpretation", _("interpretation")
    EDUCATION = "education", _("education and training")
    DOCUMENTS = "documents", _("identity and travel documents")
    LIVELIHOOD = "livelihood", _("livelihood support")
    FAMILY_TRACING = "family_tracing", _("family tracing")


class ServiceQuerySet(models.QuerySet["Service"]):
    """Many services."""

    def offered(self) -> "ServiceQuerySet":
        """Those of approved organisations that were not taken out of the directory."""
        return self.filter(ended_on=None, organisation__state=Organisation.State.APPROVED)


class Service(models.Model):
    """What an organisation offers to people in need (words of Open Referral HSDS 3). A shelter has a province, never an address."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="services")
    name_en = models.CharField(max_length=160)
    name_th = models.CharField(max_length=160, blank=True)
    kind = models.CharField(max_length=20, choices=Need)
    province = models.ForeignKey(Province, models.PROTECT, null=True, blank=True, related_name="services")
    languages = models.JSONField(default=list, blank=True)
    eligibility = models.CharField(max_length=300, blank=True)
    open_hours = models.CharField(max_length=160, blank=True)
    public = models.BooleanField(default=False)
    last_verified_on = models.DateField(null=True, blank=True)
    capacity_today = models.PositiveIntegerField(null=True, blank=True)
    places_held = models.PositiveIntegerField(default=0)
    ended_on = models.DateField(null=True, blank=True)  # taken out of the directory; never deleted, since referrals name it
    version = models.PositiveIntegerField(default=1)

    objects = ServiceQuerySet.as_manager()

    class Meta:
        ordering = ["name_en"]
        constraints = [
            models.UniqueConstraint(name="service_name_once_per_org", fields=["organisation", "name_en"]),
            models.CheckConstraint(
                name="service_holds_within_capacity", condition=models.Q(capacity_today=None) | models.Q(places_held__lte=models.F("capacity_today"))
            ),
        ]
        indexes = [models.Index(name="service_by_need", fields=["kind", "province"])]

    def __str__(self) -> str:
        return in_language(self.name_en, self.name_th)
