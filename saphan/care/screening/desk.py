"""What screening brings to the desk: menu entries, tiles, and the steps on a person's file."""

from collections.abc import Sequence
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from saphan.access.actions import Action
from saphan.access.models import User
from saphan.access.policy import check
from saphan.care.persons import steps
from saphan.care.persons.models import Person
from saphan.care.persons.steps import Step
from saphan.care.screening import reflections, selectors
from saphan.care.screening.models import Hearing, Interview
from saphan.core.registry import MenuEntry, Task, Tile, add_menu, add_tile


def register() -> None:
    """Brings the entries; called once, when the room is ready."""
    add_menu(MenuEntry(_("Screening"), "screening:list", Action.INTERVIEW_LIST, 20, count_interviews))
    add_menu(MenuEntry(_("Hearings"), "screening:hearings", Action.HEARING_LIST, 25, count_votes))
    add_tile(
        Tile(
            _("Interviews to go on with"),
            Action.INTERVIEW_ANSWER,
            20,
            lambda _user: reverse("screening:list") + "?mine=on",
            interview_tasks,
            count_interviews,
        )
    )
    add_tile(
        Tile(
            _("Hearings that wait for your vote"),
            Action.HEARING_VOTE,
            15,
            lambda _user: reverse("screening:hearings") + "?waiting=on",
            vote_tasks,
            count_votes,
        )
    )
    steps.register(steps_of_screening)


def count_interviews(user: User) -> int:
    """How many interviews this worker holds."""
    return Interview.objects.visible_to(user).waiting_for(user).count()


def interview_tasks(user: User, _at: datetime) -> Sequence[Task]:
    """Those interviews."""
    return [Task(w.label, w.url, w.due_at, w.kind) for w in selectors.interviews_waiting(user)]


def count_votes(user: User) -> int:
    """How many hearings wait for this member's vote."""
    return Hearing.objects.visible_to(user).waiting_for_vote_of(user).count()


def vote_tasks(user: User, _at: datetime) -> Sequence[Task]:
    """Those hearings, with their clocks."""
    return [Task(w.label, w.url, w.due_at, w.kind) for w in selectors.hearings_waiting(user)]


def steps_of_screening(person: Person, user: User) -> list[Step]:
    """What screening offers on a person's file: the interviews and hearings there are, and a new interview."""
    interviews = Interview.objects.visible_to(user).filter(person=person).select_related("version__instrument").order_by("-prepared_at")
    interview, hearing = _("Interview"), _("Hearing")
    found = [Step(f"{interview} {i.reference}", reverse("screening:overview", args=[i.pk]), str(i.get_state_display())) for i in interviews]
    hearings = Hearing.objects.visible_to(user).filter(person=person).order_by("-convened_at")
    found += [Step(f"{hearing} {h.reference}", reverse("screening:hearing", args=[h.pk]), str(h.get_state_display())) for h in hearings]
    if (interviews or hearings) and check(user, Action.IDENTIFICATION_READ, person):
        found.append(
            Step(_("Identification: clocks, rights, reflection"), reverse("screening:identification", args=[person.pk]), _reflection_of(person))
        )
    if check(user, Action.INTERVIEW_START, person):
        found.append(Step(_("Prepare an interview"), f"{reverse('screening:new')}?person={person.pk}"))
    return found


def _reflection_of(person: Person) -> str:
    """That a reflection period is offered or runs."""
    running = reflections.running(person.pk)
    return f"{gettext('Reflection period')}: {running.get_state_display()}" if running else ""
