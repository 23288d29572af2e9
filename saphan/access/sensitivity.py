"""Who may have opened which class of a person's facts: one table of relation x role, read by page, API, export and audit alike.

The table says the most that a relation can open to a role; the tie itself (what a referral opened, what consent covers)
narrows it further. What is not written here is closed. Choices made, proposals until the deploying ministry confirms:

* A supervisor answers for the work, so all opens, but not where a person is or how to reach her: the place is the first
  thing a trafficker wants, and supervising does not need it. Stating a purpose opens both, and is seen in the audit.
* An intake officer keeps what danger asks for, until the file is handed over and the tie ends.
* The deciding team hears the story and the law, under the alias only.
* Colleagues, the data protection officer and administrators read nothing sealed.
"""

from collections.abc import Iterable

from saphan.access.roles import Role
from saphan.core.sensitivity import SEALED_CLASSES, Sensitivity

S, R = Sensitivity, Role
NOTHING: frozenset[Sensitivity] = frozenset()
ALL = frozenset(SEALED_CLASSES)
DANGER = frozenset({S.IDENTITY, S.CONTACT, S.LOCATION, S.EXPLOITATION})
HEARING = frozenset({S.EXPLOITATION, S.LEGAL})
STAND_IN = frozenset({S.IDENTITY, S.CONTACT, S.PLAN})

MATRIX: dict[str, dict[Role, frozenset[Sensitivity]]] = {
    "lead": {R.CASE_WORKER: ALL, R.CASE_SUPERVISOR: ALL, R.INTAKE_OFFICER: DANGER},
    "co_worker": {R.CASE_WORKER: ALL, R.CASE_SUPERVISOR: ALL, R.INTAKE_OFFICER: DANGER},
    "intake": {R.CASE_WORKER: DANGER, R.CASE_SUPERVISOR: DANGER, R.INTAKE_OFFICER: DANGER},
    "supervisor": {R.CASE_SUPERVISOR: ALL - {S.CONTACT, S.LOCATION}},
    "team": {R.MDT_MEMBER: HEARING, R.CASE_WORKER: HEARING, R.CASE_SUPERVISOR: HEARING},
    "receiver": {R.CASE_WORKER: ALL, R.CASE_SUPERVISOR: ALL, R.SHELTER_MANAGER: ALL - {S.LEGAL, S.EXPLOITATION}},
    "purpose": {R.CASE_WORKER: STAND_IN, R.CASE_SUPERVISOR: STAND_IN | {S.LOCATION}, R.INTAKE_OFFICER: STAND_IN - {S.PLAN}},
    "colleague": {},
}


def readable(roles: Iterable[str], relations: Iterable[str]) -> frozenset[Sensitivity]:
    """The classes that these roles may have opened through these relations; an unknown relation or role opens nothing."""
    held = [Role(role) for role in roles]
    return NOTHING.union(*(MATRIX.get(relation, {}).get(role, NOTHING) for relation in relations for role in held))


def relations_that_open(sensitivity: Sensitivity, roles: Iterable[str]) -> list[str]:
    """The relations through which these roles may have this class opened: the same table, read by lists."""
    held = list(roles)
    return [relation for relation in MATRIX if sensitivity in readable(held, [relation])]
