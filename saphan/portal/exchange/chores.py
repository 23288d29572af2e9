"""What happens by the clock: pledges lapse, needs pass their day, offers that nobody confirmed are destroyed, others end with their time, proposals end, data of old offers go."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Q
from django.db.models.functions import Coalesce

from saphan.core.upkeep import chore
from saphan.portal.exchange import chain, needs, offers, pledging
from saphan.portal.exchange.models import Match, Need, Offer, Pledge
from saphan.portal.exchange.states import AWAITED, LIVE_OFFER, OFFER_LIFE, ON_ITS_WAY, MatchState, NeedState, OfferState

KEPT_AFTER_END = timedelta(days=365)  # what is known of a donor whose offer is over; with `offers.STANDS` nothing is kept for ever


@chore("exchange", every=timedelta(hours=1))
def by_the_clock(at: datetime) -> dict[str, int]:
    """Does each of them; harmless when repeated. Answers how many."""
    return {
        "lapsed": sum(chain.lapse(pledge_id=pk, at=at) for pk in _late_pledges(at)),
        "needs expired": sum(needs.expire_need(need_id=pk, at=at) for pk in _past_needs(at)),
        "offers unconfirmed": sum(offers.expire_unconfirmed(offer_id=pk, at=at) for pk in _unconfirmed(at)),
        "offers ended": sum(offers.end_offer(offer_id=pk, at=at) for pk in _past_offers(at)),
        "proposals ended": sum(pledging.expire_match(match_id=pk, at=at) for pk in _vain_matches()),
        "erased": sum(offers.erase(offer_id=pk, at=at).erased_at == at for pk in _old_offers(at)),
    }


def _late_pledges(at: datetime) -> list[UUID]:
    return list(Pledge.objects.filter(state__in=AWAITED, lapses_on__lt=at.date()).values_list("pk", flat=True))


def _past_needs(at: datetime) -> list[UUID]:
    return list(Need.objects.filter(state__in=[NeedState.OPEN, NeedState.PAUSED], needed_by__lt=at.date()).values_list("pk", flat=True))


def _unconfirmed(at: datetime) -> list[UUID]:
    return list(Offer.objects.filter(state=OfferState.ASKED, asked_at__lt=at - offers.CONFIRM_WITHIN).values_list("pk", flat=True))


def _past_offers(at: datetime) -> list[UUID]:
    """Those that may be past; `end_offer` looks again under the lock."""
    silent = Coalesce("stands_since", "confirmed_at", "asked_at")
    past = Q(until_on__lt=at.date()) | Q(silent__lt=at - offers.STANDS)
    found = Offer.objects.alias(silent=silent).filter(past, state__in=OFFER_LIFE.moves["end"].sources)
    return list(found.exclude(pk__in=Pledge.objects.filter(state__in=ON_ITS_WAY).values("offer_id")).values_list("pk", flat=True))


def _vain_matches() -> list[UUID]:
    vain = ~Q(need__state=NeedState.OPEN) | ~Q(offer__state=OfferState.OPEN)
    return list(Match.objects.filter(vain, state=MatchState.PROPOSED).values_list("pk", flat=True))


def _old_offers(at: datetime) -> list[UUID]:
    over = Offer.objects.filter(erased_at=None, ended_at__lt=at - KEPT_AFTER_END).exclude(state__in=LIVE_OFFER)
    busy = Pledge.objects.filter(state__in=ON_ITS_WAY).values("offer_id")
    return list(over.exclude(pk__in=busy).values_list("pk", flat=True))
