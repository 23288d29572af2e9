"""An issue of the newsletter: one month, its editions by language and country, their items, and what became of each letter."""

from datetime import date
from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from saphan.access.actions import Action
from saphan.core.ids import new_id
from saphan.core.origin import country_said
from saphan.portal.newsletter.issue_states import OPEN, TONES, Fate, IssueState, Why

if TYPE_CHECKING:
    from saphan.access.models import User

TITLE, SUMMARY, INTRODUCTION, SUBJECT = 255, 600, 3000, 120  # letters, at most


class IssueQuerySet(models.QuerySet["Issue"]):
    """Many issues."""

    def visible_to(self, user: "User") -> Self:
        """All of them, for those who work on the newsletter: it belongs to the house and not to one organisation."""
        return self if Action.NEWSLETTER_LIST in user.acts else self.none()

    def public(self) -> Self:
        """Those that readers have: an issue is in the archive from the moment its first letter may leave until it is withdrawn."""
        return self.exclude(begun_at=None).filter(withdrawn_at=None)


class Issue(models.Model):
    """The digest of one month. `changed_by` is who wrote its last change: another person gives it its date; nobody, while it has drafted itself.

    A month has a second one, with the next number, when the first was cancelled on its way or withdrawn.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    month = models.DateField()  # its first day
    number = models.PositiveSmallIntegerField(default=1)
    state = models.CharField(max_length=10, choices=IssueState, default=IssueState.DRAFT)
    drafted_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    changed_by = models.ForeignKey("access.User", models.PROTECT, null=True, blank=True, related_name="+")
    scheduled_at = models.DateTimeField(null=True, blank=True)  # when it shall leave
    scheduled_by = models.ForeignKey("access.User", models.PROTECT, null=True, blank=True, related_name="+")
    begun_at = models.DateTimeField(null=True, blank=True)
    queued_at = models.DateTimeField(null=True, blank=True)  # when the last letter was written down
    ended_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)  # when the last of its editions was taken from the archive
    withdrawn_by = models.ForeignKey("access.User", models.PROTECT, null=True, blank=True, related_name="+")
    tally = models.JSONField(default=dict)  # letters by fate, kept when the rows are forgotten

    objects = IssueQuerySet.as_manager()

    class Meta:
        verbose_name = _("issue of the newsletter")
        constraints = [
            models.CheckConstraint(name="newsletter_issue_state_known", condition=Q(state__in=IssueState.values)),
            models.CheckConstraint(
                name="newsletter_issue_dated_iff_scheduled",
                condition=Q(state__in=[IssueState.DRAFT, IssueState.READY], scheduled_at=None, scheduled_by=None)
                | Q(state=IssueState.CANCELLED)
                | Q(state__in=sorted(set(IssueState) - {IssueState.DRAFT, IssueState.READY}), scheduled_at__isnull=False, scheduled_by__isnull=False),
            ),
            models.CheckConstraint(
                name="newsletter_issue_begun_iff_leaving",
                condition=Q(state__in=sorted(OPEN), begun_at=None) | Q(state=IssueState.CANCELLED) | Q(begun_at__isnull=False),
            ),
            models.CheckConstraint(
                name="newsletter_issue_withdrawn_when_ended",
                condition=Q(withdrawn_at=None, withdrawn_by=None)
                | Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False, state__in=[IssueState.SENT, IssueState.CANCELLED]),
            ),
            models.UniqueConstraint(
                name="newsletter_one_issue_a_month", fields=["month"], condition=~Q(state=IssueState.CANCELLED) & Q(withdrawn_at=None)
            ),
            models.UniqueConstraint(name="newsletter_one_address_each", fields=["month", "number"], condition=Q(begun_at__isnull=False)),
        ]

    @property
    def tone(self) -> str:
        """The tone of its state on a page."""
        return TONES[IssueState(self.state)]

    @property
    def is_open(self) -> bool:
        """Nothing of it has left the house."""
        return self.state in OPEN

    @property
    def slug(self) -> str:
        """The month as it stands in public addresses, with the number of a corrected issue."""
        return f"{self.month:%Y-%m}" + (f"-{self.number}" if self.number > 1 else "")


class Edition(models.Model):
    """An issue in one language: for all readers, or for those of one country."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    issue = models.ForeignKey(Issue, models.CASCADE, related_name="editions")
    language = models.CharField(max_length=10)
    country = models.CharField(max_length=2, blank=True)  # ISO 3166-1; empty for all
    subject = models.CharField(max_length=SUBJECT, blank=True)  # empty: made of the month
    introduction = models.TextField(max_length=INTRODUCTION, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("edition of the newsletter")
        constraints = [models.UniqueConstraint(name="newsletter_edition_once", fields=["issue", "language", "country"])]

    @property
    def language_name(self) -> str:
        return str(dict(settings.LANGUAGES).get(self.language, self.language))

    @property
    def country_name(self) -> str:
        """The country of its readers, in the language of whoever looks; empty for all."""
        return country_said(self.country) if self.country else ""


class Item(models.Model):
    """One entry of an edition. What the editor touched (`edited`, `added`, `hidden`, its place) outlives a new draft."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    edition = models.ForeignKey(Edition, models.CASCADE, related_name="items")
    place = models.PositiveIntegerField()
    kind = models.CharField(max_length=20)
    key = models.CharField(max_length=60)  # of the search entry that it was made of
    permanent = models.CharField(max_length=16)
    language = models.CharField(max_length=10)  # of the text behind it, when there is none in the edition's own
    title = models.CharField(max_length=TITLE)
    summary = models.TextField(max_length=SUMMARY, blank=True)
    url = models.CharField(max_length=500)
    topics = models.JSONField(default=list)
    countries = models.JSONField(default=list)  # empty: concerns no single one
    hidden = models.BooleanField(default=False)
    edited = models.BooleanField(default=False)
    added = models.BooleanField(default=False)

    class Meta:
        verbose_name = _("item of the newsletter")
        ordering = ["place", "id"]
        constraints = [models.UniqueConstraint(name="newsletter_item_once", fields=["edition", "permanent"])]


class Run(models.Model):
    """One sender at work on an issue. While it is open no other sender works on the same one; its journal is a file of its name."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    issue = models.ForeignKey(Issue, models.CASCADE, related_name="runs")
    begun_at = models.DateTimeField()
    beat_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(name="newsletter_one_sender", fields=["issue"], condition=Q(ended_at=None))]


