"""What editors keep beside the pages: reasons for passing a finding, how translations were made, what became of links to other sites."""

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from saphan.portal.editors.states import TranslationState


class PassedFinding(models.Model):
    """A publisher's written reason for publishing a passage that the check asked about. `key` is the passage's, as a digest."""

    page: Any = models.ForeignKey("wagtailcore.Page", models.CASCADE, related_name="+")
    key = models.CharField(max_length=64)
    rule = models.CharField(max_length=20)
    reason = models.CharField(max_length=300)
    by: Any = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar[list[Any]] = [models.UniqueConstraint(name="finding_passed_once", fields=["page", "key"])]
        verbose_name = _("reason")

    def __str__(self) -> str:
        return f"{self.page_id} {self.rule}"


class TranslationMark(models.Model):
    """How a page came into its language: from which version of the original, when, by whom, and whether a machine made it.

    A page without a mark was written by hand; of the versions of a text the oldest page without a mark is the original.
    """

    page: Any = models.OneToOneField("wagtailcore.Page", models.CASCADE, related_name="translation_mark")
    state = models.CharField(max_length=12, choices=TranslationState, default=TranslationState.DRAFT)
    machine_made = models.BooleanField(default=False)
    made_from: Any = models.ForeignKey("wagtailcore.Revision", models.SET_NULL, null=True, related_name="+")
    made_from_at = models.DateTimeField()
    made_by: Any = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    draft_from: Any = models.ForeignKey("wagtailcore.Revision", models.SET_NULL, null=True, related_name="+")
    draft_from_at = models.DateTimeField(null=True)
    approved_by: Any = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    approved_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.CheckConstraint(name="translation_state_known", condition=Q(state__in=["draft", "needs_review", "approved"])),
            models.CheckConstraint(name="translation_approved_when_done", condition=~Q(state="approved") | Q(approved_at__isnull=False)),
            models.CheckConstraint(name="translation_to_review_is_machine_made", condition=~Q(state="needs_review") | Q(machine_made=True)),
        ]
        verbose_name = _("mark of a translation")

    def __str__(self) -> str:
        return f"{self.page_id} {self.state}"


class OutsideLink(models.Model):
    """An address of another site on public pages, and what it answered when it was last asked. Only with the operator's leave, never for a reader."""

    url = models.CharField(max_length=500, unique=True)
    checked_at = models.DateTimeField(null=True)
    status = models.PositiveSmallIntegerField(null=True)
    fault = models.CharField(max_length=40, blank=True)
    moved_to = models.CharField(max_length=500, blank=True)

    class Meta:
        verbose_name = _("link to another site")

    def __str__(self) -> str:
        return self.url
