"""A referral: what one organisation asks of another for a person, and when each side did what."""

from datetime import datetime
from typing import TYPE_CHECKING, ClassVar, Self
from uuid import UUID

from django.db import models
from django.db.models import F, Q

from saphan.access.actions import Action
from saphan.care.cases.models import Case, Consent
from saphan.care.persons.codes import Language
from saphan.care.persons.models import Person
from saphan.care.referrals.codes import DeclineReason, Feedback, Outcome, Risk, WithdrawReason
from saphan.care.referrals.states import ANSWERED, AWAITING_REPLY, LIFE, RUNNING, SCOPE_OPEN, TONES, WAITING, State
from saphan.core import clock
from saphan.core.ids import new_id
from saphan.core.sealing import SealedField
from saphan.core.sensitivity import Sensitivity
from saphan.directory.models import Need

if TYPE_CHECKING:
    from saphan.access.models import User

S = State
STARTED = {S.SERVICE_STARTED}


class ReferralQuerySet(models.QuerySet["Referral"]):
    """Many referrals."""

    def visible_to(self, user: "User") -> Self:
        """What the user's organisation sends, and what was sent to it: a referral belongs to a queue, not to one person."""
        if Action.REFERRAL_READ not in user.acts:
            return self.none()
        return self.filter(Q(from_org=user.org_id) | Q(to_org=user.org_id, sent_at__isnull=False))

    def incoming(self, user: "User") -> Self:
        """The queue of the user's organisation."""
        return self.filter(to_org=user.org_id, sent_at__isnull=False) if Action.REFERRAL_READ in user.acts else self.none()

    def outgoing(self, user: "User") -> Self:
        """What the user's organisation sends or prepares."""
        return self.filter(from_org=user.org_id) if Action.REFERRAL_READ in user.acts else self.none()

    def awaiting_reply(self) -> Self:
        """Sent, not yet answered."""
        return self.filter(state__in=AWAITING_REPLY)

    def waiting(self) -> Self:
        """Those whose clock runs."""
        return self.filter(state__in=WAITING)

    def late(self, at: datetime) -> Self:
        """Those whose clock ran out."""
        return self.waiting().filter(due_at__lt=at)


