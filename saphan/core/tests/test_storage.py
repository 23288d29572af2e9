"""A full disk, a read-only directory, a database that is away: 503 with a sentence, and nothing that was acknowledged is lost (R19)."""

import logging
import os
import subprocess
import sys

import pytest
from django.db import DatabaseError, IntegrityError, OperationalError, connection

from saphan.core.models import OutboxMessage
from saphan.core.storage import is_storage_failure

on_sqlite = pytest.mark.skipif("connection.vendor != 'sqlite'", reason="PRAGMA is SQLite's")


@pytest.fixture(autouse=True)
def addresses(settings, client):
    settings.ROOT_URLCONF = "saphan.core.tests.storage_urls"
    client.raise_request_exception = False


def pragma(statement: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(f"PRAGMA {statement}")
        row = cursor.fetchone()
    return row[0] if row else 0


@on_sqlite
@pytest.mark.django_db(transaction=True)
def test_a_full_store_refuses_calmly_keeps_what_it_acknowledged_and_recovers(client):
    limit, kept = pragma("max_page_count"), []
    pragma(f"max_page_count={pragma('page_count') + 30}")
    try:
        for number in range(200):
            response = client.post("/write", {"key": f"m{number}", "size": 4000})
            if response.status_code == 200:
                kept.append(f"m{number}")
            if response.status_code == 503:
                break
    finally:
        pragma(f"max_page_count={limit}")
    assert response.status_code == 503
    assert response["Retry-After"]
    assert b"<h1>" in response.content
    assert kept
    assert client.post("/write", {"key": "after", "size": 4000}).status_code == 200
    assert list(OutboxMessage.objects.order_by("id").values_list("key", flat=True)) == [*kept, "after"]


def only_reading(yes: bool) -> None:
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(f"PRAGMA query_only={'ON' if yes else 'OFF'}")
        else:
            cursor.execute(f"SET default_transaction_read_only = {'on' if yes else 'off'}")


@pytest.mark.django_db(transaction=True)
def test_a_read_only_store_refuses_calmly_and_recovers(client):
    only_reading(True)
    try:
        assert client.post("/write", {"key": "a"}).status_code == 503
        assert client.get("/session").status_code == 503
    finally:
        only_reading(False)
    assert not OutboxMessage.objects.exists()
    assert client.post("/write", {"key": "a"}).status_code == 200
    assert client.get("/session").status_code == 200


@pytest.mark.django_db
def test_the_log_names_the_kind_and_no_value(client, caplog):
    with caplog.at_level(logging.ERROR, logger="saphan.core"):
        response = client.get("/full-disk")
    assert response.status_code == 503
    assert "storage failure: OSError" in caplog.text
    assert "CANARY" not in caplog.text
    assert b"CANARY" not in response.content


@pytest.mark.django_db
def test_a_slip_of_ours_is_not_called_a_full_disk(client):
    assert client.get("/slip").status_code == 500


class FromPostgresql(Exception):
    def __init__(self, sqlstate: str) -> None:
        self.sqlstate = sqlstate


@pytest.mark.parametrize(
    ("sqlstate", "failure"), [("53100", True), ("25006", True), ("57P03", True), ("08006", True), ("40P01", True), ("23505", False)]
)
def test_postgresql_is_understood_by_its_codes(sqlstate, failure):
    error = DatabaseError("text")
    error.__cause__ = FromPostgresql(sqlstate)
    assert is_storage_failure(error) is failure


@pytest.mark.parametrize(("error", "failure"), [
    (OperationalError("connection failed: Connection refused"), True),
    (OperationalError("disk I/O error"), True),
    (OperationalError("no such table: x"), False),
    (IntegrityError("UNIQUE constraint failed"), False),
    (FileNotFoundError(2, "x"), False),
    (PermissionError(13, "x"), True),
    (ValueError("database is locked"), False),
])  # fmt: skip
def test_other_errors_are_told_apart(error, failure):
    assert is_storage_failure(error) is failure


SMALL_DISK = """
import os, sys, django
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "saphan.settings.test")
django.setup()
from django.conf import settings
from django.core.management import call_command
from django.test import Client
from saphan.core.models import OutboxMessage
settings.ROOT_URLCONF = "saphan.core.tests.storage_urls"
ballast = os.path.join(os.environ["SAPHAN_DATA"], "ballast")
open(ballast, "wb").write(b"x" * 8_000_000)
call_command("migrate", "core", verbosity=0, skip_checks=True)
client = Client(raise_request_exception=False)

def write(key):
    status = client.post("/write", {"key": key, "size": 20000}).status_code
    assert status in (200, 503), status
    return status == 200

kept = []
while write(f"m{len(kept)}"):
    kept.append(f"m{len(kept)}")
try:
    open(ballast + "2", "wb").write(b"x" * 16_000_000)
except OSError:
    pass
health = client.get("/healthz").json()
assert health["data"] == "not writable", health
os.remove(ballast), os.remove(ballast + "2")
assert write("after")
health = client.get("/healthz").json()
assert health["data"] == "ready", health
assert list(OutboxMessage.objects.order_by("id").values_list("key", flat=True)) == [*kept, "after"]
print("kept", len(kept))
"""


@pytest.mark.kill
def test_a_disk_that_really_fills_up(tmp_path):
    """On a small file system in memory, where this process may mount one."""
    disk = tmp_path / "disk"
    disk.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=16m", "tmpfs", str(disk)], capture_output=True, check=False).returncode:
        pytest.skip("mounting is not allowed here")
    try:
        environment = os.environ | {"SAPHAN_DATA": str(disk), "SAPHAN_DATABASE": "", "SAPHAN_KEYS": str(tmp_path / "keys")}
        done = subprocess.run([sys.executable, "-c", SMALL_DISK], env=environment, capture_output=True, text=True, check=False)
    finally:
        subprocess.run(["umount", "-l", str(disk)], check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("kept")
