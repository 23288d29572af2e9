"""What happens around an agreement: meetings with what was promised there, kept files, and dates that come near."""

from datetime import date
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Q

from saphan.agreements.codes import DocumentKind, NoticeKind
from saphan.agreements.register_models import Agreement, of_party
from saphan.agreements.states import MeetingState, NoticeState
from saphan.agreements.version_models import AgreementVersion
from saphan.core.ids import new_id
from saphan.core.models import Attachment

if TYPE_CHECKING:
    from saphan.access.models import User


class Meeting(models.Model):
    """The parties meet: what they will speak of, what was said, what was decided. For the parties and the office, never public."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="meetings")
    title = models.CharField(max_length=160)
    held_on = models.DateField()
    place = models.CharField(max_length=160, blank=True)
    present = models.TextField(blank=True)  # offices, not persons
    agenda = models.TextField(blank=True)
    minutes = models.TextField(blank=True)
    decisions = models.TextField(blank=True)  # one a line
    state = models.CharField(max_length=9, choices=MeetingState, default=MeetingState.PLANNED)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["-held_on", "id"]
        constraints = [models.CheckConstraint(name="meeting_state_known", condition=Q(state__in=MeetingState.values))]


class ActionPointQuerySet(models.QuerySet["ActionPoint"]):
    """Many action points."""

    def of_org(self, user: "User") -> Self:
        """Open ones of the agreements that the user's office keeps or takes part in."""
        return self.filter(Q(meeting__agreement__kept_by=user.org_id) | of_party(user.org, "meeting__agreement__"), done_at=None)

    def due(self, by: date) -> Self:
        return self.filter(due_on__lte=by)


class ActionPoint(models.Model):
    """What somebody took on in a meeting, by when."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="points")
    text = models.CharField(max_length=400)
    owner = models.CharField(max_length=160)  # the office that took it on
    due_on = models.DateField()
    done_at = models.DateTimeField(null=True, blank=True)
    done_by = models.ForeignKey("access.User", models.PROTECT, null=True, blank=True, related_name="+")

    objects = ActionPointQuerySet.as_manager()

    class Meta:
        ordering = ["due_on", "id"]
        constraints = [models.CheckConstraint(name="action_point_done_when_and_by", condition=Q(done_at=None, done_by=None) | Q(done_at__isnull=False, done_by__isnull=False))]  # fmt: skip


class DocumentOfAgreement(models.Model):
    """A kept file of an agreement: the scan of the signed copy, an annex, a note."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="documents")
    version = models.ForeignKey(AgreementVersion, models.PROTECT, null=True, blank=True, related_name="documents")
    meeting = models.ForeignKey(Meeting, models.PROTECT, null=True, blank=True, related_name="documents")
    attachment = models.OneToOneField(Attachment, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=12, choices=DocumentKind)
    title = models.CharField(max_length=160)
    language = models.CharField(max_length=5, blank=True)
    filed_at = models.DateTimeField()
    filed_by = models.ForeignKey("access.User", models.PROTECT, related_name="+")

    class Meta:
        ordering = ["-filed_at"]
        constraints = [models.CheckConstraint(name="agreement_document_kind_known", condition=Q(kind__in=DocumentKind.values))]


class Notice(models.Model):
    """A date of an agreement comes near, and somebody of its office must look at it."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    agreement = models.ForeignKey(Agreement, models.CASCADE, related_name="notices")
    kind = models.CharField(max_length=8, choices=NoticeKind)
    due_on = models.DateField()
    state = models.CharField(max_length=8, choices=NoticeState, default=NoticeState.OPEN)
    raised_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_by = models.ForeignKey("access.User", models.PROTECT, null=True, blank=True, related_name="+")
    remark = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["due_on", "id"]
        constraints = [
            models.CheckConstraint(name="notice_state_known", condition=Q(state__in=NoticeState.values)),
            models.CheckConstraint(name="notice_kind_known", condition=Q(kind__in=NoticeKind.values)),
            models.UniqueConstraint(name="notice_once_per_date", fields=["agreement", "kind", "due_on"]),
            models.CheckConstraint(
                name="notice_settled_iff_when_and_by",
                condition=Q(state=NoticeState.OPEN, settled_at=None, settled_by=None)
                | Q(state=NoticeState.SETTLED, settled_at__isnull=False, settled_by__isnull=False),
            ),
        ]
