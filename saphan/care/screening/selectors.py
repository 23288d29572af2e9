"""Reads of screening for its own pages and for the rooms above."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

from django.db import connection
from django.db.models import BooleanField, Func, Q, QuerySet, Value
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from saphan.access.actions import Action
from saphan.access.models import User
from saphan.access.roles import ROLES
from saphan.care.persons.aliases import as_alias
from saphan.care.persons.disclosure import readable_classes
from saphan.care.persons.models import Involvement, Person
from saphan.care.screening.codes import OUTCOME_TONES, Conflict, Outcome
from saphan.care.screening.models import Hearing, Instrument, Interview, Member
from saphan.care.screening.policies import has_conflict
from saphan.care.screening.states import HearingState, InterviewState
from saphan.core.sensitivity import Sensitivity

PEOPLE_OFFERED = 100


@dataclass(frozen=True)
class LatestOutcome:
    """What a team last decided upon a person."""

    outcome: str
    decided_at: datetime
    hearing_id: UUID


def latest_outcome(person_id: UUID) -> LatestOutcome | None:
    """The newest decision upon this person, None while there is none."""
    last = Hearing.objects.filter(person=person_id, state=HearingState.DECIDED).order_by("-decided_at").first()
    return LatestOutcome(last.outcome, last.decided_at, last.pk) if last and last.decided_at else None


@dataclass(frozen=True)
class Event:
    """One line of a case's timeline."""

    at: datetime
    label: str | Promise
    tone: str
    detail: str
    url: str


def users_in_conflict(person_id: UUID) -> frozenset[UUID]:
    """Who has declared a conflict of interest in a hearing of this person: what screening found is closed to them."""
    return frozenset(_in_conflict(person_id))


def _in_conflict(person_id: UUID) -> QuerySet[Member, UUID]:
    return Member.objects.filter(hearing__person=person_id, conflict=Conflict.CONFLICT).values_list("user_id", flat=True)


def timeline(person_id: UUID) -> list[Event]:
    """Interviews and hearings of this person as they happened, with result and decision: for those whom `visible_to` lets see them."""
    interviews = Interview.objects.filter(person=person_id).select_related("version__instrument", "interviewer")
    hearings = Hearing.objects.filter(person=person_id)
    events = [e for i in interviews for e in _interview_events(i)] + [e for h in hearings for e in _hearing_events(h)]
    return sorted(events, key=lambda e: e.at)


def _interview_events(interview: Interview) -> list[Event]:
    url = reverse("screening:overview", args=[interview.pk])
    detail = f"{interview.reference} · {interview.version.instrument}"
    events = [Event(interview.started_at, _("Interview began"), "", detail, url)] if interview.started_at else []
    if interview.state == InterviewState.COMPLETED and interview.ended_at:
        result = f"{interview.reference} · {interview.get_result_code_display()}"
        events.append(Event(interview.ended_at, _("Interview completed"), "good", result, url))
    if interview.state == InterviewState.STOPPED and interview.ended_at:
        events.append(
            Event(interview.ended_at, _("Interview stopped"), "warm", f"{interview.reference} · {interview.get_stop_reason_display()}", url)
        )
    return events


def _hearing_events(hearing: Hearing) -> list[Event]:
    url = reverse("screening:hearing", args=[hearing.pk])
    label = _("Review of the decision convened") if hearing.review_of_id else _("Team convened")
    events = [Event(hearing.convened_at, label, "", hearing.reference, url)]
    if hearing.decided_at:
        tone = OUTCOME_TONES[Outcome(hearing.outcome)]
        events.append(Event(hearing.decided_at, _("The team decided"), tone, f"{hearing.reference} · {hearing.get_outcome_display()}", url))
    return events


def people_to_interview(user: User, chosen: UUID | None = None) -> list[Person]:
    """Files of the user's organisation that a tie opens to this worker, the newest first; `chosen` first of all if visible."""
    tied = Involvement.objects.opened_to(user).values("person")
    found = list(Person.objects.visible_to(user).filter(org=user.org_id, pk__in=tied).order_by("-created_at")[:PEOPLE_OFFERED])
    if chosen and chosen not in {p.pk for p in found}:
        found = [*Person.objects.visible_to(user).filter(pk=chosen), *found]
    return found


def colleagues_who_interview(interview: Interview) -> list[User]:
    """Who may take an interview over: active colleagues of its holder in the same organisation whose role interviews, and no conflict of interest."""
    roles = [role for role, acts in ROLES.items() if Action.INTERVIEW_ANSWER in acts]
    found = User.objects.filter(org=interview.org_id, is_active=True, grants__role__in=roles, grants__revoked_at=None)
    return list(found.exclude(pk=interview.interviewer_id).exclude(pk__in=_in_conflict(interview.person_id)).distinct().order_by("name"))


def team_members() -> list[User]:
    """Everybody who can be called to a hearing, by agency."""
    roles = [role for role, acts in ROLES.items() if Action.HEARING_VOTE in acts]
    found = User.objects.filter(is_active=True, grants__role__in=roles, grants__revoked_at=None).select_related("org")
    return list(found.distinct().order_by("org__name_en", "name"))


@dataclass(frozen=True)
class Waiting:
    """Something that waits for this worker: a tile's line."""

    label: str
    url: str
    due_at: datetime | None
    kind: str | Promise


def interviews_waiting(user: User, limit: int = 20) -> Sequence[Waiting]:
    """Interviews that this worker has prepared, holds or was handed."""
    found = Interview.objects.visible_to(user).waiting_for(user).select_related("person").order_by("prepared_at")[:limit]
    return [Waiting(f"{i.person.alias} · {i.reference}", reverse("screening:overview", args=[i.pk]), None, i.get_state_display()) for i in found]


def hearings_waiting(user: User, limit: int = 20) -> Sequence[Waiting]:
    """Hearings in which this member has not voted yet, the nearest clock first."""
    found = Hearing.objects.visible_to(user).waiting_for_vote_of(user).select_related("person").order_by("due_at")[:limit]
    return [
        Waiting(f"{h.person.alias} · {h.reference}", reverse("screening:hearing", args=[h.pk]), h.due_at, _("your vote is asked for")) for h in found
    ]


Rows = TypeVar("Rows", bound="QuerySet[Any]")


def found_by(rows: Rows, typed: str, *, questions: str) -> Rows:
    """Those whose alias or reference begins with what was typed, or whose instrument's name holds it; `questions` is the way to the instrument."""
    typed = typed.strip()
    if not typed:
        return rows
    named = Instrument.objects.filter(Q(name_en__icontains=typed) | Q(name_th__icontains=typed) | Q(code__icontains=typed))
    wanted = _begins(typed.upper()) | Q(person__in=Person.objects.with_alias_from(as_alias(typed)))
    return rows.filter(wanted | Q(**{f"{questions}__in": named}))


def _begins(typed: str) -> Q:
    """Rows whose reference begins so; as with aliases, behind the row lock of PostgreSQL only `starts_with` uses an index."""
    if connection.vendor == "sqlite":
        return Q(reference__startswith=typed)
    return Q(Func("reference", Value(typed), function="starts_with", output_field=BooleanField()))


def may_know(user: User, person: Person) -> bool:
    """Whether what happened to this person may be opened to this worker now; a conflict of interest that was declared closes it."""
    return not has_conflict(user, person) and Sensitivity.EXPLOITATION in readable_classes(user, person)
