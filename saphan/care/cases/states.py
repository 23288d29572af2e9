"""The lives of a case and of a consent."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from saphan.access.actions import Action
from saphan.core.states import LifeCycle, Move


class State(TextChoices):
    """Where a case stands: the stages agreed in the region, as far as this house has their screens."""

    PRESUMED = "presumed", _("presumed")
    IDENTIFIED = "identified", _("identified")
    NOT_IDENTIFIED = "not_identified", _("not identified")
    REFLECTION = "reflection", _("reflection")
    ASSISTANCE = "assistance", _("assistance")
    OTHER_SERVICES = "other_services", _("other services")
    SOLUTION = "solution", _("solution")
    CLOSED = "closed", _("closed")


OPEN = frozenset(State) - {State.CLOSED}
IN_CARE = frozenset({State.IDENTIFIED, State.REFLECTION, State.ASSISTANCE})

LIFE = LifeCycle(
    "case",
    State,
    initial=State.PRESUMED,
    final={State.CLOSED},
    moves={
        "identify": Move({State.PRESUMED, State.NOT_IDENTIFIED}, State.IDENTIFIED, Action.CASE_EDIT),
        "not_identify": Move({State.PRESUMED}, State.NOT_IDENTIFIED, Action.CASE_EDIT),
        "reflect": Move({State.IDENTIFIED}, State.REFLECTION, Action.CASE_EDIT),
        "assist": Move({State.PRESUMED, State.IDENTIFIED, State.REFLECTION, State.SOLUTION}, State.ASSISTANCE, Action.CASE_EDIT),
        "refer_elsewhere": Move({State.NOT_IDENTIFIED}, State.OTHER_SERVICES, Action.CASE_EDIT),
        "settle": Move({State.ASSISTANCE}, State.SOLUTION, Action.CASE_EDIT),
        "close": Move(OPEN, State.CLOSED, Action.CASE_CLOSE),
    },
)

TONES = {State.PRESUMED: "warm", State.IDENTIFIED: "good", State.ASSISTANCE: "good", State.SOLUTION: "good"}
VERBS = {
    "identify": _("Record the team's decision: identified"),
    "not_identify": _("Record the team's decision: not identified"),
    "reflect": _("Begin the reflection period"),
    "assist": _("Begin assistance"),
    "refer_elsewhere": _("Go on with other services"),
    "settle": _("A solution is agreed"),
}


class ConsentState(TextChoices):
    """Where a consent stands. That it has run out is computed from its date, never typed."""

    GIVEN = "given", _("given")
    WITHDRAWN = "withdrawn", _("withdrawn")


CONSENT_LIFE = LifeCycle(
    "consent",
    ConsentState,
    initial=ConsentState.GIVEN,
    final={ConsentState.WITHDRAWN},
    moves={"withdraw": Move({ConsentState.GIVEN}, ConsentState.WITHDRAWN, Action.CONSENT_WITHDRAW)},
)
