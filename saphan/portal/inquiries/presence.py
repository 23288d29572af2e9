"""Who writes on an inquiry now, so that two officers do not answer at once, and what each has begun to write."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet

from saphan.access.models import User
from saphan.core.sealing import seal, unseal
from saphan.portal.doorway.holder import PORTAL
from saphan.portal.inquiries.models import Draft, Inquiry, Presence
from saphan.portal.inquiries.states import UNDER_WAY

FRESH = timedelta(seconds=45)


def seen(inquiry: Inquiry, user: User, at: datetime) -> None:
    """Notes that somebody has the answer's form open."""
    Presence.objects.update_or_create(inquiry=inquiry, user=user, defaults={"at": at})


def others(inquiry: Inquiry, user: User, at: datetime) -> Sequence[User]:
    """Colleagues who have it open as well."""
    fresh: QuerySet[Presence] = Presence.objects.filter(inquiry=inquiry, at__gt=at - FRESH).exclude(user=user).select_related("user")
    return [presence.user for presence in fresh]


@transaction.atomic
def keep_draft(inquiry: Inquiry, user: User, text: str, at: datetime) -> None:
    """Keeps what the officer has typed so far, sealed with the inquiry. An emptied form forgets it."""
    held = Inquiry.objects.select_for_update().filter(pk=inquiry.pk, state__in=UNDER_WAY).first()
    if held is None:
        return  # handed over or closed meanwhile: no new words come under its keys
    draft = Draft.objects.filter(inquiry=inquiry, user=user).first() or Draft(inquiry=inquiry, user=user)
    if text.strip():
        seal(draft, org=PORTAL, text=text)
        draft.at = at
        draft.save()
    else:
        Draft.objects.filter(pk=draft.pk).delete()


def draft_of(inquiry: Inquiry, user: User) -> str:
    """What the officer had begun to write; empty when nothing."""
    draft = Draft.objects.filter(inquiry=inquiry, user=user).first()
    return unseal(draft, "text", org=PORTAL)["text"] or "" if draft else ""


def leave(inquiry: Inquiry, user: User) -> None:
    """The officer has sent the answer: neither presence nor draft remains."""
    Presence.objects.filter(inquiry=inquiry, user=user).delete()
    Draft.objects.filter(inquiry=inquiry, user=user).delete()
