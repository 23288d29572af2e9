"""The lives of needs, campaigns, offers, matches, pledges and names on the thank-you wall, as tables without dead ends."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from saphan.access.actions import Action
from saphan.core.states import LifeCycle, Move


class NeedState(TextChoices):
    """Where a need stands. The public sees it while it is open or met."""

    DRAFT = "draft", _("draft")
    IN_REVIEW = "in_review", _("in safety review")
    RETURNED = "returned", _("returned to the writer")
    OPEN = "open", _("open")
    MET = "met", _("met")
    PAUSED = "paused", _("paused")
    CLOSED = "closed", _("closed")
    WITHDRAWN = "withdrawn", _("withdrawn")
    EXPIRED = "expired", _("past its day")


N = NeedState
WRITABLE = frozenset({N.DRAFT, N.RETURNED})
PUBLIC = frozenset({N.OPEN, N.MET})
RECEIVING = frozenset({N.OPEN, N.MET, N.PAUSED, N.EXPIRED})  # what was pledged may still arrive

NEED_LIFE = LifeCycle(
    "need",
    NeedState,
    initial=N.DRAFT,
    final={N.CLOSED, N.WITHDRAWN},
    moves={
        "submit": Move(WRITABLE, N.IN_REVIEW, Action.NEED_SUBMIT),
        "pass": Move({N.IN_REVIEW}, N.OPEN, Action.NEED_REVIEW),
        "return": Move({N.IN_REVIEW}, N.RETURNED, Action.NEED_REVIEW),
        "take_back": Move({N.IN_REVIEW, N.OPEN, N.PAUSED, N.EXPIRED}, N.DRAFT, Action.NEED_WRITE),
        "pause": Move({N.OPEN, N.MET}, N.PAUSED, Action.NEED_STEER),
        "resume": Move({N.PAUSED}, N.OPEN, Action.NEED_STEER),
        "meet": Move({N.OPEN}, N.MET, None),
        "reopen": Move({N.MET}, N.OPEN, None),
        "expire": Move({N.OPEN, N.PAUSED}, N.EXPIRED, None),
        "prolong": Move({N.EXPIRED}, N.OPEN, Action.NEED_STEER),
        "close": Move({N.OPEN, N.MET, N.PAUSED, N.EXPIRED}, N.CLOSED, Action.NEED_STEER),
        "withdraw": Move({N.DRAFT, N.RETURNED, N.IN_REVIEW}, N.WITHDRAWN, Action.NEED_STEER),
    },
)


class CampaignState(TextChoices):
    """Where a campaign stands. The public sees it while it runs."""

    DRAFT = "draft", _("draft")
    IN_REVIEW = "in_review", _("in safety review")
    RETURNED = "returned", _("returned to the writer")
    OPEN = "open", _("running")
    CLOSED = "closed", _("over")


C = CampaignState
CAMPAIGN_LIFE = LifeCycle(
    "campaign",
    CampaignState,
    initial=C.DRAFT,
    final={C.CLOSED},
    moves={
        "submit": Move({C.DRAFT, C.RETURNED}, C.IN_REVIEW, Action.CAMPAIGN_WRITE),
        "pass": Move({C.IN_REVIEW}, C.OPEN, Action.CAMPAIGN_REVIEW),
        "return": Move({C.IN_REVIEW}, C.RETURNED, Action.CAMPAIGN_REVIEW),
        "take_back": Move({C.IN_REVIEW, C.OPEN}, C.DRAFT, Action.CAMPAIGN_WRITE),
        "close": Move({C.DRAFT, C.RETURNED, C.OPEN}, C.CLOSED, Action.CAMPAIGN_WRITE),
    },
)


class OfferState(TextChoices):
    """Where an offer stands. Until its e-mail address is confirmed nobody works on it."""

    ASKED = "asked", _("waits for its confirmation")
    CONFIRMED = "confirmed", _("waits to be looked at")
    VETTED = "vetted", _("looked at by one person")
    OPEN = "open", _("may be matched")
    PAUSED = "paused", _("paused")
    CLOSED = "closed", _("given or past its time")
    REFUSED = "refused", _("cannot be taken")
    WITHDRAWN = "withdrawn", _("withdrawn by the donor")
    EXPIRED = "expired", _("never confirmed")


O = OfferState  # noqa: E741  # short in the table below
OFFER_ENDS = frozenset({O.CLOSED, O.REFUSED, O.WITHDRAWN, O.EXPIRED})
PLEDGING = frozenset({O.CONFIRMED, O.VETTED, O.OPEN})  # from which a donor may promise to a need that asks for no vetting
LIVE_OFFER = frozenset(O) - OFFER_ENDS

OFFER_LIFE = LifeCycle(
    "offer",
    OfferState,
    initial=O.ASKED,
    final=OFFER_ENDS,
    moves={
        "confirm": Move({O.ASKED}, O.CONFIRMED, None),
        "vet": Move({O.CONFIRMED, O.VETTED}, O.VETTED, Action.OFFER_VET),
        "open": Move({O.VETTED}, O.OPEN, Action.OFFER_VET),
        "change": Move({O.CONFIRMED, O.VETTED, O.OPEN, O.PAUSED}, O.CONFIRMED, None),
        "pause": Move({O.CONFIRMED, O.VETTED, O.OPEN}, O.PAUSED, Action.OFFER_STEER),
        "resume": Move({O.PAUSED}, O.CONFIRMED, Action.OFFER_STEER),
        "refuse": Move({O.CONFIRMED, O.VETTED, O.OPEN, O.PAUSED}, O.REFUSED, Action.OFFER_STEER),
        "close": Move({O.CONFIRMED, O.VETTED, O.OPEN, O.PAUSED}, O.CLOSED, Action.OFFER_STEER),
        "end": Move({O.CONFIRMED, O.VETTED, O.OPEN, O.PAUSED}, O.CLOSED, None),
        "withdraw": Move(LIVE_OFFER, O.WITHDRAWN, None),
        "expire": Move({O.ASKED}, O.EXPIRED, None),
    },
)


class MatchState(TextChoices):
    """A proposal and what a person decided."""

    PROPOSED = "proposed", _("proposed")
    ACCEPTED = "accepted", _("accepted")
    DECLINED = "declined", _("declined")
    EXPIRED = "expired", _("superseded")


M = MatchState
MATCH_LIFE = LifeCycle(
    "match",
    MatchState,
    initial=M.PROPOSED,
    final={M.ACCEPTED, M.DECLINED, M.EXPIRED},
    moves={
        "accept": Move({M.PROPOSED}, M.ACCEPTED, Action.MATCH_DECIDE),
        "decline": Move({M.PROPOSED}, M.DECLINED, Action.MATCH_DECIDE),
        "expire": Move({M.PROPOSED}, M.EXPIRED, None),
    },
)


class PledgeState(TextChoices):
    """The chain of a pledge, and the ways out of it."""

    PLEDGED = "pledged", _("pledged")
    SCHEDULED = "scheduled", _("day agreed")
    DELIVERED = "delivered", _("delivered at the hub")
    CONFIRMED = "confirmed", _("received and counted")
    THANKED = "thanked", _("thanked")
    CLOSED = "closed", _("closed")
    LAPSED = "lapsed", _("lapsed")
    DECLINED = "declined", _("declined")
    FAILED = "failed", _("failed")
    RETURNED = "returned", _("given back")
    QUARANTINED = "quarantined", _("set apart")


P = PledgeState
PROMISED = frozenset({P.PLEDGED, P.SCHEDULED, P.DELIVERED, P.QUARANTINED, P.CONFIRMED, P.THANKED, P.CLOSED})  # counts in the need and in the offer
RECEIVED = frozenset({P.CONFIRMED, P.THANKED, P.CLOSED})
AWAITED = frozenset({P.PLEDGED, P.SCHEDULED})
ON_ITS_WAY = frozenset({*AWAITED, P.DELIVERED, P.QUARANTINED})  # promised, and neither counted nor out
TO_DO = frozenset({*ON_ITS_WAY, P.CONFIRMED, P.THANKED})  # somebody of the organisation still has something to do with it
OUT = frozenset({P.LAPSED, P.DECLINED, P.FAILED, P.RETURNED})

PLEDGE_LIFE = LifeCycle(
    "pledge",
    PledgeState,
    initial=P.PLEDGED,
    final={P.CLOSED, *OUT},
    moves={
        "schedule": Move(AWAITED, P.SCHEDULED, Action.PLEDGE_STEER),
        "deliver": Move({P.SCHEDULED}, P.DELIVERED, Action.PLEDGE_RECEIVE),
        "confirm": Move({P.DELIVERED, P.QUARANTINED}, P.CONFIRMED, Action.PLEDGE_RECEIVE),
        "thank": Move({P.CONFIRMED}, P.THANKED, Action.PLEDGE_STEER),
        "close": Move({P.CONFIRMED, P.THANKED}, P.CLOSED, Action.PLEDGE_STEER),
        "quarantine": Move({P.DELIVERED}, P.QUARANTINED, Action.PLEDGE_RECEIVE),
        "return": Move({P.DELIVERED, P.QUARANTINED}, P.RETURNED, Action.PLEDGE_RECEIVE),
        "decline": Move(AWAITED, P.DECLINED, Action.PLEDGE_STEER),
        "fail": Move({P.PLEDGED, P.SCHEDULED, P.QUARANTINED}, P.FAILED, Action.PLEDGE_STEER),
        "give_up": Move(AWAITED, P.FAILED, None),
        "lapse": Move(AWAITED, P.LAPSED, None),
        "renew": Move({P.LAPSED}, P.PLEDGED, Action.PLEDGE_STEER),
        "not_there": Move({P.DELIVERED}, P.SCHEDULED, Action.PLEDGE_RECEIVE),
        "recount": Move({P.CONFIRMED, P.THANKED}, P.DELIVERED, Action.PLEDGE_RECEIVE),
    },
)


class ThanksState(TextChoices):
    """A name that a donor wants on the thank-you wall."""

    ASKED = "asked", _("waits to be looked at")
    SHOWN = "shown", _("on the wall")
    REFUSED = "refused", _("not on the wall")
    TAKEN_DOWN = "taken_down", _("taken down")


T = ThanksState
THANKS_LIFE = LifeCycle(
    "thanks",
    ThanksState,
    initial=T.ASKED,
    final={T.REFUSED, T.TAKEN_DOWN},
    moves={
        "show": Move({T.ASKED}, T.SHOWN, Action.THANKS_REVIEW),
        "refuse": Move({T.ASKED}, T.REFUSED, Action.THANKS_REVIEW),
        "take_down": Move({T.ASKED, T.SHOWN}, T.TAKEN_DOWN, Action.THANKS_REVIEW),
    },
)

TONES: dict[str, str] = {
    "draft": "still", "in_review": "warm", "returned": "bad", "open": "good", "met": "good", "paused": "still", "closed": "still",
    "withdrawn": "still", "expired": "bad", "asked": "warm", "confirmed": "warm", "vetted": "warm", "refused": "bad", "proposed": "warm",
    "accepted": "good", "declined": "bad", "pledged": "warm", "scheduled": "warm", "delivered": "good", "thanked": "good", "lapsed": "bad",
    "failed": "bad", "quarantined": "bad", "shown": "good", "taken_down": "still",
}  # fmt: skip