class Referral(models.Model):
    """One organisation asks another to take up part of a person's care.

    Need, language, risk and age band are copied here when it is drafted: they are all that the receiver sees before accepting,
    beside the reference, which stands for the person.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    reference = models.CharField(max_length=12, unique=True)
    case = models.ForeignKey(Case, models.PROTECT, related_name="referrals")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")  # the case's: the receiver's row lock hides the case until acceptance
    from_org = models.ForeignKey("directory.Organisation", models.PROTECT, related_name="+")
    to_org = models.ForeignKey("directory.Organisation", models.PROTECT, related_name="+")
    service = models.ForeignKey("directory.Service", models.SET_NULL, null=True, blank=True, related_name="+")
    need = models.CharField(max_length=20, choices=Need)
    language = models.CharField(max_length=10, choices=Language)
    risk = models.CharField(max_length=6, choices=Risk)
    age_band = models.CharField(max_length=5, choices=Person.AgeBand)
    classes = models.JSONField(default=list)  # what opens at acceptance
    consent = models.ForeignKey(Consent, models.PROTECT, null=True, blank=True, related_name="+")
    state = models.CharField(max_length=15, choices=State, default=State.DRAFT)
    due_at = models.DateTimeField(null=True, blank=True)  # when the running clock ends
    escalated_at = models.DateTimeField(null=True, blank=True)  # when a clock was last missed

    drafted_at = models.DateTimeField()
    drafted_by = models.ForeignKey("access.User", models.PROTECT, related_name="+")
    sent_at = models.DateTimeField(null=True, blank=True)
    sent_by = models.ForeignKey("access.User", models.PROTECT, null=True, related_name="+")
    acknowledged_at = models.DateTimeField(null=True, blank=True)
    replied_at = models.DateTimeField(null=True, blank=True)
    replied_by = models.ForeignKey("access.User", models.PROTECT, null=True, related_name="+")
    decline_reason = models.CharField(max_length=12, choices=DeclineReason, blank=True)
    alternative = models.ForeignKey("directory.Service", models.SET_NULL, null=True, blank=True, related_name="+")  # next-best service
    started_at = models.DateTimeField(null=True, blank=True)
    completed_at = models.DateTimeField(null=True, blank=True)
    outcome = models.CharField(max_length=12, choices=Outcome, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    feedback = models.CharField(max_length=10, choices=Feedback, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdraw_reason = models.CharField(max_length=8, choices=WithdrawReason, blank=True)
    scope_closed_at = models.DateTimeField(null=True, blank=True)  # consent withdrawn, or the referral over

    note = SealedField(Sensitivity.PLAN)

    objects = ReferralQuerySet.as_manager()
    labels: ClassVar[dict[str, Sensitivity]] = dict.fromkeys(
        ["id", "reference", "case", "person", "from_org", "to_org", "service", "need", "language", "risk", "age_band", "classes", "consent", "state",
         "due_at", "escalated_at", "drafted_at", "drafted_by", "sent_at", "sent_by", "acknowledged_at", "replied_at", "replied_by", "decline_reason",
         "alternative", "started_at", "completed_at", "outcome", "closed_at", "feedback", "withdrawn_at", "withdraw_reason", "scope_closed_at"],
        Sensitivity.WORKING,
    )  # fmt: skip

    class Meta:
        constraints = [
            models.CheckConstraint(name="referral_state_known", condition=Q(state__in=State.values)),
            models.CheckConstraint(name="referral_leaves_the_house", condition=~Q(from_org=F("to_org"))),
            models.CheckConstraint(
                name="referral_clock_runs_iff_waiting",
                condition=Q(state__in=WAITING, due_at__isnull=False) | (~Q(state__in=WAITING) & Q(due_at=None)),
            ),
            models.CheckConstraint(
                name="referral_sent_when_by_whom_with_consent",
                condition=Q(state=S.DRAFT, sent_at=None, sent_by=None)
                | Q(state=S.WITHDRAWN, sent_at=None, sent_by=None)
                | (Q(sent_at__isnull=False, sent_by__isnull=False, consent__isnull=False) & ~Q(state=S.DRAFT)),
            ),
            models.CheckConstraint(
                name="referral_acknowledged_once_answered",
                condition=Q(state__in=[S.DRAFT, S.SENT], acknowledged_at=None)
                | Q(state__in=ANSWERED | {S.ACKNOWLEDGED}, acknowledged_at__isnull=False)
                | Q(state=S.WITHDRAWN),
            ),
            models.CheckConstraint(
                name="referral_replied_iff_answered",
                condition=Q(state__in=ANSWERED, replied_at__isnull=False, replied_by__isnull=False)
                | (~Q(state__in=ANSWERED) & Q(replied_at=None, replied_by=None)),
            ),
            models.CheckConstraint(
                name="referral_declined_iff_reason",
                condition=(Q(state=S.DECLINED) & ~Q(decline_reason="")) | (~Q(state=S.DECLINED) & Q(decline_reason="")),
            ),
            models.CheckConstraint(
                name="referral_started_after_acceptance",
                condition=Q(started_at=None) & ~Q(state=S.SERVICE_STARTED)
                | Q(started_at__isnull=False, state__in=[S.SERVICE_STARTED, S.COMPLETED, S.FEEDBACK_CLOSED]),
            ),
            models.CheckConstraint(
                name="referral_completed_iff_when_and_outcome",
                condition=(Q(state__in=[S.COMPLETED, S.FEEDBACK_CLOSED], completed_at__isnull=False) & ~Q(outcome=""))
                | (~Q(state__in=[S.COMPLETED, S.FEEDBACK_CLOSED]) & Q(completed_at=None, outcome="")),
            ),
            models.CheckConstraint(
                name="referral_closed_iff_when_and_feedback",
                condition=(Q(state=S.FEEDBACK_CLOSED, closed_at__isnull=False) & ~Q(feedback=""))
                | (~Q(state=S.FEEDBACK_CLOSED) & Q(closed_at=None, feedback="")),
            ),
            models.CheckConstraint(
                name="referral_withdrawn_iff_when_and_why",
                condition=(Q(state=S.WITHDRAWN, withdrawn_at__isnull=False) & ~Q(withdraw_reason=""))
                | (~Q(state=S.WITHDRAWN) & Q(withdrawn_at=None, withdraw_reason="")),
            ),
        ]
        indexes = [
            models.Index(name="referral_queue", fields=["to_org", "state", "due_at", "id"]),
            models.Index(name="referral_sent", fields=["from_org", "state", "due_at", "id"]),
            models.Index(name="referral_to_newest", fields=["to_org", "-drafted_at", "-id"]),
            models.Index(name="referral_from_newest", fields=["from_org", "-drafted_at", "-id"]),
            models.Index(name="referral_of_case", fields=["case", "-drafted_at"]),
        ]

    @property
    def sealed_scope(self) -> UUID:
        """A referral is sealed under its person's id."""
        return self.person_id

    @property
    def tone(self) -> str:
        """The tone of its state on a page."""
        return TONES[State(self.state)]

    @property
    def is_late(self) -> bool:
        """Whether its clock has run out."""
        return self.due_at is not None and self.due_at < clock.now()

    @property
    def opens_scope(self) -> bool:
        """Whether the receiver reads the consented parts of the file now."""
        return self.state in SCOPE_OPEN and self.scope_closed_at is None

    @property
    def is_waiting(self) -> bool:
        """Not answered yet: its clock runs."""
        return self.state in WAITING

    @property
    def is_running(self) -> bool:
        """Accepted, and not yet over."""
        return self.state in RUNNING

    @property
    def tie(self) -> str:
        """What the receiver's tie to the file names as its source."""
        return self.reference

    def verbs(self) -> list[str]:
        """What the table of states allows now."""
        return LIFE.verbs_from(self.state)
