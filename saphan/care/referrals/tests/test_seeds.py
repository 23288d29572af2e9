"""The demonstration has a referral in each of the states that a first visitor looks for."""

import pytest

from saphan.access.seeds import People
from saphan.care.cases.models import Case
from saphan.care.referrals.models import Referral
from saphan.care.referrals.seeds import plant
from saphan.care.referrals.tests.conftest import consent_to

pytestmark = pytest.mark.django_db


def test_the_demonstration_shows_each_answer(people: People, case: Case) -> None:
    for org in (people.hospital, people.ngo):
        consent_to(org, case, people)
    plant(people)
    assert sorted(Referral.objects.values_list("state", flat=True)) == ["declined", "draft", "sent", "service_started"]


def test_without_a_case_there_is_nothing_to_tell(people: People) -> None:
    plant(people)
    assert not Referral.objects.exists()
