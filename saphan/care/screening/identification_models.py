"""What surrounds the hearings of one person: the identification as a whole with its days, reflection, letters handed over, requests for review, notes on non-punishment."""

from typing import TYPE_CHECKING, ClassVar, Self
from uuid import UUID

from django.db import models
from django.db.models import Q

from saphan.access.actions import Action
from saphan.access.roles import Role, acts_of
from saphan.care.persons.codes import Language
from saphan.care.persons.models import Person
from saphan.care.screening.codes import Asker, HandedHow, NoteAsker, NoteGround, Reader, RequestForm
from saphan.care.screening.hearings import Hearing, in_conflict, knowing
from saphan.care.screening.states import ReflectionState, RequestState
from saphan.core.ids import new_id
from saphan.core.sealing import SealedField
from saphan.core.sensitivity import Sensitivity

if TYPE_CHECKING:
    from saphan.access.models import User

WORKING = Sensitivity.WORKING


class IdentificationQuerySet(models.QuerySet["Identification"]):
    """Many identifications."""

    def visible_to(self, user: "User") -> Self:
        """Those of people of whom the user may know; a supervisor's organisation's. Its stages tell the decision, so it is closed where that is."""
        if Action.IDENTIFICATION_READ not in acts_of(user.roles):
            return self.none()
        mine = knowing(user)
        if Role.CASE_SUPERVISOR in user.roles:
            mine |= Q(org=user.org_id)
        return self.filter(mine).exclude(in_conflict(user))


class Identification(models.Model):
    """One person on one occasion, from the first safety check to the end of the reviews: what follows the national procedure, and the days that its clocks run from."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    reference = models.CharField(max_length=12, unique=True)
    person = models.ForeignKey(Person, models.PROTECT, related_name="identifications")
    org = models.ForeignKey("directory.Organisation", models.PROTECT, related_name="+")
    number = models.PositiveSmallIntegerField(default=1)  # the occasion
    opened_at = models.DateTimeField()
    rights_told_at = models.DateTimeField(null=True, blank=True)  # compensation and legal aid (s.34)
    custody_began_at = models.DateTimeField(null=True, blank=True)
    custody_extended_at = models.DateTimeField(null=True, blank=True)
    services_began_on = models.DateField(null=True, blank=True)
    leaves_soon = models.BooleanField(default=False)
    testimony_considered_at = models.DateTimeField(null=True, blank=True)
    declines_team = models.BooleanField(default=False)

    objects = IdentificationQuerySet.as_manager()
    labels: ClassVar[dict[str, Sensitivity]] = dict.fromkeys(
        [
            *("id", "reference", "person", "org", "number", "opened_at", "rights_told_at", "custody_began_at", "custody_extended_at"),
            *("services_began_on", "leaves_soon", "testimony_considered_at", "declines_team"),
        ],
        WORKING,
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(name="identification_once_per_occasion", fields=["person", "number"]),
            models.CheckConstraint(name="custody_extended_after_it_began", condition=Q(custody_extended_at=None) | Q(custody_began_at__isnull=False)),
        ]


class Reflection(models.Model):
    """A time to rest and think, offered and taken or not. It never ends a service and asks for no testimony."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    identification = models.ForeignKey(Identification, models.PROTECT, related_name="reflections")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    state = models.CharField(max_length=8, choices=ReflectionState, default=ReflectionState.OFFERED)
    offered_at = models.DateTimeField()
    offered_by = models.ForeignKey("access.User", models.PROTECT, related_name="+")
    answered_at = models.DateTimeField(null=True, blank=True)
    until = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    wishes = SealedField(Sensitivity.PLAN)

    labels: ClassVar[dict[str, Sensitivity]] = dict.fromkeys(
        ["id", "identification", "person", "state", "offered_at", "offered_by", "answered_at", "until", "ended_at"], WORKING
    )

    class Meta:
        ordering = ["offered_at", "id"]
        constraints = [
            models.CheckConstraint(name="reflection_state_known", condition=Q(state__in=ReflectionState.values)),
            models.CheckConstraint(name="reflection_runs_until", condition=Q(state__in=["offered", "declined"], until=None) | Q(state__in=["running", "ended"], until__isnull=False)),
            models.CheckConstraint(name="reflection_ended_iff_when", condition=Q(state="ended", ended_at__isnull=False) | (~Q(state="ended") & Q(ended_at=None))),
            models.CheckConstraint(name="reflection_answered_iff_when", condition=Q(state="offered", answered_at=None) | (~Q(state="offered") & Q(answered_at__isnull=False))),
            models.UniqueConstraint(name="one_reflection_at_a_time", fields=["person"], condition=Q(state__in=["offered", "running"])),
        ]  # fmt: skip

    @property
    def sealed_scope(self) -> UUID:
        return self.person_id


