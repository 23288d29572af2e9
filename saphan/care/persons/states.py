"""The life of a report: from the call to the file of each person it speaks of."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from saphan.access.actions import Action
from saphan.core.states import LifeCycle, Move


class ReportState(TextChoices):
    """Where a report stands."""

    REPORTED = "reported", _("reported")
    CONTACTED = "contacted", _("first contact made")
    FOLLOWED_UP = "followed_up", _("file opened")
    CLOSED = "closed", _("closed")


OPEN = frozenset({ReportState.REPORTED, ReportState.CONTACTED, ReportState.FOLLOWED_UP})

LIFE = LifeCycle(
    "report",
    ReportState,
    initial=ReportState.REPORTED,
    final={ReportState.CLOSED},
    moves={
        "contact": Move({ReportState.REPORTED}, ReportState.CONTACTED, Action.REPORT_CONTACT),
        "follow_up": Move(OPEN, ReportState.FOLLOWED_UP, Action.PERSON_OPEN),
        "close": Move(OPEN, ReportState.CLOSED, Action.REPORT_CLOSE),
    },
)

TONES = {ReportState.REPORTED: "warm", ReportState.CONTACTED: "", ReportState.FOLLOWED_UP: "good", ReportState.CLOSED: ""}
