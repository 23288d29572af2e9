"""What follows from the events: promises, findings; and what people decide about them: departures, bindings anew."""

from datetime import datetime
from typing import TYPE_CHECKING, ClassVar, Self
from uuid import UUID

from django.db import models
from django.db.models import F, Q

from saphan.access.actions import Action
from saphan.agreements.following.binding_models import Binding, KeptProcedure
from saphan.agreements.following.names import named
from saphan.agreements.following.states import TONES, FindingState, RebindingState
from saphan.agreements.procedures.calendars import Due
from saphan.agreements.procedures.promises import Promise
from saphan.core.ids import new_id
from saphan.core.sealing import SealedField
from saphan.core.sensitivity import Sensitivity
from saphan.directory.models import Organisation

if TYPE_CHECKING:
    from saphan.access.models import User

ENDINGS = ["", "kept", "not_kept", "excused", "void"]
OWED = ["promise", "stage", "tell"]
KINDS = ["skipped", "late", "order", "over_disclosure", "missing_document"]


class PromiseQuerySet(models.QuerySet["PromiseInstance"]):
    """Many promises."""

    def visible_to(self, user: "User") -> Self:
        """Those of the subjects that the user sees."""
        if Action.PROMISE_LIST not in user.acts:
            return self.none()
        return self.filter(binding__in=Binding.objects.visible_to(user))

    def running(self, at: datetime) -> Self:
        """Those that can still be kept, and have begun."""
        return self.filter(Q(closes_at=None) | Q(closes_at__gte=at), ending="", opens_at__lte=at)

    def late(self, at: datetime) -> Self:
        """Running, and past their due."""
        return self.running(at).filter(due_at__lt=at)

    def settled(self, at: datetime) -> Self:
        """Those to which nothing can happen any more."""
        return self.filter(~Q(ending="") | Q(closes_at__lt=at))

    def owed_by(self, org_id: UUID | None) -> Self:
        return self.filter(org=org_id)


class PromiseInstance(models.Model):
    """A promise of a party in one case, as the events have made it; never typed in. Its due date was computed once and stands."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    binding = models.ForeignKey(Binding, models.PROTECT, related_name="promises")
    key = models.CharField(max_length=100)
    owed = models.CharField(max_length=7)
    rule = models.CharField(max_length=40)  # its id in the procedure; of a stage's time the stage, of telling the departure
    number = models.PositiveIntegerField()
    article = models.CharField(max_length=5)
    stage = models.CharField(max_length=40)
    party = models.CharField(max_length=40)
    role = models.CharField(max_length=40)
    org = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="+")  # who owes it here
    started_at = models.DateTimeField()
    opens_at = models.DateTimeField()
    due_at = models.DateTimeField()
    reason = models.JSONField(default=dict)  # length, country, calendar version, days left out
    very_late_at = models.DateTimeField(null=True, blank=True)
    closes_at = models.DateTimeField(null=True, blank=True)
    ending = models.CharField(max_length=8, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    because = models.CharField(max_length=40, blank=True)
    kept_by = models.CharField(max_length=40, blank=True)
    late_to = models.CharField(max_length=40, blank=True)
    very_late_to = models.CharField(max_length=40, blank=True)

    objects = PromiseQuerySet.as_manager()

    class Meta:
        ordering = ["due_at", "id"]
        constraints = [
            models.UniqueConstraint(name="promise_once_per_case", fields=["binding", "key"]),
            models.CheckConstraint(name="promise_ending_known", condition=Q(ending__in=ENDINGS)),
            models.CheckConstraint(name="promise_owed_known", condition=Q(owed__in=OWED)),
            models.CheckConstraint(name="promise_ended_iff_ending", condition=Q(ending="", ended_at=None) | (~Q(ending="") & Q(ended_at__isnull=False))),
        ]  # fmt: skip
        indexes = [
            models.Index(name="promise_queue", fields=["org", "ending", "due_at", "id"]),
            models.Index(name="promise_waiting", fields=["ending", "due_at", "id"]),
            models.Index(name="promise_by_rule", fields=["rule", "due_at"]),
        ]

    def as_promise(self) -> Promise:
        """The same as the engine knows it: for its state at a moment, and for scores."""
        reason = self.reason
        due = Due(self.due_at, reason["length"], reason["country"], reason["calendar"], tuple(map(tuple, reason["days_off"])), reason["weekend_days"])
        return Promise(
            self.rule, self.number, self.owed, self.article, self.stage, self.party, self.role, self.started_at, self.opens_at, due, self.closes_at,  # type: ignore[arg-type]  # the constraints hold the lists
            self.very_late_at, self.late_to, self.very_late_to, self.kept_by, "", self.ending, self.ended_at, self.because,  # type: ignore[arg-type]
        )  # fmt: skip

    def state_at(self, now: datetime) -> str:
        """What it is at a moment."""
        return self.as_promise().state_at(now)


class Departure(models.Model):
    """An emergency shortened a rule: who approved, and why. The reason is sealed under the subject's keys; the other party is told that it happened."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    binding = models.ForeignKey(Binding, models.PROTECT, related_name="departures")
    seq = models.PositiveIntegerField()
    at = models.DateTimeField()
    article = models.CharField(max_length=5)
    what = models.CharField(max_length=10)
    name = models.CharField(max_length=40)
    role = models.CharField(max_length=40)
    approved_by = models.ForeignKey("access.User", models.PROTECT, related_name="+")
    org = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    told_at = models.DateTimeField(null=True, blank=True)
    told_by = models.ForeignKey("access.User", models.PROTECT, null=True, related_name="+")

    reason = SealedField(Sensitivity.PLAN)
    labels: ClassVar[dict[str, Sensitivity]] = {}

    class Meta:
        ordering = ["seq"]
        constraints = [
            models.CheckConstraint(name="departure_has_a_reason", condition=Q(reason__isnull=False)),
            models.CheckConstraint(name="departure_what_known", condition=Q(what__in=["due", "check", "document", "message"])),
            models.UniqueConstraint(name="departure_once_per_event", fields=["binding", "seq"]),
            models.CheckConstraint(name="departure_told_iff_by", condition=Q(told_at=None, told_by=None) | Q(told_at__isnull=False, told_by__isnull=False)),
        ]  # fmt: skip

    @property
    def sealed_scope(self) -> UUID:
        return self.binding.scope

    @property
    def label(self) -> str:
        """What was shortened, in words."""
        return named(self.name, self.binding.identity)

    @property
    def office(self) -> str:
        """As whom it was approved, in words."""
        return named(self.role, self.binding.identity)


