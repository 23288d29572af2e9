"""An interview: the safety check before it, the sittings, each reply as it was given, and the result with its reasons."""

from typing import TYPE_CHECKING, ClassVar, Self
from uuid import UUID

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from saphan.access.actions import Action
from saphan.access.roles import Role, acts_of
from saphan.care.persons.codes import Language
from saphan.care.persons.models import Person
from saphan.care.screening.codes import RESULT_TONES, Interpreter, Known, ResultCode, Risk, Source, StopReason, YesNo
from saphan.care.screening.hearings import Hearing, Member, Retraction, Vote, in_conflict, knowing
from saphan.care.screening.identification_models import Handover, Identification, ProtectionNote, Reflection, ReviewRequest
from saphan.care.screening.instruments import Instrument, InstrumentUpload, InstrumentVersion, Question, Questionnaire
from saphan.care.screening.rules import Branch
from saphan.care.screening.session_models import Attendance, TeamSession
from saphan.care.screening.states import InterviewState
from saphan.care.screening.tallies import QuestionTally
from saphan.core.ids import new_id
from saphan.core.sealing import SealedField
from saphan.core.sensitivity import Sensitivity

if TYPE_CHECKING:
    from saphan.access.models import User

__all__ = [
    "Attendance", "Handover", "Hearing", "Identification", "Instrument", "InstrumentUpload", "InstrumentVersion", "Interview", "Member",
    "ProtectionNote", "Question", "QuestionTally", "Questionnaire", "Reflection", "Reply", "Retraction", "ReviewRequest", "SafetyCheck", "Sitting", "TeamSession",
    "Vote",
]  # fmt: skip


class InterviewQuerySet(models.QuerySet["Interview"]):
    """Many interviews."""

    def visible_to(self, user: "User") -> Self:
        """Interviews of people of whom the user may know; a supervisor's organisation's. In a conflict of interest: those the user holds."""
        if Action.INTERVIEW_READ not in acts_of(user.roles):
            return self.none()
        mine = knowing(user)
        if Role.CASE_SUPERVISOR in user.roles:
            mine |= Q(org=user.org_id)
        return self.filter(mine).exclude(in_conflict(user) & ~Q(interviewer=user))

    def waiting_for(self, user: "User") -> Self:
        """Those that this worker has begun or was handed, and that have not ended."""
        return self.filter(interviewer=user, state__in=[InterviewState.PREPARED, InterviewState.UNDER_WAY, InterviewState.PAUSED])


