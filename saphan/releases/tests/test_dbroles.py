"""A role of the public surface sees exactly the public surface's tables."""

import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.apps import apps
from django.db import ProgrammingError, connection, transaction
from django.db.models import Model

from saphan.core import keyring
from saphan.core.models import Attachment, DataKey, ErasureLedger
from saphan.core.orgkeys import PUBLIC_SIDE, KeyMissing
from saphan.core.sealing import replay_erasures, rotate_data_keys, seal_bytes, share_keys, shred, unseal_bytes, withdraw_keys
from saphan.releases import dbroles
from saphan.releases.tests.conftest import ROOT
from tests.people import NOON

ROLE = "saphan_public_try"
on_postgres = pytest.mark.skipif("connection.vendor != 'postgresql'", reason="roles are PostgreSQL's")


@pytest.fixture(scope="module")
def public_tables() -> list[str]:
    return dbroles.tables_of("public")


def test_the_public_surface_has_no_table_of_care(public_tables: list[str]) -> None:
    assert "releases_sealedreport" in public_tables
    assert [table for table in public_tables if table.startswith(("care_", "desk_"))] == []
    assert [table for table in dbroles.installed_tables() if table.startswith("care_")] != []


def test_receipts_of_the_casework_are_withheld_from_the_public(public_tables: list[str]) -> None:
    given = {table for table, _rights in dbroles.rights("public", public_tables)}
    assert given & dbroles.CASEWORK_ONLY == set()
    assert set(public_tables) >= dbroles.CASEWORK_ONLY  # they exist there, empty
    assert dict(dbroles.rights("casework", ["core_datakey"])) == {"core_datakey": dbroles.WRITE}


def test_the_record_and_the_ledger_of_the_public_may_only_grow() -> None:
    assert dict(dbroles.rights("casework", ["audit_auditevent"])) == {"audit_auditevent": "SELECT, INSERT"}
    assert dict(dbroles.rights("public", ["core_erasureledger"])) == {"core_erasureledger": "SELECT, INSERT"}


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


CASEWORK_ROLE = "saphan_casework_try"
OTHERS = uuid4()  # an organisation of the casework
THEIR_FILE = uuid4()


@contextmanager
def acting_as(role: str) -> Iterator[None]:
    with connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL ROLE {role}")
    yield
    with connection.cursor() as cursor:
        cursor.execute("RESET ROLE")


def key_of(scope: UUID, org: UUID) -> DataKey:
    return DataKey(scope=scope, sensitivity="contact", org=org, generation=1, org_key_version=1, wrapped=b"x" * 60)


@pytest.fixture
def two_roles(db: Any) -> None:
    """A key and an erased file of the casework, and a role for each side, the public one granted twice as after an upgrade."""
    keyring.for_writing(THEIR_FILE, ["contact"], OTHERS)
    ErasureLedger.objects.create(scope=uuid4(), at=NOON, org=OTHERS)
    ErasureLedger.objects.create(scope=uuid4(), at=NOON)
    with connection.cursor() as cursor:
        for role in (ROLE, CASEWORK_ROLE):
            cursor.execute(f"CREATE ROLE {role} NOSUPERUSER NOLOGIN")
    for surface, role in (("public", ROLE), ("casework", CASEWORK_ROLE), ("public", ROLE)):
        dbroles.grant(surface=surface, role=role, execute=True)


@on_postgres
def test_the_public_role_seals_opens_and_erases_its_own(two_roles: None) -> None:
    scope = uuid4()
    with acting_as(ROLE):
        sealed = seal_bytes(b"Help", scope=scope, sensitivity="contact", org=PUBLIC_SIDE, binding=["try"])
        assert unseal_bytes(sealed, scope=scope, sensitivity="contact", org=PUBLIC_SIDE, binding=["try"]) == b"Help"
        rotate_data_keys(scope)
        for erased in (scope, scope, (unused := uuid4()), unused):
            shred(erased, at=NOON)
        assert list(ErasureLedger.objects.values_list("scope", flat=True)) == [scope]
        with pytest.raises(KeyMissing):
            seal_bytes(b"Help", scope=scope, sensitivity="contact", org=PUBLIC_SIDE, binding=["try"])


@on_postgres
def test_the_public_role_meets_no_key_of_others(two_roles: None) -> None:
    with acting_as(ROLE):
        assert (DataKey.objects.count(), ErasureLedger.objects.count(), Attachment.objects.count()) == (0, 0, 0)
        assert DataKey.objects.update(wrapped=b"x") == 0
        assert DataKey.objects.all().delete()[0] == 0
    assert DataKey.objects.filter(scope=THEIR_FILE, org=OTHERS).count() == 1
    assert len(keyring.for_reading(THEIR_FILE, ["contact"], OTHERS)) == 1


@on_postgres
@pytest.mark.parametrize(
    "row",
    [
        lambda: key_of(uuid4(), OTHERS),  # a key for others
        lambda: key_of(THEIR_FILE, PUBLIC_SIDE),  # a key of its own beside one of theirs
        lambda: ErasureLedger(scope=THEIR_FILE, at=NOON),  # an erasure of their file, to be carried out on a restored backup
        lambda: ErasureLedger(scope=THEIR_FILE, at=NOON, org=PUBLIC_SIDE),
        lambda: ErasureLedger(scope=uuid4(), at=NOON, org=OTHERS),
    ],
)
def test_the_public_role_writes_no_row_beside_those_of_others(two_roles: None, row: Callable[[], Model]) -> None:
    with acting_as(ROLE), pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic():
        row().save(force_insert=True)


@on_postgres
@pytest.mark.parametrize("statement", ["UPDATE core_erasureledger SET at = now()", "DELETE FROM core_erasureledger", "TRUNCATE core_datakey"])
def test_the_public_role_cannot_make_an_erasure_undone(two_roles: None, statement: str) -> None:
    with acting_as(ROLE), pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


@on_postgres
def test_the_casework_goes_on_as_before(two_roles: None) -> None:
    scope = uuid4()
    with acting_as(ROLE):
        keyring.for_writing(scope, ["contact"], PUBLIC_SIDE)
    with acting_as(CASEWORK_ROLE):
        assert DataKey.objects.filter(scope=THEIR_FILE).count() == 1
        share_keys(THEIR_FILE, ["contact"], from_org=OTHERS, to_org=(other := uuid4()))
        withdraw_keys(THEIR_FILE, ["contact"], org=other)
        shred(THEIR_FILE, at=NOON)
        assert replay_erasures() == 0
        assert DataKey.objects.count() == 1  # of the public side: wrapped by a key that lies on the other machine
        with pytest.raises(KeyMissing):
            unseal_bytes(b"\x01" + b"\0" * 40, scope=scope, sensitivity="contact", org=OTHERS, binding=["try"])


@on_postgres
def test_the_public_role_uses_its_own_tables(public_role: None) -> None:
    from saphan.audit.models import AuditEvent
    from saphan.releases.models import SealedReport
    from saphan.releases.reports import seal_report

    seal_report(kind="concern", body={"text": "Help"}, at=NOON)
    assert SealedReport.objects.count() == 1
    with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        AuditEvent.objects.all().delete()
