"""What cases bring to the desk and to the page of a person's file."""

from collections.abc import Sequence
from datetime import UTC, datetime, time

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from saphan.access.actions import Action
from saphan.access.models import User
from saphan.access.policy import check
from saphan.care.cases.models import Case, CaseQuerySet
from saphan.care.persons import steps
from saphan.care.persons.models import Person
from saphan.care.persons.steps import Step
from saphan.core import clock
from saphan.core.registry import MenuEntry, Task, Tile, add_menu, add_tile

SHOWN = 10


def register() -> None:
    """Brings the entries; called once, when the room is ready."""
    add_menu(MenuEntry(gettext_lazy("Cases"), "cases:list", Action.CASE_LIST, 30))
    add_tile(Tile(gettext_lazy("Cases to review"), Action.CASE_EDIT, 30, _late_list, late_reviews, count_late))
    steps.register(case_steps)


def case_steps(person: Person, user: User) -> list[Step]:
    """The case of the person, or the way to open it."""
    case = Case.objects.visible_to(user).filter(person=person).first()
    if case:
        return [Step(_("Case %(reference)s") % {"reference": case.reference}, reverse("cases:detail", args=[case.pk]), str(case.get_state_display()))]
    if not check(user, Action.CASE_OPEN, person):
        return []
    return [Step(_("Open a case"), reverse("cases:open", args=[person.pk]), _("with the person's consent"))]


def _late_list(user: User) -> str:
    return f"{reverse('cases:list')}?late=on&lead={user.pk}"


def _late(user: User, at: datetime) -> CaseQuerySet:
    return Case.objects.ours(user).filter(lead=user).late_for_review(at.date())


def late_reviews(user: User, at: datetime) -> Sequence[Task]:
    """Cases that this worker leads whose review day is past."""
    found = _late(user, at).select_related("person").order_by("next_review_on")[:SHOWN]
    return [Task(c.person.alias, reverse("cases:detail", args=[c.pk]), _end_of(c), _("plan review")) for c in found]


def _end_of(case: Case) -> datetime | None:
    return datetime.combine(case.next_review_on, time.max, UTC) if case.next_review_on else None


def count_late(user: User) -> int:
    """How many of them."""
    return _late(user, clock.now()).count()
