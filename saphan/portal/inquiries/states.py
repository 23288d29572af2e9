"""The life of an inquiry, and of a question and answer that become public."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from saphan.access.actions import Action
from saphan.core.states import LifeCycle, Move


class State(TextChoices):
    """Where an inquiry stands."""

    BEGUN = "begun", _("being written, not yet sent")
    NEW = "new", _("new")
    OPEN = "open", _("being worked on")
    WAITING = "waiting", _("waits for the asker")
    ANSWERED = "answered", _("answered")
    CLOSED = "closed", _("closed")
    MERGED = "merged", _("joined to another")
    HANDED_OVER = "handed_over", _("handed over to casework")
    SPAM = "spam", _("unwanted")


UNDER_WAY = frozenset({State.NEW, State.OPEN, State.WAITING, State.ANSWERED})
TO_ANSWER = frozenset({State.NEW, State.OPEN})  # somebody waits for us
ENDED = frozenset({State.CLOSED, State.MERGED, State.HANDED_OVER, State.SPAM})

LIFE = LifeCycle(
    "inquiry",
    State,
    initial=State.BEGUN,
    final=ENDED,
    moves={
        "send": Move({State.BEGUN}, State.NEW, None),
        "take": Move({State.NEW}, State.OPEN, Action.INQUIRY_ASSIGN),
        "answer": Move(UNDER_WAY, State.ANSWERED, Action.INQUIRY_REPLY),
        "ask_back": Move(UNDER_WAY, State.WAITING, Action.INQUIRY_REPLY),
        "hear": Move({State.OPEN, State.WAITING, State.ANSWERED, State.CLOSED}, State.OPEN, None),
        "close": Move(UNDER_WAY, State.CLOSED, Action.INQUIRY_CLOSE),
        "reopen": Move({State.CLOSED, State.SPAM}, State.OPEN, Action.INQUIRY_CLOSE),
        "reject": Move({State.NEW, State.OPEN}, State.SPAM, Action.INQUIRY_CLOSE),
        "merge": Move(UNDER_WAY, State.MERGED, Action.INQUIRY_MERGE),
        "hand_over": Move(UNDER_WAY, State.HANDED_OVER, Action.INQUIRY_HAND_OVER),
        "go_along": Move(UNDER_WAY | {State.CLOSED, State.SPAM}, State.HANDED_OVER, None),
    },
)
TONES = {
    State.BEGUN: "still", State.NEW: "warm", State.OPEN: "warm", State.WAITING: "", State.ANSWERED: "good",
    State.CLOSED: "still", State.MERGED: "still", State.HANDED_OVER: "good", State.SPAM: "still",
}  # fmt: skip


class FaqState(TextChoices):
    """Where a public question and answer stands."""

    PROPOSED = "proposed", _("waits for a second person")
    PUBLISHED = "published", _("public")
    WITHDRAWN = "withdrawn", _("withdrawn")


FAQ_LIFE = LifeCycle(
    "public answer",
    FaqState,
    initial=FaqState.PROPOSED,
    final={FaqState.WITHDRAWN},
    moves={
        "publish": Move({FaqState.PROPOSED}, FaqState.PUBLISHED, Action.FAQ_APPROVE),
        "rewrite": Move({FaqState.PROPOSED, FaqState.PUBLISHED, FaqState.WITHDRAWN}, FaqState.PROPOSED, Action.FAQ_WRITE),
        "withdraw": Move({FaqState.PROPOSED, FaqState.PUBLISHED}, FaqState.WITHDRAWN, Action.FAQ_WRITE),
    },
)
