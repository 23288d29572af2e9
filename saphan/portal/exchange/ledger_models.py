"""Money that was given for one purpose: funds, their accounts, and postings whose lines sum up to zero. No payment is made here; it is written down."""

from typing import TYPE_CHECKING, ClassVar, Self
from uuid import UUID

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from saphan.access.actions import Action
from saphan.core.ids import new_id
from saphan.core.sealing import SealedField
from saphan.core.sensitivity import Sensitivity
from saphan.directory.models import Organisation
from saphan.portal.exchange.ledger_states import LEDGER_TONES, FundState, PostingState, ReceiptState
from saphan.portal.exchange.need_models import Campaign, Need
from saphan.portal.exchange.pledge_models import Pledge

if TYPE_CHECKING:
    from saphan.access.models import User

DIGITS = {"max_digits": 14, "decimal_places": 2}


class Currency(models.TextChoices):
    """What a fund is counted in. Nothing is ever converted: another currency is another fund."""

    BAHT = "THB", _("baht")
    DOLLAR = "USD", _("US dollars")
    EURO = "EUR", _("euros")


class Pot(models.TextChoices):
    """The five accounts of every fund. What is in all of them together is always zero."""

    GIVEN = "given", _("given by donors, promised or paid")  # the other side of every gift: below zero
    PLEDGED = "pledged", _("promised and not yet paid")
    FUND = "fund", _("received and not yet used")
    SPENT = "spent", _("spent for the purpose")
    RETURNED = "returned", _("given back to donors")


class Verb(models.TextChoices):
    """What a posting tells."""

    PROMISE = "promise", _("a donor promises")
    RELEASE = "release", _("a promise falls away")
    COLLECT = "collect", _("a promise is paid")
    RECEIVE = "receive", _("a gift comes in")
    SPEND = "spend", _("spent for the purpose")
    GIVE_BACK = "give_back", _("given back to the donor")
    MOVE = "move", _("moved to another fund by the donor's decision")
    REVERSE = "reverse", _("reversed")


FLOWS: dict[str, tuple[Pot, Pot]] = {  # out of which account into which; a reversal turns what it reverses
    Verb.PROMISE: (Pot.GIVEN, Pot.PLEDGED),
    Verb.RELEASE: (Pot.PLEDGED, Pot.GIVEN),
    Verb.COLLECT: (Pot.PLEDGED, Pot.FUND),
    Verb.RECEIVE: (Pot.GIVEN, Pot.FUND),
    Verb.SPEND: (Pot.FUND, Pot.SPENT),
    Verb.GIVE_BACK: (Pot.FUND, Pot.RETURNED),
    Verb.MOVE: (Pot.FUND, Pot.FUND),
}
INCOMING = frozenset({Verb.COLLECT, Verb.RECEIVE})


class FundQuerySet(models.QuerySet["Fund"]):
    """Many funds."""

    def visible_to(self, user: "User") -> Self:
        """Those of the user's organisation, and those of others in which something waits for a second person."""
        if Action.FUND_READ not in user.acts:
            return self.none()
        waiting = Posting.objects.filter(state=PostingState.WAITING).values("fund")
        decided = Decision.objects.filter(posting=None, dropped_at=None).values("fund")
        return self.filter(Q(org=user.org_id) | Q(pk__in=waiting) | Q(pk__in=decided))


