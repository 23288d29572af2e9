"""The record is append-only at the database: triggers refuse to change or delete a row, on both engines."""

from typing import Any

TABLES = ("audit_auditevent", "audit_audithead")
SENTENCE = "the audit record is append-only"

POSTGRESQL = f"""
CREATE OR REPLACE FUNCTION audit_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION '{SENTENCE}' USING ERRCODE = 'integrity_constraint_violation'; END $$;
"""


def lay(connection: Any) -> None:
    """Creates the triggers."""
    with connection.cursor() as cursor:
        for statement in _laying(connection.vendor):
            cursor.execute(statement)


def lift(connection: Any) -> None:
    """Drops the triggers: for the reverse of the migration, and for tests that play the intruder with the database's own rights."""
    with connection.cursor() as cursor:
        for statement in _lifting(connection.vendor):
            cursor.execute(statement)


def _laying(vendor: str) -> list[str]:
    if vendor == "postgresql":
        rows = [f"CREATE TRIGGER {t}_keep BEFORE UPDATE OR DELETE ON {t} FOR EACH ROW EXECUTE FUNCTION audit_refuse()" for t in TABLES]
        whole = [f"CREATE TRIGGER {t}_keep_all BEFORE TRUNCATE ON {t} FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse()" for t in TABLES]
        return [POSTGRESQL, *rows, *whole]
    return [
        f"CREATE TRIGGER {table}_no_{act} BEFORE {act.upper()} ON {table} BEGIN SELECT RAISE(ABORT, '{SENTENCE}'); END"
        for table in TABLES
        for act in ("update", "delete")
    ]


def _lifting(vendor: str) -> list[str]:
    if vendor == "postgresql":
        return [f"DROP TRIGGER IF EXISTS {t}{end} ON {t}" for t in TABLES for end in ("_keep", "_keep_all")]
    return [f"DROP TRIGGER IF EXISTS {t}_no_{act}" for t in TABLES for act in ("update", "delete")]
