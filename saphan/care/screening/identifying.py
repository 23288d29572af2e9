"""The days of an identification: told of rights, temporary protection, basic services, early testimony, the wish not to be heard by the team."""

from datetime import date, datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from saphan.access.actions import Action
from saphan.access.models import User
from saphan.access.policy import require
from saphan.audit.services import record
from saphan.care.persons.models import Person
from saphan.care.screening import procedure
from saphan.care.screening.models import Identification
from saphan.care.screening.procedure import Step
from saphan.core.errors import Invalid, WrongState


@transaction.atomic
def tell_of_rights(*, person: Person, by: User, at: datetime) -> Identification:
    """The person was told of compensation and of legal aid (s.34)."""
    found = _held(person, by, at)
    if found.rights_told_at:
        raise WrongState(_("This is recorded already."))
    found.rights_told_at = at
    return _kept(found, ["rights_told_at"], procedure.rights_told, by=by, at=at)


@transaction.atomic
def begin_custody(*, person: Person, began_at: datetime, by: User, at: datetime) -> Identification:
    """The person was taken into temporary protection: twenty-four hours run (s.29)."""
    found = _held(person, by, at)
    _refuse_future("began_at", began_at, at)
    if found.custody_began_at:
        raise WrongState(_("This is recorded already."))
    found.custody_began_at = began_at
    return _kept(found, ["custody_began_at"], procedure.custody_began(began_at), by=by, at=at)


@transaction.atomic
def extend_custody(*, person: Person, leave_at: datetime, by: User, at: datetime) -> Identification:
    """A court let it be extended, by seven days at most (s.29)."""
    found = _held(person, by, at)
    _refuse_future("leave_at", leave_at, at)
    if found.custody_began_at is None or found.custody_extended_at:
        raise WrongState(_("Only a temporary protection that runs can be extended, once."))
    if leave_at < found.custody_began_at:
        raise Invalid(fields={"leave_at": _("The court's leave comes after the protection began.")})
    found.custody_extended_at = leave_at
    return _kept(found, ["custody_extended_at"], procedure.custody_extended(leave_at), by=by, at=at)


@transaction.atomic
def begin_services(*, person: Person, on: date, agrees: bool, by: User, at: datetime) -> Identification:
    """Basic services began; rights and times were explained and first needs met. `agrees`: that what was said goes on to the ministry."""
    found = _held(person, by, at)
    if on > timezone.localdate(at):
        raise Invalid(fields={"services_began_on": _("The first day of services cannot lie in the future.")})
    if found.services_began_on:
        raise WrongState(_("This is recorded already."))
    found.services_began_on = on
    return _kept(found, ["services_began_on"], procedure.services_began(on, agrees=agrees), procedure.needs_met, by=by, at=at)


@transaction.atomic
def mark_leaving_soon(*, person: Person, by: User, at: datetime) -> Identification:
    """The person may leave the country or be hard to hear later: early testimony is to be considered with her (s.31)."""
    found = _held(person, by, at)
    found.leaves_soon = True
    return _kept(found, ["leaves_soon"], procedure.facts_changed, by=by, at=at)


@transaction.atomic
def consider_testimony(*, person: Person, by: User, at: datetime) -> Identification:
    """It was considered with the person; nothing says what she chose, for it is her choice."""
    found = _held(person, by, at)
    if not found.leaves_soon or found.testimony_considered_at:
        raise WrongState(_("There is nothing to consider now."))
    found.testimony_considered_at = at
    return _kept(found, ["testimony_considered_at"], procedure.testimony_considered, by=by, at=at)


@transaction.atomic
def note_wish(*, person: Person, declines: bool, by: User, at: datetime) -> Identification:
    """Whether the person wishes not to be heard by the team. It can be changed at any time."""
    found = _held(person, by, at)
    found.declines_team = declines
    return _kept(found, ["declines_team"], procedure.facts_changed, by=by, at=at)


def _held(person: Person, by: User, at: datetime) -> Identification:
    require(by, Action.IDENTIFICATION_RECORD, person)
    opened = procedure.opened(person, at=at)
    return Identification.objects.select_for_update(of=("self",)).select_related("person").get(pk=opened.pk)


def _refuse_future(name: str, moment: datetime, at: datetime) -> None:
    if moment > at + procedure.TOLERATED:
        raise Invalid(fields={name: _("This lies in the future.")})


def _kept(found: Identification, names: list[str], *steps: Step, by: User, at: datetime) -> Identification:
    found.save(update_fields=names)
    record(by=by, action=Action.IDENTIFICATION_RECORD, target=found, subject=found.person_id, at=at, fields=names)
    procedure.tell(found.person, *steps, by=by, at=at)
    return found
