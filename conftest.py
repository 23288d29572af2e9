"""The same people in every test."""

from collections.abc import Iterator

import pytest

pytest_plugins = ["tests.people", "tests.database"]


@pytest.fixture(scope="session", autouse=True)
def tests_that_commit_leave_the_database_as_the_migrations_made_it() -> Iterator[None]:
    """After a test that commits all tables are emptied, which the record's triggers refuse, and what migrations wrote is put back."""
    from django.core.management import call_command
    from django.db import connection
    from django.test import TransactionTestCase

    from saphan.audit import triggers

    def teardown(_case: TransactionTestCase) -> None:
        triggers.lift(connection)
        call_command("flush", verbosity=0, interactive=False, reset_sequences=False, inhibit_post_migrate=True)
        connection.creation.deserialize_db_from_string(connection._test_serialized_contents)  # type: ignore[attr-defined]
        triggers.lay(connection)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", teardown)
        yield


@pytest.fixture(autouse=True)
def each_test_begins_in_english() -> None:
    """A page in Thai leaves its language behind in the thread."""
    from django.utils import translation

    translation.activate("en")
