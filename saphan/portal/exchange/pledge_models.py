"""What became of needs and offers: proposals, pledges and every step of a pledge."""

from decimal import Decimal
from typing import TYPE_CHECKING, ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from saphan.access.actions import Action
from saphan.core.ids import new_id
from saphan.portal.exchange.codes import Condition, Why
from saphan.portal.exchange.need_models import Hub, Need
from saphan.portal.exchange.offer_models import Offer
from saphan.portal.exchange.states import OUT, PROMISED, RECEIVED, TO_DO, TONES, MatchState, PledgeState

if TYPE_CHECKING:
    from saphan.access.models import User

P = PledgeState


class MatchQuerySet(models.QuerySet["Match"]):
    """Many proposals."""

    def visible_to(self, user: "User") -> Self:
        """All of them: whoever decides must not be the need's writer, so others must see them."""
        return self.all() if Action.EXCHANGE_OPEN in user.acts else self.none()

    def waiting(self) -> Self:
        """Those that nobody decided upon."""
        return self.filter(state=MatchState.PROPOSED)


class Match(models.Model):
    """A proposal to bring an offer to a need, with its reasons. A person decides; nothing is promised before."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    need = models.ForeignKey(Need, models.CASCADE, related_name="matches")
    offer = models.ForeignKey(Offer, models.CASCADE, related_name="matches")
    quantity = models.DecimalField(max_digits=12, decimal_places=2)  # in the need's unit
    cost = models.PositiveIntegerField(default=0)  # the lower, the better it fits
    parts = models.JSONField(default=dict)  # what the cost is made of, by name; the sentences of a page are made from it
    run = models.UUIDField(null=True, blank=True)  # which run of the matching proposed it; none when a person did
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    proposed_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=MatchState, default=MatchState.PROPOSED)
    why = models.CharField(max_length=12, choices=Why, blank=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)

    objects = MatchQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(name="match_state_known", condition=Q(state__in=MatchState.values)),
            models.CheckConstraint(name="match_of_something", condition=Q(quantity__gt=0)),
            models.CheckConstraint(name="match_run_or_person", condition=Q(run=None, proposed_by__isnull=False) | Q(run__isnull=False)),
            models.CheckConstraint(
                name="match_decided_by_a_person",
                condition=~Q(state__in=[MatchState.ACCEPTED, MatchState.DECLINED]) | Q(decided_by__isnull=False, decided_at__isnull=False),
            ),
            models.CheckConstraint(
                name="match_decided_by_another", condition=Q(decided_by=None) | Q(proposed_by=None) | ~Q(decided_by=F("proposed_by"))
            ),
            models.UniqueConstraint(name="match_proposed_once", fields=["need", "offer"], condition=Q(state=MatchState.PROPOSED)),
        ]
        indexes = [models.Index(name="match_waiting", fields=["state", "-proposed_at"])]

    @property
    def tone(self) -> str:
        """The tone of its state on a page."""
        return TONES[self.state]


class PledgeQuerySet(models.QuerySet["Pledge"]):
    """Many pledges."""

    def visible_to(self, user: "User") -> Self:
        """Those to needs of the user's organisation."""
        return self.filter(need__org=user.org_id) if Action.EXCHANGE_OPEN in user.acts else self.none()

    def to_do(self) -> Self:
        """Those with which a coordinator still has something to do, and those with which a donor did something that nobody has seen yet."""
        return self.filter(Q(state__in=TO_DO) | Q(unseen=True))

    def counted(self) -> Self:
        """Those whose quantity stands in the need's and the offer's sums."""
        return self.filter(state__in=PROMISED)


class Pledge(models.Model):
    """A donor's promise of an amount to a need. `quantity` is in the need's unit, `taken` in the offer's."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    reference = models.CharField(max_length=12, unique=True)
    need = models.ForeignKey(Need, models.PROTECT, related_name="pledges")
    offer = models.ForeignKey(Offer, models.PROTECT, related_name="pledges")
    match = models.OneToOneField(Match, models.PROTECT, null=True, blank=True, related_name="pledge")
    quantity = models.DecimalField(max_digits=12, decimal_places=2)
    taken = models.DecimalField(max_digits=12, decimal_places=2)
    arrived = models.DecimalField(max_digits=12, decimal_places=2, null=True, blank=True)  # as counted; then `quantity` says the same
    condition = models.CharField(max_length=8, choices=Condition, blank=True)
    state = models.CharField(max_length=12, choices=PledgeState, default=PledgeState.PLEDGED)
    why = models.CharField(max_length=12, choices=Why, blank=True)
    hub = models.ForeignKey(Hub, models.PROTECT, null=True, blank=True, related_name="+")
    pledged_at = models.DateTimeField()
    lapses_on = models.DateField(null=True, blank=True)
    scheduled_on = models.DateField(null=True, blank=True)
    wished_on = models.DateField(null=True, blank=True)  # another day that the donor asked for by her link; a coordinator agrees it, or another
    unseen = models.BooleanField(default=False)  # the donor has done something by herself, and nobody of the organisation has looked at it yet
    told_at = models.DateTimeField(null=True, blank=True)  # when a coordinator opened the hub's place to tell the donor
    delivered_at = models.DateTimeField(null=True, blank=True)
    confirmed_at = models.DateTimeField(null=True, blank=True)
    thanked_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    objects = PledgeQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(name="pledge_state_known", condition=Q(state__in=PledgeState.values)),
            models.CheckConstraint(name="pledge_of_something", condition=Q(quantity__gt=0, taken__gt=0)),
            models.CheckConstraint(
                name="pledge_counted_iff_received",
                condition=(Q(state__in=RECEIVED, arrived__isnull=False, confirmed_at__isnull=False) & ~Q(condition=""))
                | (~Q(state__in=RECEIVED) & Q(arrived=None, confirmed_at=None)),
            ),
            models.CheckConstraint(
                name="pledge_scheduled_with_a_day",
                condition=~Q(state__in=[P.SCHEDULED, P.DELIVERED, P.QUARANTINED, *sorted(RECEIVED)]) | Q(scheduled_on__isnull=False),
            ),
            models.CheckConstraint(name="pledge_out_iff_why", condition=(Q(state__in=OUT) & ~Q(why="")) | (~Q(state__in=OUT) & Q(why=""))),
        ]
        indexes = [
            models.Index(name="pledge_of_need", fields=["need", "state"]),
            models.Index(name="pledge_lapsing", fields=["state", "lapses_on"]),
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def tone(self) -> str:
        """The tone of its state on a page."""
        return TONES[self.state]


class PledgeEvent(models.Model):
    """One step of a pledge: never changed."""

    id = models.BigAutoField(primary_key=True)
    pledge = models.ForeignKey(Pledge, models.CASCADE, related_name="events")
    verb = models.CharField(max_length=12)
    after = models.CharField(max_length=12, choices=PledgeState)
    quantity = models.DecimalField(max_digits=12, decimal_places=2, default=Decimal(0))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")  # none: the donor or the system
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar[list[str]] = ["at", "id"]
