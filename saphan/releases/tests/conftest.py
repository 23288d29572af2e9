"""The keys of a test are made in its own directory; two more machines live in processes of their own."""

import json
import os
import shutil
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.people import *  # noqa: F403  # the same people for every room

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture(autouse=True)
def keys_dir(settings: Any, tmp_path: Path) -> None:
    settings.KEYS = tmp_path / "keys"


@dataclass
class Machine:
    """One installation in processes of its own: a surface with its data directory."""

    surface: str
    data: Path

    @property
    def environment(self) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("SAPHAN_", "DJANGO_"))}
        return kept | {"SAPHAN_SURFACE": self.surface, "SAPHAN_DATA": str(self.data), "DJANGO_SETTINGS_MODULE": f"saphan.settings.{self.surface}"}

    def saphan(self, *arguments: object, fails: bool = False) -> str:
        command = [sys.executable, "-m", "saphan", *map(str, arguments)]
        done = subprocess.run(command, cwd=ROOT, env=self.environment, capture_output=True, text=True, check=False, timeout=180)
        assert (done.returncode != 0) is fails, done.stdout + done.stderr
        return done.stdout + (done.stderr if fails else "")

    def python(self, code: str, fails: bool = False) -> str:
        start = "import django; django.setup()\n"
        done = subprocess.run(
            [sys.executable, "-c", start + code], cwd=ROOT, env=self.environment, capture_output=True, text=True, check=False, timeout=180
        )
        assert (done.returncode != 0) is fails, done.stdout + done.stderr
        return done.stdout.strip() if not fails else done.stderr

    def tables(self) -> set[str]:
        with sqlite3.connect(self.data / "saphan.sqlite3") as connection:
            return {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type='table'")}

    def bytes_of_database(self) -> bytes:
        return b"".join(path.read_bytes() for path in sorted(self.data.glob("saphan.sqlite3*")))


MAKE_TABLES = """
from django.conf import settings
class Without:
    def __contains__(self, app): return True
    def __getitem__(self, app): return None
settings.MIGRATION_MODULES = Without()  # the tables at once, not by two hundred steps
from django.core.management import call_command
call_command("migrate", run_syncdb=True, verbosity=0)
"""


@pytest.fixture(scope="session")
def introduced(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """A public and a casework machine, made once; the public one has pinned the casework's public keys and nothing else."""
    machines = {surface: Machine(surface, tmp_path_factory.mktemp(surface)) for surface in ("public", "casework")}
    for machine in machines.values():
        machine.python(MAKE_TABLES)
    pub = machines["public"].data / "casework.pub"
    pub.write_text(machines["casework"].saphan("keys", "show-public"))
    machines["public"].saphan("keys", "pin", pub)
    return {surface: machine.data for surface, machine in machines.items()}


@pytest.fixture
def two_machines(introduced: dict[str, Path], tmp_path: Path) -> tuple[Machine, Machine]:
    """Copies of the two for one test."""
    for surface, data in introduced.items():
        shutil.copytree(data, tmp_path / surface)
    return Machine("public", tmp_path / "public"), Machine("casework", tmp_path / "casework")


@pytest.fixture
def public_address(two_machines: tuple[Machine, Machine]) -> Iterator[str]:
    """The public machine behind a real web server on loopback, its token known to the casework."""
    public, casework = two_machines
    (casework.data / "keys" / "door_token").write_text(public.saphan("keys", "door-token"))
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "gunicorn", "--bind", f"127.0.0.1:{port}", "--workers", "1", "django.core.wsgi:get_wsgi_application()"]
    server = subprocess.Popen(command, cwd=ROOT, env=public.environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    address = f"http://127.0.0.1:{port}"
    try:
        for _attempt in range(150):
            if server.poll() is not None or _answers(address):
                break
            time.sleep(0.2)
        yield address
    finally:
        server.terminate()
        server.wait(20)


def _answers(address: str) -> bool:
    try:
        urllib.request.urlopen(address + "/doors/reports/", timeout=2)  # noqa: S310
    except urllib.error.HTTPError:
        return True
    except OSError:
        return False
    return True


def call(address: str, token: str, content: Any = None) -> tuple[int, dict[str, Any]]:
    data = None if content is None else json.dumps(content).encode()
    request = urllib.request.Request(address, data=data, headers={"Authorization": f"Bearer {token}"})  # noqa: S310
    try:
        with urllib.request.urlopen(request, timeout=10) as response:  # noqa: S310
            return response.status, json.loads(response.read())
    except urllib.error.HTTPError as error:
        return error.code, json.loads(error.read())
