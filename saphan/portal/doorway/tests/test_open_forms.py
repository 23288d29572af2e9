from datetime import timedelta

import pytest
from django import forms
from django.test import RequestFactory, override_settings
from hypothesis import given, settings
from hypothesis import strategies as st

from saphan.core import clock
from saphan.portal.doorway import limits, proofs
from saphan.portal.doorway.models import HourKey, Tally
from saphan.portal.doorway.open_forms import OpenForm
from tests.people import NOON

pytestmark = pytest.mark.django_db


class Note(OpenForm):
    purpose = "test.note"
    most_an_hour = 3
    words = forms.CharField()


def request(address="192.0.2.1"):
    return RequestFactory().post("/", REMOTE_ADDR=address)


def sent(challenge=None, address="192.0.2.1", **more):
    challenge = challenge or proofs.challenge_for("test.note", at=clock.now())
    told = {"words": "good day", "challenge": challenge, "answer": proofs.solve(challenge), **more}
    return Note({k: v for k, v in told.items() if v is not None}, request=request(address))


def test_a_form_with_its_proof_is_taken():
    assert sent().is_valid()


def test_a_form_without_proof_is_refused_and_keeps_what_was_typed():
    form = sent(answer="")
    assert not form.is_valid()
    assert form["words"].value() == "good day"
    assert "sum" in form.non_field_errors()[0]


def test_a_reader_without_script_adds_two_numbers():
    challenge = proofs.challenge_for("test.note", at=clock.now())
    assert sent(challenge, answer="", sum=str(sum(proofs.sum_of(challenge)))).is_valid()
    assert not sent(answer="", sum="99").is_valid()
    assert not sent(answer="", sum="²").is_valid()
    assert not sent(answer="", sum="1" * 5000).is_valid(), "Python reads no number of more than 4,300 digits"


def test_the_sum_opens_the_door_less_often_than_the_work():
    class Loose(Note):
        most_an_hour = 20

    def added_up(address="192.0.2.1"):
        challenge = proofs.challenge_for("test.note", at=clock.now())
        return Loose({"words": "x", "challenge": challenge, "sum": str(sum(proofs.sum_of(challenge)))}, request=request(address)).is_valid()

    assert [added_up() for _ in range(4)] == [True, True, True, False]
    assert added_up("192.0.2.9")
    challenge = proofs.challenge_for("test.note", at=clock.now())
    assert Loose({"words": "x", "challenge": challenge, "answer": proofs.solve(challenge)}, request=request()).is_valid()


def test_what_costs_work_is_done_once_the_door_has_opened():
    done = []

    class Heavy(Note):
        def behind_the_door(self):
            done.append(1)

    challenge = proofs.challenge_for("test.note", at=clock.now())
    assert not Heavy({"words": "x", "challenge": challenge, "answer": ""}, request=request()).is_valid()
    assert done == []
    assert Heavy({"words": "x", "challenge": challenge, "answer": proofs.solve(challenge)}, request=request()).is_valid()
    assert done == [1]


def test_thai_digits_are_digits():
    challenge = proofs.challenge_for("test.note", at=clock.now())
    thai = "".join(chr(0x0E50 + int(d)) for d in str(sum(proofs.sum_of(challenge))))
    assert sent(challenge, answer="", sum=thai).is_valid()


def test_a_proof_opens_one_form_once():
    challenge = proofs.challenge_for("test.note", at=clock.now())
    assert sent(challenge).is_valid()
    assert not sent(challenge).is_valid()


def test_a_missing_word_does_not_use_the_proof_up():
    challenge = proofs.challenge_for("test.note", at=clock.now())
    assert not sent(challenge, words="").is_valid()
    assert sent(challenge).is_valid()


def test_the_proof_of_another_form_or_of_yesterday_is_refused():
    assert not sent(proofs.challenge_for("test.other", at=clock.now())).is_valid()
    assert not sent(proofs.challenge_for("test.note", at=clock.now() - timedelta(hours=7))).is_valid()


def test_the_trap_is_for_programs():
    assert not sent(website="https://example.org").is_valid()


def test_the_fourth_sending_of_an_hour_is_refused_and_another_line_is_not():
    assert [sent().is_valid() for _ in range(4)] == [True, True, True, False]
    assert sent(address="192.0.2.2").is_valid()


def test_no_address_is_stored_and_the_key_of_the_hour_is_destroyed():
    with clock.stopped_at(NOON):
        limits.allow("test.note", request("203.0.113.77"))
    assert "203.0.113" not in str(list(Tally.objects.values_list()))
    limits.forget_past_hours(NOON + timedelta(hours=1))
    assert (HourKey.objects.count(), Tally.objects.count()) == (0, 0)


@given(st.text(max_size=30), st.text(max_size=30))
def test_nothing_that_somebody_invents_opens_the_door(challenge, answer):
    assert proofs.age_of("test.note", challenge, at=NOON) is None
    assert proofs.is_answered(challenge, answer) is False or answer.isdigit()


@override_settings(DOORWAY_SECONDS=2)
def test_a_form_that_comes_back_at_once_was_filled_in_by_a_program():
    challenge = proofs.challenge_for("test.note", at=NOON)
    with clock.stopped_at(NOON + timedelta(seconds=1.5)):
        assert "again" in sent(challenge).non_field_errors()[0]
    with clock.stopped_at(NOON + timedelta(seconds=2)):
        assert sent(challenge).is_valid()


@given(st.sampled_from(["a", "newsletter.ask", "x-y-z", "ก"]), st.integers(0, 6 * 3600), st.integers(0, 200))
def test_a_challenge_is_known_again_until_its_time_is_over_and_not_with_one_letter_changed(purpose, seconds, place):
    challenge = proofs.challenge_for(purpose, at=NOON)
    assert proofs.age_of(purpose, challenge, at=NOON + timedelta(seconds=seconds)) == seconds
    place %= len(challenge)
    changed = challenge[:place] + ("0" if challenge[place] != "0" else "1") + challenge[place + 1 :]
    assert proofs.age_of(purpose, changed, at=NOON) is None


@settings(max_examples=5)
@given(st.integers(0, 200))
def test_an_answer_took_its_work(start):
    challenge = proofs.challenge_for("test.note", at=NOON)
    answer = proofs.solve(challenge)
    assert proofs.is_answered(challenge, answer)
    assert not any(proofs.is_answered(challenge, str(number)) for number in range(int(answer)) if number % 201 == start)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("192.0.2.1", "192.0.2.2", False),
        ("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", True),
        ("2001:db8:1:2::1", "2001:db8:1:3::1", False),
        ("::ffff:192.0.2.1", "192.0.2.1", True),
        ("::ffff:192.0.2.1", "::ffff:192.0.2.2", False),
        ("fe80::1%eth0", "fe80::2%eth1", True),
        ("nonsense", "nonsense", True),
    ],
)
def test_a_household_is_one_line(one, other, same):
    assert (limits.line_of(one) == limits.line_of(other)) is same
