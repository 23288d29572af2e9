"""The life of a referral: from the draft to the sender's question whether it helped."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from saphan.access.actions import Action
from saphan.core.states import LifeCycle, Move


class State(TextChoices):
    """Where a referral stands. That a clock was missed is a mark beside it, not a state."""

    DRAFT = "draft", _("draft")
    SENT = "sent", _("sent")
    ACKNOWLEDGED = "acknowledged", _("acknowledged")
    ACCEPTED = "accepted", _("accepted")
    DECLINED = "declined", _("declined")
    SERVICE_STARTED = "service_started", _("service started")
    COMPLETED = "completed", _("completed")
    FEEDBACK_CLOSED = "feedback_closed", _("feedback closed")
    WITHDRAWN = "withdrawn", _("withdrawn")


AWAITING_REPLY = frozenset({State.SENT, State.ACKNOWLEDGED})
WAITING = AWAITING_REPLY | {State.DRAFT}  # a clock runs
RUNNING = frozenset({State.ACCEPTED, State.SERVICE_STARTED, State.COMPLETED})
SCOPE_OPEN = RUNNING
ANSWERED = RUNNING | {State.DECLINED, State.FEEDBACK_CLOSED}
OVER = frozenset({State.DECLINED, State.FEEDBACK_CLOSED, State.WITHDRAWN})

LIFE = LifeCycle(
    "referral",
    State,
    initial=State.DRAFT,
    final=OVER,
    moves={
        "send": Move({State.DRAFT}, State.SENT, Action.REFERRAL_SEND),
        "acknowledge": Move({State.SENT}, State.ACKNOWLEDGED, Action.REFERRAL_ACKNOWLEDGE),
        "accept": Move(AWAITING_REPLY, State.ACCEPTED, Action.REFERRAL_ACCEPT),
        "decline": Move(AWAITING_REPLY, State.DECLINED, Action.REFERRAL_DECLINE),
        "withdraw": Move(WAITING, State.WITHDRAWN, Action.REFERRAL_WITHDRAW),
        "start": Move({State.ACCEPTED}, State.SERVICE_STARTED, Action.REFERRAL_START),
        "complete": Move({State.ACCEPTED, State.SERVICE_STARTED}, State.COMPLETED, Action.REFERRAL_COMPLETE),
        "close_feedback": Move({State.COMPLETED}, State.FEEDBACK_CLOSED, Action.REFERRAL_FEEDBACK),
    },
)

TONES = {
    State.DRAFT: "still", State.SENT: "warm", State.ACKNOWLEDGED: "warm", State.ACCEPTED: "good", State.DECLINED: "bad",
    State.SERVICE_STARTED: "good", State.COMPLETED: "good", State.FEEDBACK_CLOSED: "still", State.WITHDRAWN: "still",
}  # fmt: skip
