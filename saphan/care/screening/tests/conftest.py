"""Invented interviews for the tests, made through the services."""

from datetime import timedelta
from typing import Any

import pytest

from saphan.access.models import User
from saphan.access.seeds import People
from saphan.care.persons.models import Person
from saphan.care.persons.services import Facts, open_person
from saphan.care.screening import services, teams
from saphan.care.screening.models import Hearing, Interview
from saphan.care.screening.seeds import load_instruments
from saphan.care.screening.story import FACTORY, VOTES, begin, cast, declare_all, sit
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
    return convene(people, completed)


def convene(people: People, interview: Interview, **call: Any) -> Hearing:
    """The whole team is called; the first member is the chair."""
    given: dict[str, Any] = {"members": people.mdt, "chair": people.mdt[0], "recorder": people.mdt[1]} | call
    return teams.convene(interview_id=interview.pk, call=teams.Call(**given), services_began_on=BEGAN_ON, by=people.owner, at=NOON)


def cast_votes(people: People, hearing: Hearing, number: int = 5) -> None:
    """All declare, the team sits, and so many vote."""
    declare_all(people, hearing, NOON)
    if not hearing.sessions.exists():
        sit(people, hearing, NOON)
    cast(people, hearing, NOON, VOTES[:number])
