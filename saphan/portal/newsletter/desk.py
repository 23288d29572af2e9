"""What the newsletter brings to the desk: a menu line, and on *My day* the issues that wait for somebody."""

from collections.abc import Sequence
from datetime import datetime

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from saphan.access.actions import Action
from saphan.access.models import User
from saphan.core.registry import MenuEntry, Task, Tile, add_menu, add_tile
from saphan.portal.newsletter.digest import month_named
from saphan.portal.newsletter.issue_states import IssueState
from saphan.portal.newsletter.issues import Issue


def register() -> None:
    """Brings the entries; called once, when the room is ready."""
    add_menu(MenuEntry(_("Newsletter"), "newsletter_desk:list", Action.NEWSLETTER_LIST, 60))
    add_tile(Tile(_("Issues to schedule"), Action.NEWSLETTER_SCHEDULE, 60, _list_url, to_schedule, count_to_schedule))
    add_tile(Tile(_("Newsletter on its way"), Action.NEWSLETTER_PAUSE, 61, _list_url, on_the_way, count_on_the_way))


def _ready(user: User) -> QuerySet[Issue]:
    """Issues that wait for the date that this person may give."""
    return Issue.objects.visible_to(user).filter(state=IssueState.READY).exclude(changed_by=user)


def _going(user: User) -> QuerySet[Issue]:
    return Issue.objects.visible_to(user).filter(state__in=[IssueState.SCHEDULED, IssueState.SENDING, IssueState.PAUSED])


def count_to_schedule(user: User) -> int:
    """How many issues are ready and wait for this person's date."""
    return _ready(user).count()


def count_on_the_way(user: User) -> int:
    """How many issues have a date, are being sent or are held."""
    return _going(user).count()


def to_schedule(user: User, at: datetime) -> Sequence[Task]:  # noqa: ARG001  # a tile's shape
    """The issues that wait for this person's date."""
    return _tasks(_ready(user))


def on_the_way(user: User, at: datetime) -> Sequence[Task]:  # noqa: ARG001  # a tile's shape
    """The issues that have a date, are being sent or are held."""
    return _tasks(_going(user))


def _tasks(issues: QuerySet[Issue]) -> list[Task]:
    return [
        Task(
            month_named(issue.month, get_language() or "en"),
            reverse("newsletter_desk:issue", args=[issue.pk]),
            issue.scheduled_at if issue.state == IssueState.SCHEDULED else None,
            IssueState(issue.state).label,
        )
        for issue in issues.order_by("month")
    ]


def _list_url(user: User) -> str:  # noqa: ARG001  # a tile's shape
    return reverse("newsletter_desk:list")
