"""The chain of a pledge: a day is agreed, it arrives at the hub, it is counted, the donor is thanked; and every way out of it."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from saphan.access.actions import Action
from saphan.access.models import User
from saphan.access.policy import require
from saphan.audit.services import record
from saphan.core.errors import Invalid, NotFound
from saphan.portal.exchange import letters
from saphan.portal.exchange.codes import Condition, Kind, Why
from saphan.portal.exchange.models import Need, Offer, Pledge
from saphan.portal.exchange.needs import locked_need, settle
from saphan.portal.exchange.offers import locked_offer
from saphan.portal.exchange.pledging import LAPSES_AFTER, give_back, note_step, promise_again
from saphan.portal.exchange.sources import shown_soon
from saphan.portal.exchange.states import AWAITED, PLEDGE_LIFE, PledgeState
from saphan.portal.exchange.trust import doubt_about
from saphan.portal.exchange.units import WHOLE, at_least

OVERDUE = timedelta(days=7)  # after the agreed day


@transaction.atomic
def schedule(*, pledge_id: UUID, day: date, by: User, at: datetime) -> Pledge:
    """Agrees a day with the donor, or another one. The hub is told by telephone, never in the letter.

    Raises Invalid when the donor may not come on that day: her offer is paused, or a check has failed or will have run out.
    """
    need, offer, pledge = _held(pledge_id)
    require(by, Action.PLEDGE_STEER, pledge)
    if day < at.date():
        raise Invalid(fields={"day": _("This day has passed.")})
    _refuse_doubtful(need, offer, day)
    _send_to_the_present_hub(need, pledge)
    pledge.scheduled_on, pledge.lapses_on, pledge.wished_on = day, day + OVERDUE, None
    _step(pledge, "schedule", by, at, "scheduled_on", "lapses_on", "wished_on", "hub", "told_at")
    letters.tell_pledge("scheduled", pledge, of=f"{day.isoformat()} {pledge.version}")
    record(by=by, action=Action.PLEDGE_STEER, target=pledge, at=at, purpose="schedule")
    return pledge


def _refuse_doubtful(need: Need, offer: Offer, day: date) -> None:
    if doubt := doubt_about(need, offer, day):
        raise Invalid(doubt)


def _send_to_the_present_hub(need: Need, pledge: Pledge) -> None:
    """The need may have another hub than on the day of the promise: the donor is then told the new place."""
    if pledge.hub_id != need.hub_id:
        pledge.hub, pledge.told_at = need.hub, None
    if pledge.hub is None and need.kind == Kind.GOODS:
        raise Invalid(_("The need has no hub: donors must not come to a shelter. Give the need a hub first."))
    if pledge.hub is not None and pledge.hub.ended_at is not None:
        raise Invalid(_("The hub of this need was given up. Give the need another hub first."))


@transaction.atomic
def deliver(*, pledge_id: UUID, by: User, at: datetime) -> Pledge:
    """It has arrived at the hub and waits to be counted. Raises Invalid when the donor was not allowed to come any more."""
    need, offer, pledge = _held(pledge_id)
    require(by, Action.PLEDGE_RECEIVE, pledge)
    _refuse_doubtful(need, offer, at.date())
    pledge.delivered_at, pledge.lapses_on = at, None
    _step(pledge, "deliver", by, at, "delivered_at", "lapses_on")
    record(by=by, action=Action.PLEDGE_RECEIVE, target=pledge, at=at, purpose="deliver")
    return pledge


@transaction.atomic
def confirm(*, pledge_id: UUID, arrived: Decimal, condition: str, by: User, at: datetime) -> Pledge:
    """Counts what arrived. What is missing of the promise may be promised by others again; more counts only as far as the need has room."""
    need, offer, pledge = _held(pledge_id)
    require(by, Action.PLEDGE_RECEIVE, pledge)
    state = PLEDGE_LIFE.target("confirm", pledge.state)
    _refuse_wrong_count(need, pledge, arrived, condition)
    before, taken_before = pledge.quantity, pledge.taken
    # A donor who brings more than she offered has given more: what is taken never exceeds what the offer holds.
    taken = min(at_least(arrived, need.unit, offer.unit), offer.left + taken_before)
    pledge.quantity, pledge.taken, pledge.arrived, pledge.condition = arrived, taken, arrived, condition
    need.promised += arrived - before
    need.received += arrived
    offer.promised += taken - taken_before
    settle(need)
    need.save(update_fields=["promised", "received", "state"])
    offer.save(update_fields=["promised"])
    pledge.state, pledge.confirmed_at, pledge.unseen = state, at, False
    pledge.save(update_fields=["quantity", "taken", "arrived", "condition", "state", "confirmed_at", "unseen"])
    note_step(pledge, "confirm", by=by, at=at)
    shown_soon(need)
    record(by=by, action=Action.PLEDGE_RECEIVE, target=pledge, at=at, purpose="confirm", fields=["arrived", "condition"])
    return pledge


def _refuse_wrong_count(need: Need, pledge: Pledge, arrived: Decimal, condition: str) -> None:
    if arrived <= 0:
        raise Invalid(fields={"arrived": _("Nothing arrived? Then say that it failed, or give it back.")})
    if need.unit in WHOLE and arrived != arrived.to_integral_value():
        raise Invalid(fields={"arrived": _("Only whole amounts of this unit can be counted.")})
    if arrived - pledge.quantity > need.missing and not need.allow_overflow:
        raise Invalid(fields={"arrived": _("More arrived than is needed. Count what is needed and give the rest back, or allow more in the need.")})
    if condition == Condition.UNFIT:
        raise Invalid(fields={"condition": _("What is unfit is not counted: give it back, or set it apart.")})


@transaction.atomic
def not_there(*, pledge_id: UUID, by: User, at: datetime) -> Pledge:
    """“It has arrived” was a mistake: the delivery is awaited again, and its time runs from today if its day has passed."""
    _need, _offer, pledge = _held(pledge_id)
    require(by, Action.PLEDGE_RECEIVE, pledge)
    pledge.delivered_at, pledge.lapses_on = None, max(pledge.scheduled_on or at.date(), at.date()) + OVERDUE
    _step(pledge, "not_there", by, at, "delivered_at", "lapses_on")
    record(by=by, action=Action.PLEDGE_RECEIVE, target=pledge, at=at, purpose="not_there")
    return pledge


@transaction.atomic
def recount(*, pledge_id: UUID, by: User, at: datetime) -> Pledge:
    """The count was wrong: it is taken out of what has arrived and waits to be counted anew. The steps keep the amount that was counted first."""
    need, _offer, pledge = _held(pledge_id)
    require(by, Action.PLEDGE_RECEIVE, pledge)
    PLEDGE_LIFE.target("recount", pledge.state)
    need.received -= pledge.arrived or Decimal(0)
    need.save(update_fields=["received"])
    pledge.arrived, pledge.condition, pledge.confirmed_at, pledge.thanked_at = None, "", None, None
    _step(pledge, "recount", by, at, "arrived", "condition", "confirmed_at", "thanked_at")
    shown_soon(need)
    record(by=by, action=Action.PLEDGE_RECEIVE, target=pledge, at=at, purpose="recount", fields=["arrived", "condition"])
    return pledge


@transaction.atomic
def thank(*, pledge_id: UUID, by: User, at: datetime) -> Pledge:
    """Sends the donor thanks: what arrived, and no word about who has it now."""
    _need, _offer, pledge = _held(pledge_id)
    require(by, Action.PLEDGE_STEER, pledge)
    pledge.thanked_at = at
    _step(pledge, "thank", by, at, "thanked_at")
    letters.tell_pledge("thanks", pledge, of=str(pledge.version))
    record(by=by, action=Action.PLEDGE_STEER, target=pledge, at=at, purpose="thank")
    return pledge


@transaction.atomic
def close(*, pledge_id: UUID, by: User, at: datetime) -> Pledge:
    """Nothing is left to do."""
    _need, _offer, pledge = _held(pledge_id)
    require(by, Action.PLEDGE_STEER, pledge)
    pledge.ended_at = at
    _step(pledge, "close", by, at, "ended_at")
    record(by=by, action=Action.PLEDGE_STEER, target=pledge, at=at, purpose="close")
    return pledge


@transaction.atomic
def quarantine(*, pledge_id: UUID, by: User, at: datetime) -> Pledge:
    """Sets a delivery apart: a parcel that nobody should open, a thing that must be looked at first. It is then counted, given back, or failed."""
    _need, _offer, pledge = _held(pledge_id)
    require(by, Action.PLEDGE_RECEIVE, pledge)
    _step(pledge, "quarantine", by, at)
    record(by=by, action=Action.PLEDGE_RECEIVE, target=pledge, at=at, purpose="quarantine")
    return pledge


@transaction.atomic
def give_it_back(*, pledge_id: UUID, why: str, by: User, at: datetime) -> Pledge:
    """What arrived goes back to the donor, who is told; the need is open for it again."""
    return _out(pledge_id, "return", Action.PLEDGE_RECEIVE, why, by, at, letter="returned")


@transaction.atomic
def decline(*, pledge_id: UUID, why: str, by: User, at: datetime) -> Pledge:
    """The organisation cannot take it; the donor is told."""
    return _out(pledge_id, "decline", Action.PLEDGE_STEER, why, by, at, letter="declined")


@transaction.atomic
def fail(*, pledge_id: UUID, why: str, by: User, at: datetime) -> Pledge:
    """It did not come, or what came could not be used; the donor is told."""
    return _out(pledge_id, "fail", Action.PLEDGE_STEER, why, by, at, letter="failed")


def _out(pledge_id: UUID, verb: str, action: Action, why: str, by: User, at: datetime, *, letter: str) -> Pledge:
    need, offer, pledge = _held(pledge_id)
    require(by, action, pledge)
    _leave(need, offer, pledge, verb, why, by, at)
    letters.tell_pledge(letter, pledge)
    record(by=by, action=action, target=pledge, at=at, purpose=verb, fields=["why"])
    return pledge


@transaction.atomic
def give_up(*, pledge_id: UUID, at: datetime) -> Pledge:
    """The donor takes her promise back, by her own link, while nothing has arrived. Who waited for her on an agreed day is told at once."""
    need, offer, pledge = _held(pledge_id)
    was_expected = pledge.state == PledgeState.SCHEDULED
    _leave(need, offer, pledge, "give_up", Why.DONOR, None, at)
    _put_before_coordinators(pledge)
    if was_expected:
        letters.tell_coordinators("given_up", pledge)
    record(by=None, action="exchange:give_up_pledge", target=pledge, at=at)
    return pledge


@transaction.atomic
def ask_another_day(*, pledge_id: UUID, day: date, at: datetime) -> Pledge:
    """The agreed day does not suit the donor: she asks for another, by her own link. The agreed day stands until a coordinator agrees a new one."""
    _need, _offer, pledge = _held(pledge_id)
    if pledge.state != PledgeState.SCHEDULED:
        raise Invalid(_("No day is agreed that could be changed."))
    if day < at.date():
        raise Invalid(fields={"day": _("This day has passed.")})
    if day == pledge.scheduled_on:
        raise Invalid(fields={"day": _("This is the day that is agreed already.")})
    pledge.wished_on = day
    pledge.save(update_fields=["wished_on"])
    _put_before_coordinators(pledge)
    letters.tell_coordinators(f"wishes {day.isoformat()}", pledge)
    record(by=None, action="exchange:ask_another_day", target=pledge, at=at, fields=["wished_on"])
    return pledge


@transaction.atomic
def see(*, pledge_id: UUID, by: User, at: datetime) -> Pledge:
    """A coordinator has seen what the donor did by herself; the pledge is as it was."""
    _need, _offer, pledge = _held(pledge_id)
    require(by, Action.PLEDGE_STEER, pledge)
    pledge.unseen = False
    pledge.save(update_fields=["unseen"])
    record(by=by, action=Action.PLEDGE_STEER, target=pledge, at=at, purpose="see")
    return pledge


def _put_before_coordinators(pledge: Pledge) -> None:
    """It stands among what is to be done until one of them has looked at it."""
    pledge.unseen = True
    pledge.version += 1
    pledge.save(update_fields=["unseen", "version"])


@transaction.atomic
def lapse(*, pledge_id: UUID, at: datetime) -> bool:
    """Nobody agreed a day in time, or nobody came: the amount is free for others, and the donor is told. False when it was settled meanwhile."""
    need, offer, pledge = _held(pledge_id)
    if pledge.state not in AWAITED or pledge.lapses_on is None or pledge.lapses_on >= at.date():
        return False
    _leave(need, offer, pledge, "lapse", Why.TIME, None, at)
    letters.tell_pledge("lapsed", pledge, of=at.date().isoformat())
    record(by=None, action="exchange:lapse_pledge", target=pledge, at=at)
    return True


@transaction.atomic
def renew(*, pledge_id: UUID, by: User, at: datetime) -> Pledge:
    """A lapsed pledge stands again, and the donor is told. Raises NothingLeft when others have promised the same meanwhile.

    Raises Invalid when the donor is gone or in doubt, and when the need became another since: it is then brought together anew.
    """
    need, offer, pledge = _held(pledge_id)
    require(by, Action.PLEDGE_STEER, pledge)
    PLEDGE_LIFE.target("renew", pledge.state)
    _refuse_doubtful(need, offer, at.date())
    if need.opened_at and pledge.ended_at and need.opened_at > pledge.ended_at:
        raise Invalid(_("The need was written anew since this lapsed. Propose the offer for it again."))
    promise_again(need, offer, pledge)
    pledge.why, pledge.ended_at, pledge.lapses_on = "", None, (at + LAPSES_AFTER).date()
    pledge.scheduled_on = pledge.wished_on = pledge.told_at = None
    pledge.hub = need.hub
    _step(pledge, "renew", by, at, "why", "ended_at", "lapses_on", "scheduled_on", "wished_on", "told_at", "hub")
    letters.tell_pledge("renewed", pledge, of=str(pledge.version))
    record(by=by, action=Action.PLEDGE_STEER, target=pledge, at=at, purpose="renew")
    return pledge


def _leave(need: Need, offer: Offer, pledge: Pledge, verb: str, why: str, by: User | None, at: datetime) -> None:
    """Out of the chain by `verb`; what was promised is free again."""
    pledge.state = PLEDGE_LIFE.target(verb, pledge.state)
    pledge.why, pledge.ended_at, pledge.lapses_on = why, at, None
    pledge.unseen = pledge.unseen and by is None
    pledge.save(update_fields=["state", "why", "ended_at", "lapses_on", "unseen"])
    give_back(need, offer, quantity=pledge.quantity, taken=pledge.taken)
    note_step(pledge, verb, by=by, at=at)


def _step(pledge: Pledge, verb: str, by: User | None, at: datetime, *fields: str) -> None:
    pledge.state = PLEDGE_LIFE.target(verb, pledge.state)
    pledge.version += 1
    pledge.unseen = pledge.unseen and by is None
    pledge.save(update_fields=["state", "version", "unseen", *fields])
    note_step(pledge, verb, by=by, at=at)


def _held(pledge_id: UUID) -> tuple[Need, Offer, Pledge]:
    """Need, offer and pledge, locked in this order everywhere so that nobody waits in a circle."""
    ends = Pledge.objects.filter(pk=pledge_id).values_list("need_id", "offer_id").first()
    if ends is None:
        raise NotFound
    need, offer = locked_need(ends[0]), locked_offer(ends[1])
    pledge = Pledge.objects.select_for_update(of=("self",)).select_related("hub").get(pk=pledge_id)
    pledge.need, pledge.offer = need, offer
    return need, offer, pledge
