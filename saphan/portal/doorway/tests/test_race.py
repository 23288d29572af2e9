"""Many at once: one challenge opens one form, and the limit lets exactly so many through."""

import pytest
from django.test import RequestFactory

from saphan.core import clock
from saphan.portal.doorway import limits, proofs
from tests.racing import at_once

pytestmark = pytest.mark.django_db(transaction=True)


def test_one_challenge_sent_eight_times_at_once_opens_one_form():
    challenge = proofs.challenge_for("test.race", at=clock.now())
    answers: list[bool] = []
    at_once(*[lambda: answers.append(proofs.spend(challenge, at=clock.now()))] * 8)
    assert sorted(answers) == [False] * 7 + [True]


def test_the_limit_holds_when_all_come_at_once():
    request = RequestFactory().post("/", REMOTE_ADDR="192.0.2.9")
    answers: list[bool] = []
    at_once(*[lambda: answers.append(limits.allow("test.race", request, most=5))] * 8)
    assert (len(answers), answers.count(True)) == (8, 5)
