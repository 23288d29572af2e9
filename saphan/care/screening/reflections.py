"""The reflection period: offered, taken or not, ended. It stops no service, asks for no testimony, and can be asked for before and after the decision."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from saphan.access.actions import Action
from saphan.access.models import User
from saphan.access.policy import require
from saphan.audit.services import record
from saphan.care.persons.models import Person
from saphan.care.screening import procedure
from saphan.care.screening.models import Reflection
from saphan.care.screening.states import REFLECTION_LIFE, ReflectionState
from saphan.care.screening.teams import LONGEST
from saphan.core.errors import NotFound, WrongState
from saphan.core.sealing import seal

OPEN = (ReflectionState.OFFERED, ReflectionState.RUNNING)


@transaction.atomic
def offer(*, person: Person, by: User, at: datetime) -> Reflection:
    """The person is told of the time to reflect, or asks for it."""
    require(by, Action.IDENTIFICATION_RECORD, person)
    if Reflection.objects.filter(person=person, state__in=OPEN).exists():
        raise WrongState(_("A reflection period is already offered or running."))
    identification = procedure.opened(person, at=at)
    offered = Reflection.objects.create(identification=identification, person=person, offered_at=at, offered_by=by)
    record(by=by, action=Action.IDENTIFICATION_RECORD, target=offered, subject=person.pk, at=at, fields=["reflection"])
    return offered


@transaction.atomic
def accept(*, reflection_id: UUID, by: User, at: datetime) -> Reflection:
    """The person takes it. It runs as long as the procedure says; every service goes on."""
    reflection = _moved("accept", reflection_id, by, at)
    reflection.answered_at, reflection.until = at, procedure.due_after(at, "reflection", reflection.person_id)
    reflection.save(update_fields=["state", "answered_at", "until"])
    procedure.tell(reflection.person, procedure.reflecting, by=by, at=at)
    return reflection


@transaction.atomic
def decline(*, reflection_id: UUID, by: User, at: datetime) -> Reflection:
    """The person does not wish it now. It can be asked for again at any time."""
    reflection = _moved("decline", reflection_id, by, at)
    reflection.answered_at = at
    reflection.save(update_fields=["state", "answered_at"])
    return reflection


@transaction.atomic
def end(*, reflection_id: UUID, wishes: str, by: User, at: datetime) -> Reflection:
    """The time is over, or the person ends it earlier; what the person wishes now is written down, sealed."""
    reflection = _moved("end", reflection_id, by, at)
    reflection.ended_at = at
    if wishes.strip():
        seal(reflection, org=by.org_id, wishes=wishes.strip()[:LONGEST])
    reflection.save(update_fields=["state", "ended_at", "wishes"])
    if wishes.strip():
        procedure.tell(reflection.person, procedure.wishes_written, by=by, at=at)
    return reflection


def _moved(verb: str, reflection_id: UUID, by: User, at: datetime) -> Reflection:
    reflection = Reflection.objects.select_for_update(of=("self",)).select_related("person").filter(pk=reflection_id).first()
    if reflection is None:
        raise NotFound
    require(by, Action.IDENTIFICATION_RECORD, reflection.person)
    reflection.state = REFLECTION_LIFE.target(verb, reflection.state)
    record(by=by, action=Action.IDENTIFICATION_RECORD, target=reflection, subject=reflection.person_id, at=at, fields=["reflection"])
    return reflection


def running(person_id: UUID) -> Reflection | None:
    """The reflection period that is offered or runs now, for the rooms above too."""
    return Reflection.objects.filter(person=person_id, state__in=OPEN).first()
