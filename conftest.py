"""The same people in every test."""

from collections.abc import Iterator

import pytest

pytest_plugins = ["tests.people", "tests.database"]


@pytest.fixture(scope="session", autouse=True)
def emptying_between_tests_may_pass_the_append_only_triggers() -> Iterator[None]:
    """Tests that commit are cleaned up by emptying all tables; the record refuses that, so its triggers are lifted meanwhile."""
    from django.db import connection
    from django.test import TransactionTestCase

    from saphan.audit import triggers

    empty = TransactionTestCase._fixture_teardown

    def without_triggers(case: TransactionTestCase) -> None:
        triggers.lift(connection)
        empty(case)
        triggers.lay(connection)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", without_triggers)
        yield
