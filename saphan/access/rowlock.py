"""The second lock: row-level security of PostgreSQL, opened per transaction only. Nothing of it acts on SQLite.

A plain SET outlives its request on a reused connection; therefore every value here is local to the transaction.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from django.db import connection, migrations, transaction

if TYPE_CHECKING:
    from saphan.access.models import User

ORGS, USER, SCOPE = "saphan.orgs", "saphan.user", "saphan.scope"


def _set(settings: dict[str, str]) -> dict[str, str]:
    """Sets all values for this transaction in one statement; answers what stood before."""
    asked = ", ".join("coalesce(current_setting(%s, true), ''), set_config(%s, %s, true)" for _ in settings)
    parameters = [part for name, value in settings.items() for part in (name, name, value)]
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {asked}", parameters)
        found = cursor.fetchone()
    return dict(zip(settings, found[::2], strict=True))


@contextmanager
def _within(settings: dict[str, str]) -> Iterator[None]:
    """One transaction with these settings; inside another one the earlier values stand again afterwards."""
    if connection.vendor != "postgresql":
        yield
        return
    nested = connection.in_atomic_block
    with transaction.atomic():
        earlier = _set(settings)
        yield
        if nested and not connection.needs_rollback:  # a rollback to the savepoint brings them back itself
            _set(earlier)


@contextmanager
def as_user(user: "User") -> Iterator[None]:
    """Inside, the database shows and takes only rows of this account's organisation."""
    with _within({ORGS: user.acting_org, USER: user.actor_id, SCOPE: ""}):
        yield


@contextmanager
def as_system() -> Iterator[None]:
    """Inside, the system itself works: background tasks, key rotation, backup. Never for a page."""
    with _within({SCOPE: "system"}):
        yield


class RowSecurity(migrations.RunPython):
    """A migration's step that puts a table under row-level security on PostgreSQL; elsewhere it does nothing.

    `condition` is the SQL that a row must meet to be seen and to be written; the system's own scope is always let
    through. Example: ``RowSecurity("persons_person", "org_id::text = ANY(string_to_array(current_setting('saphan.orgs', true), ','))")``.
    """

    def __init__(self, table: str, condition: str, *, write: str | None = None) -> None:
        self.table, self.condition, self.write = table, condition, write
        super().__init__(self._lock, self._unlock)

    def _lock(self, _apps: Any, schema_editor: Any) -> None:
        if schema_editor.connection.vendor != "postgresql":
            return
        name = schema_editor.quote_name(self.table)
        system = "current_setting('saphan.scope', true) = 'system'"
        schema_editor.execute(f"ALTER TABLE {name} ENABLE ROW LEVEL SECURITY", params=None)
        schema_editor.execute(f"ALTER TABLE {name} FORCE ROW LEVEL SECURITY", params=None)
        schema_editor.execute(
            f"CREATE POLICY saphan_wall ON {name} USING ({system} OR ({self.condition})) WITH CHECK ({system} OR ({self.write or self.condition}))",
            params=None,
        )

    def _unlock(self, _apps: Any, schema_editor: Any) -> None:
        if schema_editor.connection.vendor != "postgresql":
            return
        name = schema_editor.quote_name(self.table)
        schema_editor.execute(f"DROP POLICY IF EXISTS saphan_wall ON {name}", params=None)
        schema_editor.execute(f"ALTER TABLE {name} NO FORCE ROW LEVEL SECURITY", params=None)
        schema_editor.execute(f"ALTER TABLE {name} DISABLE ROW LEVEL SECURITY", params=None)

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        return (type(self).__name__, [self.table, self.condition], {"write": self.write} if self.write else {})
