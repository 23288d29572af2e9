"""A page sent twice acts once."""

from datetime import timedelta

import pytest
from django.test import Client

from saphan.core import clock
from saphan.core.once import Submission, forget_old
from saphan.core.templatetags.parts import once
from saphan.core.tests import parts_urls

pytestmark = [pytest.mark.urls("saphan.core.tests.parts_urls"), pytest.mark.django_db]
TOKEN = "a-token-of-this-page"  # not a secret


@pytest.fixture(autouse=True)
def no_acts() -> None:
    parts_urls.acts.clear()


def send(words: str, token: str = TOKEN) -> str:
    answer = Client().post("/write/", {"words": words, "once": token})
    return answer.headers.get("Location", str(answer.status_code))


def test_the_second_sending_gets_the_first_ones_answer() -> None:
    assert [send("a"), send("a")] == ["/written/1/", "/written/1/"]
    assert parts_urls.acts == ["a"]


def test_another_page_is_another_act() -> None:
    send("a")
    send("a", "another-token-of-a-page")
    assert parts_urls.acts == ["a", "a"]


def test_a_form_that_came_back_with_errors_may_be_sent_again() -> None:
    assert send("") == "422"
    assert send("now with words") == "/written/1/"


def test_a_crash_leaves_no_claim() -> None:
    with pytest.raises(RuntimeError):
        send("break")
    assert not Submission.objects.exists()
    assert send("a") == "/written/1/"


def test_a_page_without_a_token_and_one_with_nonsense_act_each_time() -> None:
    for token in ("", "short", "x" * 400):
        send("a", token)
    assert len(parts_urls.acts) == 3


def test_each_rendering_of_a_page_has_its_own_token() -> None:
    assert once() != once()


def test_what_is_past_its_day_is_forgotten() -> None:
    send("a")
    assert forget_old(clock.now()) == 0
    assert forget_old(clock.now() + timedelta(days=2)) == 1
