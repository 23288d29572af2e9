"""What referrals bring to the desk: a menu entry and three groups of My day."""

from collections.abc import Sequence
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from saphan.access.actions import Action
from saphan.access.models import User
from saphan.care.referrals.models import Referral, ReferralQuerySet
from saphan.care.referrals.states import State
from saphan.core import clock
from saphan.core.registry import MenuEntry, Task, Tile, add_menu, add_tile

SHOWN = 10


def register() -> None:
    """Brings the entries; called once, when the room is ready."""
    add_menu(MenuEntry(_("Referrals"), "referrals:list", Action.REFERRAL_LIST, 40, waiting_here))
    add_tile(Tile(_("Referrals to answer"), Action.REFERRAL_ACCEPT, 30, _incoming_url, incoming, waiting_here))
    add_tile(Tile(_("Waiting for answers"), Action.REFERRAL_SEND, 40, _outgoing_url, outgoing, waiting_elsewhere))
    add_tile(Tile(_("Late referrals"), Action.REFERRAL_SEND, 20, _late_url, late, count_late))


def waiting_here(user: User) -> int:
    """How many referrals wait for the user's organisation to answer."""
    return Referral.objects.incoming(user).awaiting_reply().count()


def waiting_elsewhere(user: User) -> int:
    """How many drafts and sent referrals of the user's own wait."""
    return _mine(user).count()


def count_late(user: User) -> int:
    """How many of the organisation's own referrals missed a clock."""
    return Referral.objects.outgoing(user).late(clock.now()).count()


def incoming(user: User, at: datetime) -> Sequence[Task]:  # noqa: ARG001  # a tile's shape
    """What waits in the organisation's queue, late first."""
    return _tasks(Referral.objects.incoming(user).awaiting_reply())


def outgoing(user: User, at: datetime) -> Sequence[Task]:  # noqa: ARG001  # a tile's shape
    """What the user has drafted or sent and nobody has answered, late first."""
    return _tasks(_mine(user))


def late(user: User, at: datetime) -> Sequence[Task]:
    """What the organisation sent and nobody answered in time."""
    return _tasks(Referral.objects.outgoing(user).late(at))


def _mine(user: User) -> ReferralQuerySet:
    return Referral.objects.outgoing(user).waiting().filter(drafted_by=user)


def _tasks(found: ReferralQuerySet) -> list[Task]:
    rows = found.order_by("due_at", "id").only("id", "reference", "need", "state", "due_at")[:SHOWN]
    return [
        Task(f"{row.reference}: {row.get_need_display()}", reverse("referrals:detail", args=[row.pk]), row.due_at, State(row.state).label)
        for row in rows
    ]


def _incoming_url(user: User) -> str:  # noqa: ARG001  # a tile's shape
    return reverse("referrals:list") + "?box=in&show=waiting"


def _outgoing_url(user: User) -> str:  # noqa: ARG001  # a tile's shape
    return reverse("referrals:list") + "?box=out&show=waiting&mine=on"


def _late_url(user: User) -> str:  # noqa: ARG001  # a tile's shape
    return reverse("referrals:list") + "?box=out&show=waiting&late=on"
