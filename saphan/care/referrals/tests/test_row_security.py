"""The second lock on referrals, and the whole way to acceptance under it, as a database role that is no superuser (PostgreSQL only)."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from django.db import connection

from saphan.access.rowlock import as_system, as_user
from saphan.access.seeds import People
from saphan.care.cases.models import Case, Consent
from saphan.care.persons.disclosure import reveal
from saphan.care.persons.models import Person
from saphan.care.referrals import services
from saphan.care.referrals.models import Referral
from saphan.care.referrals.tests.conftest import CANARY, SHARED
from saphan.core import clock
from saphan.releases.dbroles import grants
from tests.people import client_of

pytestmark = [pytest.mark.django_db, pytest.mark.skipif("connection.vendor != 'postgresql'", reason="row-level security is PostgreSQL's")]
ROLE = "saphan_casework_try"


@pytest.fixture
def begun() -> datetime:
    """A real hour ago: the lock asks the database's own clock."""
    return clock.now() - timedelta(hours=1)


@pytest.fixture
def under_lock(people: People, drafted: Referral, consent: Consent) -> Iterator[None]:
    """From here on the database is used by the role of the whole house, to which row-level security applies."""
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE ROLE {ROLE} NOSUPERUSER NOLOGIN")
        for statement in grants("all", ROLE, connection.introspection.table_names(cursor)):
            cursor.execute(statement.as_string(cursor.cursor))
        cursor.execute(f"SET LOCAL ROLE {ROLE}")
    yield
    with connection.cursor() as cursor:
        cursor.execute("RESET ROLE")


def test_without_a_scope_there_is_no_referral(under_lock: None) -> None:
    assert not Referral.objects.exists()
    with as_system():
        assert Referral.objects.exists()


def test_a_draft_exists_for_its_sender_only_and_once_sent_for_the_receiver_too(
    people: People, under_lock: None, drafted: Referral, consent: Consent
) -> None:
    with as_user(people.receiver):
        assert not Referral.objects.exists()
    at = clock.now()
    with as_user(people.owner):
        services.send(referral_id=drafted.pk, consent_id=consent.pk, classes=SHARED, by=people.owner, at=at)
    with as_user(people.receiver):
        assert Referral.objects.get().pk == drafted.pk
        assert not Case.objects.exists()
        assert not Person.objects.exists()
    with as_user(people.stranger):
        assert not Referral.objects.exists()


def test_the_whole_way_works_under_the_lock(
    people: People, under_lock: None, case: Case, drafted: Referral, consent: Consent, begun: datetime
) -> None:
    at = begun + timedelta(minutes=1)
    with as_user(people.owner):
        services.send(referral_id=drafted.pk, consent_id=consent.pk, classes=SHARED, by=people.owner, at=at)
    with as_user(people.receiver):
        services.acknowledge(referral_id=drafted.pk, by=people.receiver, at=at)
        services.accept(referral_id=drafted.pk, by=people.receiver, at=at)
        assert reveal(Person.objects.get(), "given_name", by=people.receiver, at=clock.now()) == {"given_name": CANARY["given_name"]}
        services.start(referral_id=drafted.pk, by=people.receiver, at=at)
        services.complete(referral_id=drafted.pk, outcome="delivered", by=people.receiver, at=at)
    with as_user(people.owner):
        services.close_feedback(referral_id=drafted.pk, feedback="helped", by=people.owner, at=clock.now())


def test_declining_and_the_missed_clock_work_under_the_lock(people: People, under_lock: None, drafted: Referral, consent: Consent) -> None:
    assert services.escalate(referral_id=drafted.pk, state="draft", at=clock.now())
    with as_user(people.owner):
        services.send(referral_id=drafted.pk, consent_id=consent.pk, classes=SHARED, by=people.owner, at=clock.now())
    with as_user(people.receiver):
        services.decline(referral_id=drafted.pk, reason="full", by=people.receiver, at=clock.now())


def test_the_pages_work_under_the_lock(people: People, under_lock: None, drafted: Referral, consent: Consent) -> None:
    with as_user(people.owner):
        services.send(referral_id=drafted.pk, consent_id=consent.pk, classes=SHARED, by=people.owner, at=clock.now())
    here, there = client_of(people.receiver), client_of(people.owner)
    for address in ("/desk/referrals/", f"/desk/referrals/{drafted.pk}/", f"/desk/referrals/{drafted.pk}/print/"):
        assert (here.get(address).status_code, there.get(address).status_code) == (200, 200)
    assert here.post(f"/desk/referrals/{drafted.pk}/accept/").status_code == 302
    assert b"Open the file" in here.get(f"/desk/referrals/{drafted.pk}/").content
