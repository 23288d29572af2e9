"""A person with a file, and the case that opens from it."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from saphan.access.models import User
from saphan.care.cases.consents import Given
from saphan.care.cases.models import Case
from saphan.care.cases.services import open_case
from saphan.care.persons.models import Person
from saphan.care.persons.services import Facts, Told, open_person, record_report
from saphan.core import clock
from tests.people import NOON

AGREED = Given(purpose="case", language="lo", form="spoken", capacity="adult", evidence="CANARY-evidence-zx70")


@pytest.fixture(autouse=True)
def _stopped_clock() -> Any:
    with clock.stopped_at(NOON):
        yield


@pytest.fixture
def person(owner: User, intake: User) -> Person:
    report = record_report(told=Told(danger="yes", narrative="CANARY-narrative-zx71"), by=intake, at=NOON)
    sealed = {"given_name": "CANARY-given-zx72", "phone": "CANARY-phone-zx73", "whereabouts": "CANARY-where-zx74"}
    return open_person(report_id=report.pk, facts=Facts(age_band="adult", sex="female", language="lo", sealed=sealed), by=owner, at=NOON)


@pytest.fixture
def child(owner: User) -> Person:
    return open_person(report_id=None, facts=Facts(age_band="doubt"), by=owner, at=NOON)


@pytest.fixture
def case(person: Person, owner: User) -> Case:
    return open_case(person_id=person.pk, given=AGREED, ground="statement", by=owner, at=NOON)


def later(**span: float) -> datetime:
    return NOON + timedelta(**span)
