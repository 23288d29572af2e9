"""Chores: once a day or oftener, by one worker, and again after a death."""

from datetime import datetime, timedelta

import pytest

from saphan.core import upkeep
from saphan.core.milestones import Milestone
from saphan.core.upkeep import CLAIM, chore, run_all, run_due
from tests.people import NOON

pytestmark = pytest.mark.django_db


@pytest.fixture
def swept(monkeypatch: pytest.MonkeyPatch) -> list[datetime]:
    """When the one chore of the house was done."""
    monkeypatch.setattr(upkeep, "CHORES", {})
    monkeypatch.setattr(upkeep, "EVERY", {})
    done: list[datetime] = []
    chore("floor")(done.append)
    return done


def test_a_chore_is_done_once_a_day(swept):
    for hours in (0, 1, 5, 24, 25):
        run_due(NOON + timedelta(hours=hours))
    assert swept == [NOON, NOON + timedelta(hours=24)]


def test_of_two_workers_with_the_same_view_of_the_row_one_wins(swept, monkeypatch):
    run_due(NOON - timedelta(days=1))
    as_both_read_it = Milestone.objects.get()
    monkeypatch.setattr(Milestone.objects, "get_or_create", lambda **_asked: (as_both_read_it, False))
    assert [upkeep._claimed("floor", NOON), upkeep._claimed("floor", NOON)] == [True, False]


def test_a_chore_whose_worker_died_is_done_by_the_next_after_its_claim_ran_out(swept):
    assert upkeep._claimed("floor", NOON)
    run_due(NOON + CLAIM / 2)
    assert swept == []
    run_due(NOON + CLAIM)
    assert swept == [NOON + CLAIM]


def test_a_claim_from_a_clock_that_ran_wrong_holds_nothing_up(swept):
    assert upkeep._claimed("floor", NOON + timedelta(days=400))
    run_due(NOON)
    assert swept == [NOON]


def test_a_chore_that_fails_is_named_without_its_text_stops_no_other_and_is_tried_again(swept, caplog):
    @chore("cellar")
    def flooded(at):
        raise OSError("CANARY")

    assert run_due(NOON) == {"cellar": "failed", "floor": None}
    assert "cellar" in caplog.text
    assert "CANARY" not in caplog.text
    assert run_due(NOON + CLAIM) == {"cellar": "failed"}


def test_two_chores_of_one_name_are_a_mistake_of_ours(swept):
    with pytest.raises(RuntimeError):
        chore("floor")(print)


def test_the_command_does_all_chores_now_and_counts_as_todays(swept):
    run_all(NOON)
    run_all(NOON)
    assert run_due(NOON) == {}
    assert len(swept) == 2


def test_a_chore_may_come_round_each_minute(swept):
    done: list[datetime] = []
    chore("bell", every=timedelta(minutes=1))(done.append)
    at = NOON.replace(second=0, microsecond=0)
    for seconds in (0, 20, 59, 60, 119, 125):
        run_due(at + timedelta(seconds=seconds))
    assert done == [at, at + timedelta(seconds=60), at + timedelta(seconds=125)]


def test_a_chore_of_each_minute_whose_worker_died_waits_minutes_and_not_an_hour(swept):
    done: list[datetime] = []
    chore("bell", every=timedelta(minutes=1))(done.append)
    assert upkeep._claimed("bell", NOON)
    run_due(NOON + timedelta(minutes=2))
    assert done == []
    run_due(NOON + upkeep.SHORT_CLAIM)
    assert len(done) == 1
