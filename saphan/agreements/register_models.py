"""An agreement and its parties, as the register knows them before any of its versions is read."""

from datetime import date
from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import get_language

from saphan.access.actions import Action
from saphan.agreements.codes import Confidentiality, Kind, PartyRole
from saphan.core.ids import new_id
from saphan.core.origin import Provenance, in_language
from saphan.directory.models import Country, Organisation

if TYPE_CHECKING:
    from saphan.access.models import User
    from saphan.agreements.force_models import ForceEvent
    from saphan.agreements.version_models import AgreementVersion

C = Confidentiality
FULL = 10  # letters of a date that names its day


class ArticleType(models.Model):
    """One of the kinds of provision that agreements of this field hold, with what can be followed of it."""

    code = models.CharField(max_length=3, primary_key=True)
    name_en = models.CharField(max_length=80)
    name_th = models.CharField(max_length=80, blank=True)
    commitment = models.CharField(max_length=200)
    trackable_as = models.CharField(max_length=120)
    indicator = models.CharField(max_length=200)

    class Meta:
        ordering = ["code"]

    def __str__(self) -> str:
        return in_language(self.name_en, self.name_th)


class AgreementQuerySet(models.QuerySet["Agreement"]):
    """Many agreements."""

    def visible_to(self, user: "User") -> Self:
        """Public ones for everybody who reads the register, those of the parties for the parties, the rest for the office that keeps them."""
        if Action.AGREEMENT_READ not in user.acts:
            return self.none()
        return self.filter(Q(confidentiality=C.PUBLIC) | Q(kept_by=user.org_id) | (Q(confidentiality=C.PARTIES) & of_party(user.org)))

    def with_country(self, code: str) -> Self:
        """Those in which a country takes part, by itself, by one of its organisations, or as a member of a group."""
        part = AgreementParty.objects.filter(agreement=OuterRef("pk"))
        return self.filter(Exists(part.filter(Q(country=code) | Q(organisation__country=code) | Q(members__contains=code))))


class Agreement(models.Model):
    """A treaty, an MOU, a procedure or a plan that two or more have agreed upon, whether or not its text is kept here."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    code = models.CharField(max_length=40, unique=True)
    kind = models.CharField(max_length=20, choices=Kind)
    titles = models.JSONField(default=dict)  # language -> title; English always
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children")
    parent_provision = models.CharField(max_length=20, blank=True)  # the article of the parent on which it stands
    confidentiality = models.CharField(max_length=8, choices=Confidentiality, default=C.OFFICE)
    kept_by = models.ForeignKey(Organisation, models.PROTECT, null=True, blank=True, related_name="+")  # none: reference, kept by nobody yet
    dated = models.CharField(max_length=10, blank=True)  # of the signature, as exact as it is known: 2005, 2005-07 or 2005-07-13
    expires_on = models.DateField(null=True, blank=True)
    notice_days = models.PositiveSmallIntegerField(default=180)  # how long before the end notice must be given
    review_on = models.DateField(null=True, blank=True)
    notes = models.JSONField(default=dict)  # language -> a sentence or two
    source = models.CharField(max_length=200, blank=True)
    provenance = models.CharField(max_length=8, choices=Provenance, default=Provenance.SOURCED)
    words = models.TextField(blank=True, editable=False)  # code, titles, parties and notes in one line, for the search of the desk
    version = models.PositiveIntegerField(default=1)

    objects = AgreementQuerySet.as_manager()
    versions: "models.Manager[AgreementVersion]"
    events: "models.Manager[ForceEvent]"
    parties: "models.Manager[AgreementParty]"

    class Meta:
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(name="agreement_kind_known", condition=Q(kind__in=Kind.values)),
            models.CheckConstraint(name="agreement_confidentiality_known", condition=Q(confidentiality__in=C.values)),
            models.CheckConstraint(name="agreement_provenance_known", condition=Q(provenance__in=Provenance.values)),
            models.CheckConstraint(name="agreement_is_not_its_own_parent", condition=~Q(parent=models.F("id"))),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def title(self) -> str:
        """The title in the reader's language, else in English, else in any."""
        return said_in(self.titles, self.code)

    @property
    def title_language(self) -> str:
        """In which language `title` is."""
        return language_said(self.titles)

    @property
    def note(self) -> str:
        return said_in(self.notes, "")

    @property
    def year(self) -> int | None:
        return int(self.dated[:4]) if self.dated else None

    @property
    def signed_on(self) -> date | None:
        """The day, where it is known to the day."""
        return date.fromisoformat(self.dated) if len(self.dated) == FULL else None

    @property
    def is_reference(self) -> bool:
        """Known by its facts only; no office keeps it yet."""
        return self.kept_by_id is None


class AgreementParty(models.Model):
    """Who takes part: a country, an organisation, or a group that is neither, such as a regional community."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    agreement = models.ForeignKey(Agreement, models.CASCADE, related_name="parties")
    country = models.ForeignKey(Country, models.PROTECT, null=True, blank=True, related_name="+")
    organisation = models.ForeignKey(Organisation, models.PROTECT, null=True, blank=True, related_name="+")
    name = models.CharField(max_length=160, blank=True)
    members = models.CharField(max_length=120, blank=True)  # codes of the countries in a group, with spaces
    role = models.CharField(max_length=12, choices=PartyRole, default=PartyRole.PARTY)
    side = models.CharField(max_length=40, blank=True)  # how a procedure calls this party
    public_key = models.CharField(max_length=64, blank=True)  # Ed25519, in hex, compared with the party by voice
    place = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["place", "id"]
        constraints = [
            models.CheckConstraint(
                name="agreement_party_is_one_thing",
                condition=Q(country__isnull=False, organisation=None, name="")
                | Q(country=None, organisation__isnull=False, name="")
                | (Q(country=None, organisation=None) & ~Q(name="")),
            ),
            models.CheckConstraint(name="agreement_party_role_known", condition=Q(role__in=PartyRole.values)),
            models.UniqueConstraint(name="agreement_party_country_once", fields=["agreement", "country", "role"], condition=Q(country__isnull=False)),
            models.UniqueConstraint(
                name="agreement_party_org_once", fields=["agreement", "organisation", "role"], condition=Q(organisation__isnull=False)
            ),
            models.UniqueConstraint(name="agreement_party_side_once", fields=["agreement", "side"], condition=~Q(side="")),
        ]

    def __str__(self) -> str:
        return str(self.country or self.organisation or self.name)


def of_party(org: Organisation, way: str = "") -> Q:
    """Agreements of which the organisation is a party, or, for a ministry, to which its country belongs. `way` leads to the agreement."""
    mine = Q(organisation=org)
    if org.kind == Organisation.Kind.MINISTRY:
        mine |= Q(country=org.country_id) | Q(members__contains=org.country_id)
    return Q(**{f"{way}pk__in": AgreementParty.objects.filter(mine).values("agreement")})


def said_in(texts: dict[str, Any], otherwise: str) -> str:
    """What is said in the reader's language, else in English, else in any of them."""
    return str(texts.get(language_said(texts)) or otherwise)


def language_said(texts: dict[str, Any]) -> str:
    """The language that `said_in` chooses."""
    own = get_language() or "en"
    return own if texts.get(own) else "en" if texts.get("en") else next(iter(texts), "en")
