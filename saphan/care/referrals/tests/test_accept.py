"""The scope opens at acceptance, only there, and only as far as the person agreed."""

import pytest
from django.db import connection

from saphan.access.models import User
from saphan.access.seeds import People
from saphan.audit.models import AuditEvent
from saphan.care.cases.models import Case, Consent
from saphan.care.persons.disclosure import readable_classes, reveal
from saphan.care.persons.models import Involvement, Person
from saphan.care.referrals import services
from saphan.care.referrals.models import Referral
from saphan.care.referrals.services import ConsentMissing, accept, read_note
from saphan.care.referrals.states import State
from saphan.care.referrals.tests.conftest import CANARY, LATER, NOTE_CANARY, SHARED
from saphan.core.errors import NotFound, Refused, WrongState
from saphan.core.models import DataKey, OutboxMessage
from saphan.core.sealing import KeyMissing, unseal
from saphan.directory.models import Service
from tests.people import NOON

pytestmark = pytest.mark.django_db


def keys_of(people: People, person: Person) -> set[str]:
    return set(DataKey.objects.filter(scope=person.pk, org=people.hospital.pk).values_list("sensitivity", flat=True))


def test_before_acceptance_the_receiver_holds_no_key_and_reads_nothing(people: People, case: Case, sent: Referral) -> None:
    assert keys_of(people, case.person) == set()
    assert readable_classes(people.receiver, case.person) == frozenset()
    assert not Case.objects.visible_to(people.receiver).exists()
    assert not Person.objects.visible_to(people.receiver).exists()
    with pytest.raises(KeyMissing):
        unseal(case.person, "given_name", org=people.hospital.pk)
    with pytest.raises(Refused):
        reveal(case.person, "given_name", by=people.receiver, at=LATER)


def test_at_acceptance_exactly_the_consented_scope_opens(people: People, case: Case, accepted: Referral) -> None:
    assert keys_of(people, case.person) == set(SHARED)
    assert readable_classes(people.receiver, case.person) == set(SHARED)
    assert reveal(case.person, "given_name", by=people.receiver, at=LATER) == {"given_name": CANARY["given_name"]}
    for closed in ("phone", "whereabouts"):
        with pytest.raises(Refused):
            reveal(case.person, closed, by=people.receiver, at=LATER)
        with pytest.raises(KeyMissing):
            unseal(case.person, closed, org=people.hospital.pk)
    tie = Involvement.objects.get(org=people.hospital)
    assert (tie.relation, tie.source, set(tie.classes)) == ("receiver", accepted.reference, set(SHARED))


def test_the_note_opens_at_acceptance(people: People, sent: Referral) -> None:
    with pytest.raises(Refused):
        read_note(referral=sent, purpose="care", by=people.receiver, at=LATER)
    accept(referral_id=sent.pk, by=people.receiver, at=LATER)
    assert read_note(referral=sent, purpose="care", by=people.receiver, at=LATER) == NOTE_CANARY


def test_what_is_written_after_acceptance_opens_too(people: People, case: Case, accepted: Referral, trauma_care: Service) -> None:
    again = services.draft(case_id=case.pk, request=services.Request(trauma_care.pk, "low", "second note"), by=people.owner, at=LATER)
    assert unseal(again, "note", org=people.hospital.pk) == {"note": "second note"}


def test_acceptance_is_one_act_in_the_audit_and_one_mail(people: People, case: Case, accepted: Referral) -> None:
    event = AuditEvent.objects.get(action="referrals:accept")
    assert (event.actor, event.chain, event.target_id, event.subject_id) == (
        str(people.receiver.pk), str(people.hospital.pk), str(accepted.pk), str(case.person_id),
    )  # fmt: skip
    mail = OutboxMessage.objects.get(topic="mail", key=f"referral-accepted-{accepted.pk}")
    assert mail.payload["to"] == people.owner.email
    assert accepted.reference not in str(mail.payload)


def test_sender_cannot_accept_for_the_receiver(people: People, sent: Referral) -> None:
    for sender in (people.owner, people.supervisor, people.stranger):
        with pytest.raises(Refused):
            accept(referral_id=sent.pk, by=sender, at=LATER)
    sent.refresh_from_db()
    assert sent.state == State.SENT


def test_any_care_worker_of_the_receiver_may_accept_but_not_its_other_staff(people: People, sent: Referral) -> None:
    with pytest.raises(Refused):
        accept(referral_id=sent.pk, by=people.mdt[3], at=LATER)  # of the hospital, but no care worker
    newcomer = User.objects.create_user(email="new@demo.example", name="New", org=people.hospital)
    newcomer.grants.create(role="case_worker", granted_at=NOON)
    assert accept(referral_id=sent.pk, by=newcomer, at=LATER).replied_by == newcomer


def test_a_draft_cannot_be_accepted(people: People, drafted: Referral) -> None:
    with pytest.raises(Refused):
        accept(referral_id=drafted.pk, by=people.receiver, at=LATER)


def test_a_second_acceptance_changes_nothing(people: People, accepted: Referral) -> None:
    with pytest.raises(WrongState):
        accept(referral_id=accepted.pk, by=people.receiver, at=LATER)
    assert Involvement.objects.filter(org=people.hospital).count() == 1
    assert OutboxMessage.objects.filter(key=f"referral-accepted-{accepted.pk}").count() == 1
    assert AuditEvent.objects.filter(action="referrals:accept").count() == 1


def test_a_consent_that_ran_out_opens_nothing(people: People, case: Case, sent: Referral, consent: Consent) -> None:
    with pytest.raises(ConsentMissing):
        accept(referral_id=sent.pk, by=people.receiver, at=consent.expires_at)
    sent.refresh_from_db()
    assert sent.state == State.SENT
    assert keys_of(people, case.person) == set()


def test_an_unknown_referral_is_not_found(people: People, case: Case) -> None:
    with pytest.raises(NotFound):
        accept(referral_id=case.pk, by=people.receiver, at=LATER)


def test_no_column_of_the_referral_holds_what_is_sealed(accepted: Referral) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM care_referrals_referral")
        stored = repr([bytes(v) if isinstance(v, memoryview) else v for row in cursor.fetchall() for v in row])
    assert not [canary for canary in (*CANARY.values(), NOTE_CANARY) if canary in stored]
