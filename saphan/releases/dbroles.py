"""A database role for one surface: it may use the tables of the rooms installed there, and gets "permission denied" on every other."""

import json
import os
import subprocess
import sys
from collections.abc import Iterable, Sequence

from django.apps import apps
from django.conf import settings
from django.db import connection, transaction
from django.utils.translation import gettext as _
from psycopg import sql

from saphan.core.errors import DomainError
from saphan.core.orgkeys import PUBLIC_SIDE

SURFACES = ("public", "casework", "all")
WRITE = "SELECT, INSERT, UPDATE, DELETE"
# Append-only, or of no use to a surface that opens no file: the role gets less than the four rights.
NARROWED = {"audit_auditevent": "SELECT, INSERT", "django_migrations": "SELECT"}
# Belongs to the casework, although its room is installed everywhere.
CASEWORK_ONLY = frozenset({"releases_reportreceipt"})
# Wrapped keys and sealed files of both sides stand in these tables: the public role meets only its own rows (decision 0027).
OWN_ROWS = "org = {own}"
OWN_SCOPE = "NOT saphan_held_by_others(scope)"
PUBLIC_ROWS: dict[str, tuple[str, ...]] = {
    "core_datakey": (f"FOR ALL TO {{role}} USING ({OWN_ROWS}) WITH CHECK ({OWN_ROWS} AND {OWN_SCOPE})",),
    "core_attachment": (f"FOR ALL TO {{role}} USING ({OWN_ROWS}) WITH CHECK ({OWN_ROWS} AND {OWN_SCOPE})",),
    "core_erasureledger": (
        f"FOR SELECT TO {{role}} USING ({OWN_ROWS})",
        f"FOR INSERT TO {{role}} WITH CHECK ((org IS NULL OR {OWN_ROWS}) AND {OWN_SCOPE})",
    ),
}
# Asked with the rights of the tables' owner: the public role sees no key of others, and must all the same not write beside one.
HELD_BY_OTHERS = (
    "CREATE OR REPLACE FUNCTION saphan_held_by_others(asked uuid) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER "
    "SET search_path = pg_catalog, pg_temp AS "
    "'SELECT EXISTS (SELECT 1 FROM public.core_datakey WHERE scope = asked AND org <> ''{own}'')'"
)

LIST_TABLES = "import django, json; django.setup(); from saphan.releases.dbroles import installed_tables; print(json.dumps(installed_tables()))"


class NotPostgres(DomainError):
    """Database roles exist on PostgreSQL only (409)."""


def installed_tables() -> list[str]:
    """The tables of all rooms installed in this process, with those between two models, and Django's list of migrations."""
    models = apps.get_models(include_auto_created=True)
    return sorted({model._meta.db_table for model in models if model._meta.managed and not model._meta.proxy} | {"django_migrations"})


def tables_of(surface: str) -> list[str]:
    """The tables of a surface, asked in a process of its own when this one has other rooms installed."""
    if surface == settings.SURFACE:
        return installed_tables()
    environment = os.environ | {"SAPHAN_SURFACE": surface, "DJANGO_SETTINGS_MODULE": f"saphan.settings.{surface}"}
    answer = subprocess.run([sys.executable, "-c", LIST_TABLES], env=environment, capture_output=True, text=True, check=True, timeout=120)  # noqa: S603  # our own program
    return [str(table) for table in json.loads(answer.stdout.splitlines()[-1])]


def rights(surface: str, tables: Iterable[str]) -> list[tuple[str, str]]:
    """Which rights the role of a surface gets on which table."""
    is_public = surface == "public"
    withheld = CASEWORK_ONLY if is_public else frozenset()
    narrowed = NARROWED | ({"core_erasureledger": "SELECT, INSERT"} if is_public else {})
    return [(table, narrowed.get(table, WRITE)) for table in sorted(tables) if table not in withheld]


def grants(surface: str, role: str, present: Sequence[str]) -> list[sql.Composable]:
    """The statements: everything is taken from the role first, then given for the tables of the surface that are present."""
    name = sql.Identifier(role)
    statements: list[sql.Composable] = [
        sql.SQL("REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {}").format(name),
        sql.SQL("REVOKE ALL ON ALL SEQUENCES IN SCHEMA public FROM {}").format(name),
        sql.SQL("REVOKE CREATE ON SCHEMA public FROM PUBLIC"),
        sql.SQL("GRANT USAGE ON SCHEMA public TO {}").format(name),
    ]
    for table, allowed in rights(surface, set(tables_of(surface)) & set(present)):
        statements.append(sql.SQL("GRANT " + allowed + " ON TABLE {} TO {}").format(sql.Identifier(table), name))
    return [*_walls(role, present), *statements] if surface == "public" else statements


def _walls(role: str, present: Sequence[str]) -> list[sql.Composable]:
    """Row-level policies that show the public role its own rows only. For every other role nothing changes. They stand before the rights are given."""
    name, own = sql.Identifier(role), sql.Literal(str(PUBLIC_SIDE))
    statements: list[sql.Composable] = [
        sql.SQL(HELD_BY_OTHERS.replace("{own}", str(PUBLIC_SIDE))),
        sql.SQL("REVOKE ALL ON FUNCTION saphan_held_by_others(uuid) FROM PUBLIC"),
        sql.SQL("GRANT EXECUTE ON FUNCTION saphan_held_by_others(uuid) TO {}").format(name),
    ]
    for table in sorted(PUBLIC_ROWS.keys() & set(present)):
        at = sql.Identifier(table)
        statements += [
            sql.SQL("DROP POLICY IF EXISTS saphan_open ON {}").format(at),
            sql.SQL("CREATE POLICY saphan_open ON {} USING (true) WITH CHECK (true)").format(at),
        ]
        for number, condition in enumerate(PUBLIC_ROWS[table], 1):
            policy = sql.Identifier(f"saphan_own_{number}_{role}"[:63])
            statements += [
                sql.SQL("DROP POLICY IF EXISTS {} ON {}").format(policy, at),
                sql.SQL("CREATE POLICY {} ON {} AS RESTRICTIVE ").format(policy, at) + sql.SQL(condition).format(role=name, own=own),
            ]
        statements.append(sql.SQL("ALTER TABLE {} ENABLE ROW LEVEL SECURITY").format(at))
    return statements


def as_text(statements: Sequence[sql.Composable]) -> list[str]:
    """The statements as an administrator of the database would type them. Raises NotPostgres."""
    _require_postgres()
    with connection.cursor() as cursor:
        return [statement.as_string(cursor.cursor) + ";" for statement in statements]


def grant(*, surface: str, role: str, execute: bool) -> list[str]:
    """Prints, or also carries out in one transaction, the grants for an existing role. Raises NotPostgres."""
    _require_postgres()
    with transaction.atomic(), connection.cursor() as cursor:
        statements = grants(surface, role, connection.introspection.table_names(cursor))
        if execute:
            for statement in statements:
                cursor.execute(statement.as_string(cursor.cursor))
    return as_text(statements)


def _require_postgres() -> None:
    if connection.vendor != "postgresql":
        raise NotPostgres(_("Database roles exist on PostgreSQL only; this installation uses the embedded store."))
