"""The same people and the same beginning in every test."""

import pytest

pytest_plugins = ["tests.people", "tests.database", "tests.browser"]


@pytest.fixture(autouse=True)
def each_test_begins_in_english() -> None:
    """A page in Thai leaves its language behind in the thread."""
    from django.utils import translation

    translation.activate("en")
