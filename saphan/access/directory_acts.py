"""Acts upon the own organisation's part of the directory: its services and its offices. Nothing is deleted, referrals and files name it."""

from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from saphan.access.actions import Action
from saphan.access.models import User
from saphan.access.policy import require
from saphan.audit.services import record
from saphan.core.errors import Invalid, NotFound, Outdated, WrongState
from saphan.directory.models import Office, Service


@dataclass(frozen=True)
class ServiceFacts:
    """What the directory says of a service. There is no place for an address."""

    name_en: str
    kind: str
    name_th: str = ""
    province_id: str | None = None
    languages: list[str] = field(default_factory=list)
    eligibility: str = ""
    open_hours: str = ""
    public: bool = False


@dataclass(frozen=True)
class OfficeFacts:
    """What the directory says of an office."""

    name_en: str
    name_th: str = ""
    province_id: str | None = None
    phone: str = ""


@transaction.atomic
def add_service(*, facts: ServiceFacts, by: User, at: datetime) -> Service:
    """Writes a service of the own organisation; whoever writes it vouches for it that day. Raises Invalid for a name that stands already."""
    service = Service(organisation_id=by.org_id, last_verified_on=timezone.localdate(at), **asdict(facts))
    require(by, Action.DIRECTORY_EDIT, service)
    _save(lambda: service.save(force_insert=True), _("Your organisation has a service of this name already, here or taken out of the directory."))
    record(by=by, action=Action.DIRECTORY_EDIT, target=service, at=at, fields=list(asdict(facts)))
    return service


@transaction.atomic
def edit_service(*, service_id: UUID, version: int, facts: ServiceFacts, by: User, at: datetime) -> Service:
    """Corrects a service. Raises Outdated when somebody else changed it since it was shown."""
    service = _service(service_id, by)
    _refuse_outdated(service.version, version)
    changed = _changed(service, asdict(facts))
    service.version += 1
    sentence = _("Your organisation has a service of this name already, here or taken out of the directory.")
    _save(lambda: service.save(update_fields=[*asdict(facts), "version"]), sentence)
    record(by=by, action=Action.DIRECTORY_EDIT, target=service, at=at, fields=changed)
    return service


@transaction.atomic
def verify_service(*, service_id: UUID, by: User, at: datetime) -> Service:
    """Somebody asked, and what stands here is right today."""
    service = _service(service_id, by)
    service.last_verified_on = timezone.localdate(at)
    return _kept(service, "last_verified_on", by=by, at=at)


@transaction.atomic
def count_places(*, service_id: UUID, capacity: int | None, held: int, by: User, at: datetime) -> Service:
    """Says how many places there are today and how many are held. Without a capacity places are not counted. Raises Invalid for more held than there are."""
    service = _service(service_id, by)
    if capacity is not None and held > capacity:
        raise Invalid(fields={"places_held": _("More places are held than there are.")})
    service.capacity_today, service.places_held = capacity, 0 if capacity is None else held
    return _kept(service, "capacity_today", "places_held", by=by, at=at)


@transaction.atomic
def end_service(*, service_id: UUID, by: User, at: datetime) -> Service:
    """Takes a service out of the directory: no new referral finds it, those under way go on."""
    service = _service(service_id, by)
    service.ended_on = timezone.localdate(at)
    return _kept(service, "ended_on", by=by, at=at)


@transaction.atomic
def restore_service(*, service_id: UUID, by: User, at: datetime) -> Service:
    """Puts a service back into the directory, as it was."""
    service = _service(service_id, by, ended=True)
    service.ended_on = None
    return _kept(service, "ended_on", by=by, at=at)


@transaction.atomic
def add_office(*, facts: OfficeFacts, by: User, at: datetime) -> Office:
    """Writes an office of the own organisation. Raises Invalid for a name that stands already."""
    office = Office(org_id=by.org_id, **asdict(facts))
    require(by, Action.DIRECTORY_EDIT, office)
    _save(lambda: office.save(force_insert=True), _("Your organisation has an office of this name already."))
    record(by=by, action=Action.DIRECTORY_EDIT, target=office, at=at, fields=list(asdict(facts)))
    return office


@transaction.atomic
def edit_office(*, office_id: UUID, version: int, facts: OfficeFacts, by: User, at: datetime) -> Office:
    """Corrects an office. Raises Outdated when somebody else changed it since it was shown."""
    office = Office.objects.select_for_update().filter(pk=office_id).first()
    if office is None:
        raise NotFound
    require(by, Action.DIRECTORY_EDIT, office)
    _refuse_outdated(office.version, version)
    changed = _changed(office, asdict(facts))
    office.version += 1
    _save(lambda: office.save(update_fields=[*asdict(facts), "version"]), _("Your organisation has an office of this name already."))
    record(by=by, action=Action.DIRECTORY_EDIT, target=office, at=at, fields=changed)
    return office


def _service(service_id: UUID, by: User, *, ended: bool = False) -> Service:
    """The locked service, if this account may change it and it stands in the directory (or, to put it back, does not)."""
    service = Service.objects.select_for_update().filter(pk=service_id).first()
    if service is None:
        raise NotFound
    require(by, Action.DIRECTORY_EDIT, service)
    if (service.ended_on is not None) != ended:
        raise WrongState(
            _("This service stands in the directory.") if ended else _("This service was taken out of the directory. Put it back first.")
        )
    return service


def _kept(service: Service, *fields: str, by: User, at: datetime) -> Service:
    service.save(update_fields=fields)
    record(by=by, action=Action.DIRECTORY_EDIT, target=service, at=at, fields=fields)
    return service


def _refuse_outdated(now: int, shown: int) -> None:
    if now != shown:
        raise Outdated(_("Somebody else changed this entry while you were writing. Nothing is lost: compare, and save again."))


def _changed(entry: Service | Office, facts: dict[str, object]) -> list[str]:
    """Sets the facts; answers the names of those that are new."""
    changed = [name for name, value in facts.items() if getattr(entry, name) != value]
    for name in changed:
        setattr(entry, name, facts[name])
    return changed


def _save(save: Callable[[], None], sentence: str) -> None:
    """Saves in a savepoint; the only rule of the database that a checked form can break is the name's."""
    try:
        with transaction.atomic():
            save()
    except IntegrityError:
        raise Invalid(fields={"name_en": sentence}) from None
