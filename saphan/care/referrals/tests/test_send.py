"""Nothing leaves without a consent that covers receiver and parts at that moment."""

from datetime import timedelta

import pytest

from saphan.access.seeds import People
from saphan.care.cases.models import Case, Consent
from saphan.care.referrals.models import Referral
from saphan.care.referrals.services import Request, draft, send
from saphan.care.referrals.tests.conftest import NOTE_CANARY, SHARED, consent_to
from saphan.core.errors import Invalid, NotFound, Refused, WrongState
from saphan.directory.models import Service
from tests.people import NOON

pytestmark = pytest.mark.django_db


def test_a_draft_copies_what_the_notice_needs(drafted: Referral, people: People) -> None:
    assert (drafted.need, drafted.language, drafted.risk, drafted.age_band, drafted.to_org) == ("trauma_care", "lo", "high", "adult", people.hospital)
    assert drafted.due_at == NOON + timedelta(hours=1)
    assert str(drafted.note) == "[sealed]"


def test_nobody_else_sees_a_draft(drafted: Referral, people: People) -> None:
    assert Referral.objects.visible_to(people.colleague).exists()
    assert not Referral.objects.visible_to(people.receiver).exists()


def test_sent_it_waits_in_the_receivers_queue_with_its_clock(sent: Referral, people: People) -> None:
    assert Referral.objects.incoming(people.receiver).awaiting_reply().get() == sent
    assert sent.due_at == NOON + timedelta(hours=2)
    assert not Referral.objects.visible_to(people.stranger).exists()


def test_without_consent_nothing_is_sent(drafted: Referral, people: People, case: Case) -> None:
    kept = case.person.consents.get()  # to the case file itself, with nobody outside
    for wrong in (kept, consent_to(people.ngo, case, people)):
        with pytest.raises(Invalid):
            send(referral_id=drafted.pk, consent_id=wrong.pk, classes=SHARED, by=people.owner, at=NOON)


def test_no_more_is_offered_than_the_consent_covers(drafted: Referral, people: People, consent: Consent) -> None:
    with pytest.raises(Invalid):
        send(referral_id=drafted.pk, consent_id=consent.pk, classes=[*SHARED, "contact"], by=people.owner, at=NOON)
    less = send(referral_id=drafted.pk, consent_id=consent.pk, classes=["plan"], by=people.owner, at=NOON)
    assert less.classes == ["plan"]


@pytest.mark.parametrize("classes", [[], ["health"]])
def test_something_is_offered_and_a_note_needs_the_plan(drafted: Referral, people: People, consent: Consent, classes: list[str]) -> None:
    with pytest.raises(Invalid):
        send(referral_id=drafted.pk, consent_id=consent.pk, classes=classes, by=people.owner, at=NOON)


def test_a_consent_that_ran_out_covers_nothing(drafted: Referral, people: People, consent: Consent) -> None:
    with pytest.raises(Invalid):
        send(referral_id=drafted.pk, consent_id=consent.pk, classes=SHARED, by=people.owner, at=consent.expires_at)


def test_a_consent_that_was_withdrawn_covers_nothing(drafted: Referral, people: People, consent: Consent) -> None:
    from saphan.care.cases.consents import withdraw_consent

    withdraw_consent(consent_id=consent.pk, by=people.owner, at=NOON)
    with pytest.raises(Invalid):
        send(referral_id=drafted.pk, consent_id=consent.pk, classes=SHARED, by=people.owner, at=NOON)


def test_it_is_sent_once(sent: Referral, people: People, consent: Consent) -> None:
    with pytest.raises(WrongState):
        send(referral_id=sent.pk, consent_id=consent.pk, classes=SHARED, by=people.owner, at=NOON)


def test_only_those_who_work_on_the_case_refer(people: People, case: Case, trauma_care: Service) -> None:
    request = Request(trauma_care.pk, "low", NOTE_CANARY)
    with pytest.raises(Refused):
        draft(case_id=case.pk, request=request, by=people.colleague, at=NOON)
    for foreign in (people.stranger, people.receiver):
        with pytest.raises(NotFound):
            draft(case_id=case.pk, request=request, by=foreign, at=NOON)


def test_nobody_refers_to_the_own_organisation(people: People, case: Case) -> None:
    own = Service.objects.create(organisation=people.ministry, name_en="Own help", kind="legal_aid")
    with pytest.raises(Invalid):
        draft(case_id=case.pk, request=Request(own.pk, "low"), by=people.owner, at=NOON)


def test_nobody_refers_to_an_organisation_that_takes_no_part(people: People, case: Case, trauma_care: Service) -> None:
    people.hospital.state = "suspended"
    people.hospital.save()
    with pytest.raises(Invalid):
        draft(case_id=case.pk, request=Request(trauma_care.pk, "low"), by=people.owner, at=NOON)


def test_nobody_refers_to_a_service_taken_out_of_the_directory(people: People, case: Case, trauma_care: Service) -> None:
    Service.objects.filter(pk=trauma_care.pk).update(ended_on=NOON.date())
    with pytest.raises(NotFound):
        draft(case_id=case.pk, request=Request(trauma_care.pk, "low"), by=people.owner, at=NOON)