class Handover(models.Model):
    """The letter of a decision reached the person: when, how, read aloud by whom, in which language."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    hearing = models.ForeignKey(Hearing, models.CASCADE, related_name="handovers")
    at = models.DateTimeField()
    by = models.ForeignKey("access.User", models.PROTECT, related_name="+")
    how = models.CharField(max_length=10, choices=HandedHow)
    read_by = models.CharField(max_length=11, choices=Reader)
    language = models.CharField(max_length=10, choices=Language)

    labels: ClassVar[dict[str, Sensitivity]] = dict.fromkeys(["id", "hearing", "at", "by", "how", "read_by", "language"], WORKING)

    class Meta:
        ordering = ["at", "id"]


class ReviewRequest(models.Model):
    """Somebody asks that a decision be looked at again. It is taken in whenever it comes; the team decides upon a late one too."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    hearing = models.ForeignKey(Hearing, models.PROTECT, related_name="requests")
    state = models.CharField(max_length=9, choices=RequestState, default=RequestState.RECEIVED)
    asked_by = models.CharField(max_length=8, choices=Asker)
    form = models.CharField(max_length=7, choices=RequestForm)
    received_at = models.DateTimeField()
    taken_by = models.ForeignKey("access.User", models.PROTECT, related_name="+")
    late = models.BooleanField()
    due_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    reason = SealedField(Sensitivity.EXPLOITATION)

    labels: ClassVar[dict[str, Sensitivity]] = dict.fromkeys(
        ["id", "hearing", "state", "asked_by", "form", "received_at", "taken_by", "late", "due_at", "ended_at"], WORKING
    )

    class Meta:
        ordering = ["received_at", "id"]
        constraints = [
            models.CheckConstraint(name="review_request_state_known", condition=Q(state__in=RequestState.values)),
            models.CheckConstraint(
                name="review_request_ended_iff_when",
                condition=Q(state="received", ended_at=None) | (~Q(state="received") & Q(ended_at__isnull=False)),
            ),
            models.UniqueConstraint(name="one_open_request_per_decision", fields=["hearing"], condition=Q(state="received")),
        ]

    @property
    def person(self) -> Person:
        return self.hearing.person

    @property
    def sealed_scope(self) -> UUID:
        return self.hearing.person_id


class ProtectionNote(models.Model):
    """A note for police and prosecutor that the person is not to be punished for what she was made to do: who asked for it, who received it."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    reference = models.CharField(max_length=12, unique=True)
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    interview = models.ForeignKey("care_screening.Interview", models.PROTECT, related_name="protection_notes")
    org = models.ForeignKey("directory.Organisation", models.PROTECT, related_name="+")
    ground = models.CharField(max_length=6, choices=NoteGround)
    asked_by = models.CharField(max_length=10, choices=NoteAsker)
    received_by = models.CharField(max_length=10, choices=NoteAsker)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey("access.User", models.PROTECT, related_name="+")
    language = models.CharField(max_length=10, choices=Language)

    reason = SealedField(Sensitivity.EXPLOITATION)  # where the worker marks it

    labels: ClassVar[dict[str, Sensitivity]] = dict.fromkeys(
        ["id", "reference", "person", "interview", "org", "ground", "asked_by", "received_by", "made_at", "made_by", "language"], WORKING
    )

    class Meta:
        ordering = ["made_at", "id"]
        constraints = [models.CheckConstraint(name="note_marked_has_a_reason", condition=Q(ground="result") | Q(reason__isnull=False))]

    @property
    def sealed_scope(self) -> UUID:
        return self.person_id
