"""Consent is evaluated at the moment of sharing; withdrawal closes at once (SC07)."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from saphan.care.cases import consents
from saphan.care.cases.consents import Given, covered_classes, covers, record_consent, withdraw_consent
from saphan.care.cases.models import Case, Consent
from saphan.care.cases.tests.conftest import later
from saphan.care.persons.disclosure import involve, reveal
from saphan.care.persons.models import Involvement
from saphan.core import clock
from saphan.core.errors import Invalid, Refused, WrongState
from saphan.core.models import DataKey
from saphan.core.sensitivity import SEALED_CLASSES, Sensitivity
from tests.people import NOON

S = Sensitivity
TO_SHARE = Given(purpose="service", language="lo", form="written", capacity="adult", classes=("contact", "health"))


@pytest.fixture
def consent(person, hospital, owner):
    return record_consent(person_id=person.pk, given=replace(TO_SHARE, receiver_id=hospital.pk), by=owner, at=NOON)


def test_consent_covers_what_was_agreed_and_nothing_more(consent, person, hospital, ngo):
    assert covers(person, hospital, [S.CONTACT], NOON)
    assert covers(person, hospital, ["contact", "health"], NOON)
    assert not covers(person, hospital, [S.CONTACT, S.IDENTITY], NOON)
    assert not covers(person, ngo, [S.CONTACT], NOON)


def test_consent_runs_out_after_twelve_months(consent, person, hospital):
    assert covers(person, hospital, [S.CONTACT], later(days=364))
    assert not covers(person, hospital, [S.CONTACT], later(days=365))


def test_consent_covers_nothing_before_it_is_given(consent, person, hospital):
    assert not covers(person, hospital, [S.CONTACT], NOON - timedelta(seconds=1))


def test_withdrawal_closes_every_open_share_at_once(consent, person, owner, hospital, receiver):
    involve(person, org=hospital, relation="receiver", classes=["contact"], source="R-1", at=NOON)
    assert reveal(person, "phone", by=receiver, at=NOON)["phone"]
    withdraw_consent(consent_id=consent.pk, by=owner, at=later(hours=1))
    assert not DataKey.objects.filter(scope=person.pk, org=hospital.pk).exists()
    with clock.stopped_at(later(hours=1)), pytest.raises(Refused):
        reveal(person, "phone", by=receiver, at=later(hours=1))
    with clock.stopped_at(later(hours=1)):
        assert not Case.objects.shared_with(receiver).exists()


def test_withdrawal_never_costs_a_service(consent, case, owner):
    withdraw_consent(consent_id=consent.pk, by=owner, at=NOON)
    case.refresh_from_db()
    assert case.is_open
    assert Involvement.objects.filter(person=case.person, user=owner, until=None).exists()


def test_a_share_that_another_consent_carries_stays(consent, person, owner, hospital):
    record_consent(person_id=person.pk, given=replace(TO_SHARE, receiver_id=hospital.pk, classes=("health",)), by=owner, at=NOON)
    for classes in (["health"], ["contact"]):
        involve(person, org=hospital, relation="receiver", classes=classes, at=NOON)
    withdraw_consent(consent_id=consent.pk, by=owner, at=later(hours=1))
    open_now = Involvement.objects.open_at(later(hours=1)).filter(org=hospital)
    assert [t.classes for t in open_now] == [["health"]]
    assert set(DataKey.objects.filter(scope=person.pk, org=hospital.pk).values_list("sensitivity", flat=True)) == {"health"}


def test_rooms_above_are_told_in_the_same_transaction(consent, owner):
    told = []

    @consents.on_withdrawal
    def hook(taken, by, at):
        told.append((taken.pk, by, at))

    try:
        withdraw_consent(consent_id=consent.pk, by=owner, at=NOON)
    finally:
        consents.HOOKS.remove(hook)
    assert told == [(consent.pk, owner, NOON)]


def test_any_care_worker_of_the_house_takes_a_withdrawal(consent, colleague):
    assert withdraw_consent(consent_id=consent.pk, by=colleague, at=NOON).withdrawn_by == colleague


def test_another_organisation_or_office_cannot_withdraw_for_the_person(consent, stranger, receiver, dpo):
    for user in (stranger, receiver, dpo):
        with pytest.raises(Refused):
            withdraw_consent(consent_id=consent.pk, by=user, at=NOON)


def test_a_consent_is_withdrawn_once(consent, owner):
    withdraw_consent(consent_id=consent.pk, by=owner, at=NOON)
    with pytest.raises(WrongState):
        withdraw_consent(consent_id=consent.pk, by=owner, at=NOON)


@pytest.mark.parametrize(
    ("change", "field"),
    [({"capacity": "adult"}, "capacity"), ({"guardian_tie": ""}, "guardian_tie"), ({"assent": False}, "assent")],
)
def test_for_a_child_or_in_doubt_the_guardian_consents_and_the_child_agrees(child, hospital, owner, change, field):
    complete = replace(TO_SHARE, receiver_id=hospital.pk, capacity="child", guardian_tie="appointed", assent=True)
    with pytest.raises(Invalid) as found:
        record_consent(person_id=child.pk, given=replace(complete, **change), by=owner, at=NOON)
    assert set(found.value.fields) == {field}
    assert record_consent(person_id=child.pk, given=complete, by=owner, at=NOON).capacity == "child"


def test_an_adult_decides_alone(person, hospital, owner):
    with pytest.raises(Invalid):
        record_consent(
            person_id=person.pk,
            given=replace(TO_SHARE, receiver_id=hospital.pk, capacity="child", guardian_tie="parent", assent=True),
            by=owner,
            at=NOON,
        )


def test_sharing_needs_a_receiver_other_than_the_house_and_parts_of_the_file(person, owner, ministry, hospital):
    for wrong in (
        {"receiver_id": None},
        {"receiver_id": ministry.pk},
        {"receiver_id": hospital.pk, "classes": ()},
        {"receiver_id": hospital.pk, "classes": ("working",)},
    ):
        with pytest.raises(Invalid):
            record_consent(person_id=person.pk, given=replace(TO_SHARE, **wrong), by=owner, at=NOON)


def test_the_evidence_is_sealed(person, owner, hospital):
    consent = record_consent(
        person_id=person.pk, given=replace(TO_SHARE, receiver_id=hospital.pk, evidence="CANARY-evidence-zx76"), by=owner, at=NOON
    )
    assert reveal(consent, "evidence", by=owner, at=NOON) == {"evidence": "CANARY-evidence-zx76"}
    assert consent.evidence
    assert b"CANARY" not in consent.evidence.ciphertext


classes = st.sets(st.sampled_from([c.value for c in SEALED_CLASSES]), min_size=1)


@settings(max_examples=25)
@given(agreed=st.lists(classes, min_size=1, max_size=3), shared=st.lists(classes, max_size=3), taken=st.integers(0, 2))
def test_after_a_withdrawal_nothing_is_open_that_no_consent_carries(person, hospital, owner, agreed, shared, taken):
    Consent.objects.all().delete()
    Involvement.objects.filter(org=hospital).delete()
    DataKey.objects.filter(scope=person.pk, org=hospital.pk).delete()
    given_ones = [
        record_consent(person_id=person.pk, given=replace(TO_SHARE, receiver_id=hospital.pk, classes=tuple(a)), by=owner, at=NOON) for a in agreed
    ]
    for part in shared:
        if covers(person, hospital, part, NOON):
            involve(person, org=hospital, relation="receiver", classes=part, at=NOON)
    withdraw_consent(consent_id=given_ones[taken % len(given_ones)].pk, by=owner, at=later(hours=1))
    still = covered_classes(person, hospital.pk, later(hours=1))
    open_now = {c for t in Involvement.objects.open_at(later(hours=1)).filter(org=hospital) for c in t.classes}
    keys = set(DataKey.objects.filter(scope=person.pk, org=hospital.pk).values_list("sensitivity", flat=True))
    assert open_now <= still
    assert keys == open_now
