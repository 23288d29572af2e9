"""What the Inquiry Corner brings to the desk: a menu entry and two groups of My day."""

from collections.abc import Sequence
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from saphan.access.actions import Action
from saphan.access.models import User
from saphan.core import clock
from saphan.core.registry import MenuEntry, Task, Tile, add_menu, add_tile
from saphan.portal.inquiries.models import Inquiry, InquiryQuerySet

SHOWN = 10


def register() -> None:
    """Brings the entries; called once, when the room is ready."""
    add_menu(MenuEntry(_("Inquiries"), "inquiries_desk:list", Action.INQUIRY_LIST, 510, count_waiting))
    add_tile(Tile(_("Inquiries to answer"), Action.INQUIRY_REPLY, 50, lambda _user: reverse("inquiries_desk:list"), waiting, count_waiting))
    add_tile(Tile(_("Late inquiries"), Action.INQUIRY_REPLY, 25, lambda _user: reverse("inquiries_desk:list") + "?queue=overdue", late, count_late))
    add_tile(
        Tile(_("Inquiries to read"), Action.INQUIRY_REPLY, 51, lambda _user: reverse("inquiries_desk:list") + "?queue=read", to_read, count_to_read)
    )
    add_tile(Tile(_("Very late inquiries"), Action.INQUIRY_OVERSEE, 26, lambda _user: reverse("inquiries_desk:late"), very_late, count_very_late))


def count_to_read(user: User) -> int:
    """How many call for no answer and were not closed yet."""
    return Inquiry.objects.visible_to(user).to_read().count()


def count_very_late(user: User) -> int:
    """How many are so late that somebody above the officers was told."""
    return Inquiry.very_late.visible_to(user).count()


def to_read(user: User, at: datetime) -> Sequence[Task]:  # noqa: ARG001  # a tile's shape
    """What calls for no answer, the oldest first."""
    return _tasks(Inquiry.objects.visible_to(user).to_read(), "received_at")


def very_late(user: User, at: datetime) -> Sequence[Task]:  # noqa: ARG001  # a tile's shape
    """References and clocks, no words; they lead to the page on which they are given to somebody."""
    rows = Inquiry.very_late.visible_to(user).order_by("-danger", "due_at", "pk")[:SHOWN]
    return [Task(inquiry.reference, reverse("inquiries_desk:late"), inquiry.due_at, inquiry.get_kind_display()) for inquiry in rows]


def count_waiting(user: User) -> int:
    """How many wait for a word of ours."""
    return Inquiry.objects.visible_to(user).to_answer().count()


def count_late(user: User) -> int:
    """How many of them are late."""
    return Inquiry.objects.visible_to(user).overdue(clock.now()).count()


def waiting(user: User, at: datetime) -> Sequence[Task]:  # noqa: ARG001  # a tile's shape
    """What waits, most urgent first."""
    return _tasks(Inquiry.objects.visible_to(user).to_answer())


def late(user: User, at: datetime) -> Sequence[Task]:
    """What is late."""
    return _tasks(Inquiry.objects.visible_to(user).overdue(at))


def _tasks(found: InquiryQuerySet, by: str = "due_at") -> list[Task]:
    rows = found.order_by("-danger", by, "pk")[:SHOWN]
    return [
        Task(inquiry.reference, reverse("inquiries_desk:detail", args=[inquiry.pk]), inquiry.due_at, inquiry.get_kind_display()) for inquiry in rows
    ]
