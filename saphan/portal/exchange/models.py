"""What the exchange keeps, in three files: what is needed, what is offered, and what became of both."""

from saphan.portal.exchange.need_models import Campaign, Hub, Need, Review
from saphan.portal.exchange.offer_models import Offer, Safeguarding, Thanks
from saphan.portal.exchange.pledge_models import Match, Pledge, PledgeEvent

__all__ = ["Campaign", "Hub", "Match", "Need", "Offer", "Pledge", "PledgeEvent", "Review", "Safeguarding", "Thanks"]
