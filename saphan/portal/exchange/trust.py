"""Whether a donor may still be sent on her way. Asked whenever she comes a step nearer: at the proposal, the agreed day, the telling of the place, the arrival."""

from datetime import date, timedelta
from decimal import Decimal

from django.db.models import F, Q, Sum
from django.utils.translation import gettext as _

from saphan.portal.exchange.codes import NEEDED_CHECKS, Result, Tier, Why
from saphan.portal.exchange.models import Need, Offer, Pledge, Safeguarding
from saphan.portal.exchange.offers import valid_checks
from saphan.portal.exchange.pledge_models import PledgeQuerySet
from saphan.portal.exchange.states import PLEDGING, RECEIVED, OfferState, PledgeState

CHANGES_HER_MIND = timedelta(days=1)  # who takes a promise back so soon may promise again
SOON = timedelta(days=30)  # a check that runs out within this time stands on My day, so that it is made anew in time


def asked_tier(need: Need) -> int:
    """How well whoever helps with this need must be known; meeting survivors asks for everything."""
    return Tier.CLEARED if need.meets_survivors else need.tier


def doubt_about(need: Need, offer: Offer, day: date) -> str:
    """Why nothing of this offer may go to this need on this day, as a sentence for a coordinator; empty when nothing speaks against it.

    Nobody overrules it. A check that has run out or failed, and a paused offer, stop also what was promised before.
    """
    tier = asked_tier(need)
    if offer.state not in ({OfferState.OPEN} if tier else PLEDGING):
        return _("The offer is paused, over, or not opened by two persons. Look at the offer first: until then nothing of it may be brought.")
    if offer.tier < tier or NEEDED_CHECKS[tier] - valid_checks(offer, day):
        return _("The donor is not known well enough for this need, or a check has run out.")
    return ""


def runs_out_on(offer: Offer, tier: int) -> date | None:
    """The first day on which a check that this trust rests on holds no more, as far as it is known; None where it rests on none."""
    last: dict[str, date] = {}
    sound = Safeguarding.objects.filter(offer=offer, result=Result.PASSED, confirmed_by__isnull=False, check_kind__in=NEEDED_CHECKS[tier])
    for kind, until in sound.values_list("check_kind", "expires_on"):
        last[kind] = max(until, last.get(kind, until))
    return min(last.values(), default=None)


def is_new(offer: Offer) -> bool:
    """Whether nobody has looked at this donor yet and nothing has ever arrived from her address: a first promise stands for a shorter time."""
    if offer.tier > Tier.UNKNOWN or offer.state in (OfferState.VETTED, OfferState.OPEN):
        return False
    return not _promises_of_donor(offer).filter(state__in=RECEIVED).exists()


def first_room(offer: Offer, need: Need) -> Decimal | None:
    """How much more of this need a new address may promise by itself, all its offers together; None where nothing limits it.

    The caller holds the need. An offer without an address was written down by a coordinator, who knows whose it is.
    """
    if not offer.email_mark or not is_new(offer):
        return None
    held = _promises_of_donor(offer).filter(need=need).counted().aggregate(held=Sum("quantity"))["held"] or Decimal(0)
    return max(Decimal(0), need.first_share - held)


def has_let_lapse(offer: Offer, need: Need) -> bool:
    """Whether a promise of the same donor to this need has lapsed before, or she took it back after it had kept others away for a day."""
    given_up = Q(state=PledgeState.FAILED, why=Why.DONOR, ended_at__gt=F("pledged_at") + CHANGES_HER_MIND)
    return _promises_of_donor(offer).filter(Q(state=PledgeState.LAPSED) | given_up, need=need).exists()


def _promises_of_donor(offer: Offer) -> PledgeQuerySet:
    if not offer.email_mark:
        return Pledge.objects.filter(offer=offer)
    return Pledge.objects.filter(offer__email_mark=offer.email_mark)
