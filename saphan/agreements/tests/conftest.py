"""Three people: the officer who writes, the colleague who confirms, the stranger of another organisation; and the register of the demonstration."""

from typing import Any

import pytest

from saphan.access.models import RoleGrant, User
from saphan.access.roles import Role
from saphan.access.seeds import People, plant_people
from saphan.agreements.models import Agreement
from saphan.agreements.seeds import plant
from saphan.agreements.tests.making import an_agreement
from saphan.core import clock
from tests.people import NOON, PASSWORD
from tests.planting import planted_once, read_afresh


def plant_register() -> None:
    with clock.stopped_at(NOON):
        plant(plant_people(password=PASSWORD, at=NOON))


register = planted_once("register", plant_register)


@pytest.fixture
def told(register: People, db: Any) -> People:
    """The people of the register; a module in which all stand in it says so by `people` of its own."""
    return read_afresh(register)


@pytest.fixture
def officer(people: People) -> User:
    return people.agreement_officer


@pytest.fixture
def colleague(people: People) -> User:
    return people.agreement_colleague


@pytest.fixture
def outsider(people: People) -> User:
    """An agreement officer of an organisation that is no party."""
    RoleGrant.objects.create(user=people.coordinator, role=Role.AGREEMENT_OFFICER, granted_at=NOON)
    return User.objects.get(pk=people.coordinator.pk)


@pytest.fixture
def agreement(officer: User) -> Agreement:
    return an_agreement(officer)
