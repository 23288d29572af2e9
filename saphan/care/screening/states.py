"""The lives of an instrument's version, of an interview and of a hearing."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from saphan.access.actions import Action
from saphan.core.states import LifeCycle, Move


class VersionState(TextChoices):
    """Whether an instrument's version may give a formal result."""

    DRAFT = "draft", _("draft: for training and informal results only")
    APPROVED = "approved", _("approved")
    RETIRED = "retired", _("retired")


VERSION_LIFE = LifeCycle(
    "instrument version",
    VersionState,
    initial=VersionState.DRAFT,
    final={VersionState.RETIRED},
    moves={
        "approve": Move({VersionState.DRAFT}, VersionState.APPROVED, Action.INSTRUMENT_APPROVE),
        "retire": Move({VersionState.DRAFT, VersionState.APPROVED}, VersionState.RETIRED, Action.INSTRUMENT_RETIRE),
    },
)


class InterviewState(TextChoices):
    """Where an interview stands."""

    PREPARED = "prepared", _("prepared")
    UNDER_WAY = "under_way", _("under way")
    PAUSED = "paused", _("paused")
    COMPLETED = "completed", _("completed")
    STOPPED = "stopped", _("stopped")


I = InterviewState  # noqa: E741  # the table below reads better with one letter
RUNNING = frozenset({I.PREPARED, I.UNDER_WAY, I.PAUSED})
ENDED = frozenset({I.COMPLETED, I.STOPPED})

INTERVIEW_LIFE = LifeCycle(
    "interview",
    InterviewState,
    initial=I.PREPARED,
    final=ENDED,
    moves={
        "check": Move({I.PREPARED}, I.PREPARED, Action.INTERVIEW_ANSWER),
        "check_again": Move({I.PAUSED}, I.PAUSED, Action.INTERVIEW_ANSWER),
        "start": Move({I.PREPARED}, I.UNDER_WAY, Action.INTERVIEW_ANSWER),
        "answer": Move({I.UNDER_WAY}, I.UNDER_WAY, Action.INTERVIEW_ANSWER),
        "pause": Move({I.UNDER_WAY}, I.PAUSED, Action.INTERVIEW_ANSWER),
        "resume": Move({I.PAUSED}, I.UNDER_WAY, Action.INTERVIEW_ANSWER),
        "hand_over": Move({I.UNDER_WAY, I.PAUSED}, I.PAUSED, Action.INTERVIEW_HAND_OVER),
        "hand_on": Move({I.PREPARED}, I.PREPARED, Action.INTERVIEW_HAND_OVER),  # nothing is asked yet, so nothing rests
        "complete": Move({I.UNDER_WAY}, I.COMPLETED, Action.INTERVIEW_COMPLETE),
        "stop": Move(RUNNING, I.STOPPED, Action.INTERVIEW_STOP),
        "revise": Move({I.COMPLETED}, I.COMPLETED, Action.INTERVIEW_START),
    },
)


class HearingState(TextChoices):
    """Where a hearing stands."""

    CONVENED = "convened", _("convened")
    DECIDED = "decided", _("decided")
    CANCELLED = "cancelled", _("cancelled")


H = HearingState

HEARING_LIFE = LifeCycle(
    "hearing",
    HearingState,
    initial=H.CONVENED,
    final={H.DECIDED, H.CANCELLED},
    moves={
        "declare": Move({H.CONVENED}, H.CONVENED, Action.HEARING_VOTE),
        "take_back": Move({H.CONVENED}, H.CONVENED, Action.HEARING_CONVENE),
        "replace": Move({H.CONVENED}, H.CONVENED, Action.HEARING_CONVENE),
        "sit": Move({H.CONVENED}, H.CONVENED, Action.HEARING_SIT),
        "vote": Move({H.CONVENED}, H.CONVENED, Action.HEARING_VOTE),
        "decide": Move({H.CONVENED}, H.DECIDED, Action.HEARING_DECIDE),
        "take_over": Move({H.CONVENED}, H.CONVENED, Action.HEARING_CONVENE),
        "cancel": Move({H.CONVENED}, H.CANCELLED, Action.HEARING_CONVENE),
        "hand_over": Move({H.DECIDED}, H.DECIDED, Action.LETTER_HAND_OVER),
        "take_in": Move({H.DECIDED}, H.DECIDED, Action.REVIEW_TAKE_IN),
        "review": Move({H.DECIDED}, H.DECIDED, Action.HEARING_REVIEW),
    },
)


class RequestState(TextChoices):
    """Where a request for review stands."""

    RECEIVED = "received", _("taken in")
    CONVENED = "convened", _("a team is called together")
    WITHDRAWN = "withdrawn", _("taken back by whoever asked")


REQUEST_LIFE = LifeCycle(
    "review request",
    RequestState,
    initial=RequestState.RECEIVED,
    final={RequestState.CONVENED, RequestState.WITHDRAWN},
    moves={
        "convene": Move({RequestState.RECEIVED}, RequestState.CONVENED, Action.HEARING_REVIEW),
        "withdraw": Move({RequestState.RECEIVED}, RequestState.WITHDRAWN, Action.REVIEW_TAKE_IN),
    },
)


class ReflectionState(TextChoices):
    """Where a reflection period stands. Declining it closes nothing: it can be asked for again."""

    OFFERED = "offered", _("offered")
    RUNNING = "running", _("running")
    DECLINED = "declined", _("not wished now")
    ENDED = "ended", _("ended")


REFLECTION_LIFE = LifeCycle(
    "reflection period",
    ReflectionState,
    initial=ReflectionState.OFFERED,
    final={ReflectionState.DECLINED, ReflectionState.ENDED},
    moves={
        "accept": Move({ReflectionState.OFFERED}, ReflectionState.RUNNING, Action.IDENTIFICATION_RECORD),
        "decline": Move({ReflectionState.OFFERED}, ReflectionState.DECLINED, Action.IDENTIFICATION_RECORD),
        "end": Move({ReflectionState.RUNNING}, ReflectionState.ENDED, Action.IDENTIFICATION_RECORD),
    },
)
