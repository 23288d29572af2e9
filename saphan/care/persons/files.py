"""Acts on a person's file: say why, correct, hand over."""

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from saphan.access.actions import Action
from saphan.access.models import User
from saphan.access.policy import require
from saphan.audit.services import record
from saphan.care.persons.clocks import clock_of
from saphan.care.persons.codes import Purpose
from saphan.care.persons.disclosure import end_involvement, involve
from saphan.care.persons.models import Involvement, Person
from saphan.care.persons.services import Facts
from saphan.core.errors import Invalid, NotFound, Outdated
from saphan.core.sealing import seal
from saphan.core.sensitivity import SEALED_CLASSES

Relation = Involvement.Relation
AfterAssignment = Callable[[Person, User], None]
AFTER_ASSIGNMENT: list[AfterAssignment] = []  # rooms above that keep the lead too, filled in their `apps.ready()`


def after_assignment(follow: AfterAssignment) -> AfterAssignment:
    """Registers what a room above does, in the same transaction, when a file gets another lead."""
    AFTER_ASSIGNMENT.append(follow)
    return follow


def locked_person(person_id: UUID) -> Person:
    """The file, held until the transaction ends."""
    person = Person.objects.select_for_update().filter(pk=person_id).first()
    if person is None:
        raise NotFound
    return person


@transaction.atomic
def state_purpose(*, person_id: UUID, purpose: str, by: User, at: datetime) -> Involvement:
    """A colleague opens somebody else's file for a stated purpose; the tie ends by itself and the lead sees it on My day."""
    person = locked_person(person_id)
    require(by, Action.PERSON_STATE_PURPOSE, person)
    if purpose not in Purpose.values:
        raise Invalid(fields={"purpose": _("Say why you open this file.")})
    until = clock_of("purpose_open").due(at)
    end_involvement(person, org=by.org_id, relation=Relation.PURPOSE, user=by, at=at)
    tie = involve(person, org=by.org, user=by, relation=Relation.PURPOSE, classes=SEALED_CLASSES, purpose=purpose, at=at, until=until)
    record(by=by, action=Action.PERSON_STATE_PURPOSE, target=person, subject=person.pk, at=at, purpose=purpose)
    return tie


@transaction.atomic
def update_person(*, person_id: UUID, version: int, facts: Facts, by: User, at: datetime) -> Person:
    """Corrects a file. Sealed fields left empty stay as they are. Raises Outdated when somebody else changed the file since it was shown."""
    person = locked_person(person_id)
    require(by, Action.PERSON_EDIT, person)
    if person.version != version:
        raise Outdated(_("Somebody else changed this file while you were writing. Nothing is lost: compare, and save again."))
    person.age_band, person.sex, person.language, person.nationality_id = facts.age_band, facts.sex, facts.language, facts.nationality_id
    kept = {name: value for name, value in facts.sealed.items() if value}
    seal(person, org=by.org_id, **kept)
    person.version += 1
    person.save(update_fields=["age_band", "sex", "language", "nationality", "version", *kept])
    record(by=by, action=Action.PERSON_EDIT, target=person, subject=person.pk, at=at, fields=["age_band", "sex", "language", "nationality", *kept])
    return person


@transaction.atomic
def assign_lead(*, person_id: UUID, to: User, by: User, at: datetime) -> Person:
    """Another worker of the same organisation takes the lead of this file."""
    person = locked_person(person_id)
    require(by, Action.PERSON_ASSIGN, person)
    if to.org_id != person.org_id or not to.is_active or Action.PERSON_EDIT not in to.acts:
        raise Invalid(fields={"lead": _("Choose a worker of your organisation who keeps files.")})
    end_involvement(person, org=person.org_id, relation=Relation.LEAD, at=at)
    involve(person, org=to.org, user=to, relation=Relation.LEAD, classes=SEALED_CLASSES, at=at)
    for follow in AFTER_ASSIGNMENT:
        follow(person, to)
    record(by=by, action=Action.PERSON_ASSIGN, target=person, subject=person.pk, at=at, fields=["lead"])
    return person
