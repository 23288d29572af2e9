"""The test database: migrated once per state of the migrations, then copied for each run and each process."""

import fcntl
import hashlib
import json
import os
import shutil
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.cache import cache as remembered
from django.db import connection, connections, transaction
from django.test import TransactionTestCase

from saphan.core.migrating import migrate

ROOT = Path(__file__).resolve().parent.parent
CACHE = Path(tempfile.gettempdir()) / f"saphan-test-templates-{os.getuid()}"


@cache
def steps() -> dict[str, str]:
    """What a migrated database is made of: the lock file and each migration of ours, with their digests."""
    files = [ROOT / "requirements.txt", *sorted((ROOT / "saphan").rglob("migrations/*.py"))]
    return {str(path.relative_to(ROOT)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


@cache
def digest() -> str:
    """Changes whenever a migration of ours or the lock file does."""
    return hashlib.sha256(json.dumps(steps()).encode()).hexdigest()[:16]


def earlier() -> list[str]:
    """Templates that were made of some of the same steps and of no other: the rest can be added to them. Most steps first."""
    told = {path.stem: json.loads(path.read_text()) for path in CACHE.glob("saphan_template_*.json")}
    return sorted((name for name, made_of in told.items() if made_of.items() <= steps().items()), key=lambda name: -len(told[name]))


@contextmanager
def alone(name: str) -> Iterator[None]:
    """One process at a time."""
    CACHE.mkdir(mode=0o700, exist_ok=True)
    with (CACHE / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


class SQLite:
    """Templates are files, the test database lies in memory."""

    def has(self, template: str) -> bool:
        return self._file(template).exists()

    def open_new(self, template: str, like: str) -> None:
        part = self._file(template).with_suffix(".part")
        part.unlink(missing_ok=True)
        if like:
            shutil.copyfile(self._file(like), part)
        _use(str(part))

    def keep(self, template: str) -> None:
        connections.close_all()
        self._file(template).with_suffix(".part").rename(self._file(template))

    def lay(self, template: str) -> None:
        if connection.settings_dict["NAME"] != MEMORY:
            _use(MEMORY)
        connection.ensure_connection()
        with sqlite3.connect(self._file(template)) as source:
            source.backup(connection.connection)
        _forget()

    def _file(self, template: str) -> Path:
        return CACHE / f"{template}.sqlite3"


class PostgreSQL:
    """Templates and the test database are databases of one server."""

    def __init__(self, worker: str) -> None:
        self.admin, self.mine = connection.settings_dict["NAME"], f"saphan_test_{worker}_{os.getpid()}"

    def has(self, template: str) -> bool:
        _use(self.admin)
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [template])
            return cursor.fetchone() is not None

    def open_new(self, template: str, like: str) -> None:
        _use(self.admin)
        _sql(f'DROP DATABASE IF EXISTS "{template}_part" WITH (FORCE)')
        with alone("copying"):
            _sql(f'CREATE DATABASE "{template}_part"' + (f' TEMPLATE "{like}"' if like else ""))
        _use(f"{template}_part")

    def keep(self, template: str) -> None:
        _use(self.admin)
        _sql(f'ALTER DATABASE "{template}_part" RENAME TO "{template}"')

    def lay(self, template: str) -> None:
        _use(self.admin)
        _sql(f'DROP DATABASE IF EXISTS "{self.mine}" WITH (FORCE)')
        with alone("copying"):
            _sql(f'CREATE DATABASE "{self.mine}" TEMPLATE "{template}"')
        _use(self.mine)
        _forget()


MEMORY = "file:saphan_test?mode=memory&cache=shared"
Templates = SQLite | PostgreSQL


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """On the second engine only what depends on an engine is repeated: tests that ask the database and are not marked `once`.

    With `SAPHAN_TEST_REPEATED=asking` all of them, with `data` those in files that are not named after screens or pages: what a screen asks for, its
    room's own tests ask for too.
    """
    repeated = {"asking": asks_the_database, "data": is_of_data}.get(os.environ.get("SAPHAN_TEST_REPEATED", ""))
    if repeated is None:
        return
    left_out = [item for item in items if not repeated(item)]
    config.hook.pytest_deselected(items=left_out)
    items[:] = [item for item in items if repeated(item)]


def asks_the_database(item: pytest.Item) -> bool:
    fixtures = {"db", "transactional_db"} & set(getattr(item, "fixturenames", ()))
    return bool(item.get_closest_marker("django_db") or fixtures) and not item.get_closest_marker("once")


def is_of_data(item: pytest.Item) -> bool:
    """Whether it asks the database and its file is not named after screens or pages."""
    return asks_the_database(item) and not {"screens", "pages"} & set(item.path.stem.split("_"))


@pytest.fixture(scope="session")
def templates(request: Any, django_test_environment: Any, django_db_blocker: Any) -> Templates:
    worker = getattr(request.config, "workerinput", {}).get("workerid", "main")
    return SQLite() if connection.vendor == "sqlite" else PostgreSQL(worker)


@pytest.fixture(scope="session")
def django_db_setup(templates: Templates, django_db_blocker: Any) -> Iterator[None]:
    """Replaces pytest-django's own: the same database, but copied instead of migrated anew, and copied again after a test that commits."""
    with django_db_blocker.unblock():
        templates.lay(migrated(templates))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", lambda case: templates.lay(migrated(templates)))
        yield
    connections.close_all()


def migrated(templates: Templates) -> str:
    """The name of the template that is migrated and empty; made when it is missing, of an earlier one where only migrations were added."""
    name = f"saphan_template_{digest()}"
    with alone(connection.vendor):
        if not templates.has(name):
            templates.open_new(name, like=next((one for one in earlier() if templates.has(one)), ""))
            migrate()
            templates.keep(name)
            (CACHE / f"{name}.json").write_text(json.dumps(steps()))
    return name


def planted(templates: Templates, plant: Callable[[], None], label: str) -> str:
    """The name of the template with what `plant` makes in it, the same for all under this label; made when it is missing. Its files come along."""
    name = f"saphan_{label}_{digest_of_demonstration()}"
    empty = migrated(templates)
    with alone(f"{connection.vendor}-planted"):
        if not templates.has(name):
            templates.open_new(name, like=empty)
            with transaction.atomic():
                plant()
            for kept in FILES:
                Path(getattr(settings, kept)).mkdir(parents=True, exist_ok=True)  # who plants without files has none
                shutil.copytree(getattr(settings, kept), CACHE / f"{name}_{connection.vendor}" / kept, dirs_exist_ok=True)
            templates.keep(name)
    for kept in FILES:
        shutil.copytree(CACHE / f"{name}_{connection.vendor}" / kept, getattr(settings, kept), dirs_exist_ok=True)
    return name


FILES = ["MEDIA_ROOT", "KEYS"]  # what a planted demonstration keeps outside the database


@cache
def digest_of_demonstration() -> str:
    """Changes whenever anything does that a planted demonstration could show.

    `SAPHAN_TEST_PLANTED=once`, for whoever changes code all day, keeps it until a migration changes.
    """
    if os.environ.get("SAPHAN_TEST_PLANTED") == "once":
        return digest()
    total = hashlib.sha256((ROOT / "requirements.txt").read_bytes())
    for folder in (ROOT / "saphan", ROOT / "seeds"):
        for path in sorted(p for p in folder.rglob("*") if p.is_file() and p.suffix in PLANTED_FROM and "tests" not in p.parts):
            total.update(str(path.relative_to(ROOT)).encode() + path.read_bytes())
    return total.hexdigest()[:16]


PLANTED_FROM = {".py", ".po", ".toml", ".csv", ".yaml", ".pdf", ".docx", ".png", ".jpg"}


AFTER_LAYING: list[Callable[[], None]] = []  # tables that only tests have


def _forget() -> None:
    """What Django and Wagtail remember of rows that are no more; and the tests' own tables again."""
    from django.contrib.contenttypes.models import ContentType  # late: the bench takes this module before Django is set up

    ContentType.objects.clear_cache()
    remembered.clear()
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
