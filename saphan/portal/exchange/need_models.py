"""What is needed: hubs, campaigns, needs and their safety reviews. A need describes no person; a hub's place lies sealed."""

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, ClassVar, Self
from uuid import UUID

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from saphan.access.actions import Action
from saphan.core.ids import new_id
from saphan.core.sealing import SealedField
from saphan.core.sensitivity import Sensitivity
from saphan.directory.models import Organisation, Province
from saphan.portal.exchange.codes import Item, Kind, Tier, Urgency
from saphan.portal.exchange.states import PUBLIC, TONES, WRITABLE, CampaignState, NeedState
from saphan.portal.exchange.units import MEASURES, Unit, at_least

if TYPE_CHECKING:
    from saphan.access.models import User

LETTERS_OF_TITLE, LETTERS_OF_TEXT = 120, 2000
FIRST_WHOLE = 2  # up to so many single things, a promise from a new address may take the whole need


class HubQuerySet(models.QuerySet["Hub"]):
    """Many hubs."""

    def visible_to(self, user: "User") -> Self:
        """Those of the user's organisation."""
        return self.filter(org=user.org_id) if Action.HUB_WRITE in user.acts else self.none()

    def in_use(self) -> Self:
        """Those that were not given up."""
        return self.filter(ended_at=None)


class Hub(models.Model):
    """Where donors bring things, so that nobody comes to a shelter. The public knows its alias and province.

    Place and hours are sealed. They reach no page, mail, file or search: a coordinator opens them to tell a donor by telephone.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    org = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    alias = models.CharField(_("alias"), max_length=80)
    province = models.ForeignKey(Province, models.PROTECT, related_name="+")
    place = SealedField(Sensitivity.LOCATION)
    hours = SealedField(Sensitivity.LOCATION)
    made_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    objects = HubQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(name="hub_alias_once_per_org", fields=["org", "alias"])]

    def __str__(self) -> str:
        return self.alias

    @property
    def sealed_scope(self) -> UUID:
        """A hub has a scope of its own."""
        return self.pk


class Worded(models.Model):
    """Title and text in English and Thai, and in one language more where the organisation wants it."""

    title_en = models.CharField(_("title in English"), max_length=LETTERS_OF_TITLE, blank=True)
    title_th = models.CharField(_("title in Thai"), max_length=LETTERS_OF_TITLE, blank=True)
    title_own = models.CharField(_("title in another language"), max_length=LETTERS_OF_TITLE, blank=True)
    text_en = models.TextField(_("text in English"), max_length=LETTERS_OF_TEXT, blank=True)
    text_th = models.TextField(_("text in Thai"), max_length=LETTERS_OF_TEXT, blank=True)
    text_own = models.TextField(_("text in another language"), max_length=LETTERS_OF_TEXT, blank=True)
    own_language = models.CharField(_("other language"), max_length=5, choices=settings.LANGUAGES[2:], blank=True)

    class Meta:
        abstract = True

    def language_for(self, wanted: str) -> str:
        """The language in which this is told to a reader of `wanted`: hers, else English, else whatever there is."""
        for language in (wanted, "en", "th", self.own_language):
            if language and self._in("title", language):
                return language
        return "en"

    def _in(self, field: str, language: str) -> str:
        name = language if language in ("en", "th") else "own" if language == self.own_language else ""
        return str(getattr(self, f"{field}_{name}")) if name else ""

    @property
    def shown_language(self) -> str:
        """The language in which it stands on the present page."""
        return self.language_for(get_language() or "en")

    @property
    def title(self) -> str:
        """The title for the present reader."""
        return self._in("title", self.shown_language)

    @property
    def text(self) -> str:
        """The text for the present reader; another language's where hers is empty."""
        return self._in("text", self.shown_language) or self.text_en or self.text_th or self.text_own


