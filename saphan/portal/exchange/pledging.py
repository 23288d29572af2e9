"""Where something is promised: once, under the locks of need and offer, and never beyond either of them."""

from datetime import datetime, timedelta
from decimal import Decimal
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from saphan.access.actions import Action
from saphan.access.models import User
from saphan.access.policy import require
from saphan.audit.services import record
from saphan.core.errors import DomainError, Invalid, NotFound
from saphan.core.ids import new_reference
from saphan.portal.exchange import letters
from saphan.portal.exchange.codes import Why
from saphan.portal.exchange.models import Match, Need, Offer, Pledge, PledgeEvent
from saphan.portal.exchange.needs import locked_need, settle
from saphan.portal.exchange.offers import locked_offer
from saphan.portal.exchange.sources import shown_soon
from saphan.portal.exchange.states import MATCH_LIFE, PLEDGING, MatchState, NeedState, OfferState
from saphan.portal.exchange.trust import doubt_about, first_room, has_let_lapse, is_new
from saphan.portal.exchange.units import WHOLE, at_least, at_most, same_family

LAPSES_AFTER = timedelta(days=14)  # a pledge for which nobody agreed a day
FIRST_LAPSES_AFTER = timedelta(days=4)  # the same, promised by herself from an address of which nothing has ever arrived


class NothingLeft(DomainError):
    """Somebody else was faster: the need, or the offer, holds no more (409)."""


@transaction.atomic
def pledge_from_offer(*, offer_id: UUID, need_id: UUID, at: datetime) -> Pledge:
    """A donor promises by herself to a need that asks for no vetting: what she offers, or as much as is still missing.

    From an address of which nothing has ever arrived it holds a part of a greater need only, stands for a shorter time, and not again
    once it has lapsed: whoever types addresses must not keep a need away from others. Raises NothingLeft when others have promised
    the last of it, Invalid where this address may promise no more of it by itself.
    """
    need = locked_need(need_id)
    offer = locked_offer(offer_id)
    if offer.state not in PLEDGING or not same_family(need.unit, offer.unit) or need.kind != offer.kind or need.item != offer.item:
        raise Invalid(_("This offer cannot be promised to this need."))
    if not need.takes_promises:
        raise NothingLeft(_("Others were faster: nothing is missing here any more."))
    first = is_new(offer)
    if first and has_let_lapse(offer, need):
        raise Invalid(_("Your promise for this need has lapsed before. Your offer stands: a coordinator can bring the two together again."))
    quantity, room = at_most(offer.left, offer.unit, need.unit), first_room(offer, need)
    if room is not None:
        if room <= 0:
            raise Invalid(
                _(
                    "You hold as much of this need as a first promise may. The rest of your offer waits, until something of yours has arrived or a coordinator has looked at it."
                )
            )
        quantity = min(quantity, room)
    if not need.allow_overflow:
        quantity = min(quantity, need.missing)
    pledge = _promise(need, offer, quantity, at=at, by=None, stands=FIRST_LAPSES_AFTER if first else LAPSES_AFTER)
    letters.tell_coordinators("promised", pledge)
    record(by=None, action="exchange:pledge", target=pledge, at=at)
    return pledge


def outcome_of(pledge: Pledge) -> str:
    """What a donor is told of her promise, in a word: all of it, as much as a first promise may hold, or what others had left."""
    offer, need = pledge.offer, pledge.need
    if pledge.taken == offer.quantity:
        return "promised"
    return "first" if need.missing and first_room(offer, need) == 0 else "partly"


@transaction.atomic
def propose_match(*, need_id: UUID, offer_id: UUID, quantity: Decimal, by: User, at: datetime) -> Match:
    """A coordinator brings an offer to a need by hand; another person decides."""
    require(by, Action.MATCH_PROPOSE)
    need, offer = locked_need(need_id), locked_offer(offer_id)
    _refuse_unfit(need, offer, quantity, at)
    match = Match.objects.filter(need=need, offer=offer, state=MatchState.PROPOSED).first()
    if match is not None:
        raise Invalid(_("This is proposed already and waits for a decision."))
    match = Match.objects.create(need=need, offer=offer, quantity=quantity, parts={"by_hand": True}, proposed_by=by, proposed_at=at)
    record(by=by, action=Action.MATCH_PROPOSE, target=match, at=at)
    return match


@transaction.atomic
def accept_match(*, match_id: UUID, quantity: Decimal | None = None, by: User, at: datetime) -> Pledge:
    """A person says yes to a proposal, wholly or in part: from now on it is promised. Raises NothingLeft or Invalid with nothing changed."""
    need_id, offer_id = _ends_of(match_id)
    need, offer = locked_need(need_id), locked_offer(offer_id)
    match = _locked_match(match_id)
    require(by, Action.MATCH_DECIDE, match)
    wanted = match.quantity if quantity is None else quantity
    _refuse_unfit(need, offer, wanted, at)
    match.state, match.decided_by, match.decided_at = MATCH_LIFE.target("accept", match.state), by, at
    match.save(update_fields=["state", "decided_by", "decided_at"])
    pledge = _promise(need, offer, wanted, at=at, by=by, match=match)
    letters.tell_pledge("matched", pledge)
    record(by=by, action=Action.MATCH_DECIDE, target=match, at=at, purpose="accepted")
    return pledge


