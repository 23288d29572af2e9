"""One open case of the ministry, services of the hospital and the foundation, a consent to share with the hospital."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from saphan.access.seeds import People
from saphan.care.cases.codes import Capacity, Form, Ground, SharingPurpose
from saphan.care.cases.consents import Given, record_consent
from saphan.care.cases.models import Case, Consent
from saphan.care.cases.services import open_case
from saphan.care.persons.services import Facts, open_person
from saphan.care.referrals import services
from saphan.care.referrals.models import Referral
from saphan.care.referrals.services import Request
from saphan.core.sensitivity import Sensitivity
from saphan.directory.models import Province, Service
from tests.people import *  # noqa: F403  # the same people for every room
from tests.people import NOON

CANARY = {
    "given_name": "canary-given-81B2", "family_name": "canary-family-93C4", "birth_date": "canary-born-12D5",
    "phone": "canary-phone-55E6", "safe_contact": "canary-contact-77F8", "whereabouts": "canary-place-24A9",
}  # fmt: skip
NOTE_CANARY = "canary-note-60B7"
SHARED = (Sensitivity.HEALTH.value, Sensitivity.IDENTITY.value, Sensitivity.PLAN.value)
LATER = NOON + timedelta(minutes=30)


@pytest.fixture
def begun() -> datetime:
    """When the story begins."""
    return NOON


@pytest.fixture
def case(people: People, begun: datetime) -> Case:
    facts = Facts(age_band="adult", sex="female", language="lo", sealed=CANARY)
    person = open_person(report_id=None, facts=facts, by=people.owner, at=begun)
    given = Given(purpose=SharingPurpose.CASE, language="lo", form=Form.SPOKEN, capacity=Capacity.ADULT, evidence="told in person")
    return open_case(person_id=person.pk, by=people.owner, at=begun, given=given, ground=Ground.SCREENING)


@pytest.fixture
def trauma_care(people: People) -> Service:
    Service.objects.all().delete()  # the cast brings services of its own; here only two count
    return Service.objects.create(
        organisation=people.hospital, name_en="Trauma care", kind="trauma_care", province=Province.objects.get(pk="TH-57"),
        languages=["lo", "th"], last_verified_on=NOON.date(),
    )  # fmt: skip


@pytest.fixture
def counselling(people: People, trauma_care: Service) -> Service:
    return Service.objects.create(organisation=people.ngo, name_en="Counselling", kind="trauma_care", languages=["th"], capacity_today=4)


@pytest.fixture
def consent(people: People, case: Case, begun: datetime) -> Consent:
    return consent_to(people.hospital, case, people, at=begun)


def consent_to(org: Any, case: Case, people: People, classes: tuple[str, ...] = SHARED, at: datetime = NOON) -> Consent:
    given = Given(
        purpose=SharingPurpose.SERVICE,
        language="lo",
        form=Form.SPOKEN,
        capacity=Capacity.ADULT,
        receiver_id=org.pk,
        classes=classes,
        evidence="told in person",
    )
    return record_consent(person_id=case.person_id, given=given, by=people.owner, at=at)


@pytest.fixture
def drafted(people: People, case: Case, trauma_care: Service, begun: datetime) -> Referral:
    return services.draft(case_id=case.pk, request=Request(trauma_care.pk, "high", NOTE_CANARY), by=people.owner, at=begun)


@pytest.fixture
def sent(people: People, drafted: Referral, consent: Consent, begun: datetime) -> Referral:
    return services.send(referral_id=drafted.pk, consent_id=consent.pk, classes=SHARED, by=people.owner, at=begun)


@pytest.fixture
def accepted(people: People, sent: Referral) -> Referral:
    return services.accept(referral_id=sent.pk, by=people.receiver, at=LATER)
