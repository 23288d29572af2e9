"""What somebody asked, and what was said on it. Words and contacts lie sealed, each inquiry under keys of its own: to erase it is to destroy them."""

from datetime import datetime
from typing import TYPE_CHECKING, Self
from uuid import UUID

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from saphan.access.actions import Action
from saphan.core.ids import new_id
from saphan.core.sealing import SealedField
from saphan.core.sensitivity import Sensitivity
from saphan.portal.inquiries.states import TO_ANSWER, TONES, FaqState, State

if TYPE_CHECKING:
    from saphan.access.models import User


class Kind(models.TextChoices):
    """What an inquiry is about."""

    RESEARCH = "research", _("a research question")
    CONTACTS = "contacts", _("looking for a contact")
    CORRECTION = "correction", _("something on these pages is wrong")
    MEDIA = "media", _("a question from the press")
    OTHER = "other", _("something else")


class Way(models.TextChoices):
    """How the answer reaches the asker."""

    CODE = "code", _("on this site, with a return code")
    MAIL = "mail", _("by e-mail")
    NONE = "none", _("no answer is wished")


class InquiryQuerySet(models.QuerySet["Inquiry"]):
    """Many inquiries."""

    def visible_to(self, user: "User") -> Self:
        """Those that were sent, for officers of the Inquiry Corner."""
        return self.exclude(state=State.BEGUN) if Action.INQUIRY_LIST in user.acts else self.none()

    def to_answer(self) -> Self:
        """Those on which the next word is ours. Who wished for no answer waits for none, unless somebody may be in danger."""
        return self.filter(state__in=TO_ANSWER).exclude(way=Way.NONE, danger=False)

    def to_read(self) -> Self:
        """Those that call for no answer, and that nobody has closed yet."""
        return self.filter(state__in=TO_ANSWER, way=Way.NONE, danger=False)

    def escalated(self) -> Self:
        """Those so late that somebody above the officers was told."""
        return self.to_answer().filter(escalated_at__isnull=False)

    def overdue(self, at: datetime) -> Self:
        """Those whose first answer is late."""
        return self.to_answer().filter(due_at__lt=at)


class VeryLateQuerySet(InquiryQuerySet):
    """Many inquiries, as those see them who answer none and see to it that others do."""

    def visible_to(self, user: "User") -> Self:
        """Those so late that somebody above the officers was told, for whom it was told; none of their sealed words is fetched."""
        if Action.INQUIRY_OVERSEE not in user.acts:
            return self.none()
        return self.escalated().defer("subject", "email", "name", "comment")