@transaction.atomic
def decline_match(*, match_id: UUID, why: str, by: User, at: datetime) -> Match:
    """A person says no, and why."""
    match = _locked_match(match_id)
    require(by, Action.MATCH_DECIDE, match)
    match.state, match.decided_by, match.decided_at, match.why = MATCH_LIFE.target("decline", match.state), by, at, why
    match.save(update_fields=["state", "decided_by", "decided_at", "why"])
    record(by=by, action=Action.MATCH_DECIDE, target=match, at=at, purpose="declined", fields=["why"])
    return match


def _refuse_unfit(need: Need, offer: Offer, quantity: Decimal, at: datetime) -> None:
    """What no coordinator may overrule: kind and unit, an offer two persons opened, and clearance where survivors would be met."""
    if need.kind != offer.kind or not same_family(need.unit, offer.unit):
        raise Invalid(_("Kind and unit of need and offer do not fit together."))
    if offer.state != OfferState.OPEN:
        raise Invalid(_("This offer is not open: two persons must have looked at it."))
    if quantity <= 0:
        raise Invalid(fields={"quantity": _("Choose an amount above zero.")})
    if need.unit in WHOLE and quantity != quantity.to_integral_value():
        raise Invalid(fields={"quantity": _("Only whole amounts of this unit can be brought.")})
    if doubt := doubt_about(need, offer, at.date()):
        raise Invalid(doubt)


def _promise(
    need: Need, offer: Offer, quantity: Decimal, *, at: datetime, by: User | None, match: Match | None = None, stands: timedelta = LAPSES_AFTER
) -> Pledge:
    """Adds to both sums and writes the pledge. Both rows are held by the caller; the constraints of the database stand behind them."""
    taken = at_least(quantity, need.unit, offer.unit) if quantity > 0 else Decimal(0)
    if need.state != NeedState.OPEN or quantity <= 0 or (quantity > need.missing and not need.allow_overflow):
        raise NothingLeft(_("Others were faster: so much is not missing here any more."))
    if taken > offer.left:
        raise NothingLeft(_("So much of this offer is not left any more."))
    need.promised += quantity
    settle(need)
    offer.promised += taken
    pledge = Pledge(
        reference=new_reference("P"), need=need, offer=offer, match=match, quantity=quantity, taken=taken, hub=need.hub, pledged_at=at,
        lapses_on=(at + stands).date(), unseen=by is None,
    )  # fmt: skip
    need.save(update_fields=["promised", "state"])
    offer.save(update_fields=["promised"])
    pledge.save(force_insert=True)
    note_step(pledge, "pledge", by=by, at=at)
    shown_soon(need)
    return pledge


def note_step(pledge: Pledge, verb: str, *, by: User | None, at: datetime) -> None:
    """One line of the pledge's story."""
    PledgeEvent.objects.create(pledge=pledge, verb=verb, after=pledge.state, quantity=pledge.quantity, by=by, at=at)


def give_back(need: Need, offer: Offer, *, quantity: Decimal, taken: Decimal) -> None:
    """Takes an amount out of both sums: it may be promised again. Both rows are held by the caller."""
    need.promised -= quantity
    offer.promised -= taken
    settle(need)
    need.save(update_fields=["promised", "state"])
    offer.save(update_fields=["promised"])
    shown_soon(need)


def promise_again(need: Need, offer: Offer, pledge: Pledge) -> None:
    """Puts a lapsed pledge's amounts back into both sums. Raises NothingLeft when they were promised to others meanwhile."""
    if need.state != NeedState.OPEN or (pledge.quantity > need.missing and not need.allow_overflow) or pledge.taken > offer.left:
        raise NothingLeft(_("What lapsed was promised by others meanwhile."))
    need.promised += pledge.quantity
    offer.promised += pledge.taken
    settle(need)
    need.save(update_fields=["promised", "state"])
    offer.save(update_fields=["promised"])
    shown_soon(need)


@transaction.atomic
def expire_match(*, match_id: UUID, at: datetime) -> bool:
    """A proposal whose need or offer is no longer open is superseded. False when somebody has decided."""
    match = _locked_match(match_id)
    if match.state != MatchState.PROPOSED:
        return False
    match.state, match.decided_at, match.why = MATCH_LIFE.target("expire", match.state), at, Why.TIME
    match.save(update_fields=["state", "decided_at", "why"])
    return True


def _ends_of(match_id: UUID) -> tuple[UUID, UUID]:
    found = Match.objects.filter(pk=match_id).values_list("need_id", "offer_id").first()
    if found is None:
        raise NotFound
    return found


def _locked_match(match_id: UUID) -> Match:
    match = Match.objects.select_for_update(of=("self",)).select_related("need", "offer").filter(pk=match_id).first()
    if match is None:
        raise NotFound
    return match
