"""The order in which the database comes to the present version."""

import pytest
from django.apps import apps
from django.db.migrations.executor import MigrationExecutor

from saphan.core.migrating import leaves_of_libraries, migrate


def of_ours(label: str) -> bool:
    return apps.get_app_config(label).name.startswith("saphan.")


@pytest.mark.django_db
@pytest.mark.once
def test_a_database_at_the_present_version_misses_nothing() -> None:
    assert migrate() == 0


def test_the_libraries_need_only_the_account_of_ours() -> None:
    """Else their changes would bring ours along, and the order would gain nothing."""
    graph = MigrationExecutor(None).loader.graph
    libraries = leaves_of_libraries(graph.leaf_nodes())
    brought_along = {step[0] for leaf in libraries for step in graph.forwards_plan(leaf) if of_ours(step[0])}
    assert libraries
    assert not any(of_ours(label) for label, _name in libraries)
    assert brought_along <= {"access", "directory"}
