"""Reads that join rooms: what the team decided, who can see what, who did what."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from saphan.access.actions import Action
from saphan.access.models import RoleGrant, User
from saphan.access.roles import ROLES, Role, acts_of
from saphan.access.sensitivity import readable
from saphan.audit.models import AuditEvent
from saphan.care.cases.consents import class_labels
from saphan.care.cases.models import Case
from saphan.care.persons.disclosure import SUPERVISOR
from saphan.care.persons.models import Involvement
from saphan.care.screening.selectors import latest_outcome
from saphan.core.sensitivity import Sensitivity
from saphan.directory.models import Organisation


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
    """Every open tie to this file with the classes that its holder could open now, and the supervisors, who need no tie.

    What a tie names is narrowed by the roles held at this moment, as at each opening. Other organisations stand last.
    """
    ties = list(Involvement.objects.open_at(at).filter(person=case.person_id).select_related("org", "user").order_by("since"))
    staff = _roles_held(ties, case, at)
    lines = [_sight(tie, staff, case) for tie in ties]
    lines += [
        Sight(str(user), _("supervisor of the organisation"), _named(readable(held, [SUPERVISOR])), None, False)
        for user, held in staff.items()
        if user.org_id == case.org_id and Role.CASE_SUPERVISOR in held
    ]
    return sorted(lines, key=lambda line: line.outside)


def _sight(tie: Involvement, staff: dict[User, frozenset[str]], case: Case) -> Sight:
    """One tie. Of an organisation: whatever one or another of its care staff could open."""
    if tie.user:
        roles = staff.get(tie.user, frozenset())
    else:
        care = [held for user, held in staff.items() if user.org_id == tie.org_id and Action.PERSON_READ in acts_of(held)]
        roles = frozenset[str]().union(*care)
    what = readable(roles, [tie.relation]) & {Sensitivity(c) for c in tie.classes}
    return Sight(str(tie.user or tie.org), tie.get_relation_display(), _named(what), tie.until, tie.org_id != case.org_id)


def _roles_held(ties: list[Involvement], case: Case, at: datetime) -> dict[User, frozenset[str]]:
    """The roles that hold now, of those whom the ties name, of organisations tied as a whole, and of the case's supervisors."""
    whole = {tie.org_id for tie in ties if tie.user_id is None}
    asked = Q(user__in=[tie.user_id for tie in ties if tie.user_id]) | Q(user__org__in=whole)
    asked |= Q(user__org=case.org_id, role=Role.CASE_SUPERVISOR)
    grants = RoleGrant.objects.filter(asked, user__is_active=True, user__org__state=Organisation.State.APPROVED, revoked_at=None)
    held: dict[User, frozenset[str]] = {}
    for grant in grants.filter(Q(ends_at=None) | Q(ends_at__gt=at)).select_related("user").order_by("user__name", "user", "role"):
        held[grant.user] = held.get(grant.user, frozenset()) | {grant.role}
    return held


def _named(classes: frozenset[Sensitivity]) -> str:
    return ", ".join(class_labels([c for c in Sensitivity if c in classes]))


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
