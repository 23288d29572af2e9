"""Bringing the database to the present version, in the order that costs least."""

from django.apps import apps
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor


def migrate() -> int:
    """Applies what is missing and answers how many changes that were.

    On an empty database the libraries' changes go first: for each change Django builds anew every model that is tied to the changed one,
    and nearly all of ours are tied to the account. That takes three fifths of the time of the alphabetical order.
    """
    executor = MigrationExecutor(connection)
    leaves = executor.loader.graph.leaf_nodes()
    missing = len(executor.migration_plan(leaves))
    if missing:
        if not executor.loader.applied_migrations:
            executor.migrate(leaves_of_libraries(leaves))
        call_command("migrate", verbosity=0, interactive=False)
    return missing


def leaves_of_libraries(leaves: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """The last changes of the rooms that are not ours."""
    ours = {config.label for config in apps.get_app_configs() if config.name.startswith("saphan.")}
    return [leaf for leaf in leaves if leaf[0] not in ours]
