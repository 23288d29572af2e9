"""What this room brings to the desk: the queue of promises, and what the organisation owes on My day."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from saphan.access.actions import Action
from saphan.access.models import User
from saphan.agreements.following.models import DriftFinding, PromiseInstance
from saphan.agreements.following.promise_models import PromiseQuerySet
from saphan.agreements.following.selectors import finding_lines, promise_lines
from saphan.core import clock
from saphan.core.registry import MenuEntry, Task, Tile, add_menu, add_tile

SHOWN = 10
NEAR = timedelta(days=3)


def register() -> None:
    """Brings the entries; called once, when the room is ready."""
    add_menu(MenuEntry(pgettext_lazy("agreement", "Promises"), "following:promises", Action.PROMISE_LIST, 45))
    add_menu(MenuEntry(_("Drift"), "following:drift", Action.DRIFT_LIST, 61))
    add_menu(MenuEntry(_("Working days"), "following:calendar", Action.CALENDAR_EDIT, 62))
    add_tile(Tile(_("Promises due"), Action.PROMISE_LIST, 35, _promises_url, due_soon, count_due))
    add_tile(Tile(_("Practice left the agreement"), Action.DRIFT_LIST, 63, _drift_url, drifting, count_drift))


def owed(user: User, at: datetime) -> PromiseQuerySet:
    """What the user's organisation owes now; not the times of stages, which the rooms show themselves."""
    return PromiseInstance.objects.visible_to(user).running(at).owed_by(user.org_id).exclude(owed="stage")


def count_due(user: User) -> int:
    now = clock.now()
    return owed(user, now).filter(due_at__lt=now + NEAR).count()


def due_soon(user: User, at: datetime) -> Sequence[Task]:
    """What is late, or falls due within three days, the most urgent first."""
    rows = owed(user, at).filter(due_at__lt=at + NEAR).select_related("binding__procedure", "org").order_by("due_at", "id")[:SHOWN]
    return [
        Task(f"{line.subject.reference}: {line.label}", reverse("following:procedure", args=[line.row.binding_id]), line.row.due_at, line.state)
        for line in promise_lines(rows, at=at)
    ]


def count_drift(user: User) -> int:
    """How many findings nobody has answered for."""
    return DriftFinding.objects.visible_to(user).open().count()


def drifting(user: User, at: datetime) -> Sequence[Task]:  # noqa: ARG001  # a tile's shape
    """The newest findings."""
    rows = DriftFinding.objects.visible_to(user).open().select_related("binding__procedure", "org").order_by("-at", "id")[:SHOWN]
    return [
        Task(f"{line.subject.reference}: {line.sentence}", reverse("following:procedure", args=[line.row.binding_id]), None, line.kind)
        for line in finding_lines(rows)
    ]


def _promises_url(user: User) -> str:  # noqa: ARG001  # a tile's shape
    return reverse("following:promises")


def _drift_url(user: User) -> str:  # noqa: ARG001  # a tile's shape
    return reverse("following:drift")
