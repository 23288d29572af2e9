"""What the register brings to the desk: a menu entry and three groups of My day."""

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from saphan.access.actions import Action
from saphan.access.models import User
from saphan.agreements.models import ActionPoint, Notice, Signature
from saphan.agreements.states import NoticeState, SignatureState
from saphan.core import clock
from saphan.core.registry import MenuEntry, Task, Tile, add_menu, add_tile

SHOWN = 10
NEAR = timedelta(days=30)  # before the day of an action point


def register() -> None:
    """Brings the entries; called once, when the room is ready."""
    add_menu(MenuEntry(gettext_lazy("Agreements"), "agreements:list", Action.AGREEMENT_LIST, 60, waiting))
    add_tile(Tile(gettext_lazy("Dates of agreements"), Action.AGREEMENT_SETTLE, 60, _notices_url, notices, count_notices))
    add_tile(Tile(gettext_lazy("Signatures to confirm"), Action.AGREEMENT_CONFIRM, 61, _list_url, signatures, count_signatures))
    add_tile(Tile(gettext_lazy("Action points of meetings"), Action.AGREEMENT_MEET, 62, _points_url, points, count_points))


def waiting(user: User) -> int:
    """What of the register waits for this user."""
    return count_notices(user) + count_signatures(user) if Action.AGREEMENT_SETTLE in user.acts else 0


def _notices(user: User) -> "QuerySet[Notice]":
    return Notice.objects.filter(agreement__kept_by=user.org_id, state=NoticeState.OPEN)


def _signatures(user: User) -> "QuerySet[Signature]":
    """Entered by somebody else of the office."""
    return Signature.objects.filter(version__agreement__kept_by=user.org_id, state=SignatureState.ENTERED).exclude(entered_by=user)


def _points(user: User) -> "QuerySet[ActionPoint]":
    return ActionPoint.objects.of_org(user).due(timezone.localdate(clock.now()) + NEAR)


def count_notices(user: User) -> int:
    return _notices(user).count()


def count_signatures(user: User) -> int:
    return _signatures(user).count()


def count_points(user: User) -> int:
    return _points(user).count()


def notices(user: User, at: datetime) -> Sequence[Task]:  # noqa: ARG001  # a tile's shape
    """Dates that come near, nearest first."""
    rows = _notices(user).select_related("agreement").order_by("due_on")[:SHOWN]
    return [
        Task(f"{row.agreement.code}: {row.get_kind_display()}", reverse("agreements:settle", args=[row.pk]), _end_of(row.due_on), "") for row in rows
    ]


def signatures(user: User, at: datetime) -> Sequence[Task]:  # noqa: ARG001  # a tile's shape
    """Signatures that a second person must compare with the paper."""
    rows = _signatures(user).select_related("version__agreement", "party__country", "party__organisation").order_by("entered_at")[:SHOWN]
    return [
        Task(
            f"{row.version.agreement.code} {row.version.semver}: {row.party}",
            reverse("agreements:version", args=[row.version_id]),
            None,
            _("to confirm"),
        )
        for row in rows
    ]


def points(user: User, at: datetime) -> Sequence[Task]:  # noqa: ARG001  # a tile's shape
    """What offices took on in meetings and is due soon."""
    rows = _points(user).select_related("meeting__agreement").order_by("due_on")[:SHOWN]
    return [
        Task(f"{row.meeting.agreement.code}: {row.text[:80]}", reverse("agreements:meeting", args=[row.meeting_id]), _end_of(row.due_on), row.owner)
        for row in rows
    ]


def _end_of(day: Any) -> datetime:
    """The last moment of a day of the place."""
    return timezone.make_aware(datetime.combine(day, time(23, 59)))


def _notices_url(user: User) -> str:  # noqa: ARG001  # a tile's shape
    return reverse("agreements:notices")


def _list_url(user: User) -> str:  # noqa: ARG001  # a tile's shape
    return reverse("agreements:list") + "?state=agreed_ad_referendum"


def _points_url(user: User) -> str:  # noqa: ARG001  # a tile's shape
    return reverse("agreements:points")
