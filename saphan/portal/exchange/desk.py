"""What the exchange brings to the desk: a menu entry and six groups of My day."""

from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, time

from django.db.models import F, QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from saphan.access.actions import Action
from saphan.access.models import User
from saphan.core import clock
from saphan.core.registry import MenuEntry, Task, Tile, add_menu, add_tile
from saphan.portal.exchange.ledger_states import PostingState
from saphan.portal.exchange.models import Fund, Match, Need, Offer, Pledge, Posting
from saphan.portal.exchange.states import NeedState, OfferState, PledgeState
from saphan.portal.exchange.trust import SOON, runs_out_on

SHOWN = 10
LOOKED_FOR = [OfferState.CONFIRMED, OfferState.VETTED]


def register() -> None:
    """Brings the entries; called once, when the room is ready."""
    add_menu(MenuEntry(_("Needs and resources"), "exchange_desk:needs", Action.EXCHANGE_OPEN, 70, waiting))
    add_tile(Tile(_("Pledges to be worked on"), Action.PLEDGE_STEER, 60, _url("pledges"), pledges, lambda user: _pledges(user).count()))
    add_tile(Tile(_("Needs for your safety review"), Action.NEED_REVIEW, 61, _url("reviews"), reviews, lambda user: len(_reviews(user))))
    add_tile(Tile(_("Offers to be looked at"), Action.OFFER_VET, 62, _url("offers"), offers, lambda user: _offers(user).count()))
    add_tile(Tile(_("Proposed matches"), Action.MATCH_DECIDE, 63, _url("matches"), matches, lambda user: len(_matches(user))))
    add_tile(Tile(_("Checks that run out"), Action.SAFEGUARD_RECORD, 65, _checks_url, checks, lambda user: _losing(user, clock.now()).count()))
    add_tile(
        Tile(_("Money that waits for a second person"), Action.POSTING_CONFIRM, 64, _url("funds"), postings, lambda user: _postings(user).count())
    )


def waiting(user: User) -> int:
    """How much waits for this coordinator in all."""
    return _pledges(user).count() + len(_reviews(user)) + _offers(user).count() + len(_matches(user)) + _postings(user).count()


def pledges(user: User, at: datetime) -> Sequence[Task]:  # noqa: ARG001  # a tile's shape
    """Pledges to the organisation's needs, the nearest day first."""
    rows = _pledges(user).select_related("need").order_by("-unseen", "lapses_on", "pledged_at")[:SHOWN]
    return [
        Task(
            f"{p.reference}: {p.need.get_item_display()}",
            reverse("exchange_desk:pledge", args=[p.pk]),
            _first_moment(p.lapses_on),
            _("new from the donor") if p.unseen else PledgeState(p.state).label,
        )
        for p in rows
    ]


def reviews(user: User, at: datetime) -> Sequence[Task]:  # noqa: ARG001  # a tile's shape
    """Needs of which the coordinator has written no word."""
    return [
        Task(f"{n.reference}: {n.get_item_display()}", reverse("exchange_desk:need", args=[n.pk]), None, NeedState(n.state).label)
        for n in _reviews(user)[:SHOWN]
    ]


def offers(user: User, at: datetime) -> Sequence[Task]:  # noqa: ARG001  # a tile's shape
    """Offers that wait for the first or the second person."""
    rows = _offers(user).order_by("confirmed_at")[:SHOWN]
    return [
        Task(f"{o.reference}: {o.get_item_display()}", reverse("exchange_desk:offer", args=[o.pk]), None, OfferState(o.state).label) for o in rows
    ]


def matches(user: User, at: datetime) -> Sequence[Task]:  # noqa: ARG001  # a tile's shape
    """Proposals upon which the coordinator may decide."""
    where = reverse("exchange_desk:matches")
    return [Task(f"{m.need.reference} – {m.offer.reference}", where, None, _("proposed")) for m in _matches(user)[:SHOWN]]


def postings(user: User, at: datetime) -> Sequence[Task]:  # noqa: ARG001  # a tile's shape
    """Large postings that somebody else has written."""
    rows = _postings(user).select_related("fund").order_by("written_at")[:SHOWN]
    return [
        Task(f"{p.reference}: {p.get_verb_display()}", reverse("exchange_desk:fund", args=[p.fund_id]), None, PostingState(p.state).label)
        for p in rows
    ]


def checks(user: User, at: datetime) -> Sequence[Task]:
    """Donors whose trust rests on a check that runs out within a month, has run out, or failed."""
    return [
        Task(
            f"{o.reference}: {o.get_tier_display()}",
            reverse("exchange_desk:offer", args=[o.pk]),
            _first_moment(runs_out_on(o, o.tier)),
            OfferState(o.state).label,
        )
        for o in _losing(user, at).order_by("-tier", "asked_at")[:SHOWN]
    ]


def _losing(user: User, at: datetime) -> "QuerySet[Offer]":
    return Offer.objects.visible_to(user).losing_trust(at.date() + SOON)


def _checks_url(_user: User) -> str:
    return f"{reverse('exchange_desk:offers')}?checks=on"


def _first_moment(day: date | None) -> datetime | None:
    return datetime.combine(day, time(), UTC) if day else None


def _postings(user: User) -> "QuerySet[Posting]":
    return Posting.objects.waiting().filter(fund__in=Fund.objects.visible_to(user)).exclude(written_by=user)


def _pledges(user: User) -> "QuerySet[Pledge]":
    return Pledge.objects.visible_to(user).to_do()


def _reviews(user: User) -> list[Need]:
    waiting = Need.objects.visible_to(user).filter(state=NeedState.IN_REVIEW).order_by("submitted_at")[:200]
    return [need for need in waiting if str(user.pk) not in need.writers]


def _offers(user: User) -> "QuerySet[Offer]":
    found = Offer.objects.visible_to(user).filter(state__in=LOOKED_FOR, promised__lt=F("quantity"))
    return found.exclude(state=OfferState.VETTED, vetted_by=user)


def _matches(user: User) -> list[Match]:
    waiting = Match.objects.visible_to(user).waiting().select_related("need", "offer").order_by("-need__urgency", "cost")[:200]
    return [match for match in waiting if match.proposed_by_id != user.pk and str(user.pk) not in match.need.writers]


def _url(name: str) -> Callable[[User], str]:
    return lambda _user: reverse(f"exchange_desk:{name}")
