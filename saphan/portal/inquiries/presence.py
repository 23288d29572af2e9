"""Who writes on an inquiry now, so that two officers do not answer at once."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db.models import QuerySet

from saphan.access.models import User
from saphan.portal.inquiries.models import Inquiry, Presence

FRESH = timedelta(seconds=45)


def seen(inquiry: Inquiry, user: User, at: datetime) -> None:
    """Notes that somebody has the answer's form open."""
    Presence.objects.update_or_create(inquiry=inquiry, user=user, defaults={"at": at})


def others(inquiry: Inquiry, user: User, at: datetime) -> Sequence[User]:
    """Colleagues who have it open as well."""
    fresh: QuerySet[Presence] = Presence.objects.filter(inquiry=inquiry, at__gt=at - FRESH).exclude(user=user).select_related("user")
    return [presence.user for presence in fresh]
