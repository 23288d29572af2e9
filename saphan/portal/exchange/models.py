"""What the exchange keeps, in four files: what is needed, what is offered, what became of both, and the money that was given."""

from saphan.portal.exchange.ledger_models import Account, Decision, Fund, Line, Posting, Receipt, ReceiptSequence
from saphan.portal.exchange.need_models import Campaign, Hub, Need, Review
from saphan.portal.exchange.offer_models import Offer, Safeguarding, Thanks
from saphan.portal.exchange.pledge_models import Match, Pledge, PledgeEvent

__all__ = [
    "Account",
    "Campaign",
    "Decision",
    "Fund",
    "Hub",
    "Line",
    "Match",
    "Need",
    "Offer",
    "Pledge",
    "PledgeEvent",
    "Posting",
    "Receipt",
    "ReceiptSequence",
    "Review",
    "Safeguarding",
    "Thanks",
]