class Fund(models.Model):
    """Money for one need or one campaign and for nothing else. Balance and promises are sums of lines, kept beside them so that the row guards them."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    reference = models.CharField(max_length=12, unique=True)
    org = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    need = models.OneToOneField(Need, models.PROTECT, null=True, blank=True, related_name="fund")
    campaign = models.OneToOneField(Campaign, models.PROTECT, null=True, blank=True, related_name="fund")
    currency = models.CharField(_("currency"), max_length=3, choices=Currency, default=Currency.BAHT)
    balance = models.DecimalField(**DIGITS, default=0)  # type: ignore[arg-type]  # digits and places are numbers
    promised = models.DecimalField(**DIGITS, default=0)  # type: ignore[arg-type]  # as above
    state = models.CharField(max_length=8, choices=FundState, default=FundState.OPEN)
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    opened_at = models.DateTimeField()
    closed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    closed_at = models.DateTimeField(null=True, blank=True)

    objects = FundQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(name="fund_state_known", condition=Q(state__in=FundState.values)),
            models.CheckConstraint(name="fund_never_below_zero", condition=Q(balance__gte=0, promised__gte=0)),
            models.CheckConstraint(name="fund_of_one_purpose", condition=Q(need=None, campaign__isnull=False) | Q(need__isnull=False, campaign=None)),
            models.CheckConstraint(name="fund_in_a_known_currency", condition=Q(currency__in=Currency.values)),
            models.CheckConstraint(
                name="fund_closed_when_empty",
                condition=Q(state=FundState.OPEN, closed_at=None, closed_by=None)
                | Q(state=FundState.CLOSED, closed_at__isnull=False, closed_by__isnull=False, balance=0, promised=0),
            ),
        ]
        indexes = [models.Index(name="fund_of_org", fields=["org", "state"])]

    def __str__(self) -> str:
        return self.reference

    @property
    def title(self) -> str:
        """What the money is for, in public words."""
        purpose = self.need or self.campaign
        return purpose.title if purpose else ""

    @property
    def tone(self) -> str:
        """The tone of its state on a page."""
        return LEDGER_TONES[self.state]


class Account(models.Model):
    """One of the five accounts of a fund."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    fund = models.ForeignKey(Fund, models.PROTECT, related_name="accounts")
    pot = models.CharField(max_length=8, choices=Pot)
    currency = models.CharField(max_length=3, choices=Currency)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="account_once_per_fund", fields=["fund", "pot"]),
            models.CheckConstraint(name="account_pot_known", condition=Q(pot__in=Pot.values)),
        ]


class PostingQuerySet(models.QuerySet["Posting"]):
    """Many postings."""

    def booked(self) -> Self:
        """Those that count."""
        return self.filter(state=PostingState.BOOKED)

    def waiting(self) -> Self:
        """Those that wait for a second person."""
        return self.filter(state=PostingState.WAITING)


