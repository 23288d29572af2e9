"""The case file: who leads it, what the person agreed to, what was written into it."""

from datetime import date, datetime
from typing import TYPE_CHECKING, ClassVar, Self
from uuid import UUID

from django.db import models
from django.db.models import Exists, OuterRef, Q

from saphan.access.actions import Action
from saphan.care.cases.codes import Capacity, CloseReason, Form, Ground, GuardianTie, NoteKind, SharingPurpose
from saphan.care.cases.states import TONES, ConsentState, State
from saphan.care.persons.codes import Language
from saphan.care.persons.models import Involvement, Person
from saphan.core.ids import new_id
from saphan.core.sealing import SealedField
from saphan.core.sensitivity import Sensitivity

if TYPE_CHECKING:
    from saphan.access.models import User


class CaseQuerySet(models.QuerySet["Case"]):
    """Many cases."""

    def visible_to(self, user: "User") -> Self:
        """Cases of the user's organisation, and those that a tie opens to the user or to the organisation."""
        if Action.CASE_READ not in user.acts:
            return self.none()
        return self.filter(Q(org=user.org_id) | Q(Exists(Involvement.objects.opened_to(user).filter(person=OuterRef("person")))))

    def ours(self, user: "User") -> Self:
        """The part of `visible_to` that the user's own organisation leads: one index serves the list."""
        return self.filter(org=user.org_id) if Action.CASE_READ in user.acts else self.none()

    def shared_with(self, user: "User") -> Self:
        """The part of `visible_to` that another organisation leads and has opened to the user."""
        if Action.CASE_READ not in user.acts:
            return self.none()
        return self.exclude(org=user.org_id).filter(person__in=Involvement.objects.opened_to(user).values("person"))

    def whose_stage_is_open_to(self, user: "User") -> Self:
        """The part of `visible_to` of which the user may know the stage, for it tells what the team decided: our own, and where the scope opens that class."""
        knowing = Involvement.objects.that_open(Sensitivity.EXPLOITATION, user)
        return self.filter(Q(org=user.org_id) | Q(person__in=knowing.values("person")))

    def late_for_review(self, on: date) -> Self:
        """Open cases whose review day is past."""
        return self.filter(next_review_on__lt=on)


class Case(models.Model):
    """The file of one person's care: led by one worker, reviewed by a date, closed by a supervisor."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    person = models.OneToOneField(Person, models.PROTECT, related_name="case")
    reference = models.CharField(max_length=12, unique=True)
    org = models.ForeignKey("directory.Organisation", models.PROTECT, related_name="+")
    office = models.ForeignKey("directory.Office", models.PROTECT, null=True, blank=True, related_name="+")
    lead = models.ForeignKey("access.User", models.PROTECT, related_name="+")
    state = models.CharField(max_length=14, choices=State, default=State.PRESUMED)
    ground = models.CharField(max_length=9, choices=Ground, blank=True)  # empty: opened on a team's decision
    opened_at = models.DateTimeField()
    opened_by = models.ForeignKey("access.User", models.PROTECT, related_name="+")
    next_review_on = models.DateField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey("access.User", models.PROTECT, null=True, related_name="+")
    close_reason = models.CharField(max_length=14, choices=CloseReason, blank=True)
    version = models.PositiveIntegerField(default=1)

    objects = CaseQuerySet.as_manager()
    labels: ClassVar[dict[str, Sensitivity]] = dict.fromkeys(
        ["id", "person", "reference", "org", "office", "lead", "state", "ground", "opened_at", "opened_by", "next_review_on",
         "closed_at", "closed_by", "close_reason", "version"],
        Sensitivity.WORKING,
    )  # fmt: skip

    class Meta:
        constraints = [
            models.CheckConstraint(name="case_state_known", condition=Q(state__in=State.values)),
            models.CheckConstraint(
                name="case_closed_iff_when_by_why",
                condition=(Q(state=State.CLOSED, closed_at__isnull=False, closed_by__isnull=False, next_review_on=None) & ~Q(close_reason=""))
                | (~Q(state=State.CLOSED) & Q(closed_at=None, closed_by=None, close_reason="", next_review_on__isnull=False)),
            ),
        ]
        indexes = [
            models.Index(name="case_of_org", fields=["org", "-opened_at", "-id"]),
            models.Index(name="case_by_state", fields=["org", "state", "-opened_at", "-id"]),
            models.Index(name="case_by_lead", fields=["org", "lead", "-opened_at", "-id"]),
            models.Index(name="case_by_office", fields=["org", "office", "-opened_at", "-id"]),
            models.Index(name="case_by_review", fields=["org", "next_review_on"]),
        ]

    @property
    def sealed_scope(self) -> UUID:
        """A case is sealed under its person's id."""
        return self.person_id

    @property
    def is_open(self) -> bool:
        """Whether work goes on."""
        return self.state != State.CLOSED

    @property
    def shown_state(self) -> str:
        """Its state in words."""
        return str(State(self.state).label)

    @property
    def tone(self) -> str:
        """The tone of its state on a page."""
        return TONES.get(State(self.state), "")