class FindingQuerySet(models.QuerySet["DriftFinding"]):
    """Many findings."""

    def visible_to(self, user: "User") -> Self:
        if Action.DRIFT_LIST not in user.acts:
            return self.none()
        return self.filter(binding__in=Binding.objects.visible_to(user))

    def open(self) -> Self:
        return self.filter(state=FindingState.OPEN)


class DriftFinding(models.Model):
    """Practice left the agreement and nobody recorded a departure. Found in the events; closed by somebody who answers for it."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    binding = models.ForeignKey(Binding, models.PROTECT, related_name="findings")
    key = models.CharField(max_length=180)
    kind = models.CharField(max_length=16)
    article = models.CharField(max_length=5)
    code = models.CharField(max_length=24)
    name = models.CharField(max_length=100)
    seq = models.PositiveIntegerField(default=0)  # the event that shows it; 0: the clock
    at = models.DateTimeField()
    party = models.CharField(max_length=40, blank=True)
    role = models.CharField(max_length=40, blank=True)
    org = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="+")
    state = models.CharField(max_length=9, choices=FindingState, default=FindingState.OPEN)
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey("access.User", models.PROTECT, null=True, related_name="+")
    departure = models.ForeignKey(Departure, models.PROTECT, null=True, blank=True, related_name="+")

    objects = FindingQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "id"]
        constraints = [
            models.CheckConstraint(name="finding_state_known", condition=Q(state__in=FindingState.values)),
            models.CheckConstraint(name="finding_kind_known", condition=Q(kind__in=KINDS)),
            models.UniqueConstraint(name="finding_once_per_case", fields=["binding", "key"]),
            models.CheckConstraint(
                name="finding_closed_iff_when_and_by",
                condition=Q(state=FindingState.OPEN, closed_at=None, closed_by=None)
                | (~Q(state=FindingState.OPEN) & Q(closed_at__isnull=False, closed_by__isnull=False)),
            ),
            models.CheckConstraint(name="finding_departed_iff_departure", condition=Q(state=FindingState.DEPARTED) | Q(departure=None)),
        ]
        indexes = [
            models.Index(name="finding_queue", fields=["state", "-at", "id"]),
            models.Index(name="finding_by_article", fields=["org", "kind", "article"]),
        ]

    @property
    def tone(self) -> str:
        return TONES[FindingState(self.state)]


class Rebinding(models.Model):
    """Somebody asks that a subject follow another version. Two others approve; each of the three is another person."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    binding = models.ForeignKey(Binding, models.PROTECT, related_name="rebindings")
    before = models.ForeignKey(KeptProcedure, models.PROTECT, related_name="+")
    after = models.ForeignKey(KeptProcedure, models.PROTECT, related_name="+")
    state = models.CharField(max_length=7, choices=RebindingState, default=RebindingState.ASKED)
    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey("access.User", models.PROTECT, related_name="+")
    first_at = models.DateTimeField(null=True, blank=True)
    first_by = models.ForeignKey("access.User", models.PROTECT, null=True, related_name="+")
    second_at = models.DateTimeField(null=True, blank=True)
    second_by = models.ForeignKey("access.User", models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["-asked_at"]
        constraints = [
            models.CheckConstraint(name="rebinding_state_known", condition=Q(state__in=RebindingState.values)),
            models.CheckConstraint(name="rebinding_changes_something", condition=~Q(before=F("after"))),
            models.CheckConstraint(
                name="rebinding_done_iff_two_approved",
                condition=Q(state=RebindingState.DONE, first_by__isnull=False, second_by__isnull=False, second_at__isnull=False)
                | (~Q(state=RebindingState.DONE) & Q(second_by=None, second_at=None)),
            ),
            models.CheckConstraint(
                name="rebinding_by_three_persons",
                condition=(Q(first_by=None) | ~Q(first_by=F("asked_by")))
                & (Q(second_by=None) | (~Q(second_by=F("asked_by")) & ~Q(second_by=F("first_by")))),
            ),
            models.UniqueConstraint(name="rebinding_asked_once", fields=["binding"], condition=Q(state=RebindingState.ASKED)),
        ]
