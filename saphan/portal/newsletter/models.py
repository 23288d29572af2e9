"""Who asked for the newsletter, in which languages and about what; and, by a mark only, who has left it."""

from typing import Self
from uuid import NAMESPACE_URL, UUID, uuid5

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from saphan.core.ids import new_id
from saphan.core.sealing import SealedField
from saphan.core.sensitivity import Sensitivity
from saphan.portal.newsletter.states import EXPORT_TONES, ExportState, State

SCOPE: UUID = uuid5(NAMESPACE_URL, "saphan:newsletter")  # one for all addresses: an issue opens them by the thousand; erasing deletes the row


class SubscriberQuerySet(models.QuerySet["Subscriber"]):
    """Many subscribers."""

    def receiving(self) -> Self:
        """Those who confirmed their address and have not left."""
        return self.filter(state=State.CONFIRMED)


class Subscriber(models.Model):
    """An address that asked for the newsletter. The address lies sealed; `mark` finds it again without opening it."""

    class Source(models.TextChoices):
        FORM = "form", _("the form on our page")
        IMPORT = "import", _("a list that was brought in")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    mark = models.CharField(max_length=40, unique=True)
    mail_mark = models.CharField(max_length=40, db_index=True)  # the same address as the mailroom marks it, to hear of its bounces
    email = SealedField(Sensitivity.CONTACT)
    language = models.CharField(max_length=10, choices=settings.LANGUAGES)
    more_languages = models.JSONField(default=list, blank=True)  # in which a letter of its own comes as well
    countries = models.JSONField(default=list, blank=True)  # ISO 3166-1 codes; empty for all
    topics = models.JSONField(default=list, blank=True)  # slugs; empty for all
    discreet = models.BooleanField(default=False)  # a sender's name and a subject that say nothing of the content
    state = models.CharField(max_length=9, choices=State, default=State.ASKED)
    source = models.CharField(max_length=6, choices=Source, default=Source.FORM)
    asked_at = models.DateTimeField()
    asked_times = models.PositiveSmallIntegerField(default=1)
    confirmed_at = models.DateTimeField(null=True, blank=True)
    refused_at = models.DateTimeField(null=True, blank=True)
    consent_version = models.CharField(max_length=20)  # of the text that was agreed to (consent.py), or of the list that was brought in
    consent_language = models.CharField(max_length=10)
    consented_at = models.DateTimeField()
    consent_words = SealedField(Sensitivity.CONTACT)  # of a list that was brought in: how its owner says that consent was given

    objects = SubscriberQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(name="newsletter_subscriber_state_known", condition=Q(state__in=[State.ASKED, State.CONFIRMED, State.REFUSED])),
            models.CheckConstraint(name="newsletter_confirmed_when", condition=~Q(state=State.CONFIRMED) | Q(confirmed_at__isnull=False)),
            models.CheckConstraint(
                name="newsletter_refused_when",
                condition=Q(state=State.REFUSED, refused_at__isnull=False) | (~Q(state=State.REFUSED) & Q(refused_at=None)),
            ),
        ]
        indexes = [models.Index(name="newsletter_receiving", fields=["id"], condition=Q(state="confirmed"))]

    @property
    def sealed_scope(self) -> UUID:
        """The scope of the key that seals all addresses."""
        return SCOPE


class Departed(models.Model):
    """The mark of an address that has left: no list that is brought in makes it a subscriber again. Its owner may come back by the form."""

    mark = models.CharField(max_length=40, primary_key=True)
    at = models.DateTimeField()

    objects: "models.Manager[Departed]" = models.Manager()


class Export(models.Model):
    """A request to take the list of subscribers out of the house, and who else agreed (R4)."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    state = models.CharField(max_length=8, choices=ExportState, default=ExportState.ASKED)
    reason = models.CharField(max_length=300)
    asked_by = models.ForeignKey("access.User", models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    approved_by = models.ForeignKey("access.User", models.PROTECT, null=True, related_name="+")
    approved_at = models.DateTimeField(null=True)
    taken_at = models.DateTimeField(null=True)

    objects: "models.Manager[Export]" = models.Manager()

    class Meta:
        constraints = [
            models.CheckConstraint(name="newsletter_export_state_known", condition=Q(state__in=ExportState.values)),
            models.CheckConstraint(name="newsletter_export_by_two", condition=Q(approved_by=None) | ~Q(approved_by=models.F("asked_by"))),
            models.CheckConstraint(
                name="newsletter_export_approved_when",
                condition=Q(state=ExportState.ASKED, approved_by=None)
                | Q(state=ExportState.LAPSED)
                | Q(state__in=[ExportState.APPROVED, ExportState.TAKEN], approved_by__isnull=False, approved_at__isnull=False),
            ),
            models.CheckConstraint(
                name="newsletter_export_taken_when",
                condition=Q(state=ExportState.TAKEN, taken_at__isnull=False) | (~Q(state=ExportState.TAKEN) & Q(taken_at=None)),
            ),
        ]

    @property
    def tone(self) -> str:
        """The tone of its state on a page."""
        return EXPORT_TONES[ExportState(self.state)]


from saphan.portal.newsletter.issues import Delivery, Edition, Issue, Item, Run  # noqa: E402, F401  # tables of this room that live in a file of their own
