"""What the newsletter brings to the desk: a menu line, and on *My day* the issues that wait for somebody."""

from collections.abc import Sequence
from datetime import date, datetime

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from saphan.access.actions import Action
from saphan.access.models import User
from saphan.core import clock
from saphan.core.registry import MenuEntry, Task, Tile, add_menu, add_tile
from saphan.portal.newsletter.digest import month_named, named
from saphan.portal.newsletter.drafting import DRAFT_DAY
from saphan.portal.newsletter.issue_states import IssueState
from saphan.portal.newsletter.issues import Issue, first_of


def register() -> None:
    """Brings the entries; called once, when the room is ready."""
    add_menu(MenuEntry(_("Newsletter"), "newsletter_desk:list", Action.NEWSLETTER_LIST, 60))
    add_tile(Tile(_("Issues to schedule"), Action.NEWSLETTER_SCHEDULE, 60, _list_url, to_schedule, count_to_schedule))
    add_tile(Tile(_("Newsletter on its way"), Action.NEWSLETTER_PAUSE, 61, _list_url, on_the_way, count_on_the_way))
    add_tile(Tile(_("Newsletter of the month"), Action.NEWSLETTER_EDIT, 59, _list_url, to_write, count_to_write))


def _drafts(user: User) -> QuerySet[Issue]:
    """Issues that wait for an editor."""
    return Issue.objects.visible_to(user).filter(state=IssueState.DRAFT)


def _month_without(at: datetime) -> date | None:
    """This month, when its issue should be there by now and is not: the last one was cancelled or withdrawn, or nobody looks after the clock."""
    today = timezone.localdate(at)
    there = Issue.objects.filter(month=first_of(today), withdrawn_at=None).exclude(state=IssueState.CANCELLED)
    return first_of(today) if today.day >= DRAFT_DAY and not there.exists() else None


def count_to_write(user: User) -> int:
    """How many drafts wait, and whether the month lacks one."""
    return _drafts(user).count() + bool(_month_without(clock.now()))


def to_write(user: User, at: datetime) -> Sequence[Task]:
    """The drafts, and the month that has no issue though it should."""
    lacking = _month_without(at)
    reminder = [Task(month_named(lacking, get_language() or "en"), _list_url(user), None, str(_("no issue yet")))] if lacking else []
    return [*reminder, *_tasks(_drafts(user))]


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
            named(issue, get_language() or "en"),
            reverse("newsletter_desk:issue", args=[issue.pk]),
            issue.scheduled_at if issue.state == IssueState.SCHEDULED else None,
            IssueState(issue.state).label,
        )
        for issue in issues.order_by("month")
    ]


def _list_url(user: User) -> str:  # noqa: ARG001  # a tile's shape
    return reverse("newsletter_desk:list")
