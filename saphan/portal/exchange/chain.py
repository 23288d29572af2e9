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
from saphan.portal.exchange.states import AWAITED, PLEDGE_LIFE
from saphan.portal.exchange.units import WHOLE, at_least

OVERDUE = timedelta(days=7)  # after the agreed day


@transaction.atomic
def schedule(*, pledge_id: UUID, day: date, by: User, at: datetime) -> Pledge:
    """Agrees a day with the donor, or another one. The hub is told by telephone, never in the letter."""
    _need, _offer, pledge = _held(pledge_id)
    require(by, Action.PLEDGE_STEER, pledge)
    if day < at.date():
        raise Invalid(fields={"day": _("This day has passed.")})
    if pledge.hub is None and pledge.need.kind == Kind.GOODS:
        raise Invalid(_("The need has no hub: donors must not come to a shelter. Give the need a hub first."))
    pledge.scheduled_on, pledge.lapses_on = day, day + OVERDUE
    _step(pledge, "schedule", by, at, "scheduled_on", "lapses_on")
    letters.tell_pledge("scheduled", pledge, of=day.isoformat())
    record(by=by, action=Action.PLEDGE_STEER, target=pledge, at=at, purpose="schedule")
    return pledge


@transaction.atomic
def deliver(*, pledge_id: UUID, by: User, at: datetime) -> Pledge:
    """It has arrived at the hub and waits to be counted."""
    _need, _offer, pledge = _held(pledge_id)
    require(by, Action.PLEDGE_RECEIVE, pledge)
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
    pledge.state, pledge.confirmed_at = state, at
    pledge.save(update_fields=["quantity", "taken", "arrived", "condition", "state", "confirmed_at"])
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
def thank(*, pledge_id: UUID, by: User, at: datetime) -> Pledge:
    """Sends the donor thanks: what arrived, and no word about who has it now."""
    _need, _offer, pledge = _held(pledge_id)
    require(by, Action.PLEDGE_STEER, pledge)
    pledge.thanked_at = at
    _step(pledge, "thank", by, at, "thanked_at")
    letters.tell_pledge("thanks", pledge)
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
    """What arrived goes back to the donor; the need is open for it again."""
    return _out(pledge_id, "return", Action.PLEDGE_RECEIVE, why, by, at)


@transaction.atomic
def decline(*, pledge_id: UUID, why: str, by: User, at: datetime) -> Pledge:
    """The organisation cannot take it; the donor is told."""
    return _out(pledge_id, "decline", Action.PLEDGE_STEER, why, by, at, letter="declined")


@transaction.atomic
def fail(*, pledge_id: UUID, why: str, by: User, at: datetime) -> Pledge:
    """It did not come, or what came could not be used."""
    return _out(pledge_id, "fail", Action.PLEDGE_STEER, why, by, at)


def _out(pledge_id: UUID, verb: str, action: Action, why: str, by: User, at: datetime, letter: str = "") -> Pledge:
    need, offer, pledge = _held(pledge_id)
    require(by, action, pledge)
    _leave(need, offer, pledge, verb, why, by, at)
    if letter:
        letters.tell_pledge(letter, pledge)
    record(by=by, action=action, target=pledge, at=at, purpose=verb, fields=["why"])
    return pledge


@transaction.atomic
def give_up(*, pledge_id: UUID, at: datetime) -> Pledge:
    """The donor takes her promise back, by her own link, while nothing has arrived."""
    need, offer, pledge = _held(pledge_id)
    _leave(need, offer, pledge, "give_up", Why.DONOR, None, at)
    record(by=None, action="exchange:give_up_pledge", target=pledge, at=at)
    return pledge


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
    """A lapsed pledge stands again. Raises NothingLeft when others have promised the same meanwhile."""
    need, offer, pledge = _held(pledge_id)
    require(by, Action.PLEDGE_STEER, pledge)
    state = PLEDGE_LIFE.target("renew", pledge.state)
    promise_again(need, offer, pledge)
    pledge.state, pledge.why, pledge.ended_at, pledge.lapses_on = state, "", None, (at + LAPSES_AFTER).date()
    pledge.save(update_fields=["state", "why", "ended_at", "lapses_on"])
    note_step(pledge, "renew", by=by, at=at)
    record(by=by, action=Action.PLEDGE_STEER, target=pledge, at=at, purpose="renew")
    return pledge


def _leave(need: Need, offer: Offer, pledge: Pledge, verb: str, why: str, by: User | None, at: datetime) -> None:
    """Out of the chain by `verb`; what was promised is free again."""
    pledge.state = PLEDGE_LIFE.target(verb, pledge.state)
    pledge.why, pledge.ended_at, pledge.lapses_on = why, at, None
    pledge.save(update_fields=["state", "why", "ended_at", "lapses_on"])
    give_back(need, offer, quantity=pledge.quantity, taken=pledge.taken)
    note_step(pledge, verb, by=by, at=at)


def _step(pledge: Pledge, verb: str, by: User | None, at: datetime, *fields: str) -> None:
    pledge.state = PLEDGE_LIFE.target(verb, pledge.state)
    pledge.version += 1
    pledge.save(update_fields=["state", "version", *fields])
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
