"""Many at once: one challenge opens one form, and the limit lets exactly so many through."""

import threading
import time

import pytest
from django.db import OperationalError, connection
from django.test import RequestFactory

from saphan.core import clock
from saphan.portal.doorway import limits, proofs

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(count, act):
    answers, faults, start = [], [], threading.Barrier(count)

    def work():
        try:
            start.wait(timeout=30)
            answers.append(patiently(act))
        except Exception as fault:  # noqa: BLE001  # told below
            faults.append(fault)
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []
    return answers


def patiently(act):
    """SQLite in memory refuses a second writer at once, where its file would let it wait: here the act waits and tries again."""
    while True:
        try:
            return act()
        except OperationalError:
            if connection.vendor != "sqlite":
                raise
            time.sleep(0.02)


def test_one_challenge_sent_eight_times_at_once_opens_one_form():
    challenge = proofs.challenge_for("test.race", at=clock.now())
    assert sorted(at_once(8, lambda: proofs.spend(challenge, at=clock.now()))) == [False] * 7 + [True]


def test_the_limit_holds_when_all_come_at_once():
    request = RequestFactory().post("/", REMOTE_ADDR="192.0.2.9")
    answers = at_once(8, lambda: limits.allow("test.race", request, most=5))
    assert answers.count(True) == 5
