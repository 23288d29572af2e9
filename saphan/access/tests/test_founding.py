"""The first accounts of an empty house."""

from typing import Any

import pytest

from saphan.access.founding import found_account
from saphan.access.models import User
from saphan.access.seeds import People
from saphan.core.errors import Invalid, Refused
from saphan.directory.models import Country, Organisation
from tests.people import NOON

GOOD: dict[str, Any] = {"organisation": "House", "role": "administrator", "password": "nine quiet boats", "at": NOON}


@pytest.fixture
def empty_house(db: None) -> None:
    Country.objects.get_or_create(code="TH", defaults={"name_en": "Thailand", "name_th": "ไทย"})


@pytest.mark.usefixtures("empty_house")
def test_three_administrators_found_a_house_and_a_fourth_is_refused() -> None:
    for n in range(3):
        found_account(email=f"founder{n}@example.org", name=f"Founder {n}", **GOOD)
    with pytest.raises(Refused):
        found_account(email="fourth@example.org", name="Fourth", **GOOD)
    assert User.objects.count() == 3
    assert Organisation.objects.get().state == Organisation.State.APPROVED


@pytest.mark.usefixtures("empty_house")
@pytest.mark.parametrize("wrong", [{"email": "no address"}, {"password": "short"}, {"role": "case_worker"}])
def test_what_cannot_be_used_is_said_and_changes_nothing(wrong: dict[str, Any]) -> None:
    with pytest.raises(Invalid):
        found_account(**{"email": "founder@example.org", "name": "Founder", **GOOD, **wrong})
    assert not User.objects.exists()


def test_a_second_organisation_is_not_founded_beside_the_first(people: People) -> None:
    people.second_administrator.grants.all().delete()
    with pytest.raises(Invalid):
        found_account(email="founder@example.org", name="Founder", **GOOD)