class Inquiry(models.Model):
    """One question from outside. The asker needs no account and no name."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    reference = models.CharField(max_length=12, unique=True)
    kind = models.CharField(max_length=10, choices=Kind)
    danger = models.BooleanField(default=False)  # the words, or an officer, say that somebody may be in danger
    language = models.CharField(max_length=10, choices=settings.LANGUAGES)
    country = models.CharField(max_length=2, blank=True)  # ISO 3166-1
    state = models.CharField(max_length=11, choices=State, default=State.BEGUN)
    way = models.CharField(max_length=4, choices=Way)
    subject = SealedField(Sensitivity.EXPLOITATION)
    email = SealedField(Sensitivity.CONTACT)
    name = SealedField(Sensitivity.IDENTITY)
    risk_told_at = models.DateTimeField(null=True, blank=True)  # when the asker ticked that e-mail can be read by others
    code_mark = models.CharField(max_length=64, null=True, blank=True, unique=True)  # null: several without a code
    thread = models.CharField(max_length=26, unique=True)  # in the address to which answers by mail go
    begun_at = models.DateTimeField()
    received_at = models.DateTimeField(null=True, blank=True)
    last_at = models.DateTimeField()  # the last word of either side; two years later all is gone
    due_at = models.DateTimeField(null=True, blank=True)
    escalated_at = models.DateTimeField(null=True, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    assigned_to = models.ForeignKey("access.User", models.SET_NULL, null=True, blank=True, related_name="+")
    merged_into = models.ForeignKey("self", models.SET_NULL, null=True, blank=True, related_name="merged")
    split_from = models.ForeignKey("self", models.SET_NULL, null=True, blank=True, related_name="parts")
    rated_at = models.DateTimeField(null=True, blank=True)  # the first time: the month in which it is counted
    satisfaction = models.PositiveSmallIntegerField(null=True, blank=True)  # 1 (not at all) to 5 (very)
    comment = SealedField(Sensitivity.EXPLOITATION)
    version = models.PositiveIntegerField(default=1)  # one more with each word: who writes on an older one is told

    objects = InquiryQuerySet.as_manager()
    very_late = VeryLateQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(name="inquiry_state_known", condition=Q(state__in=State.values)),
            models.CheckConstraint(
                name="inquiry_received_iff_sent", condition=Q(state="begun", received_at=None) | (~Q(state="begun") & Q(received_at__isnull=False))
            ),
            models.CheckConstraint(name="inquiry_mail_only_with_its_risk_told", condition=~Q(way="mail") | Q(risk_told_at__isnull=False)),
            models.CheckConstraint(name="inquiry_satisfaction_in_range", condition=Q(satisfaction=None) | Q(satisfaction__range=(1, 5))),
            models.CheckConstraint(name="inquiry_merged_iff_into", condition=Q(merged_into=None) | Q(state="merged")),
        ]
        indexes = [
            models.Index(name="inquiry_queue", fields=["state", "due_at"]),
            models.Index(name="inquiry_last", fields=["last_at"]),
            models.Index(name="inquiry_of_officer", fields=["assigned_to", "state"]),
        ]

    @property
    def sealed_scope(self) -> UUID:
        """Its own keys."""
        return self.pk

    @property
    def tone(self) -> str:
        """The tone of its state on a page."""
        return TONES[State(self.state)]


class Entry(models.Model):
    """One word in the thread of an inquiry."""

    class Kind(models.TextChoices):
        IN = "in", _("from the asker")
        OUT = "out", _("our answer")
        NOTE = "note", _("internal note")
        AUTO = "auto", _("written by a program")

    class Fate(models.TextChoices):
        NONE = "", _("on this site")
        WAITING = "waiting", _("waits to be mailed")
        SENT = "sent", _("mailed")
        SUPPRESSED = "suppressed", _("not mailed: the address does not take letters")
        REFUSED = "refused", _("refused by the mail server")
        GIVEN_UP = "given up", _("not mailed: given up after a day and a half")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    inquiry = models.ForeignKey(Inquiry, models.CASCADE, related_name="entries")
    through = models.ForeignKey(
        Inquiry, models.CASCADE, null=True, blank=True, related_name="passed_on"
    )  # the joined one it came by: it goes with that one
    kind = models.CharField(max_length=4, choices=Kind)
    text = SealedField(Sensitivity.EXPLOITATION)
    by = models.ForeignKey("access.User", models.SET_NULL, null=True, blank=True, related_name="+")
    at = models.DateTimeField()
    by_mail = models.BooleanField(default=False)
    other_sender = models.BooleanField(default=False)  # came by mail from another address than the asker's
    message_id = models.CharField(max_length=250, blank=True)  # of the letter, for the thread in mail programs
    fate = models.CharField(max_length=10, choices=Fate, blank=True, default=Fate.NONE)

    objects: "models.Manager[Entry]" = models.Manager()

    class Meta:
        ordering = ["at", "id"]
        indexes = [models.Index(name="inquiry_entries", fields=["inquiry", "at"])]

    @property
    def sealed_scope(self) -> UUID:
        """The keys of the inquiry by which it came: to erase that one is to destroy them."""
        return self.through_id or self.inquiry_id


class File(models.Model):
    """A file that came or went with a word. Its bytes are an attachment of the inquiry's own scope."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    entry = models.ForeignKey(Entry, models.CASCADE, related_name="files")
    attachment = models.ForeignKey("core.Attachment", models.CASCADE, related_name="+")

    objects: "models.Manager[File]" = models.Manager()


class Tag(models.Model):
    """A word of the office on an inquiry: a theme, never a person."""

    inquiry = models.ForeignKey(Inquiry, models.CASCADE, related_name="tags")
    word = models.CharField(max_length=30, db_index=True)

    objects: "models.Manager[Tag]" = models.Manager()

    class Meta:
        ordering = ["word"]
        constraints = [models.UniqueConstraint(name="inquiry_tag_once", fields=["inquiry", "word"])]


