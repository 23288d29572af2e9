"""The text that subjects follow, which subject follows which, what happened to it, and the calendar of a country."""

import operator
from functools import reduce
from typing import TYPE_CHECKING, Self
from uuid import UUID

from django.db import models
from django.db.models import OuterRef, Q, Subquery, Value
from django.db.models.functions import Coalesce

from saphan.access.actions import Action
from saphan.agreements.following.states import BindingState
from saphan.agreements.following.subjects import SUBJECTS
from saphan.agreements.models import AgreementVersion
from saphan.agreements.procedures.events import KINDS
from saphan.agreements.states import OVER, VersionState
from saphan.core.ids import new_id
from saphan.directory.models import Organisation

if TYPE_CHECKING:
    from saphan.access.models import User
    from saphan.agreements.following.promise_models import Departure, DriftFinding, PromiseInstance


class KeptProcedure(models.Model):
    """A procedure as it was when a subject was first bound to it. Its words stay for as long as anybody follows them; the database holds to that."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    digest = models.CharField(max_length=80, unique=True)
    identity = models.CharField(max_length=60)  # th-la/return
    number = models.CharField(max_length=14)  # 3.0.0
    canonical = models.TextField()  # RFC 8785: what the digest stands for
    version = models.ForeignKey(AgreementVersion, models.PROTECT, null=True, blank=True, related_name="+")  # none: shipped with the platform
    kept_at = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(name="kept_procedure_has_words", condition=~Q(canonical="") & ~Q(digest="") & ~Q(identity=""))]
        indexes = [models.Index(name="kept_by_identity", fields=["identity", "-kept_at"])]

    def __str__(self) -> str:
        return f"{self.identity} {self.number}"


class BindingQuerySet(models.QuerySet["Binding"]):
    """Many bindings."""

    def visible_to(self, user: "User") -> Self:
        """Those whose subject the owning room shows to this user; the room decides, not this one."""
        if Action.PROCEDURE_READ not in user.acts or not SUBJECTS:
            return self.none()
        seen = (Q(subject_kind=kind.name, subject_id__in=kind.visible_to(user).values("pk")) for kind in SUBJECTS.values())
        return self.filter(reduce(operator.or_, seen))

    def of(self, kind: str, subject_id: UUID) -> Self:
        return self.filter(subject_kind=kind, subject_id=subject_id)

    def out_of_step(self) -> Self:
        """Running ones that stand still although their agreement is not suspended, or run although it is."""
        rests = CaseEvent.objects.filter(binding=OuterRef("pk"), kind__in=("suspended", "resumed")).order_by("-seq").values("kind")[:1]
        found = self.filter(state=BindingState.RUNNING, procedure__version__isnull=False).annotate(rest=Coalesce(Subquery(rests), Value("")))
        held = Q(procedure__version__state=VersionState.SUSPENDED)
        return found.filter((held & ~Q(rest="suspended")) | (~held & Q(rest="suspended")))


class Binding(models.Model):
    """A subject follows a procedure, by digest. A newer version never changes it; only a binding anew does.

    `orgs` names the organisations of the parties, for the second lock; `scope` is the subject's sealed scope, usually the person's.
    `stage` and `seq` say where the events have led, and are written with each event.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    subject_kind = models.CharField(max_length=20)
    subject_id = models.UUIDField()
    scope = models.UUIDField()
    procedure = models.ForeignKey(KeptProcedure, models.PROTECT, related_name="bindings")
    identity = models.CharField(max_length=60)  # the procedure's, whatever its version
    parties = models.JSONField(default=dict)  # party of the procedure -> id of the organisation
    orgs = models.CharField(max_length=400)  # their ids with commas
    state = models.CharField(max_length=7, choices=BindingState, default=BindingState.RUNNING)
    stage = models.CharField(max_length=40, blank=True)
    seq = models.PositiveIntegerField(default=0)
    bound_at = models.DateTimeField()
    bound_by = models.ForeignKey("access.User", models.PROTECT, null=True, related_name="+")  # none: the platform
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = BindingQuerySet.as_manager()
    events: "models.Manager[CaseEvent]"
    promises: "models.Manager[PromiseInstance]"
    findings: "models.Manager[DriftFinding]"
    departures: "models.Manager[Departure]"

    class Meta:
        constraints = [
            models.CheckConstraint(name="binding_state_known", condition=Q(state__in=BindingState.values)),
            models.UniqueConstraint(name="binding_once_per_procedure", fields=["subject_kind", "subject_id", "identity"]),
            models.CheckConstraint(
                name="binding_over_iff_ended", condition=Q(state=BindingState.OVER, ended_at__isnull=False) | Q(state=BindingState.RUNNING, ended_at=None)
            ),
        ]  # fmt: skip
        indexes = [models.Index(name="binding_by_procedure", fields=["procedure", "state"])]

    @property
    def sealed_scope(self) -> UUID:
        """What is sealed about it lies under its subject's keys."""
        return self.scope

    @property
    def is_held(self) -> bool:
        """Whether the signed agreement that it follows is suspended."""
        return self.procedure.version is not None and self.procedure.version.state == VersionState.SUSPENDED

    @property
    def is_outlived(self) -> bool:
        """Whether the signed agreement that it follows has ended; it goes on under it all the same."""
        return self.procedure.version is not None and self.procedure.version.state in OVER

    def org_of(self, party: str) -> UUID | None:
        """The organisation that stands for a party."""
        found = self.parties.get(party)
        return UUID(found) if found else None

    def party_of(self, org_id: UUID | None) -> str:
        """The party for which an organisation stands; empty for one that stands for none."""
        return next((party for party, org in self.parties.items() if org == str(org_id)), "")


class CaseEvent(models.Model):
    """One thing that happened to a subject: names of the procedure and ids, never a word about the person. Append-only, at the database."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    binding = models.ForeignKey(Binding, models.PROTECT, related_name="events")
    seq = models.PositiveIntegerField()
    at = models.DateTimeField()
    kind = models.CharField(max_length=18)
    name = models.CharField(max_length=80, blank=True)
    role = models.CharField(max_length=40, blank=True)
    party = models.CharField(max_length=40, blank=True)
    to = models.CharField(max_length=40, blank=True)
    what = models.CharField(max_length=10, blank=True)
    form = models.CharField(max_length=10, blank=True)
    guardian = models.BooleanField(default=False)
    ref = models.CharField(max_length=40, blank=True)
    fields = models.JSONField(default=list)
    actor = models.ForeignKey("access.User", models.PROTECT, null=True, related_name="+")  # none: the platform

    class Meta:
        ordering = ["seq"]
        constraints = [
            models.UniqueConstraint(name="case_event_number_once", fields=["binding", "seq"]),
            models.CheckConstraint(name="case_event_kind_known", condition=Q(kind__in=sorted(KINDS))),
        ]


class CalendarDay(models.Model):
    """A day that the ministry takes off, or on which offices work although the list says otherwise."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    country = models.CharField(max_length=2)
    day = models.DateField()
    works = models.BooleanField()  # True: offices work; False: a day off
    name = models.CharField(max_length=120, blank=True)
    entered_at = models.DateTimeField()
    entered_by = models.ForeignKey("access.User", models.PROTECT, related_name="+")
    org = models.ForeignKey(Organisation, models.PROTECT, related_name="+")

    class Meta:
        ordering = ["-day"]
        constraints = [
            models.UniqueConstraint(name="calendar_day_once", fields=["country", "day"]),
            models.CheckConstraint(name="calendar_day_off_has_a_name", condition=Q(works=True) | ~Q(name="")),
        ]