class Delivery(models.Model):
    """What becomes of the letter to one subscriber. The row holds no address; it is forgotten some time after the issue has gone."""

    id = models.BigAutoField(primary_key=True)  # in the order of writing, so that a million of them are walked by it; in no address
    issue = models.ForeignKey(Issue, models.CASCADE, related_name="deliveries", db_index=False)
    edition = models.ForeignKey(Edition, models.PROTECT, null=True, related_name="+", db_index=False)
    subscriber = models.ForeignKey("portal_newsletter.Subscriber", models.SET_NULL, null=True, related_name="+")
    language = models.CharField(max_length=10, blank=True)  # one of the reader's further languages; empty for the first
    state = models.CharField(max_length=10, choices=Fate, default=Fate.QUEUED)
    why = models.CharField(max_length=10, choices=Why, blank=True)
    code = models.PositiveSmallIntegerField(default=0)  # the mail server's last answer (RFC 5321)
    attempts = models.PositiveSmallIntegerField(default=0)
    due_at = models.DateTimeField(null=True, blank=True)  # of a letter put off
    run = models.ForeignKey(Run, models.SET_NULL, null=True, related_name="+")
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(name="newsletter_fate_known", condition=Q(state__in=Fate.values)),
            models.CheckConstraint(
                name="newsletter_left_out_iff_why", condition=(Q(state=Fate.SKIPPED) & ~Q(why="")) | (~Q(state=Fate.SKIPPED) & Q(why=""))
            ),
            models.CheckConstraint(
                name="newsletter_due_iff_put_off",
                condition=Q(state=Fate.DEFERRED, due_at__isnull=False) | (~Q(state=Fate.DEFERRED) & Q(due_at=None)),
            ),
            models.CheckConstraint(
                name="newsletter_in_flight_iff_held", condition=Q(state=Fate.IN_FLIGHT, run__isnull=False) | (~Q(state=Fate.IN_FLIGHT) & Q(run=None))
            ),
            models.UniqueConstraint(name="newsletter_one_letter_each", fields=["issue", "subscriber", "language"]),
        ]
        indexes = [models.Index(name="newsletter_fates", fields=["issue", "state", "id"])]


def first_of(day: date) -> date:
    """The first day of the month of a day."""
    return day.replace(day=1)
