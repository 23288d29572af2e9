"""The life of a subscription."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

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
