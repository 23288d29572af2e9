"""Invented interviews for the tests, made through the services."""

from datetime import timedelta
from typing import Any

import pytest

from saphan.access.models import User
from saphan.access.seeds import People
from saphan.care.persons.models import Person
from saphan.care.persons.services import Facts, open_person
from saphan.care.screening import decisions, services
from saphan.care.screening.codes import Conflict
from saphan.care.screening.models import Hearing, Interview
from saphan.care.screening.seeds import load_instruments
from saphan.care.screening.story import FACTORY, VOTES, begin
from saphan.core import clock
from tests.people import NOON

BEGAN_ON = (NOON - timedelta(days=3)).date()


@pytest.fixture(autouse=True)
def noon() -> Any:
    with clock.stopped_at(NOON):
        yield


@pytest.fixture
def instruments(db: Any) -> None:
    load_instruments()


def person_of(worker: User, age_band: str = Person.AgeBand.ADULT, language: str = "lo") -> Person:
    return open_person(
        report_id=None, facts=Facts(age_band=age_band, sex=Person.Sex.FEMALE, language=language), by=worker, at=NOON - timedelta(hours=2)
    )


@pytest.fixture
def person(owner: User, instruments: None) -> Person:
    return person_of(owner)


@pytest.fixture
def interview(owner: User, person: Person) -> Interview:
    """Under way, nothing answered."""
    return begin(owner, person, {}, NOON - timedelta(hours=1))


@pytest.fixture
def completed(owner: User, person: Person) -> Interview:
    interview = begin(owner, person, FACTORY, NOON - timedelta(hours=1))
    return services.complete(interview_id=interview.pk, by=owner, at=NOON)


@pytest.fixture
def hearing(people: People, completed: Interview) -> Hearing:
    return decisions.convene(interview_id=completed.pk, members=people.mdt, services_began_on=BEGAN_ON, by=people.owner, at=NOON)


def cast_votes(people: People, hearing: Hearing, number: int = 5) -> None:
    for member, (choice, reason) in list(zip(people.mdt, VOTES, strict=True))[:number]:
        decisions.declare(hearing_id=hearing.pk, conflict=Conflict.NONE, by=member, at=NOON)
        decisions.vote(hearing_id=hearing.pk, choice=choice, reason=reason, by=member, at=NOON)
