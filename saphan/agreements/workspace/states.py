"""The lives of what the workspace keeps: a proposal to one article, a bracket around it, a party's key, a signature that waits for its second person."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from saphan.access.actions import Action
from saphan.core.states import LifeCycle, Move


class ProposalState(TextChoices):
    """Where a proposal stands. Only an open one lies before the other parties."""

    DRAFT = "draft", _("being written")
    OPEN = "open", _("before the parties")
    APPLIED = "applied", _("taken into the text")
    DECLINED = "declined", _("not accepted")
    WITHDRAWN = "withdrawn", _("withdrawn")


P = ProposalState
SETTLED = frozenset({P.APPLIED, P.DECLINED, P.WITHDRAWN})
PROPOSAL = LifeCycle(
    "proposal to an article",
    ProposalState,
    initial=P.DRAFT,
    final=SETTLED,
    moves={
        "submit": Move({P.DRAFT}, P.OPEN, Action.AGREEMENT_PROPOSE),
        "write anew": Move({P.OPEN}, P.DRAFT, Action.AGREEMENT_PROPOSE),
        "withdraw": Move({P.DRAFT, P.OPEN}, P.WITHDRAWN, Action.AGREEMENT_PROPOSE),
        "apply": Move({P.OPEN}, P.APPLIED, Action.AGREEMENT_POSITION),
        "decline": Move({P.OPEN}, P.DECLINED, Action.AGREEMENT_POSITION),
    },
)
PROPOSAL_TONES = {P.DRAFT: "still", P.OPEN: "warm", P.APPLIED: "good", P.DECLINED: "bad", P.WITHDRAWN: "still"}


class Stance(TextChoices):
    """What a party says to a proposal."""

    ACCEPT = "accept", _("accepts")
    REJECT = "reject", _("rejects")
    RESERVE = "reserve", _("reserves its position")


STANCE_TONES = {Stance.ACCEPT: "good", Stance.REJECT: "bad", Stance.RESERVE: "warm"}


class BracketState(TextChoices):
    """A bracket stands until the party that set it lifts it."""

    STANDING = "standing", _("standing")
    LIFTED = "lifted", _("lifted")


BRACKET = LifeCycle(
    "bracket around an article",
    BracketState,
    initial=BracketState.STANDING,
    final={BracketState.LIFTED},
    moves={"lift": Move({BracketState.STANDING}, BracketState.LIFTED, Action.AGREEMENT_BRACKET)},
)


class KeyState(TextChoices):
    """A key signs until its organisation retires it; what it signed stays verifiable."""

    ACTIVE = "active", _("in use")
    RETIRED = "retired", _("retired")


KEY = LifeCycle(
    "signing key of a party",
    KeyState,
    initial=KeyState.ACTIVE,
    final={KeyState.RETIRED},
    moves={"retire": Move({KeyState.ACTIVE}, KeyState.RETIRED, Action.AGREEMENT_KEEP_KEY)},
)


class PreparedState(TextChoices):
    """A signature by key that one person prepared: another one of the same office signs, or it is dropped."""

    PREPARED = "prepared", _("prepared")
    SIGNED = "signed", _("signed")
    DROPPED = "dropped", _("dropped")


PREPARED = LifeCycle(
    "signature by key",
    PreparedState,
    initial=PreparedState.PREPARED,
    final={PreparedState.SIGNED, PreparedState.DROPPED},
    moves={
        "sign": Move({PreparedState.PREPARED}, PreparedState.SIGNED, Action.AGREEMENT_SIGN_BY_KEY),
        "drop": Move({PreparedState.PREPARED}, PreparedState.DROPPED, Action.AGREEMENT_SIGN_BY_KEY),
    },
)
