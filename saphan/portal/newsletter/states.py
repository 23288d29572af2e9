"""The life of a subscription, and of a request to take the list of them out of the house."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from saphan.access.actions import Action
from saphan.core.states import LifeCycle, Move


class State(TextChoices):
    """Where a subscription stands."""

    ASKED = "asked", _("asked for, not yet confirmed")
    CONFIRMED = "confirmed", _("receives the newsletter")
    LEFT = "left", _("has left")
    REFUSED = "refused", _("the address does not take our mail")


LIFE = LifeCycle(
    "newsletter subscription",
    State,
    initial=State.ASKED,
    final={State.LEFT, State.REFUSED},
    moves={
        "confirm": Move({State.ASKED, State.CONFIRMED, State.REFUSED}, State.CONFIRMED, None),
        "leave": Move({State.ASKED, State.CONFIRMED, State.REFUSED}, State.LEFT, None),
        "refuse": Move({State.ASKED, State.CONFIRMED}, State.REFUSED, None),
        "ask": Move({State.ASKED, State.REFUSED}, State.ASKED, None),
    },
)


class ExportState(TextChoices):
    """Where a request to take the list out stands."""

    ASKED = "asked", _("waits for a second person")
    APPROVED = "approved", _("approved, may be taken once")
    TAKEN = "taken", _("taken")
    LAPSED = "lapsed", _("lapsed")


EXPORT = LifeCycle(
    "newsletter export",
    ExportState,
    initial=ExportState.ASKED,
    final={ExportState.TAKEN, ExportState.LAPSED},
    moves={
        "approve": Move({ExportState.ASKED}, ExportState.APPROVED, Action.NEWSLETTER_APPROVE_EXPORT),
        "take": Move({ExportState.APPROVED}, ExportState.TAKEN, Action.NEWSLETTER_EXPORT),
        "lapse": Move({ExportState.ASKED, ExportState.APPROVED}, ExportState.LAPSED, None),
    },
)

EXPORT_TONES = {ExportState.ASKED: "warm", ExportState.APPROVED: "good", ExportState.TAKEN: "still", ExportState.LAPSED: "still"}
