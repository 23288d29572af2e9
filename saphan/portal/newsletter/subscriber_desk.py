"""What the subscribers bring to the desk: on *My day* the lists that wait for a second person."""

from collections.abc import Sequence
from datetime import datetime

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from saphan.access.actions import Action
from saphan.access.models import User
from saphan.core.registry import Task, Tile, add_tile
from saphan.portal.newsletter.exporting import OPEN_FOR
from saphan.portal.newsletter.models import Export
from saphan.portal.newsletter.states import ExportState


def register() -> None:
    """Brings the entries; called once, when the room is ready."""
    add_tile(Tile(_("Lists of subscribers to approve"), Action.NEWSLETTER_APPROVE_EXPORT, 62, _url, to_approve, count_to_approve))


def _waiting(user: User) -> QuerySet[Export]:
    return Export.objects.filter(state=ExportState.ASKED).exclude(asked_by=user)


def count_to_approve(user: User) -> int:
    """How many requests of others wait."""
    return _waiting(user).count()


def to_approve(user: User, at: datetime) -> Sequence[Task]:  # noqa: ARG001  # a tile's shape
    """The requests of others that wait."""
    rows = _waiting(user).order_by("asked_at")[:10]
    return [Task(str(_("List of subscribers")), _url(user), row.asked_at + OPEN_FOR, ExportState.ASKED.label) for row in rows]


def _url(user: User) -> str:  # noqa: ARG001  # a tile's shape
    return reverse("newsletter_desk:exports")
