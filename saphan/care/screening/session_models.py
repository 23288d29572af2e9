"""A sitting of the team: from when to when, who was present and how, whom the team heard, and its minutes."""

from typing import ClassVar
from uuid import UUID

from django.db import models
from django.db.models import F, Q

from saphan.care.persons.codes import Language
from saphan.care.persons.models import Person
from saphan.care.screening.codes import Heard, Interpreter, YesNo
from saphan.care.screening.hearings import Hearing, Member
from saphan.core.ids import new_id
from saphan.core.sealing import SealedField
from saphan.core.sensitivity import Sensitivity


class TeamSession(models.Model):
    """The team sits. What was said of the person is sealed; who was there, and in which language the person was heard, is not."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    hearing = models.ForeignKey(Hearing, models.CASCADE, related_name="sessions")
    seq = models.PositiveIntegerField()
    began_at = models.DateTimeField()
    opened_by = models.ForeignKey("access.User", models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey("access.User", models.PROTECT, null=True, related_name="+")
    heard = models.CharField(max_length=14, choices=Heard, blank=True)
    language = models.CharField(max_length=10, choices=Language, blank=True)
    interpreter = models.CharField(max_length=10, choices=Interpreter, blank=True)
    told = models.CharField(max_length=3, choices=YesNo, blank=True)  # of the rights and of what follows, in the person's language

    minutes = SealedField(Sensitivity.EXPLOITATION)

    labels: ClassVar[dict[str, Sensitivity]] = dict.fromkeys(
        ["id", "hearing", "seq", "began_at", "opened_by", "ended_at", "ended_by", "heard", "language", "interpreter", "told"], Sensitivity.WORKING
    )

    class Meta:
        ordering = ["seq"]
        constraints = [
            models.UniqueConstraint(name="session_follows_the_last", fields=["hearing", "seq"]),
            models.UniqueConstraint(name="one_open_session_per_hearing", fields=["hearing"], condition=Q(ended_at=None)),
            models.CheckConstraint(
                name="session_ended_iff_recorded",
                condition=Q(ended_at=None, ended_by=None, minutes=None, heard="")
                | (Q(ended_at__isnull=False, ended_by__isnull=False, minutes__isnull=False) & ~Q(heard="")),
            ),
            models.CheckConstraint(name="session_ends_after_start", condition=Q(ended_at=None) | Q(ended_at__gte=F("began_at"))),
        ]

    @property
    def person(self) -> Person:
        return self.hearing.person

    @property
    def sealed_scope(self) -> UUID:
        return self.hearing.person_id


class Attendance(models.Model):
    """A member is present in a sitting, in the room or from afar, from when to when. Who comes back has a second row."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    session = models.ForeignKey(TeamSession, models.CASCADE, related_name="attendances")
    member = models.ForeignKey(Member, models.CASCADE, related_name="attendances")
    remote = models.BooleanField()
    came_at = models.DateTimeField()
    left_at = models.DateTimeField(null=True, blank=True)

    labels: ClassVar[dict[str, Sensitivity]] = dict.fromkeys(["id", "session", "member", "remote", "came_at", "left_at"], Sensitivity.WORKING)

    class Meta:
        ordering = ["came_at", "id"]
        constraints = [
            models.UniqueConstraint(name="present_once_at_a_time", fields=["session", "member"], condition=Q(left_at=None)),
            models.CheckConstraint(name="attendance_ends_after_start", condition=Q(left_at=None) | Q(left_at__gte=F("came_at"))),
        ]
