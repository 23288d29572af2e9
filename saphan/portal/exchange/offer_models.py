"""What is offered: offers of donors and volunteers without an account, the checks upon them, and their names on the wall."""

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Self
from uuid import UUID

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from saphan.access.actions import Action
from saphan.core.ids import new_id
from saphan.core.sealing import SealedField
from saphan.core.sensitivity import Sensitivity
from saphan.directory.models import Province
from saphan.portal.exchange.codes import NEEDED_CHECKS, Check, DonorKind, Item, Kind, Result, Tier
from saphan.portal.exchange.need_models import Need
from saphan.portal.exchange.states import LIVE_OFFER, TONES, OfferState, ThanksState
from saphan.portal.exchange.units import Unit

if TYPE_CHECKING:
    from saphan.access.models import User


class OfferQuerySet(models.QuerySet["Offer"]):
    """Many offers."""

    def visible_to(self, user: "User") -> Self:
        """All that were confirmed: an offer belongs to no organisation. What is unconfirmed nobody works on."""
        if Action.EXCHANGE_OPEN not in user.acts:
            return self.none()
        return self.exclude(state__in=[OfferState.ASKED, OfferState.EXPIRED])

    def open(self, day: date) -> Self:
        """What may be matched on this day and is not promised away."""
        return self.filter(state=OfferState.OPEN, promised__lt=F("quantity")).filter(Q(until_on=None) | Q(until_on__gte=day))

    def losing_trust(self, day: date) -> Self:
        """Live offers of donors whose trust rests on a check that does not hold on this day any more, or against whom something was found."""
        sound = Safeguarding.objects.filter(offer=OuterRef("pk")).valid(day)
        failed = Exists(Safeguarding.objects.filter(offer=OuterRef("pk"), result=Result.FAILED))
        lost = Q(tier__gt=Tier.UNKNOWN) & Q(failed)
        for tier, checks in NEEDED_CHECKS.items():
            for kind in sorted(checks):
                lost |= Q(tier=tier) & ~Q(Exists(sound.filter(check_kind=kind)))
        return self.filter(lost, state__in=LIVE_OFFER)


