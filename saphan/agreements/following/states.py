"""Where a subject's following stands, what becomes of a finding, and of a wish to bind anew."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from saphan.access.actions import Action
from saphan.core.states import LifeCycle, Move


class BindingState(TextChoices):
    """Whether the subject still follows its procedure."""

    RUNNING = "running", _("running")
    OVER = "over", _("over")


BINDING = LifeCycle(
    "subject under a procedure",
    BindingState,
    initial=BindingState.RUNNING,
    final={BindingState.OVER},
    moves={"end": Move({BindingState.RUNNING}, BindingState.OVER, None)},
)


class FindingState(TextChoices):
    """A finding is open until somebody answers for it."""

    OPEN = "open", _("open")
    DEPARTED = "departed", _("closed by a departure")
    CORRECTED = "corrected", _("corrected")
    ACCEPTED = "accepted", _("accepted by name")


F = FindingState
FINDING = LifeCycle(
    "finding of drift",
    FindingState,
    initial=F.OPEN,
    final={F.DEPARTED, F.CORRECTED, F.ACCEPTED},
    moves={
        "depart": Move({F.OPEN}, F.DEPARTED, Action.PROCEDURE_DEPART),
        "correct": Move({F.OPEN}, F.CORRECTED, Action.DRIFT_CLOSE),
        "accept": Move({F.OPEN}, F.ACCEPTED, Action.DRIFT_CLOSE),
    },
)


class RebindingState(TextChoices):
    """A wish to follow another version."""

    ASKED = "asked", _("asked for")
    DONE = "done", _("done")
    REFUSED = "refused", _("refused")


R = RebindingState
REBINDING = LifeCycle(
    "binding to another version",
    RebindingState,
    initial=R.ASKED,
    final={R.DONE, R.REFUSED},
    moves={
        "complete": Move({R.ASKED}, R.DONE, Action.REBIND_APPROVE),
        "refuse": Move({R.ASKED}, R.REFUSED, Action.REBIND_APPROVE),
    },
)

TONES = {F.OPEN: "warm", F.DEPARTED: "still", F.CORRECTED: "good", F.ACCEPTED: "still"}
