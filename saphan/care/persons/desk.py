"""What reports and files bring to the desk: a menu entry, the danger clocks, and who opened one's files."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from saphan.access.actions import Action
from saphan.access.models import User
from saphan.care.persons.codes import Purpose
from saphan.care.persons.models import Involvement, InvolvementQuerySet, Report
from saphan.core import clock
from saphan.core.registry import MenuEntry, Task, Tile, add_menu, add_tile

SHOWN = 10
TOLD_FOR = timedelta(days=7)  # how long a lead sees that somebody opened the file


def register() -> None:
    """Brings the entries; called once, when the room is ready."""
    add_menu(MenuEntry(_("Reports"), "reports:list", Action.REPORT_LIST, 10, waiting))
    add_tile(Tile(_("Danger clocks"), Action.REPORT_CONTACT, 10, clocks_url, running_clocks, waiting))
    add_tile(Tile(_("Opened by others"), Action.PERSON_EDIT, 80, lambda _user: reverse("desk:home"), visits, count_visits))


def clocks_url(user: User) -> str:  # noqa: ARG001  # the shape of a tile
    """The reports that wait for first contact."""
    return reverse("reports:list") + "?state=reported"


def waiting(user: User) -> int:
    """How many reports wait for first contact."""
    return Report.objects.visible_to(user).awaiting_contact().count()


def running_clocks(user: User, at: datetime) -> Sequence[Task]:  # noqa: ARG001  # the shape of a tile
    """The reports whose clock runs, the nearest first."""
    found = Report.objects.visible_to(user).awaiting_contact().order_by("due_at")[:SHOWN]
    return [
        Task(r.reference, reverse("reports:detail", args=[r.pk]), r.due_at, _("danger: first contact") if r.in_danger else _("first contact"))
        for r in found
    ]


def _visits(user: User, at: datetime) -> InvolvementQuerySet:
    led = Involvement.objects.open_at(at).filter(user=user, relation=Involvement.Relation.LEAD, person=OuterRef("person"))
    recent = Involvement.objects.filter(relation=Involvement.Relation.PURPOSE, org=user.org_id, since__gt=at - TOLD_FOR)
    return recent.filter(Exists(led)).exclude(user=user)


def visits(user: User, at: datetime) -> Sequence[Task]:
    """Colleagues who opened files that this worker leads, with the purpose they stated."""
    found = _visits(user, at).select_related("person", "user").order_by("-since")[:SHOWN]
    return [
        Task(f"{row.person.alias}: {row.user}", reverse("persons:detail", args=[row.person_id]), None, Purpose(row.purpose).label) for row in found
    ]


def count_visits(user: User) -> int:
    """How many such visits there were."""
    return _visits(user, clock.now()).count()
