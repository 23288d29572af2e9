"""Two hands at the same moment: one wins, the other is told, and nothing is half done."""

import pytest

from saphan.access.models import User
from saphan.access.seeds import People
from saphan.audit.models import AuditEvent
from saphan.care.cases.consents import withdraw_consent
from saphan.care.cases.models import Case, Consent
from saphan.care.persons.models import Involvement
from saphan.care.referrals.models import Referral
from saphan.care.referrals.services import accept, withdraw
from saphan.care.referrals.states import State
from saphan.care.referrals.tests.conftest import LATER
from saphan.core.models import DataKey, OutboxMessage
from tests.people import NOON
from tests.racing import at_once

pytestmark = pytest.mark.django_db(transaction=True)


def open_keys(people: People, case: Case) -> int:
    return DataKey.objects.filter(scope=case.person_id, org=people.hospital.pk).count()


def test_accept_against_withdraw_has_one_winner(people: People, case: Case, sent: Referral) -> None:
    done = at_once(
        lambda: accept(referral_id=sent.pk, by=people.receiver, at=LATER),
        lambda: withdraw(referral_id=sent.pk, reason="wish", by=people.owner, at=LATER),
    )
    assert sorted(done) == ["WrongState", "done"]
    sent.refresh_from_db()
    won = done[0] == "done"
    assert sent.state == (State.ACCEPTED if won else State.WITHDRAWN)
    assert Involvement.objects.filter(org=people.hospital).count() == int(won)
    assert (open_keys(people, case) > 0) == won
    assert OutboxMessage.objects.filter(key=f"referral-accepted-{sent.pk}").count() == int(won)


def test_two_colleagues_accept_at_once_and_it_is_accepted_once(people: People, case: Case, sent: Referral) -> None:
    second = User.objects.create_user(email="second@demo.example", name="Second", org=people.hospital)
    second.grants.create(role="case_worker", granted_at=NOON)
    done = at_once(*[lambda by=by: accept(referral_id=sent.pk, by=by, at=LATER) for by in (people.receiver, second)])
    assert sorted(done) == ["WrongState", "done"]
    assert Involvement.objects.filter(org=people.hospital).count() == 1
    assert AuditEvent.objects.filter(action="referrals:accept").count() == 1
    assert OutboxMessage.objects.filter(topic="mail", key__startswith="referral-accepted").count() == 1


def test_acceptance_against_a_withdrawn_consent_never_leaves_the_file_open(people: People, case: Case, sent: Referral, consent: Consent) -> None:
    done = at_once(
        lambda: accept(referral_id=sent.pk, by=people.receiver, at=LATER), lambda: withdraw_consent(consent_id=consent.pk, by=people.owner, at=LATER)
    )
    assert done[1] == "done"
    sent.refresh_from_db()
    assert not sent.opens_scope
    assert open_keys(people, case) == 0
    assert not Involvement.objects.filter(org=people.hospital, until=None).exists()
