"""Clocks that are read in passing."""

from datetime import UTC, datetime, timedelta

import pytest

from saphan.core import clock
from saphan.core.templatetags.parts import ago, due_in, due_tone, up_to

NOON = datetime(2026, 11, 23, 5, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("left", "words", "tone"),
    [
        (timedelta(days=4, hours=2), "4 d", ""),
        (timedelta(hours=30), "30 h", ""),
        (timedelta(hours=2, minutes=59), "2 h left", "warm"),
        (timedelta(seconds=20), "1 min left", "warm"),
        (timedelta(0), "1 min left", "warm"),
        (-timedelta(hours=3), "late by 3 h", "bad"),
        (-timedelta(days=12), "late by 12 d", "bad"),
    ],
)
def test_a_due_time_says_how_long_is_left(left: timedelta, words: str, tone: str) -> None:
    with clock.stopped_at(NOON):
        assert (due_in(NOON + left), due_tone(NOON + left)) == (words, tone)


def test_what_has_no_time_says_nothing() -> None:
    assert (due_in(None), due_tone(None), ago(None)) == ("", "", "")


def test_the_past_is_told_in_its_largest_measure() -> None:
    with clock.stopped_at(NOON):
        assert [ago(NOON - timedelta(**span)) for span in ({"seconds": 5}, {"minutes": 7}, {"hours": 3}, {"days": 40})] == [
            "just now",
            "7 min ago",
            "3 h ago",
            "40 d ago",
        ]


def test_steps_count_from_one() -> None:
    assert list(up_to(3)) == [1, 2, 3]
