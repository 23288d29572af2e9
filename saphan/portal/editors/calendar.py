"""Pages that come and go by the clock. The clock publishes what two persons have approved, and nothing that the check stops."""

import logging
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override
from wagtail.log_actions import log
from wagtail.models import Page, PageLogEntry, Revision

from saphan.access.models import User
from saphan.core.errors import DomainError
from saphan.core.outbox import enqueue_mail
from saphan.core.upkeep import chore

MINUTE = timedelta(minutes=1)
HELD = "saphan.held_back"

logger = logging.getLogger(__name__)


@chore("pages by the clock", every=MINUTE)
def keep_the_calendar(at: datetime) -> str | None:
    """Takes down what has expired, publishes what is due, and tells the editors about what the check stopped."""
    gone = sum(_expired(page, at) for page in Page.objects.filter(live=True, expire_at__lte=at).order_by("expire_at"))
    due = Revision.page_revisions.filter(approved_go_live_at__lte=at).order_by("approved_go_live_at")
    outcomes = [_published(pk, at) for pk in due.values_list("pk", flat=True)]
    published, held = outcomes.count(True), outcomes.count(False)
    return f"{published} published, {held} held back, {gone} expired" if outcomes or gone else None


@transaction.atomic
def _expired(page: Page, at: datetime) -> bool:
    fresh = Page.objects.select_for_update().filter(pk=page.pk, live=True, expire_at__lte=at).first()
    if fresh is None:
        return False
    fresh.specific.unpublish(set_expired=True, log_action="wagtail.unpublish.scheduled")
    return True


def _published(revision_id: int, at: datetime) -> bool | None:
    """Publishes one version: True when it is public, False when it was held back, None when another worker was faster or it broke."""
    try:
        with transaction.atomic():
            revision = Revision.objects.select_for_update().filter(pk=revision_id, approved_go_live_at__lte=at).first()
            if revision is None:
                return None
            revision.publish(log_action="wagtail.publish.scheduled")
            return True
    except (DomainError, ValidationError):
        _hold_back(Revision.objects.get(pk=revision_id))
        return False
    except Exception as error:  # noqa: BLE001  # the worker's edge: one broken page does not keep the others from their day
        logger.warning("calendar: revision %s failed (%s)", revision_id, type(error).__name__)
        return None


@transaction.atomic
def _hold_back(revision: Revision) -> None:
    """The version stays a draft without a date; whoever wrote it and whoever gave it the date are told by mail, without a word of it."""
    givers = PageLogEntry.objects.filter(page=revision.object_id, action="wagtail.publish.schedule", revision=revision).values_list("user", flat=True)
    page = revision.content_object
    revision.approved_go_live_at = None
    revision.save(update_fields=["approved_go_live_at"])
    log(instance=page, action=HELD, revision=revision)
    for user in User.objects.filter(pk__in=[pk for pk in (revision.user_id, *givers) if pk], is_active=True):
        _tell(user, page, revision)


def _tell(user: User, page: Any, revision: Revision) -> None:
    address = settings.SITE_URL + reverse("editors:check", args=[page.pk])
    with override(getattr(user, "language", "") or settings.LANGUAGE_CODE):
        body = _("A page that was to be published now has been held back, and is still a draft. Sign in to read why:\n%(address)s") % {
            "address": address
        }
        enqueue_mail(key=f"held back {revision.pk} {user.pk}", to=user.email, subject=_("A page was not published"), body=body)
