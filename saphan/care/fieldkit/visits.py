"""Acts on a visit to a site: record what holds for everybody there, add a person, read it."""

import json
from collections.abc import Mapping
from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from saphan.access.actions import Action
from saphan.access.models import User
from saphan.access.policy import require
from saphan.audit.services import record
from saphan.care.fieldkit.models import SiteVisit, VisitPerson
from saphan.care.fieldkit.parcels import FACTS, Site
from saphan.care.fieldkit.site_facts import site_facts
from saphan.care.persons.models import Person
from saphan.care.persons.services import Facts, open_person
from saphan.core.errors import NotFound
from saphan.core.ids import new_reference
from saphan.core.sealing import seal, unseal


@transaction.atomic
def record_visit(*, visited_on: date, facts: Mapping[str, str], by: User, at: datetime, source_id: UUID | None = None) -> SiteVisit:
    """A visit begins: what holds for everybody there is written once and sealed."""
    require(by, Action.SITE_VISIT_RECORD)
    visit = SiteVisit(reference=new_reference("V"), org=by.org, worker=by, visited_on=visited_on, recorded_at=at, source_id=source_id)
    _seal(visit, facts, by)
    visit.save(force_insert=True)
    record(by=by, action=Action.SITE_VISIT_RECORD, target=visit, at=at, fields=["visited_on", "facts"])
    return visit


def _seal(visit: SiteVisit, facts: Mapping[str, str], by: User) -> None:
    seal(visit, org=by.org_id, facts=json.dumps({name: facts.get(name, "") for name in _names()}, ensure_ascii=False))


def _names() -> tuple[str, ...]:
    """What a visit tells in words, and the facts that answer questions."""
    return (*FACTS, *(fact.code for fact in site_facts()))


def _opened(visit: SiteVisit, by: User) -> dict[str, str]:
    opened = json.loads(unseal(visit, "facts", org=by.org_id)["facts"] or "{}")
    return {name: str(opened.get(name, "")) for name in _names()}


def _locked(visit_id: UUID) -> SiteVisit:
    visit = SiteVisit.objects.select_for_update().filter(pk=visit_id).first()
    if visit is None:
        raise NotFound
    return visit


@transaction.atomic
def correct(*, visit_id: UUID, facts: Mapping[str, str], by: User, at: datetime) -> SiteVisit:
    """What holds for the site is written anew."""
    visit = _locked(visit_id)
    require(by, Action.SITE_VISIT_READ, visit)
    _seal(visit, facts, by)
    visit.save(update_fields=["facts"])
    record(by=by, action=Action.SITE_VISIT_RECORD, target=visit, at=at, fields=["facts"])
    return visit


@transaction.atomic
def add_person(*, visit_id: UUID, facts: Facts, by: User, at: datetime) -> Person:
    """Another person is met at the site and gets a file of her own."""
    visit = _locked(visit_id)
    require(by, Action.SITE_VISIT_READ, visit)
    person = open_person(report_id=None, facts=facts, by=by, at=at)
    _join(visit, person, by, at)
    return person


def _join(visit: SiteVisit, person: Person, by: User, at: datetime) -> None:
    if not visit.people.filter(person=person).exists():
        VisitPerson.objects.create(visit=visit, person=person, number=visit.people.count() + 1)
        record(by=by, action=Action.SITE_VISIT_RECORD, target=visit, subject=person.pk, at=at, fields=["people"])


@transaction.atomic
def at_site(*, site: Site, person: Person, by: User, at: datetime) -> SiteVisit:
    """The visit that a device names, recorded at its first interview and corrected when the device says otherwise later, with this person in it."""
    visit = SiteVisit.objects.select_for_update().filter(source_id=site.key, org=by.org_id).first()
    if visit is None:
        visit = record_visit(visited_on=site.visited_on, facts=site.facts, by=by, at=at, source_id=site.key)
    elif visit.worker_id == by.pk and (kept := _opened(visit, by)) != kept | dict(site.facts):
        correct(visit_id=visit.pk, facts=kept | dict(site.facts), by=by, at=at)  # what only the desk asks stays
    _join(visit, person, by, at)
    return visit


@transaction.atomic
def read_facts(visit: SiteVisit, *, by: User, at: datetime) -> dict[str, str]:
    """What holds for the site, opened for one worker; one audit event. Raises Refused or KeyMissing."""
    require(by, Action.SITE_VISIT_READ, visit)
    opened = _opened(visit, by)
    record(by=by, action=Action.SITE_VISIT_READ, target=visit, at=at, fields=["facts"])
    return opened
