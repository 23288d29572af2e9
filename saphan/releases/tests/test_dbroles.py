"""A role of the public surface sees exactly the public surface's tables."""

import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest
from django.apps import apps
from django.db import ProgrammingError, connection, transaction

from saphan.releases import dbroles
from saphan.releases.tests.conftest import ROOT

ROLE = "saphan_public_try"
on_postgres = pytest.mark.skipif("connection.vendor != 'postgresql'", reason="roles are PostgreSQL's")


@pytest.fixture(scope="module")
def public_tables() -> list[str]:
    return dbroles.tables_of("public")


def test_the_public_surface_has_no_table_of_care(public_tables: list[str]) -> None:
    assert "releases_sealedreport" in public_tables
    assert [table for table in public_tables if table.startswith(("care_", "desk_"))] == []
    assert [table for table in dbroles.installed_tables() if table.startswith("care_")] != []


def test_keys_and_receipts_of_the_casework_are_withheld_from_the_public(public_tables: list[str]) -> None:
    given = {table for table, _rights in dbroles.rights("public", public_tables)}
    assert given & dbroles.CASEWORK_ONLY == set()
    assert set(public_tables) >= dbroles.CASEWORK_ONLY  # they exist there, empty
    assert dict(dbroles.rights("casework", ["core_datakey"])) == {"core_datakey": dbroles.WRITE}


def test_the_record_may_only_grow() -> None:
    assert dict(dbroles.rights("casework", ["audit_auditevent"])) == {"audit_auditevent": "SELECT, INSERT"}


@pytest.mark.django_db
def test_on_the_embedded_store_there_are_no_roles() -> None:
    if connection.vendor == "postgresql":
        pytest.skip("SQLite's")
    with pytest.raises(dbroles.NotPostgres):
        dbroles.grant(surface="public", role=ROLE, execute=False)
    code = "from saphan.commands import main; main()"
    done = subprocess.run(
        [sys.executable, "-c", code, "database", "grant", "--surface", "nowhere", "--role", "x"], cwd=ROOT, capture_output=True, text=True
    )
    assert done.returncode == 2


@pytest.fixture
def public_role(db: Any) -> Iterator[None]:
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE ROLE {ROLE} NOSUPERUSER NOLOGIN")
    printed = dbroles.grant(surface="public", role=ROLE, execute=True)
    assert f'GRANT SELECT, INSERT ON TABLE "audit_auditevent" TO "{ROLE}";' in printed
    with connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL ROLE {ROLE}")
    yield
    with connection.cursor() as cursor:
        cursor.execute("RESET ROLE")


@on_postgres
def test_the_public_role_is_refused_every_table_of_care(public_role: None) -> None:
    care = [model._meta.db_table for model in apps.get_models(include_auto_created=True) if model.__module__.startswith("saphan.care")]
    assert len(care) > 8
    for table in [*care, *dbroles.CASEWORK_ONLY]:
        with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"SELECT 1 FROM {table}")


@on_postgres
def test_the_public_role_uses_its_own_tables(public_role: None) -> None:
    from saphan.audit.models import AuditEvent
    from saphan.releases.models import SealedReport
    from saphan.releases.reports import seal_report
    from tests.people import NOON

    seal_report(kind="concern", body={"text": "Help"}, at=NOON)
    assert SealedReport.objects.count() == 1
    with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        AuditEvent.objects.all().delete()
