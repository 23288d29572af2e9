"""The test database: migrated once per state of the migrations, then copied for each run and each process."""

import fcntl
import hashlib
import os
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection, connections

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
    """Replaces pytest-django's own: the same database, but copied instead of migrated anew."""
    with django_db_blocker.unblock():
        name = _sqlite() if connection.vendor == "sqlite" else _postgresql(getattr(request.config, "workerinput", {}).get("workerid", "main"))
        connection._test_serialized_contents = connection.creation.serialize_db_to_string()
    yield
    with django_db_blocker.unblock():
        _leave(name)


def _sqlite() -> str:
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
    connection.ensure_connection()
    with sqlite3.connect(template) as source:
        source.backup(connection.connection)
    return ""


def _postgresql(worker: str) -> str:
    template, mine = f"saphan_template_{digest()}", f"saphan_test_{worker}_{os.getpid()}"
    admin = connection.settings_dict["NAME"]
    with alone("postgresql"):
        if not _exists(template):
            _sql(f'CREATE DATABASE "{template}_part"')
            _use(f"{template}_part")
            call_command("migrate", verbosity=0, interactive=False)
            _use(admin)
            _sql(f'ALTER DATABASE "{template}_part" RENAME TO "{template}"')
        _sql(f'CREATE DATABASE "{mine}" TEMPLATE "{template}"')
    _use(mine)
    return mine


def _leave(name: str) -> None:
    connections.close_all()
    if name:
        _use("postgres")
        _sql(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


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
