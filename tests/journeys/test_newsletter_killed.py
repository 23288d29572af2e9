"""kill -9 of the sender at random moments while an issue is sent to a server in another process: nobody gets the letter twice.

Everybody who is not listed as uncertain has it exactly once; who is listed has it once or not at all.
"""

import json
import os
import random
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.running import ROOT, bare, lay_out

READERS, LINES = 2000, 2
PLANT = """
from saphan.access.models import User
from saphan.access.seeds import people_as_planted
from saphan.core import clock
from saphan.portal.newsletter.tests.made import an_edition, on_its_way
from saphan.portal.newsletter.tests.readers import plant_readers
issue = on_its_way(people_as_planted(), clock.now())
an_edition(issue, "en")
an_edition(issue, "th")
from saphan.portal.newsletter.models import Subscriber
Subscriber.objects.all().delete()
plant_readers(%d, at=clock.now(), languages=("en", "th"))
"""
LOOK = """
import json
from saphan.core.sealing import unseal_many
from saphan.portal.doorway.holder import PORTAL
from saphan.portal.newsletter.issues import Delivery, Issue, Run
uncertain = [row.subscriber for row in Delivery.objects.filter(state="uncertain").select_related("subscriber")]
from saphan.portal.newsletter.scheduling import fates_of
print(json.dumps({
    "state": Issue.objects.get().state,
    "fates": dict(fates_of(Issue.objects.get())),
    "uncertain": [told["email"] for told in unseal_many(uncertain, "email", org=PORTAL)],
    "runs": Run.objects.count(),
    "open": Run.objects.filter(ended_at=None).count(),
}))
"""


@dataclass
class Sending:
    """An installation with an issue that waits to be sent, and the server that takes it."""

    data: Path
    log: Path
    environment: dict[str, str]

    def run(self, code: str) -> str:
        done = subprocess.run(
            [sys.executable, "-c", f"import django; django.setup()\n{code}"],
            env=self.environment,
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def begin(self, **more: str) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            [sys.executable, "-m", "saphan", "newsletter", "send"], env=self.environment | more, cwd=ROOT, stderr=subprocess.DEVNULL
        )

    def taken(self) -> Counter[str]:
        lines = self.log.read_text().splitlines() if self.log.exists() else []
        return Counter(line.split(" ")[0] for line in lines)


@pytest.fixture
def sending(tmp_path: Path) -> Iterator[Sending]:
    log = tmp_path / "taken"
    sink = subprocess.Popen([sys.executable, ROOT / "bench/sending/sink.py", log], stdout=subprocess.PIPE, text=True)
    assert sink.stdout is not None
    port = sink.stdout.readline().strip()
    data = tmp_path / "data"
    lay_out(data)
    environment = bare() | {
        "SAPHAN_DATA": str(data), "SAPHAN_DEMO": "1", "SAPHAN_SMTP_HOST": "127.0.0.1", "SAPHAN_SMTP_PORT": port, "DJANGO_SETTINGS_MODULE": "saphan.settings.all",
        "SAPHAN_NEWSLETTER_PER_SECOND": "400", "SAPHAN_NEWSLETTER_LINES": str(LINES), "PYTHONPATH": os.environ.get("PYTHONPATH", str(ROOT)),
    }  # fmt: skip
    started = Sending(data, log, environment)
    started.run(PLANT % READERS)
    yield started
    sink.kill()
    sink.wait()


def killed_after(sending: Sending, more_letters: int, sender: subprocess.Popen[bytes]) -> bool:
    """Ends the sender with SIGKILL once so many more letters were taken; false when it had ended by itself."""
    wanted = sum(sending.taken().values()) + more_letters
    while sum(sending.taken().values()) < wanted and sender.poll() is None:
        time.sleep(0.002)
    alive = sender.poll() is None
    sender.kill()
    sender.wait()
    return alive


@pytest.mark.kill
@pytest.mark.parametrize("times", [2, pytest.param(10, marks=pytest.mark.long)])
def test_a_sender_killed_again_and_again_mails_nobody_twice(sending: Sending, times: int) -> None:
    chance = random.Random(11)
    kills = sum(killed_after(sending, chance.randrange(1, 150), sending.begin()) for _n in range(times))
    for fault in ("newsletter:after_claim", "newsletter:before_settle"):
        assert sending.begin(SAPHAN_FAULT=fault).wait(timeout=60) == -9, fault
        kills += 1
    assert sending.begin(SAPHAN_NEWSLETTER_PER_SECOND="0").wait(timeout=120) == 0
    found, taken = json.loads(sending.run(LOOK).splitlines()[-1]), sending.taken()
    everybody = {f"reader-{n}@example.net" for n in range(READERS)}
    uncertain = set(found["uncertain"])
    print(f"{kills} kills, {len(uncertain)} uncertain, of whom {sum(taken[to] for to in uncertain)} have it; {found['fates']}")
    assert kills == times + 2
    assert [to for to, times in taken.items() if times > 1] == []
    assert [to for to in everybody - uncertain if taken[to] != 1] == []
    assert set(taken) <= everybody
    assert len(uncertain) <= kills * LINES
    assert found["fates"].get("sent", 0) == READERS - len(uncertain)
    assert (found["state"], found["open"]) == ("sent", 0)


@pytest.mark.kill
def test_two_senders_at_once_share_nothing(sending: Sending) -> None:
    first = sending.begin(SAPHAN_NEWSLETTER_PER_SECOND="20")  # slow enough to be at it whenever the second comes
    while not sum(sending.taken().values()):
        time.sleep(0.01)
    assert sending.begin().wait(timeout=120) == 3
    assert killed_after(sending, 1, first)
    assert sending.begin(SAPHAN_NEWSLETTER_PER_SECOND="0").wait(timeout=120) == 0
    assert set(sending.taken().values()) == {1}
    assert READERS - LINES <= len(sending.taken()) <= READERS
