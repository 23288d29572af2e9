"""What the room brings to the desk: commitments that fall due, and those that wait for the word of the user's party."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from saphan.access.actions import Action
from saphan.access.models import User
from saphan.agreements.models import AgreementParty
from saphan.agreements.scoring.commitment_models import CommitmentQuerySet, OccurrenceQuerySet
from saphan.agreements.scoring.models import Commitment, Occurrence
from saphan.agreements.scoring.occurring import OccurrenceState
from saphan.agreements.scoring.states import CommitmentState
from saphan.core import clock
from saphan.core.registry import MenuEntry, Task, Tile, add_menu, add_tile
from saphan.directory.models import Organisation

if TYPE_CHECKING:
    from django.db.models import QuerySet

SHOWN, LETTERS = 10, 80
NEAR = timedelta(days=30)
S = OccurrenceState


def register() -> None:
    """Brings the entries; called once, when the room is ready."""
    add_menu(MenuEntry(_("Commitments"), "scoring:all", Action.OCCURRENCE_STATE, 63, waiting))
    add_tile(Tile(_("Commitments due"), Action.OCCURRENCE_STATE, 64, _due_url, due, count_due))
    add_tile(Tile(_("Commitments to confirm"), Action.OCCURRENCE_ANSWER, 65, _answer_url, to_answer, count_to_answer))
    add_tile(Tile(_("Commitments proposed"), Action.COMMITMENT_ANSWER, 66, _proposed_url, proposed, count_proposed))


def own_parties(user: User) -> "QuerySet[AgreementParty]":
    """The parties for which the user's organisation speaks: as `party_of` says for one agreement."""
    mine = Q(organisation=user.org_id)
    if user.org.kind == Organisation.Kind.MINISTRY:
        mine |= Q(country=user.org.country_id)
    return AgreementParty.objects.filter(mine, role="party")


def owed_soon(user: User, at: datetime) -> OccurrenceQuerySet:
    """What the user's party owes and has not stated, due within a month or past."""
    return Occurrence.objects.visible_to(user).filter(party__in=own_parties(user)).owed_until(timezone.localdate(at) + NEAR)


def to_be_answered(user: User) -> OccurrenceQuerySet:
    """Statements of another party, and wishes of another party that something be excused."""
    mine = own_parties(user)
    agreements = mine.values("agreement")
    found = Occurrence.objects.visible_to(user).filter(commitment__version__agreement__in=agreements)
    stated = Q(state=S.STATED) & ~Q(party__in=mine)
    return found.filter(stated | (Q(state=S.EXCUSE_ASKED) & ~Q(asked_party__in=mine)))


def proposals_to_answer(user: User) -> CommitmentQuerySet:
    """What another party has proposed."""
    mine = own_parties(user)
    found = Commitment.objects.visible_to(user).filter(state=CommitmentState.PROPOSED, version__agreement__in=mine.values("agreement"))
    return found.exclude(proposed_party__in=mine)


def waiting(user: User) -> int:
    """What of the room waits for this user."""
    return count_due(user) + count_to_answer(user) + count_proposed(user)


def count_due(user: User) -> int:
    return owed_soon(user, clock.now()).count()


def count_to_answer(user: User) -> int:
    return to_be_answered(user).count()


def count_proposed(user: User) -> int:
    return proposals_to_answer(user).count()


def due(user: User, at: datetime) -> Sequence[Task]:
    """What falls due within a month or is past its day, the most urgent first."""
    return [_task(row, _end_of(row.due_on)) for row in _with_words(owed_soon(user, at))]


def to_answer(user: User, at: datetime) -> Sequence[Task]:  # noqa: ARG001  # a tile's shape
    """What another party has stated or asked."""
    return [_task(row, None) for row in _with_words(to_be_answered(user))]


def proposed(user: User, at: datetime) -> Sequence[Task]:  # noqa: ARG001  # a tile's shape
    """Commitments that another party has proposed."""
    rows = proposals_to_answer(user).select_related("version__agreement").order_by("proposed_at")[:SHOWN]
    return [
        Task(f"{row.version.agreement.code}: {row.text[:LETTERS]}", _of_agreement(row.version.agreement_id), None, row.get_state_display())
        for row in rows
    ]


def _with_words(found: OccurrenceQuerySet) -> Iterable[Occurrence]:
    return found.select_related("commitment__version__agreement").order_by("due_on", "id")[:SHOWN]


def _task(row: Occurrence, due_at: datetime | None) -> Task:
    label = f"{row.commitment.version.agreement.code}: {row.commitment.text[:LETTERS]}"
    return Task(label, reverse("scoring:occurrence", args=[row.pk]), due_at, row.get_state_display())


def _of_agreement(agreement_id: UUID) -> str:
    return reverse("scoring:commitments", args=[agreement_id])


def _end_of(day: date) -> datetime:
    """The last moment of a day of the place."""
    return timezone.make_aware(datetime.combine(day, time(23, 59)))


def _due_url(user: User) -> str:  # noqa: ARG001  # a tile's shape
    return reverse("scoring:all") + "?show=due"


def _answer_url(user: User) -> str:  # noqa: ARG001  # a tile's shape
    return reverse("scoring:all") + "?show=answer"


def _proposed_url(user: User) -> str:  # noqa: ARG001  # a tile's shape
    return reverse("scoring:all") + "?show=proposed"
