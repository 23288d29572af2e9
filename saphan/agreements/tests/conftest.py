"""Three people: the officer who writes, the colleague who confirms, the stranger of another organisation."""

import pytest

from saphan.access.models import RoleGrant, User
from saphan.access.roles import Role
from saphan.access.seeds import People
from saphan.agreements.models import Agreement
from saphan.agreements.tests.making import an_agreement
from tests.people import NOON


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