class Presence(models.Model):
    """Who has an inquiry open and writes: so that two do not answer at once."""

    inquiry = models.ForeignKey(Inquiry, models.CASCADE, related_name="presences")
    user = models.ForeignKey("access.User", models.CASCADE, related_name="+")
    at = models.DateTimeField()

    objects: "models.Manager[Presence]" = models.Manager()

    class Meta:
        constraints = [models.UniqueConstraint(name="inquiry_presence_once", fields=["inquiry", "user"])]


class Draft(models.Model):
    """An answer that an officer has begun: it is there again when the page is opened anew, for its writer only."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    inquiry = models.ForeignKey(Inquiry, models.CASCADE, related_name="drafts")
    user = models.ForeignKey("access.User", models.CASCADE, related_name="+")
    text = SealedField(Sensitivity.EXPLOITATION)
    at = models.DateTimeField()

    objects: "models.Manager[Draft]" = models.Manager()

    class Meta:
        constraints = [models.UniqueConstraint(name="inquiry_draft_once", fields=["inquiry", "user"])]

    @property
    def sealed_scope(self) -> UUID:
        """The keys of its inquiry."""
        return self.inquiry_id


class Template(models.Model):
    """A text that answers begin with, in one language."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    language = models.CharField(max_length=10, choices=settings.LANGUAGES)
    title = models.CharField(max_length=80)
    text = models.TextField(max_length=4000)
    changed_at = models.DateTimeField()
    changed_by = models.ForeignKey("access.User", models.PROTECT, null=True, related_name="+")

    objects: "models.Manager[Template]" = models.Manager()

    class Meta:
        ordering = ["language", "title"]
        constraints = [models.UniqueConstraint(name="inquiry_template_once", fields=["language", "title"])]


AGREED = [
    ("written", _("in writing, in this thread")),
    ("spoken", _("spoken, on the telephone")),
    ("vital", _("not asked: a life is in danger")),
]


class HandOver(models.Model):
    """That a person agreed to be taken over by casework, and what crossed: names of fields, no values."""

    inquiry = models.OneToOneField(Inquiry, models.CASCADE, primary_key=True, related_name="hand_over")
    asked_by = models.ForeignKey("access.User", models.PROTECT, related_name="+")
    agreed_on = models.DateField()
    agreed_how = models.CharField(max_length=8, choices=AGREED)
    fields = models.JSONField(default=list)
    report = models.UUIDField()
    at = models.DateTimeField()

    objects: "models.Manager[HandOver]" = models.Manager()


class Answer(models.Model):
    """A question and its answer on a public page, rewritten so that nobody can be recognised. It does not know which inquiry it came from."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    group = models.UUIDField(default=new_id, db_index=True)  # the same question in its languages
    language = models.CharField(max_length=10, choices=settings.LANGUAGES)
    question = models.CharField(max_length=255)
    text = models.TextField(max_length=6000)
    topic = models.CharField(max_length=60, blank=True)
    state = models.CharField(max_length=9, choices=FaqState, default=FaqState.PROPOSED)
    written_by = models.ForeignKey("access.User", models.PROTECT, related_name="+")
    written_at = models.DateTimeField()
    approved_by = models.ForeignKey("access.User", models.PROTECT, null=True, related_name="+")
    published_at = models.DateTimeField(null=True, blank=True)

    objects: "models.Manager[Answer]" = models.Manager()

    class Meta:
        ordering = ["question"]
        constraints = [
            models.CheckConstraint(name="public_answer_state_known", condition=Q(state__in=["proposed", "published", "withdrawn"])),
            models.CheckConstraint(name="public_answer_by_two", condition=Q(approved_by=None) | ~Q(approved_by=models.F("written_by"))),
            models.CheckConstraint(
                name="public_answer_approved_when_public", condition=~Q(state="published") | Q(approved_by__isnull=False, published_at__isnull=False)
            ),
            models.UniqueConstraint(name="public_answer_once_a_language", fields=["group", "language"]),
        ]


class MonthlyFigure(models.Model):
    """How many, in one month: what remains when the inquiries themselves are gone."""

    month = models.DateField()
    name = models.CharField(max_length=20)
    kind = models.CharField(max_length=10, choices=Kind)
    language = models.CharField(max_length=10)
    count = models.PositiveIntegerField(default=0)

    objects: "models.Manager[MonthlyFigure]" = models.Manager()

    class Meta:
        ordering = ["-month", "name"]
        constraints = [models.UniqueConstraint(name="inquiry_figure_once", fields=["month", "name", "kind", "language"])]