class Posting(models.Model):
    """One act upon a fund. Its lines are written when it is booked, and never changed: what was wrong is reversed."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    reference = models.CharField(max_length=12, unique=True)
    fund = models.ForeignKey(Fund, models.PROTECT, related_name="postings")
    verb = models.CharField(_("what happened"), max_length=10, choices=Verb)
    amount = models.DecimalField(_("amount"), max_digits=14, decimal_places=2, validators=[MinValueValidator(0.01)])
    happened_on = models.DateField(_("on"))
    to_fund = models.ForeignKey(Fund, models.PROTECT, null=True, blank=True, related_name="+")
    reverses = models.OneToOneField("self", models.PROTECT, null=True, blank=True, related_name="reversal")
    pledge = models.ForeignKey(Pledge, models.PROTECT, null=True, blank=True, related_name="+")
    note = SealedField(Sensitivity.PLAN)
    state = models.CharField(max_length=8, choices=PostingState, default=PostingState.WAITING)
    needs_two = models.BooleanField(default=False)
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    written_at = models.DateTimeField()
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)

    objects = PostingQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(name="posting_state_known", condition=Q(state__in=PostingState.values)),
            models.CheckConstraint(name="posting_verb_known", condition=Q(verb__in=Verb.values)),
            models.CheckConstraint(name="posting_of_something", condition=Q(amount__gt=0)),
            models.CheckConstraint(
                name="posting_decided_iff_not_waiting",
                condition=Q(state=PostingState.WAITING, decided_by=None, decided_at=None)
                | (~Q(state=PostingState.WAITING) & Q(decided_by__isnull=False, decided_at__isnull=False)),
            ),
            models.CheckConstraint(
                name="posting_large_by_two", condition=Q(needs_two=False) | ~Q(state=PostingState.BOOKED) | ~Q(decided_by=F("written_by"))
            ),
            models.CheckConstraint(
                name="posting_moved_somewhere",
                condition=(Q(verb=Verb.MOVE, to_fund__isnull=False) & ~Q(to_fund=F("fund")))
                | Q(verb=Verb.REVERSE)
                | (~Q(verb__in=[Verb.MOVE, Verb.REVERSE]) & Q(to_fund=None)),
            ),
            models.CheckConstraint(
                name="posting_reversal_of_one", condition=Q(verb=Verb.REVERSE, reverses__isnull=False) | (~Q(verb=Verb.REVERSE) & Q(reverses=None))
            ),
        ]
        indexes = [models.Index(name="posting_of_fund", fields=["fund", "-happened_on"])]

    def __str__(self) -> str:
        return self.reference

    @property
    def sealed_scope(self) -> UUID:
        """Notes of one fund are sealed together."""
        return self.fund_id

    @property
    def tone(self) -> str:
        """The tone of its state on a page."""
        return LEDGER_TONES[self.state]


class Line(models.Model):
    """What a posting adds to or takes from one account. The database refuses to change or remove it."""

    id = models.BigAutoField(primary_key=True)
    posting = models.ForeignKey(Posting, models.PROTECT, related_name="lines")
    account = models.ForeignKey(Account, models.PROTECT, related_name="lines")
    amount = models.DecimalField(max_digits=14, decimal_places=2)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="line_once_per_account", fields=["posting", "account"]),
            models.CheckConstraint(name="line_of_something", condition=~Q(amount=0)),
        ]


class Will(models.TextChoices):
    """What a donor wants done with what is left of her gift."""

    GIVE_BACK = "give_back", _("give it back")
    MOVE = "move", _("use it for another need or campaign")


class Decision(models.Model):
    """What donors decided about money that is left: told by them, written down by one person, carried out by another."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    fund = models.ForeignKey(Fund, models.PROTECT, related_name="decisions")
    will = models.CharField(_("what the donor wants"), max_length=10, choices=Will)
    amount = models.DecimalField(_("amount"), max_digits=14, decimal_places=2)
    to_fund = models.ForeignKey(Fund, models.PROTECT, null=True, blank=True, related_name="+")
    told_on = models.DateField(_("told on"))
    note = SealedField(Sensitivity.PLAN)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()
    posting = models.OneToOneField(Posting, models.PROTECT, null=True, blank=True, related_name="decision")  # by which it was carried out
    dropped_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(name="decision_will_known", condition=Q(will__in=Will.values)),
            models.CheckConstraint(name="decision_of_something", condition=Q(amount__gt=0)),
            models.CheckConstraint(
                name="decision_moves_somewhere", condition=Q(will=Will.MOVE, to_fund__isnull=False) | (~Q(will=Will.MOVE) & Q(to_fund=None))
            ),
        ]
        ordering: ClassVar[list[str]] = ["recorded_at"]

    @property
    def sealed_scope(self) -> UUID:
        """Notes of one fund are sealed together."""
        return self.fund_id


class ReceiptSequence(models.Model):
    """The last number that an organisation has given in a year; the row is held while the next one is taken, so that none is left out."""

    org = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(name="receipts_one_sequence_a_year", fields=["org", "year"])]


class ReceiptQuerySet(models.QuerySet["Receipt"]):
    """Many receipts."""

    def visible_to(self, user: "User") -> Self:
        """Those of the user's organisation."""
        return self.filter(org=user.org_id) if Action.FUND_READ in user.acts else self.none()


class Receipt(models.Model):
    """What a donor gets for her books. It keeps its number when it is void; the name on it lies sealed."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    org = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    year = models.PositiveSmallIntegerField()
    number = models.PositiveIntegerField()
    reference = models.CharField(max_length=12, unique=True)
    posting = models.OneToOneField(Posting, models.PROTECT, related_name="receipt")
    name = SealedField(Sensitivity.IDENTITY)
    language = models.CharField(_("language"), max_length=5, choices=settings.LANGUAGES[:2], default="th")
    state = models.CharField(max_length=6, choices=ReceiptState, default=ReceiptState.VALID)
    issued_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    issued_at = models.DateTimeField()
    voided_at = models.DateTimeField(null=True, blank=True)

    objects = ReceiptQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="receipt_number_once", fields=["org", "year", "number"]),
            models.CheckConstraint(name="receipt_state_known", condition=Q(state__in=ReceiptState.values)),
            models.CheckConstraint(
                name="receipt_void_since",
                condition=Q(state=ReceiptState.VALID, voided_at=None) | Q(state=ReceiptState.VOID, voided_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.year}/{self.number:05d}"

    @property
    def sealed_scope(self) -> UUID:
        """A name is sealed with its receipt."""
        return self.pk
