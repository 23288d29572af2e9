"""The second lock, asked of the database itself as a role without privileges (PostgreSQL only)."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from django.db import ProgrammingError, connection, transaction

from saphan.access.models import User
from saphan.access.rowlock import as_user
from saphan.care.persons.disclosure import end_involvement, involve
from saphan.care.persons.models import Involvement, Person, Report
from saphan.care.persons.services import Facts, open_person
from saphan.core import clock
from tests.people import NOON

pytestmark = pytest.mark.skipif("connection.vendor != 'postgresql'", reason="the row lock is PostgreSQL's")
ROLE = "saphan_test_reader"


@contextmanager
def plain_role(user: User) -> Iterator[None]:
    """Inside, the connection holds no privilege that passes the lock."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [ROLE])
        if not cursor.fetchone():
            cursor.execute(f"CREATE ROLE {ROLE} NOLOGIN")
        cursor.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {ROLE}")
        cursor.execute(f"SET LOCAL ROLE {ROLE}")
        try:
            with as_user(user):
                yield
        finally:
            cursor.execute("RESET ROLE")


def test_the_database_shows_only_the_own_organisations_rows(person, owner, stranger):
    with plain_role(owner):
        assert Person.objects.filter(pk=person.pk).exists()
        assert Report.objects.exists()
        assert Involvement.objects.exists()
    with plain_role(stranger):
        assert not Person.objects.exists()
        assert not Report.objects.exists()
        assert not Involvement.objects.exists()


def test_an_open_tie_lets_the_receiver_through_until_it_ends(person, receiver, hospital):
    since = clock.now() - timedelta(hours=1)
    involve(person, org=hospital, relation="receiver", classes=["health"], source="R-1", at=since)
    with plain_role(receiver):
        assert Person.objects.filter(pk=person.pk).exists()
        assert not Report.objects.exists()
    end_involvement(person, org=hospital, relation="receiver", at=since + timedelta(minutes=1))
    with plain_role(receiver):
        assert not Person.objects.exists()


def test_without_an_organisation_nothing_is_shown(person, owner):
    with plain_role(owner), connection.cursor() as cursor:
        cursor.execute("SELECT set_config('saphan.orgs', '', true)")
        assert not Person.objects.exists()


def test_the_database_refuses_a_row_written_for_another_organisation(person, owner, stranger):
    with plain_role(stranger), pytest.raises(ProgrammingError), transaction.atomic():
        open_person_for(owner, stranger)


def open_person_for(owner: User, stranger: User) -> None:
    Person.objects.create(alias="Foreign 1", org=owner.org, created_at=NOON, created_by=stranger)


def test_the_services_work_behind_the_lock(owner, people):
    with plain_role(owner):
        person = open_person(report_id=None, facts=Facts(), by=owner, at=NOON)
        assert Person.objects.visible_to(owner).get() == person
