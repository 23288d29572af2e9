"""Reads that join rooms: what the team decided, who can see what, who did what."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from saphan.access.actions import Action
from saphan.access.models import User
from saphan.access.roles import ROLES
from saphan.audit.models import AuditEvent
from saphan.care.cases.consents import class_labels
from saphan.care.cases.models import Case
from saphan.care.persons.models import Involvement
from saphan.care.screening.selectors import latest_outcome


def decision_about(person_id: UUID) -> str:
    """The outcome of the latest hearing that decided, or nothing while no team has decided."""
    found = latest_outcome(person_id)
    return found.outcome if found else ""


@dataclass(frozen=True)
class Sight:
    """One line of "who can see what"."""

    who: str
    how: str
    what: str
    until: datetime | None
    outside: bool


def who_sees_what(case: Case, at: datetime) -> list[Sight]:
    """Every open tie to this file with the classes that it opens; workers first, other organisations after them."""
    ties = Involvement.objects.open_at(at).filter(person=case.person_id).select_related("org", "user").order_by("since")
    lines = [
        Sight(str(t.user or t.org), t.get_relation_display(), ", ".join(class_labels(t.classes)), t.until, t.org_id != case.org_id) for t in ties
    ]
    return sorted(lines, key=lambda line: line.outside)


def keepers_of(org_id: UUID) -> QuerySet[User]:
    """The workers of an organisation who may lead cases."""
    keeping = [role for role, acts in ROLES.items() if Action.CASE_EDIT in acts]
    return User.objects.filter(org=org_id, is_active=True, grants__role__in=keeping, grants__revoked_at=None).distinct().order_by("name")


def names_of(actors: Iterable[str]) -> dict[str, str]:
    """The names behind the ids of an audit page."""
    ids = {UUID(a) for a in actors if len(a) == 36}
    return {str(pk): name for pk, name in User.objects.filter(pk__in=ids).values_list("pk", "name")}


def last_seen_by(user: User, person_id: UUID) -> datetime | None:
    """When this worker last opened anything of this person."""
    seen = AuditEvent.objects.filter(subject_id=str(person_id), actor=user.actor_id).order_by("-id").values_list("at", flat=True)
    return seen.first()
