"""Reads of accounts and of the record."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import QuerySet

from saphan.access.models import SignIn, User
from saphan.access.policies import runs_platform
from saphan.audit.models import AuditEvent


def accounts_visible_to(user: User) -> QuerySet[User]:
    """Accounts of the own organisation; of all for the platform's administrators."""
    accounts = User.objects.select_related("org", "office")
    return accounts if runs_platform(user) else accounts.filter(org=user.org_id)


def open_sessions(user: User, at: datetime) -> QuerySet[SignIn]:
    """Where this account may still be signed in."""
    since = at - timedelta(hours=settings.SESSION_ABSOLUTE_HOURS)
    return SignIn.objects.filter(user=user, epoch=user.session_epoch, ended_at=None, at__gt=since).order_by("-at")


def record_visible_to(user: User) -> QuerySet[AuditEvent]:
    """The record of the own organisation's people."""
    return AuditEvent.objects.filter(chain=user.acting_org)
