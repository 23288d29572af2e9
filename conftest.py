"""The same people and the same beginning in every test."""

import pytest
from hypothesis import HealthCheck, settings

pytest_plugins = ["tests.people", "tests.database", "tests.browser"]

# A run says the same twice, however busy the machine is; `--hypothesis-profile roam` looks where nobody has looked yet.
PATIENT = {"deadline": None, "suppress_health_check": [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.function_scoped_fixture]}
settings.register_profile("house", derandomize=True, **PATIENT)
settings.register_profile("roam", derandomize=False, print_blob=True, max_examples=1000, **PATIENT)
settings.load_profile("house")


@pytest.fixture(autouse=True)
def each_test_begins_in_english() -> None:
    """A page in Thai leaves its language behind in the thread."""
    from django.utils import translation

    translation.activate("en")
