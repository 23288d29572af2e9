"""The life of an issue, and the fate of each letter of it."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from saphan.access.actions import Action
from saphan.core.states import LifeCycle, Move


class IssueState(TextChoices):
    """Where an issue stands."""

    DRAFT = "draft", _("draft")
    READY = "ready", _("ready")
    SCHEDULED = "scheduled", _("scheduled")
    SENDING = "sending", _("being sent")
    PAUSED = "paused", _("paused")
    SENT = "sent", _("sent")
    CANCELLED = "cancelled", _("cancelled")


class Fate(TextChoices):
    """What became of one letter. In flight: given to a sender, no answer yet. Uncertain: handed over, and nobody heard the answer."""

    QUEUED = "queued", _("waiting")
    IN_FLIGHT = "in_flight", _("on its way")
    SENT = "sent", _("accepted by the mail server")
    DEFERRED = "deferred", _("put off")
    REFUSED = "refused", _("refused")
    UNCERTAIN = "uncertain", _("uncertain")
    SKIPPED = "skipped", _("left out")


class Why(TextChoices):
    """Why a letter was left out."""

    LEFT = "left", _("left the newsletter meanwhile")
    SUPPRESSED = "suppressed", _("the address does not take our mail")
    TOPICS = "topics", _("nothing on the chosen topics this month")
    EMPTY = "empty", _("nothing to tell of the chosen countries in the language")
    WITHDRAWN = "withdrawn", _("the edition was withdrawn")
    LANGUAGE = "language", _("the language is no longer wished")
    BROKEN = "broken", _("the address cannot be opened")
    CANCELLED = "cancelled", _("the issue was cancelled")


OPEN = frozenset({IssueState.DRAFT, IssueState.READY, IssueState.SCHEDULED})  # nothing has left the house
RUNNING = frozenset({IssueState.SENDING, IssueState.PAUSED})
BEGUN = RUNNING | {IssueState.SENT}
WAITING = frozenset({Fate.QUEUED, Fate.IN_FLIGHT, Fate.DEFERRED})

LIFE = LifeCycle(
    "newsletter issue",
    IssueState,
    initial=IssueState.DRAFT,
    final={IssueState.SENT, IssueState.CANCELLED},
    moves={
        "finish_writing": Move({IssueState.DRAFT}, IssueState.READY, Action.NEWSLETTER_EDIT),
        "reopen": Move({IssueState.READY, IssueState.SCHEDULED}, IssueState.DRAFT, Action.NEWSLETTER_EDIT),
        "schedule": Move({IssueState.READY}, IssueState.SCHEDULED, Action.NEWSLETTER_SCHEDULE),
        "begin": Move({IssueState.SCHEDULED}, IssueState.SENDING, None),
        "pause": Move({IssueState.SENDING}, IssueState.PAUSED, Action.NEWSLETTER_PAUSE),
        "resume": Move({IssueState.PAUSED}, IssueState.SENDING, Action.NEWSLETTER_PAUSE),
        "finish": Move({IssueState.SENDING}, IssueState.SENT, None),
        "ask_again": Move({IssueState.SENDING, IssueState.PAUSED, IssueState.SENT}, IssueState.SENDING, Action.NEWSLETTER_RETRY),
        "cancel": Move(OPEN | RUNNING, IssueState.CANCELLED, Action.NEWSLETTER_CANCEL),
    },
)

FATES = LifeCycle(
    "newsletter letter",
    Fate,
    initial=Fate.QUEUED,
    final={Fate.SENT, Fate.REFUSED, Fate.SKIPPED, Fate.UNCERTAIN},
    moves={
        "claim": Move({Fate.QUEUED, Fate.DEFERRED}, Fate.IN_FLIGHT, None),
        "release": Move({Fate.IN_FLIGHT}, Fate.QUEUED, None),
        "deliver": Move({Fate.IN_FLIGHT}, Fate.SENT, None),
        "defer": Move({Fate.IN_FLIGHT}, Fate.DEFERRED, None),
        "refuse": Move({Fate.IN_FLIGHT, Fate.DEFERRED}, Fate.REFUSED, None),
        "doubt": Move({Fate.IN_FLIGHT}, Fate.UNCERTAIN, None),
        "leave_out": Move({Fate.QUEUED, Fate.IN_FLIGHT, Fate.DEFERRED}, Fate.SKIPPED, None),
        "ask_again": Move({Fate.UNCERTAIN}, Fate.QUEUED, Action.NEWSLETTER_RETRY),
    },
)

TONES = {
    IssueState.DRAFT: "still", IssueState.READY: "warm", IssueState.SCHEDULED: "warm", IssueState.SENDING: "warm",
    IssueState.PAUSED: "bad", IssueState.SENT: "good", IssueState.CANCELLED: "still",
}  # fmt: skip