class Interview(models.Model):
    """One person is asked the questions of one instrument's version. It gives reasons and gaps; it never decides."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    reference = models.CharField(max_length=12, unique=True)
    person = models.ForeignKey(Person, models.PROTECT, related_name="interviews")
    org = models.ForeignKey("directory.Organisation", models.PROTECT, related_name="+")
    version = models.ForeignKey(InstrumentVersion, models.PROTECT, related_name="interviews")
    branch = models.CharField(max_length=5, choices=[(Branch.ADULT.value, _("adult")), (Branch.CHILD.value, _("child"))])
    state = models.CharField(max_length=9, choices=InterviewState, default=InterviewState.PREPARED)
    interviewer = models.ForeignKey("access.User", models.PROTECT, related_name="+")
    prepared_at = models.DateTimeField()
    prepared_by = models.ForeignKey("access.User", models.PROTECT, related_name="+")
    started_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    stop_reason = models.CharField(max_length=11, choices=StopReason, blank=True)
    formal = models.BooleanField(default=False)
    source = models.CharField(max_length=8, choices=Source, default=Source.DESK)
    source_id = models.UUIDField(null=True, blank=True, unique=True)  # the number it was given where it was taken: the same twice is one
    revises = models.OneToOneField("self", models.PROTECT, null=True, blank=True, related_name="revised_by")  # answers mended after the decision
    clock_offset_s = models.IntegerField(null=True, blank=True)  # how far the device's clock was ahead of ours, in seconds
    result_code = models.CharField(max_length=60, choices=ResultCode, blank=True)

    result = SealedField(Sensitivity.EXPLOITATION)

    objects = InterviewQuerySet.as_manager()
    labels: ClassVar[dict[str, Sensitivity]] = dict.fromkeys(
        [
            "id",
            "reference",
            "person",
            "org",
            "version",
            "branch",
            "state",
            "interviewer",
            "prepared_at",
            "prepared_by",
            "started_at",
            "ended_at",
            "stop_reason",
            "formal",
            "source",
            "source_id",
            "revises",
            "clock_offset_s",
        ],
        Sensitivity.WORKING,
    ) | {"result_code": Sensitivity.EXPLOITATION}

    class Meta:
        indexes = [
            models.Index(name="interview_of_org", fields=["org", "-prepared_at", "-id"]),
            models.Index(name="interview_waiting", fields=["interviewer", "state"]),
        ]
        constraints = [
            models.CheckConstraint(name="interview_source_known", condition=Q(source__in=Source.values)),
            models.CheckConstraint(name="interview_state_known", condition=Q(state__in=InterviewState.values)),
            models.CheckConstraint(
                name="interview_ended_iff_its_time",
                condition=Q(state__in=["completed", "stopped"], ended_at__isnull=False)
                | (Q(state__in=["prepared", "under_way", "paused"]) & Q(ended_at=None)),
            ),
            models.CheckConstraint(
                name="interview_started_before_answers", condition=Q(state__in=["prepared", "stopped"]) | Q(started_at__isnull=False)
            ),
            models.CheckConstraint(
                name="interview_result_iff_completed",
                condition=(Q(state="completed", result__isnull=False) & ~Q(result_code=""))
                | (~Q(state="completed") & Q(result=None, result_code="", formal=False)),
            ),
            models.CheckConstraint(
                name="interview_stopped_iff_why", condition=(Q(state="stopped") & ~Q(stop_reason="")) | (~Q(state="stopped") & Q(stop_reason=""))
            ),
        ]

    @property
    def sealed_scope(self) -> UUID:
        return self.person_id

    @property
    def tone(self) -> str:
        """The tone of its result on a page; none while there is no result."""
        return RESULT_TONES.get(ResultCode(self.result_code), "warm") if self.result_code else ""

    @property
    def fits_age(self) -> bool:
        """Whether it asks by the age that the file states now; a doubt counts as a child."""
        return (self.branch == Branch.CHILD) == self.person.counts_as_child

    @property
    def went_on_unchecked(self) -> bool:
        """Whether another worker or another day went on without the safety check made again: somebody looks at it."""
        from saphan.care.screening.rechecks import unchecked

        return bool(unchecked(self))


class SafetyCheck(models.Model):
    """What was looked at before the interview could start. A check that fails is kept; a later one may pass."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    interview = models.ForeignKey(Interview, models.CASCADE, related_name="checks")
    seq = models.PositiveIntegerField()  # the last one counts, whatever the clocks say
    sitting = models.PositiveIntegerField(default=1)  # which sitting it was made for; from the second on, what cannot have changed is carried over
    at = models.DateTimeField()
    by = models.ForeignKey("access.User", models.PROTECT, related_name="+")
    language = models.CharField(max_length=10, choices=Language)
    private_place = models.CharField(max_length=3, choices=YesNo)
    interpreter = models.CharField(max_length=10, choices=Interpreter)
    same_village = models.CharField(max_length=7, choices=Known, blank=True)
    same_community = models.CharField(max_length=7, choices=Known, blank=True)
    sex_asked = models.CharField(max_length=7, choices=Known, blank=True)
    consent = models.CharField(max_length=3, choices=YesNo)
    may_skip = models.CharField(max_length=3, choices=YesNo)
    referrals_ready = models.CharField(max_length=3, choices=YesNo)
    person_risk = models.CharField(max_length=6, choices=Risk)
    worker_risk = models.CharField(max_length=6, choices=Risk)
    passed = models.BooleanField()

    labels: ClassVar[dict[str, Sensitivity]] = dict.fromkeys(
        [
            "id",
            "interview",
            "seq",
            "sitting",
            "at",
            "by",
            "language",
            "private_place",
            "interpreter",
            "same_village",
            "same_community",
            "sex_asked",
            "consent",
            "may_skip",
            "referrals_ready",
            "person_risk",
            "worker_risk",
            "passed",
        ],
        Sensitivity.WORKING,
    )

    class Meta:
        ordering = ["seq"]
        constraints = [models.UniqueConstraint(name="safety_check_follows_the_last", fields=["interview", "seq"])]


class Sitting(models.Model):
    """One stretch of an interview: who asked, who was present, from when to when."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    interview = models.ForeignKey(Interview, models.CASCADE, related_name="sittings")
    worker = models.ForeignKey("access.User", models.PROTECT, related_name="+")
    began_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    present = SealedField(Sensitivity.EXPLOITATION)

    labels: ClassVar[dict[str, Sensitivity]] = dict.fromkeys(["id", "interview", "worker", "began_at", "ended_at"], Sensitivity.WORKING)

    class Meta:
        ordering = ["began_at"]
        constraints = [
            models.UniqueConstraint(name="one_open_sitting_per_interview", fields=["interview"], condition=Q(ended_at=None)),
            models.CheckConstraint(name="sitting_ends_after_start", condition=Q(ended_at=None) | Q(ended_at__gte=models.F("began_at"))),
        ]

    @property
    def person(self) -> Person:
        return self.interview.person

    @property
    def sealed_scope(self) -> UUID:
        return self.interview.person_id


class Reply(models.Model):
    """What the person answered to one question at one time. A changed answer is a new row: the earlier one stays."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    interview = models.ForeignKey(Interview, models.CASCADE, related_name="replies")
    question = models.ForeignKey(Question, models.PROTECT, related_name="+")
    instance = models.CharField(max_length=20, blank=True)  # which turn of a repeated part, such as 2 or 2.1
    seq = models.PositiveIntegerField()
    at = models.DateTimeField()
    by = models.ForeignKey("access.User", models.PROTECT, related_name="+")
    known_from = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="+")  # answered before: not asked again

    value = SealedField(Sensitivity.EXPLOITATION)
    note = SealedField(Sensitivity.EXPLOITATION)

    labels: ClassVar[dict[str, Sensitivity]] = dict.fromkeys(
        ["id", "interview", "question", "instance", "seq", "at", "by", "known_from"], Sensitivity.WORKING
    )

    class Meta:
        ordering = ["question__order", "instance", "seq"]
        constraints = [models.UniqueConstraint(name="reply_follows_the_one_seen", fields=["interview", "question", "instance", "seq"])]

    @property
    def person(self) -> Person:
        return self.interview.person

    @property
    def sealed_scope(self) -> UUID:
        return self.interview.person_id
