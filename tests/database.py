"""The test database: migrated once per state of the migrations, then copied for each run and each process."""

import fcntl
import hashlib
import os
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.contrib.contenttypes.models import ContentType
from django.core.cache import cache
from django.core.management import call_command
from django.db import connection, connections
from django.test import TransactionTestCase

ROOT = Path(__file__).resolve().parent.parent
CACHE = Path(tempfile.gettempdir()) / f"saphan-test-templates-{os.getuid()}"


def digest() -> str:
    """Changes whenever a migration of ours or the lock file does."""
    total = hashlib.sha256((ROOT / "requirements.txt").read_bytes())
    for path in sorted((ROOT / "saphan").rglob("migrations/*.py")):
        total.update(str(path.relative_to(ROOT)).encode() + path.read_bytes())
    return total.hexdigest()[:16]


@contextmanager
def alone(name: str) -> Iterator[None]:
    """One process at a time."""
    CACHE.mkdir(mode=0o700, exist_ok=True)
    with (CACHE / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


@pytest.fixture(scope="session")
def django_db_setup(request: Any, django_test_environment: Any, django_db_blocker: Any) -> Iterator[None]:
    """Replaces pytest-django's own: the same database, but copied instead of migrated anew, and copied again after a test that commits."""
    with django_db_blocker.unblock():
        lay = _sqlite() if connection.vendor == "sqlite" else _postgresql(getattr(request.config, "workerinput", {}).get("workerid", "main"))
        lay()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", lambda case: lay())
        yield
    connections.close_all()


def _sqlite() -> Callable[[], None]:
    template = CACHE / f"{digest()}.sqlite3"
    with alone("sqlite"):
        if not template.exists():
            part = template.with_suffix(".part")
            part.unlink(missing_ok=True)
            _use(str(part))
            call_command("migrate", verbosity=0, interactive=False)
            connections.close_all()
            part.rename(template)
    _use("file:saphan_test?mode=memory&cache=shared")

    def lay() -> None:
        connection.ensure_connection()
        with sqlite3.connect(template) as source:
            source.backup(connection.connection)
        _forget()

    return lay


def _postgresql(worker: str) -> Callable[[], None]:
    template, mine, admin = f"saphan_template_{digest()}", f"saphan_test_{worker}_{os.getpid()}", connection.settings_dict["NAME"]
    with alone("postgresql"):
        if not _exists(template):
            _sql(f'CREATE DATABASE "{template}_part"')
            _use(f"{template}_part")
            call_command("migrate", verbosity=0, interactive=False)
            _use(admin)
            _sql(f'ALTER DATABASE "{template}_part" RENAME TO "{template}"')

    def lay() -> None:
        _use(admin)
        _sql(f'DROP DATABASE IF EXISTS "{mine}" WITH (FORCE)')
        with alone("postgresql"):
            _sql(f'CREATE DATABASE "{mine}" TEMPLATE "{template}"')
        _use(mine)
        _forget()

    return lay


AFTER_LAYING: list[Callable[[], None]] = []  # tables that only tests have


def _forget() -> None:
    """What Django and Wagtail remember of rows that are no more; and the tests' own tables again."""
    ContentType.objects.clear_cache()
    cache.clear()
    for make in AFTER_LAYING:
        make()


def _use(name: str) -> None:
    connections.close_all()
    connection.close()
    connection.connection = None
    connection.settings_dict["NAME"] = name


def _sql(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


def _exists(name: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
        return cursor.fetchone() is not None
