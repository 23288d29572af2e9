"""Who may read which class of a person's file: class x role x relation, in one place for page, API, export, search, file and audit."""

from collections.abc import Set

from saphan.access.roles import Role
from saphan.core.sensitivity import SEALED_CLASSES, Sensitivity

S = Sensitivity
ALL = frozenset(SEALED_CLASSES)
FIRST_HELP = frozenset({S.IDENTITY, S.CONTACT, S.LOCATION, S.EXPLOITATION})

# Relation to the file, and the roles that the relation counts for. A pair that is not here opens nothing.
MATRIX: dict[str, dict[Role, frozenset[Sensitivity]]] = {
    "lead": {Role.CASE_WORKER: ALL, Role.CASE_SUPERVISOR: ALL, Role.INTAKE_OFFICER: FIRST_HELP},
    "co_worker": {Role.CASE_WORKER: ALL, Role.CASE_SUPERVISOR: ALL, Role.INTAKE_OFFICER: FIRST_HELP},
    "intake": {Role.INTAKE_OFFICER: FIRST_HELP, Role.CASE_WORKER: FIRST_HELP, Role.CASE_SUPERVISOR: FIRST_HELP},
    "supervisor": {Role.CASE_SUPERVISOR: ALL},
    "purpose": {Role.CASE_WORKER: ALL, Role.CASE_SUPERVISOR: ALL, Role.INTAKE_OFFICER: FIRST_HELP},
    "team": dict.fromkeys((Role.MDT_MEMBER, Role.CASE_WORKER, Role.CASE_SUPERVISOR), frozenset({S.EXPLOITATION, S.HEALTH, S.FAMILY, S.LEGAL})),
    "receiver": {Role.CASE_WORKER: ALL, Role.CASE_SUPERVISOR: ALL},  # narrowed by the classes of the referral's consent
}


def readable(roles: Set[str], relations: Set[str]) -> frozenset[Sensitivity]:
    """The sealed classes that these roles may have opened by these relations to the file."""
    return frozenset().union(*(MATRIX.get(relation, {}).get(Role(role), frozenset()) for relation in relations for role in roles))
