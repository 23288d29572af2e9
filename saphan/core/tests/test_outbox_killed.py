"""Workers that die as if the power had failed: nothing is lost, nothing is half, what was done is not done by halves again."""

import os
import shutil
import sqlite3
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

MESSAGES = 12
SCRIPT = f"""
import os, django
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "saphan.settings.test")
django.setup()
from django.core.management import call_command
from saphan.core.outbox import enqueue
call_command("migrate", "core", verbosity=0, skip_checks=True)
for number in range({MESSAGES}):
    enqueue("bell", key="m%s" % number, payload={{}})
"""

pytestmark = pytest.mark.kill


@pytest.fixture(scope="module")
def filled(tmp_path_factory) -> Path:
    data: Path = tmp_path_factory.mktemp("filled")
    subprocess.run([sys.executable, "-c", SCRIPT], env=environment(data), check=True)
    return data


def environment(data: Path, fault: str = "") -> dict[str, str]:
    return os.environ | {"SAPHAN_DATA": str(data), "SAPHAN_DATABASE": "", "SAPHAN_KEYS": str(data / "keys"), "SAPHAN_FAULT": fault}


def start(data: Path, fault: str = "") -> "subprocess.Popen[bytes]":
    command = [sys.executable, "-m", "saphan.core.tests.outbox_worker", str(data / "ledger")]
    return subprocess.Popen(command, env=environment(data, fault))


@pytest.mark.parametrize("fault", ["outbox:after_claim@2", "outbox:after_handler@3", "outbox:after_done@2"])
def test_a_worker_killed_at_this_point_loses_nothing(filled, tmp_path, fault):
    data = tmp_path / "data"
    shutil.copytree(filled, data)
    assert start(data, fault).wait(60) == -9
    assert [worker.wait(60) for worker in [start(data), start(data)]] == [0, 0]
    rows = sqlite3.connect(data / "saphan.sqlite3").execute("SELECT key, done_at, dead_at, lease, attempts FROM core_outboxmessage").fetchall()
    delivered = Counter((data / "ledger").read_text().split())
    assert {key for key, done, dead, lease, _attempts in rows if done and not dead and not lease} == {f"m{n}" for n in range(MESSAGES)}
    assert set(delivered) == {f"m{n}" for n in range(MESSAGES)}
    twice = {key for key, times in delivered.items() if times > 1}
    assert len(twice) == (1 if fault.startswith("outbox:after_handler") else 0)
    assert sum(attempts for *_rest, attempts in rows) == MESSAGES + (0 if fault.startswith("outbox:after_done") else 1)
