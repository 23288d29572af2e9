"""Tables whose rows are never changed or removed: the database refuses it, on both engines, also to its owner.

A later migration that rebuilds such a table on SQLite (any change of a column) must lay the triggers again.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Unchanging:
    """Names of tables, each with the sentence with which the database refuses. Neither is ever something that anybody typed."""

    tables: Mapping[str, str]

    def lay(self, connection: Any) -> None:
        """Creates the triggers."""
        with connection.cursor() as cursor:
            for statement in self._laying(connection.vendor):
                cursor.execute(statement)

    def lift(self, connection: Any) -> None:
        """Drops the triggers: for the reverse of the migration, and for tests that play the intruder."""
        with connection.cursor() as cursor:
            for table in self.tables:
                on, ends = (f" ON {table}", ("keep", "whole")) if connection.vendor == "postgresql" else ("", ("no_update", "no_delete"))
                for end in ends:
                    cursor.execute(f"DROP TRIGGER IF EXISTS {table}_{end}{on}")

    def _laying(self, vendor: str) -> Iterator[str]:
        for table, sentence in self.tables.items():
            if vendor != "postgresql":
                for act in ("update", "delete"):
                    yield f"CREATE TRIGGER {table}_no_{act} BEFORE {act.upper()} ON {table} BEGIN SELECT RAISE(ABORT, '{sentence}'); END"
                continue
            refuse = f"RAISE EXCEPTION '{sentence}' USING ERRCODE = 'integrity_constraint_violation'"
            yield f"CREATE OR REPLACE FUNCTION {table}_refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {refuse}; END $$"
            yield f"CREATE TRIGGER {table}_keep BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION {table}_refuse()"
            yield f"CREATE TRIGGER {table}_whole BEFORE TRUNCATE ON {table} FOR EACH STATEMENT EXECUTE FUNCTION {table}_refuse()"