class CampaignQuerySet(models.QuerySet["Campaign"]):
    """Many campaigns."""

    def visible_to(self, user: "User") -> Self:
        """Those of the user's organisation, and those of others that wait for review or run."""
        if Action.EXCHANGE_OPEN not in user.acts:
            return self.none()
        return self.filter(Q(org=user.org_id) | Q(state__in=[CampaignState.IN_REVIEW, CampaignState.OPEN]))

    def public(self) -> Self:
        """Those that run, of organisations that take part."""
        return self.filter(state=CampaignState.OPEN, org__state=Organisation.State.APPROVED)


class Campaign(Worded):
    """Several needs under one heading, with a picture that shows no survivor."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    reference = models.CharField(max_length=12, unique=True)
    org = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    alias = models.CharField(_("alias"), max_length=80)
    picture = models.ForeignKey("wagtailimages.Image", models.SET_NULL, null=True, blank=True, related_name="+")
    picture_alt = models.CharField(_("picture in words"), max_length=250, blank=True)
    picture_rights = models.CharField(_("rights of the picture"), max_length=250, blank=True)
    until_on = models.DateField(_("until"), null=True, blank=True)
    state = models.CharField(max_length=10, choices=CampaignState, default=CampaignState.DRAFT)
    writers = models.JSONField(default=list)  # ids of all who wrote it: none of them reviews it
    written_at = models.DateTimeField()
    opened_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    objects = CampaignQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(name="campaign_state_known", condition=Q(state__in=CampaignState.values)),
            models.CheckConstraint(name="campaign_open_since", condition=~Q(state=CampaignState.OPEN) | Q(opened_at__isnull=False)),
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def tone(self) -> str:
        """The tone of its state on a page."""
        return TONES[self.state]


class NeedQuerySet(models.QuerySet["Need"]):
    """Many needs."""

    def visible_to(self, user: "User") -> Self:
        """All of the user's organisation; of others what waits for review or was public: drafts belong to their house."""
        if Action.EXCHANGE_OPEN not in user.acts:
            return self.none()
        return self.filter(Q(org=user.org_id) | ~Q(state__in=[*WRITABLE, NeedState.WITHDRAWN]))

    def public(self) -> Self:
        """What everybody may read: passed by the safety review, open or just met, of an organisation that takes part."""
        return self.filter(state__in=PUBLIC, org__state=Organisation.State.APPROVED)

    def open(self, day: date) -> Self:
        """What can still be promised to on this day."""
        return self.filter(state=NeedState.OPEN, org__state=Organisation.State.APPROVED).filter(Q(needed_by=None) | Q(needed_by__gte=day))