class Offer(models.Model):
    """What a donor or volunteer offers. Who she is lies sealed under the offer's own scope: erasing it destroys the keys."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    reference = models.CharField(max_length=12, unique=True)
    donor_kind = models.CharField(_("who offers"), max_length=12, choices=DonorKind)
    name = SealedField(Sensitivity.IDENTITY)
    email = SealedField(Sensitivity.CONTACT)
    phone = SealedField(Sensitivity.CONTACT)
    message = SealedField(Sensitivity.PLAN)
    new_email = SealedField(Sensitivity.CONTACT)  # an address that the donor wants instead; it counts once a letter to it was answered
    email_mark = models.CharField(max_length=40, blank=True, db_index=True)
    kind = models.CharField(_("kind"), max_length=8, choices=Kind)
    item = models.CharField(_("what it is"), max_length=12, choices=Item)
    quantity = models.DecimalField(_("amount"), max_digits=12, decimal_places=2)
    unit = models.CharField(_("unit"), max_length=6, choices=Unit)
    promised = models.DecimalField(max_digits=12, decimal_places=2, default=Decimal(0))
    from_on = models.DateField(_("available from"))
    until_on = models.DateField(_("available until"), null=True, blank=True)
    province = models.ForeignKey(Province, models.PROTECT, related_name="+", verbose_name=_("province"))
    reach_km = models.PositiveIntegerField(_("how far it can be brought, in km"), default=50)
    languages = models.JSONField(_("languages"), default=list, blank=True)
    meets = models.BooleanField(_("would meet survivors"), default=False)
    tier = models.PositiveSmallIntegerField(_("how well known"), choices=Tier, default=Tier.UNKNOWN)
    need = models.ForeignKey(Need, models.SET_NULL, null=True, blank=True, related_name="offers")  # for which it was made
    language = models.CharField(_("language of letters"), max_length=5, choices=settings.LANGUAGES, default="en")
    state = models.CharField(max_length=10, choices=OfferState, default=OfferState.ASKED)
    asked_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True, blank=True)
    stands_since = models.DateTimeField(null=True, blank=True)  # when the donor last said that it stands
    vetted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True)
    erased_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    objects = OfferQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(name="offer_state_known", condition=Q(state__in=OfferState.values)),
            models.CheckConstraint(name="offer_holds_something", condition=Q(quantity__gt=0)),
            models.CheckConstraint(name="offer_never_promised_beyond", condition=Q(promised__gte=0, promised__lte=F("quantity"))),
            models.CheckConstraint(name="offer_dates_in_order", condition=Q(until_on=None) | Q(until_on__gte=F("from_on"))),
            models.CheckConstraint(
                name="offer_opened_by_two", condition=Q(opened_by=None) | (Q(vetted_by__isnull=False) & ~Q(opened_by=F("vetted_by")))
            ),
            models.CheckConstraint(name="offer_open_when_opened", condition=~Q(state=OfferState.OPEN) | Q(opened_by__isnull=False)),
            models.CheckConstraint(
                name="offer_erased_holds_nobody",
                condition=Q(erased_at=None) | Q(name=None, email=None, phone=None, message=None, new_email=None, email_mark=""),
            ),
        ]
        indexes = [models.Index(name="offer_by_state", fields=["state", "kind", "item"])]

    def __str__(self) -> str:
        return self.reference

    @property
    def sealed_scope(self) -> UUID:
        """An offer has a scope of its own."""
        return self.pk

    @property
    def tone(self) -> str:
        """The tone of its state on a page."""
        return TONES[self.state]

    @property
    def left(self) -> Decimal:
        """What is not promised yet."""
        return self.quantity - self.promised


class SafeguardingQuerySet(models.QuerySet["Safeguarding"]):
    """Many checks."""

    def valid(self, day: date) -> Self:
        """Passed, confirmed by a second person, and not run out on this day."""
        return self.filter(result=Result.PASSED, confirmed_by__isnull=False, expires_on__gte=day)


class Safeguarding(models.Model):
    """One check upon a donor: recorded by one person, confirmed by another, valid until a day."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    offer = models.ForeignKey(Offer, models.CASCADE, related_name="checks")
    check_kind = models.CharField(_("check"), max_length=12, choices=Check)
    result = models.CharField(_("result"), max_length=8, choices=Result)
    done_on = models.DateField(_("done on"))
    expires_on = models.DateField(_("valid until"))
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()
    confirmed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    confirmed_at = models.DateTimeField(null=True, blank=True)

    objects = SafeguardingQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="check_confirmed_by_another",
                condition=Q(confirmed_by=None, confirmed_at=None)
                | (Q(confirmed_by__isnull=False, confirmed_at__isnull=False) & ~Q(confirmed_by=F("recorded_by"))),
            ),
            models.CheckConstraint(name="check_runs_out_later", condition=Q(expires_on__gte=F("done_on"))),
        ]


class Thanks(models.Model):
    """A name on the thank-you wall, as the donor wants it. It is readable by all only while it is shown."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    offer = models.OneToOneField(Offer, models.CASCADE, related_name="thanks")
    wanted = SealedField(Sensitivity.IDENTITY)
    shown_as = models.CharField(max_length=80, blank=True)
    consented_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=ThanksState, default=ThanksState.ASKED)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    shown_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(name="thanks_state_known", condition=Q(state__in=ThanksState.values)),
            models.CheckConstraint(
                name="thanks_named_iff_shown",
                condition=(Q(state=ThanksState.SHOWN, shown_at__isnull=False) & ~Q(shown_as=""))
                | (~Q(state=ThanksState.SHOWN) & Q(shown_as="", shown_at=None)),
            ),
        ]

    @property
    def sealed_scope(self) -> UUID:
        """A name is sealed with its offer, and gone with it."""
        return self.offer_id