class ConsentQuerySet(models.QuerySet["Consent"]):
    """Many consents."""

    def valid_at(self, at: datetime) -> Self:
        """Given, not withdrawn before and not run out at this moment."""
        return self.filter(Q(withdrawn_at=None) | Q(withdrawn_at__gt=at), given_at__lte=at, expires_at__gt=at)


class Consent(models.Model):
    """What a person agreed to: for what, with whom, which parts of the file, until when. Evaluated at the moment of sharing."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    person = models.ForeignKey(Person, models.PROTECT, related_name="consents")
    owner_org = models.ForeignKey("directory.Organisation", models.PROTECT, related_name="+")  # for the row lock
    purpose = models.CharField(max_length=10, choices=SharingPurpose)
    receiver = models.ForeignKey("directory.Organisation", models.PROTECT, null=True, blank=True, related_name="+")  # empty: nobody outside
    classes = models.JSONField(default=list)
    language = models.CharField(max_length=10, choices=Language)
    form = models.CharField(max_length=7, choices=Form)
    capacity = models.CharField(max_length=5, choices=Capacity)
    guardian_tie = models.CharField(max_length=9, choices=GuardianTie, blank=True)
    state = models.CharField(max_length=9, choices=ConsentState, default=ConsentState.GIVEN)
    given_at = models.DateTimeField()
    recorded_by = models.ForeignKey("access.User", models.PROTECT, related_name="+")
    expires_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.ForeignKey("access.User", models.PROTECT, null=True, related_name="+")  # who recorded the withdrawal

    evidence = SealedField(Sensitivity.LEGAL)

    objects = ConsentQuerySet.as_manager()
    labels: ClassVar[dict[str, Sensitivity]] = dict.fromkeys(
        ["id", "person", "owner_org", "purpose", "receiver", "classes", "language", "form", "capacity", "guardian_tie", "state", "given_at",
         "recorded_by", "expires_at", "withdrawn_at", "withdrawn_by"],
        Sensitivity.WORKING,
    )  # fmt: skip

    class Meta:
        constraints = [
            models.CheckConstraint(name="consent_state_known", condition=Q(state__in=ConsentState.values)),
            models.CheckConstraint(
                name="consent_withdrawn_iff_when_and_by",
                condition=Q(state=ConsentState.WITHDRAWN, withdrawn_at__isnull=False, withdrawn_by__isnull=False)
                | Q(state=ConsentState.GIVEN, withdrawn_at=None, withdrawn_by=None),
            ),
            models.CheckConstraint(
                name="consent_of_child_names_guardian",
                condition=Q(capacity=Capacity.ADULT, guardian_tie="") | (Q(capacity=Capacity.CHILD) & ~Q(guardian_tie="")),
            ),
            models.CheckConstraint(name="consent_expires_after_given", condition=Q(expires_at__gt=models.F("given_at"))),
        ]
        indexes = [models.Index(name="consent_of_person", fields=["person", "receiver", "expires_at"])]

    @property
    def sealed_scope(self) -> UUID:
        """A consent is sealed under its person's id."""
        return self.person_id

    @property
    def shown_classes(self) -> list[str]:
        """The parts of the file as they are read."""
        return [str(c.label) for c in Sensitivity if c.value in self.classes]

    def valid_at(self, at: datetime) -> bool:
        """Whether it holds at this moment."""
        return self.given_at <= at < self.expires_at and (self.withdrawn_at is None or at < self.withdrawn_at)


class CaseNote(models.Model):
    """What a worker writes into the file: a need, a step of the plan, a talk."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    case = models.ForeignKey(Case, models.PROTECT, related_name="notes")
    owner_org = models.ForeignKey("directory.Organisation", models.PROTECT, related_name="+")  # for the row lock
    kind = models.CharField(max_length=7, choices=NoteKind)
    written_at = models.DateTimeField()
    written_by = models.ForeignKey("access.User", models.PROTECT, related_name="+")

    text = SealedField(Sensitivity.PLAN)

    labels: ClassVar[dict[str, Sensitivity]] = dict.fromkeys(["id", "case", "owner_org", "kind", "written_at", "written_by"], Sensitivity.WORKING)

    class Meta:
        indexes = [models.Index(name="note_of_case", fields=["case", "-written_at"])]

    @property
    def person(self) -> Person:
        """The person whom the note is about."""
        return self.case.person

    @property
    def sealed_scope(self) -> UUID:
        """A note is sealed under its person's id."""
        return self.case.person_id
