"""The lives of a commitment, of its occurrences, and of a party's consent to publish a scorecard."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from saphan.access.actions import Action
from saphan.agreements.scoring.occurring import OccurrenceState
from saphan.core.states import LifeCycle, Move


class CommitmentState(TextChoices):
    """Where a commitment stands. It counts from the moment when two parties have agreed upon its words and days."""

    PROPOSED = "proposed", _("proposed")
    STANDING = "standing", _("standing")
    DROPPED = "dropped", _("dropped")
    ENDED = "ended", _("ended")


C = CommitmentState
COMMITMENT = LifeCycle(
    "commitment of a party",
    CommitmentState,
    initial=C.PROPOSED,
    final={C.DROPPED, C.ENDED},
    moves={
        "accept": Move({C.PROPOSED}, C.STANDING, Action.COMMITMENT_ANSWER),
        "decline": Move({C.PROPOSED}, C.DROPPED, Action.COMMITMENT_ANSWER),
        "withdraw": Move({C.PROPOSED}, C.DROPPED, Action.COMMITMENT_PROPOSE),
        "release": Move({C.STANDING}, C.ENDED, Action.COMMITMENT_RELEASE),
        "lapse": Move({C.STANDING}, C.ENDED, None),
    },
)
COMMITMENT_TONES = {C.PROPOSED: "warm", C.STANDING: "good", C.DROPPED: "still", C.ENDED: "still"}

S = OccurrenceState
OWED = frozenset({S.OPEN, S.DISPUTED})  # the owner has something to do
STATED_STATES = frozenset({S.STATED, S.CONFIRMED, S.DISPUTED})
SETTLED = frozenset({S.CONFIRMED, S.EXCUSED, S.MISSED, S.VOID})
OCCURRENCE = LifeCycle(
    "occurrence of a commitment",
    OccurrenceState,
    initial=S.OPEN,
    final=SETTLED,
    moves={
        "state": Move(OWED, S.STATED, Action.OCCURRENCE_STATE),
        "take back": Move({S.STATED}, S.OPEN, Action.OCCURRENCE_STATE),
        "confirm": Move({S.STATED}, S.CONFIRMED, Action.OCCURRENCE_ANSWER),
        "dispute": Move({S.STATED}, S.DISPUTED, Action.OCCURRENCE_ANSWER),
        "ask to excuse": Move(OWED, S.EXCUSE_ASKED, Action.OCCURRENCE_EXCUSE),
        "excuse": Move({S.EXCUSE_ASKED}, S.EXCUSED, Action.OCCURRENCE_EXCUSE),
        "refuse to excuse": Move({S.EXCUSE_ASKED}, S.OPEN, Action.OCCURRENCE_EXCUSE),
        "admit": Move(OWED, S.MISSED, Action.OCCURRENCE_STATE),
        "lapse": Move(OWED | {S.EXCUSE_ASKED}, S.VOID, None),
    },
)
OCCURRENCE_TONES = {
    S.OPEN: "", S.STATED: "warm", S.CONFIRMED: "good", S.DISPUTED: "bad", S.EXCUSE_ASKED: "warm", S.EXCUSED: "still", S.MISSED: "bad",
    S.VOID: "still",
}  # fmt: skip


class ConsentState(TextChoices):
    """Whether a party allows that this scorecard is public."""

    GIVEN = "given", _("allowed")
    WITHDRAWN = "withdrawn", _("taken back")


CONSENT = LifeCycle(
    "consent to publish a scorecard",
    ConsentState,
    initial=ConsentState.GIVEN,
    final={ConsentState.WITHDRAWN},
    moves={"take back": Move({ConsentState.GIVEN}, ConsentState.WITHDRAWN, Action.SCORE_CONSENT)},
)
