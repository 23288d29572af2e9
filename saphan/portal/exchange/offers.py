"""Acts on offers: asked without an account, confirmed by one button, looked at by two persons, withdrawn and erased by the donor herself."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from saphan.access.actions import Action
from saphan.access.models import User
from saphan.access.policy import require
from saphan.audit.services import record
from saphan.core.errors import Invalid, NotFound, WrongState
from saphan.core.ids import new_reference
from saphan.core.sealing import seal, shred, unseal
from saphan.portal.doorway.holder import PORTAL
from saphan.portal.doorway.marks import mark_of
from saphan.portal.exchange import letters
from saphan.portal.exchange.codes import ITEMS_OF, NEEDED_CHECKS, UNITS_OF, Check, Tier
from saphan.portal.exchange.models import Offer, Pledge, Safeguarding, Thanks
from saphan.portal.exchange.states import AWAITED, LIVE_OFFER, OFFER_LIFE, ON_ITS_WAY, PROMISED, OfferState
from saphan.portal.exchange.units import WHOLE

CONFIRM_WITHIN = timedelta(days=7)
STANDS = timedelta(days=365)  # an offer without a last day, after its donor or the work on it last said that it stands
AT_WORK_BY_ONE = 5  # unconfirmed offers with one address at a time: nobody is buried in letters of ours
CONTACT = ("name", "email", "phone", "message")
HOLDS = (*CONTACT, "new_email")  # everything of an offer that tells who somebody is
BACK_AT_MOST = timedelta(days=366)  # "available since" may lie in the past; a day before that is a slip of the keyboard


@dataclass(frozen=True)
class OfferFacts:
    """What a donor tells. Name, ways to reach her and message are sealed at once."""

    donor_kind: str
    name: str
    email: str
    kind: str
    item: str
    quantity: Decimal
    unit: str
    province_id: str
    from_on: date
    language: str
    phone: str = ""
    message: str = ""
    until_on: date | None = None
    reach_km: int = 50
    languages: Sequence[str] = ()
    meets: bool = False
    need_id: UUID | None = None


@dataclass(frozen=True)
class Contact:
    """Who offers, opened for one look."""

    name: str
    email: str
    phone: str
    message: str


@transaction.atomic
def ask(*, facts: OfferFacts, at: datetime) -> Offer:
    """Takes an offer from the public form and sends the letter with the link to confirm it. Nobody works on it before that."""
    offer = Offer(reference=new_reference("O"), asked_at=at)
    _fill(offer, facts, at)
    offer.email_mark = mark_of("exchange", facts.email) if facts.email else ""
    if facts.email and Offer.objects.filter(email_mark=offer.email_mark, state=OfferState.ASKED).count() >= AT_WORK_BY_ONE:
        raise Invalid(fields={"email": _("Several offers with this address wait for their confirmation. Look for our letters first.")})
    seal(
        offer,
        org=PORTAL,
        name=facts.name.strip(),
        email=facts.email.strip(),
        phone=facts.phone.strip() or None,
        message=facts.message.strip() or None,
    )
    offer.save(force_insert=True)
    letters.tell_offer("confirm", offer)
    record(by=None, action="exchange:ask", target=offer, at=at)
    return offer


@transaction.atomic
def record_offer(*, facts: OfferFacts, by: User, at: datetime) -> Offer:
    """A coordinator writes down what a donor offered by telephone or in person: confirmed, since somebody spoke with her."""
    require(by, Action.OFFER_RECORD)
    offer = Offer(reference=new_reference("O"), asked_at=at, confirmed_at=at, stands_since=at)
    _fill(offer, facts, at)
    offer.state = OFFER_LIFE.target("confirm", OfferState.ASKED)
    offer.email_mark = mark_of("exchange", facts.email) if facts.email else ""
    sealed = {name: getattr(facts, name).strip() or None for name in CONTACT}
    seal(offer, org=PORTAL, **sealed)
    offer.save(force_insert=True)
    record(by=by, action=Action.OFFER_RECORD, target=offer, at=at, fields=[name for name, text in sealed.items() if text])
    return offer


def _fill(offer: Offer, facts: OfferFacts, at: datetime) -> None:
    for name in ("donor_kind", "kind", "item", "quantity", "unit", "province_id", "from_on", "until_on", "reach_km", "meets", "need_id", "language"):
        setattr(offer, name, getattr(facts, name))
    offer.languages = list(facts.languages)
    wrong = {}
    if facts.item not in ITEMS_OF.get(facts.kind, ()):
        wrong["item"] = _("This does not belong to the kind that you chose.")
    if facts.unit not in UNITS_OF.get(facts.kind, ()):
        wrong["unit"] = _("This unit does not belong to the kind that you chose.")
    elif facts.unit in WHOLE and facts.quantity != facts.quantity.to_integral_value():
        wrong["quantity"] = _("Only whole amounts of this unit can be brought.")
    if facts.quantity <= 0:
        wrong["quantity"] = _("Choose an amount above zero.")
    if facts.from_on < at.date() - BACK_AT_MOST:
        wrong["from_on"] = _("This day lies more than a year back.")
    if facts.until_on and facts.until_on < facts.from_on:
        wrong["until_on"] = _("This day lies before the first one.")
    if wrong:
        raise Invalid(fields=wrong)


@transaction.atomic
def confirm_address(*, offer_id: UUID, at: datetime) -> Offer:
    """The donor pressed the button on the page that our letter led to. The link works once; afterwards she has the page of her offer."""
    offer = locked_offer(offer_id)
    offer.state, offer.confirmed_at, offer.stands_since = OFFER_LIFE.target("confirm", offer.state), at, at
    offer.save(update_fields=["state", "confirmed_at", "stands_since"])
    letters.tell_offer("received", offer)
    record(by=None, action="exchange:confirm_offer", target=offer, at=at)
    return offer


@transaction.atomic
def vet(*, offer_id: UUID, tier: int, by: User, at: datetime) -> Offer:
    """One person has looked at the offer and says how well the donor is known. Raises Invalid where a check for that is missing or has run out."""
    offer = locked_offer(offer_id)
    require(by, Action.OFFER_VET, None)
    missing = NEEDED_CHECKS[tier] - valid_checks(offer, at.date())
    if missing:
        raise Invalid(
            fields={"tier": _("For this, a valid check is missing: %(checks)s.") % {"checks": ", ".join(str(c.label) for c in sorted(missing))}}
        )
    if offer.state == OfferState.OPEN:
        raise WrongState(_("This offer is open already. Pause it first."))
    offer.state = OFFER_LIFE.target("vet", offer.state)
    offer.tier, offer.vetted_by, offer.opened_by = tier, by, None
    offer.save(update_fields=["state", "tier", "vetted_by", "opened_by"])
    record(by=by, action=Action.OFFER_VET, target=offer, at=at, fields=["tier"])
    return offer


@transaction.atomic
def open_offer(*, offer_id: UUID, by: User, at: datetime) -> Offer:
    """A second person agrees: the offer may be matched."""
    offer = locked_offer(offer_id)
    require(by, Action.OFFER_VET, offer)
    offer.state, offer.opened_by = OFFER_LIFE.target("open", offer.state), by
    offer.save(update_fields=["state", "opened_by"])
    record(by=by, action=Action.OFFER_VET, target=offer, at=at, purpose="open")
    return offer


@transaction.atomic
def steer_offer(*, offer_id: UUID, verb: str, by: User, at: datetime) -> Offer:
    """Pauses, resumes, refuses or closes an offer. Raises Invalid while something of it is still to be brought."""
    offer = locked_offer(offer_id)
    require(by, Action.OFFER_STEER, offer)
    if OFFER_LIFE.moves[verb].action != Action.OFFER_STEER:
        raise NotFound
    if verb in ("refuse", "close") and offer.pledges.filter(state__in=AWAITED).exists():
        raise Invalid(_("Something of it is promised and has not arrived. Settle those pledges first."))
    offer.state = OFFER_LIFE.target(verb, offer.state)
    if verb == "resume":
        offer.vetted_by = offer.opened_by = None
    if offer.state not in LIVE_OFFER:
        offer.ended_at = at
    offer.save(update_fields=["state", "ended_at", "vetted_by", "opened_by"])
    if verb == "refuse":
        letters.tell_offer("refused", offer)
    record(by=by, action=Action.OFFER_STEER, target=offer, at=at, purpose=verb)
    return offer


@transaction.atomic
def change_amount(*, offer_id: UUID, quantity: Decimal, until_on: date | None, reach_km: int, at: datetime) -> Offer:
    """The donor changes her own offer by her link. An opened offer is looked at anew."""
    offer = locked_offer(offer_id)
    if quantity < offer.promised or quantity <= 0:
        raise Invalid(
            fields={"quantity": _("%(promised)s are promised already. To give less, take a promise back first.") % {"promised": offer.promised}}
        )
    if offer.unit in WHOLE and quantity != quantity.to_integral_value():
        raise Invalid(fields={"quantity": _("Only whole amounts of this unit can be brought.")})
    if until_on and until_on < max(offer.from_on, at.date()):
        sentence = _("This day has passed.") if until_on < at.date() else _("This day lies before the first one.")
        raise Invalid(fields={"until_on": sentence})
    offer.state = OFFER_LIFE.target("change", offer.state)
    offer.quantity, offer.until_on, offer.reach_km, offer.vetted_by, offer.opened_by = quantity, until_on, reach_km, None, None
    offer.stands_since = at
    offer.version += 1
    offer.save(update_fields=["state", "quantity", "until_on", "reach_km", "vetted_by", "opened_by", "stands_since", "version"])
    record(by=None, action="exchange:change_offer", target=offer, at=at, fields=["quantity", "until_on", "reach_km"])
    return offer


@transaction.atomic
def withdraw(*, offer_id: UUID, at: datetime) -> Offer:
    """The donor takes her offer back. Promises of it that have not arrived must be given up first (`chain.give_up`)."""
    offer = locked_offer(offer_id)
    if offer.pledges.filter(state__in=AWAITED).exists():
        raise Invalid(_("Something of it is promised and has not arrived. Take those promises back first."))
    offer.state, offer.ended_at = OFFER_LIFE.target("withdraw", offer.state), at
    offer.save(update_fields=["state", "ended_at"])
    record(by=None, action="exchange:withdraw_offer", target=offer, at=at)
    return offer


@transaction.atomic
def erase(*, offer_id: UUID, at: datetime) -> Offer:
    """Destroys the keys of who the donor is, for good; amounts stay, since others have counted them. The offer must be over."""
    offer = locked_offer(offer_id)
    if offer.state in LIVE_OFFER or offer.pledges.filter(state__in=ON_ITS_WAY).exists():
        raise Invalid(_("Withdraw the offer first; what is on its way must have arrived or been taken back."))
    if offer.erased_at is None:
        shred(offer.sealed_scope, at=at)
        Thanks.objects.filter(offer=offer).delete()
        for name in HOLDS:
            setattr(offer, name, None)
        offer.email_mark, offer.erased_at = "", at
        offer.save(update_fields=[*HOLDS, "email_mark", "erased_at"])
        record(by=None, action="exchange:erase_offer", target=offer, at=at, fields=CONTACT)
    return offer


@transaction.atomic
def expire_unconfirmed(*, offer_id: UUID, at: datetime) -> bool:
    """Nobody pressed the button in time: the offer ends and what it held of a person is destroyed."""
    offer = locked_offer(offer_id)
    if offer.state != OfferState.ASKED or offer.asked_at + CONFIRM_WITHIN >= at:
        return False
    offer.state, offer.ended_at = OFFER_LIFE.target("expire", offer.state), at
    offer.save(update_fields=["state", "ended_at"])
    erase(offer_id=offer.pk, at=at)
    return True


@transaction.atomic
def end_offer(*, offer_id: UUID, at: datetime) -> bool:
    """Its last day has passed, or its donor has not said for long that it stands: it ends, and she is told. False when it moved on meanwhile.

    What is still on its way keeps it alive.
    """
    offer = locked_offer(offer_id)
    if offer.state not in OFFER_LIFE.moves["end"].sources or not is_past(offer, at) or offer.pledges.filter(state__in=ON_ITS_WAY).exists():
        return False
    offer.state, offer.ended_at = OFFER_LIFE.target("end", offer.state), at
    offer.save(update_fields=["state", "ended_at"])
    letters.tell_offer("ended", offer)
    record(by=None, action="exchange:end_offer", target=offer, at=at)
    return True


def is_past(offer: Offer, at: datetime) -> bool:
    """Whether its own last day has passed, or, since the donor and the work on it last said that it stands, more than `STANDS` has."""
    if offer.until_on is not None and offer.until_on < at.date():
        return True
    last = max(filter(None, (offer.stands_since, offer.confirmed_at, offer.asked_at)))
    return last < at - STANDS and not offer.pledges.filter(events__at__gte=at - STANDS).exists()


@transaction.atomic
def read_contact(*, offer: Offer, by: User, at: datetime) -> Contact:
    """Opens name, ways to reach and message to a coordinator; recorded."""
    require(by, Action.OFFER_CONTACT, offer)
    opened = unseal(offer, *CONTACT, org=PORTAL)
    record(by=by, action=Action.OFFER_CONTACT, target=offer, at=at, fields=CONTACT)
    return Contact(**{name: opened[name] or "" for name in CONTACT})


@transaction.atomic
def record_check(*, offer_id: UUID, kind: str, result: str, done_on: date, expires_on: date, by: User, at: datetime) -> Safeguarding:
    """Writes down what a check found; it counts once a second person has confirmed it."""
    offer = locked_offer(offer_id)
    require(by, Action.SAFEGUARD_RECORD, offer)
    if done_on > at.date():
        raise Invalid(fields={"done_on": _("This day lies in the future.")})
    if expires_on < done_on:
        raise Invalid(fields={"expires_on": _("This day lies before the first one.")})
    found = Safeguarding.objects.create(
        offer=offer, check_kind=kind, result=result, done_on=done_on, expires_on=expires_on, recorded_by=by, recorded_at=at
    )
    record(by=by, action=Action.SAFEGUARD_RECORD, target=found, at=at, fields=["check_kind", "result"])
    return found


@transaction.atomic
def confirm_check(*, check_id: UUID, by: User, at: datetime) -> Safeguarding:
    """A second person has seen the paper too."""
    found = Safeguarding.objects.select_for_update(of=("self",)).filter(pk=check_id).first()
    if found is None:
        raise NotFound
    require(by, Action.SAFEGUARD_CONFIRM, found)
    if found.confirmed_by_id is not None:
        raise WrongState(_("This check is confirmed already."))
    found.confirmed_by, found.confirmed_at = by, at
    found.save(update_fields=["confirmed_by", "confirmed_at"])
    record(by=by, action=Action.SAFEGUARD_CONFIRM, target=found, at=at)
    return found


def valid_checks(offer: Offer, day: date) -> set[Check]:
    """The checks of this donor that count on a day. One that failed after it passed takes the earlier one's worth away."""
    valid = set(offer.checks.valid(day).values_list("check_kind", flat=True))
    failed = set(offer.checks.filter(result="failed").values_list("check_kind", flat=True))
    return {Check(kind) for kind in valid - failed}


def is_cleared(offer: Offer, day: date) -> bool:
    """Whether this donor may meet survivors on this day: the highest tier, and every check valid."""
    return offer.tier == Tier.CLEARED and not (NEEDED_CHECKS[Tier.CLEARED] - valid_checks(offer, day))


def promised_of(offer: Offer) -> list[Pledge]:
    """What of it is promised, or has arrived."""
    return list(offer.pledges.filter(state__in=PROMISED).select_related("need", "need__province").order_by("pledged_at"))


def locked_offer(offer_id: UUID) -> Offer:
    """The offer, held until the transaction ends. Raises NotFound."""
    offer = Offer.objects.select_for_update(of=("self",)).filter(pk=offer_id).first()
    if offer is None:
        raise NotFound
    return offer
