"""What this room brings to the desk: the queue of promises, and what the organisation owes on My day."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from saphan.access.actions import Action
from saphan.access.models import User
from saphan.agreements.following.binding_models import BindingQuerySet
from saphan.agreements.following.kept import compiled
from saphan.agreements.following.models import Binding, CaseEvent, DriftFinding, PromiseInstance
from saphan.agreements.following.promise_models import PromiseQuerySet
from saphan.agreements.following.selectors import NOWHERE, finding_lines, promise_lines, title_of
from saphan.agreements.following.subjects import shown_all
from saphan.core import clock
from saphan.core.registry import MenuEntry, Task, Tile, add_menu, add_tile

SHOWN = 10
NEAR = timedelta(days=3)
LATELY = timedelta(days=7)  # how long My day says that a case runs again


def register() -> None:
    """Brings the entries; called once, when the room is ready."""
    add_menu(MenuEntry(pgettext_lazy("agreement", "Promises"), "following:promises", Action.PROMISE_LIST, 45))
    add_menu(MenuEntry(_("Drift"), "following:drift", Action.DRIFT_LIST, 61))
    add_menu(MenuEntry(_("Working days"), "following:calendar", Action.CALENDAR_EDIT, 62))
    add_tile(Tile(_("Promises due"), Action.PROMISE_LIST, 35, _promises_url, due_soon, count_due))
    add_tile(Tile(_("Agreements suspended or resumed"), Action.PROMISE_LIST, 34, _promises_url, standing_still, count_standing_still))
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


def _at_rest(user: User, at: datetime) -> BindingQuerySet:
    """Running cases that stand still with their agreement, and those that run again since a few days."""
    resumed = CaseEvent.objects.filter(binding=OuterRef("pk"), kind="resumed", at__gte=at - LATELY)
    found = Binding.objects.visible_to(user).filter(state="running", procedure__version__isnull=False)
    return found.filter(Q(procedure__version__state="suspended") | Exists(resumed))


def count_standing_still(user: User) -> int:
    """How many cases stand still, or run again since a few days."""
    return _at_rest(user, clock.now()).count()


def standing_still(user: User, at: datetime) -> Sequence[Task]:
    """Cases whose agreement is suspended: nothing falls due; and those where clocks began anew."""
    rows = list(_at_rest(user, at).select_related("procedure__version").order_by("bound_at", "id")[:SHOWN])
    shown = shown_all((row.subject_kind, row.subject_id) for row in rows)
    told = {True: _("suspended: clocks stand still"), False: _("resumed: clocks run again")}
    return [
        Task(
            f"{shown.get((row.subject_kind, row.subject_id), NOWHERE).reference}: {title_of(compiled(row.procedure))}",
            reverse("following:procedure", args=[row.pk]), None, told[row.is_held],
        )
        for row in rows
    ]  # fmt: skip


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
