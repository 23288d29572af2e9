"""The same people in each test: owner, colleague, stranger, and those around them."""

from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import Client

from saphan.access.models import User
from saphan.access.seeds import People, plant_people

NOON = datetime(2026, 11, 23, 5, 0, tzinfo=UTC)
PASSWORD = "a long demo password"


def client_of(user: User) -> Client:
    """A client signed in as `user`, second step done."""
    client = Client()
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


@pytest.fixture
def people(db: Any) -> People:
    return plant_people(password=PASSWORD, at=NOON)


def _fixture_for(part: str) -> Any:
    def person(people: People) -> Any:
        return getattr(people, part)

    person.__name__ = part
    return pytest.fixture(person)


for _part in People.__dataclass_fields__:
    globals()[_part] = _fixture_for(_part)