class Need(Worded):
    """What an organisation needs: an amount of one thing, by a day, in a province. Never one person's story.

    `promised` is what live pledges sum up to, `received` what was counted on arrival; the promise is guarded by the row itself.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    reference = models.CharField(max_length=12, unique=True)
    org = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    alias = models.CharField(_("alias"), max_length=80)
    kind = models.CharField(_("kind"), max_length=8, choices=Kind)
    item = models.CharField(_("what it is"), max_length=12, choices=Item)
    note = SealedField(Sensitivity.PLAN)
    quantity = models.DecimalField(_("amount"), max_digits=12, decimal_places=2, validators=[MinValueValidator(Decimal("0.01"))])
    unit = models.CharField(_("unit"), max_length=6, choices=Unit)
    promised = models.DecimalField(max_digits=12, decimal_places=2, default=Decimal(0))
    received = models.DecimalField(max_digits=12, decimal_places=2, default=Decimal(0))
    allow_overflow = models.BooleanField(_("more than this is welcome"), default=False)
    needed_by = models.DateField(_("needed by"), null=True, blank=True)
    urgency = models.PositiveSmallIntegerField(_("urgency"), choices=Urgency, default=Urgency.SOON)
    province = models.ForeignKey(Province, models.PROTECT, related_name="+", verbose_name=_("province"))
    languages = models.JSONField(_("languages"), default=list, blank=True)  # codes; a helper must speak one of them, where any is named
    tier = models.PositiveSmallIntegerField(_("how well the donor must be known"), choices=Tier, default=Tier.UNKNOWN)
    meets_survivors = models.BooleanField(_("whoever helps will meet survivors"), default=False)
    hub = models.ForeignKey(Hub, models.PROTECT, null=True, blank=True, related_name="needs", verbose_name=_("hub"))
    campaign = models.ForeignKey(Campaign, models.PROTECT, null=True, blank=True, related_name="needs", verbose_name=_("campaign"))
    state = models.CharField(max_length=10, choices=NeedState, default=NeedState.DRAFT)
    writers = models.JSONField(default=list)  # ids of all who wrote it: none of them reviews it
    written_at = models.DateTimeField()
    submitted_at = models.DateTimeField(null=True, blank=True)
    opened_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    objects = NeedQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(name="need_state_known", condition=Q(state__in=NeedState.values)),
            models.CheckConstraint(name="need_asks_for_something", condition=Q(quantity__gt=0)),
            models.CheckConstraint(
                name="need_never_promised_beyond", condition=Q(promised__gte=0) & (Q(allow_overflow=True) | Q(promised__lte=F("quantity")))
            ),
            models.CheckConstraint(name="need_received_within_promised", condition=Q(received__gte=0, received__lte=F("promised"))),
            models.CheckConstraint(name="need_meeting_survivors_asks_for_clearance", condition=Q(meets_survivors=False) | Q(tier=Tier.CLEARED)),
            models.CheckConstraint(name="need_public_since", condition=~Q(state__in=PUBLIC) | Q(opened_at__isnull=False)),
            models.CheckConstraint(name="need_urgency_known", condition=Q(urgency__in=Urgency.values)),
        ]
        indexes = [
            models.Index(name="need_public", fields=["state", "province", "kind"]),
            models.Index(name="need_of_org", fields=["org", "state"]),
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def sealed_scope(self) -> UUID:
        """A need has a scope of its own."""
        return self.pk

    @property
    def tone(self) -> str:
        """The tone of its state on a page."""
        return TONES[self.state]

    @property
    def missing(self) -> Decimal:
        """What nobody has promised yet."""
        return max(Decimal(0), self.quantity - self.promised)

    @property
    def percent(self) -> int:
        """How much of it is promised, in whole hundredths and rounded down: it is full only when nothing is missing."""
        return min(100, int(self.promised * 100 / self.quantity))

    @property
    def percent_received(self) -> int:
        """How much of it has arrived, as `percent`."""
        return min(100, int(self.received * 100 / self.quantity))

    @property
    def awaited(self) -> Decimal:
        """What is promised and has not arrived yet."""
        return self.promised - self.received

    @property
    def first_share(self) -> Decimal:
        """The most of it that one address of which nothing has ever arrived may hold: a small need whole, of a greater one the half, rounded up."""
        if self.quantity * MEASURES[self.unit].size <= FIRST_WHOLE:
            return self.quantity
        return at_least(self.quantity / 2, self.unit, self.unit)

    @property
    def takes_promises(self) -> bool:
        """Whether a donor may promise something by herself, without having been vetted first."""
        return self.state == NeedState.OPEN and self.tier == Tier.UNKNOWN and not self.meets_survivors


class Review(models.Model):
    """What another person answered to the check list before a need or a campaign became public, or why it went back."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    need = models.ForeignKey(Need, models.CASCADE, null=True, related_name="reviews")
    campaign = models.ForeignKey(Campaign, models.CASCADE, null=True, related_name="reviews")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    passed = models.BooleanField()
    answers = models.JSONField(default=list)  # codes of the questions answered with yes
    findings = SealedField(Sensitivity.PLAN)  # what must be changed: it may quote what must not become public

    class Meta:
        constraints = [
            models.CheckConstraint(name="review_of_one_thing", condition=Q(need=None, campaign__isnull=False) | Q(need__isnull=False, campaign=None)),
        ]
        ordering: ClassVar[list[str]] = ["-at"]

    @property
    def sealed_scope(self) -> UUID:
        """Findings are sealed with what was reviewed."""
        scope = self.need_id or self.campaign_id
        assert scope is not None
        return scope
