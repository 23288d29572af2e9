"""The second lock: rows of another organisation do not exist for the database's own role (PostgreSQL only)."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from saphan.access.models import User
from saphan.access.rowlock import RowSecurity, as_system, as_user

CONDITION = "org_id::text = ANY(string_to_array(current_setting('saphan.orgs', true), ','))"
pytestmark = pytest.mark.django_db


def ask(sql: str, *values: Any) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return [row[0] for row in cursor.fetchall()] if cursor.description else []


@pytest.fixture
def locked_table(owner: User, stranger: User) -> Iterator[None]:
    """A table with one row of each of two organisations, used under a role that is no superuser."""
    if connection.vendor != "postgresql":
        pytest.skip("row-level security is PostgreSQL's")
    ask("CREATE TABLE lock_try (org_id uuid)")
    ask("INSERT INTO lock_try VALUES (%s), (%s)", owner.org_id, stranger.org_id)
    with connection.schema_editor() as editor:
        RowSecurity("lock_try", CONDITION)._lock(None, editor)
    ask("CREATE ROLE lock_try_role NOSUPERUSER NOLOGIN")
    ask("GRANT ALL ON lock_try TO lock_try_role")
    ask("SET LOCAL ROLE lock_try_role")
    yield
    ask("RESET ROLE")


def test_without_a_scope_there_are_no_rows(locked_table: None) -> None:
    assert ask("SELECT org_id FROM lock_try") == []


def test_a_worker_sees_and_writes_rows_of_the_own_organisation_only(locked_table: None, owner: User, stranger: User) -> None:
    with as_user(owner):
        assert ask("SELECT org_id FROM lock_try") == [owner.org_id]
        with pytest.raises(DatabaseError), transaction.atomic():
            ask("INSERT INTO lock_try VALUES (%s)", stranger.org_id)
    assert ask("SELECT org_id FROM lock_try") == []


def test_the_system_sees_all_and_contexts_nest(locked_table: None, owner: User) -> None:
    with as_user(owner):
        with as_system():
            assert len(ask("SELECT org_id FROM lock_try")) == 2
        assert ask("SELECT org_id FROM lock_try") == [owner.org_id]


def test_what_is_rolled_back_within_leaves_the_lock_as_it_stood(locked_table: None, owner: User, stranger: User) -> None:
    with as_user(owner):
        with as_user(stranger):
            assert ask("SELECT org_id FROM lock_try") == [stranger.org_id]
            ask("INSERT INTO lock_try VALUES (%s)", stranger.org_id)
            transaction.set_rollback(True)
        assert ask("SELECT org_id FROM lock_try") == [owner.org_id]
    with as_user(stranger):
        assert ask("SELECT org_id FROM lock_try") == [stranger.org_id]
    assert ask("SELECT org_id FROM lock_try") == []


def test_the_lock_can_be_taken_away(locked_table: None) -> None:
    ask("RESET ROLE")
    with connection.schema_editor() as editor:
        RowSecurity("lock_try", CONDITION)._unlock(None, editor)
    ask("SET LOCAL ROLE lock_try_role")
    assert len(ask("SELECT org_id FROM lock_try")) == 2


def test_on_sqlite_the_contexts_do_nothing(owner: User) -> None:
    with as_user(owner), as_system():
        assert User.objects.filter(pk=owner.pk).exists()
