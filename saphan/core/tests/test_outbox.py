import threading
from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, OperationalError, transaction
from hypothesis import given
from hypothesis import strategies as st

from saphan.core import clock, outbox
from saphan.core.models import OutboxMessage
from saphan.core.outbox import ATTEMPTS_AT_MOST, LEASE, LONGEST_PAUSE, CannotDeliver, claim, enqueue, handler, pause_after, requeue_dead, run_once

NOON = datetime(2026, 11, 23, 5, 0, tzinfo=UTC)
pytestmark = pytest.mark.django_db


@pytest.fixture
def delivered(monkeypatch):
    """The keys that the topic “bell” has delivered."""
    monkeypatch.setattr(outbox, "HANDLERS", {})
    keys: list[str] = []

    @handler("bell")
    def ring(payload, *, key):
        if payload.get("broken"):
            raise ConnectionError("CANARY")
        if payload.get("hopeless"):
            raise CannotDeliver
        keys.append(key)

    return keys


def only() -> OutboxMessage:
    return OutboxMessage.objects.get()


def at(instant: datetime) -> int:
    with clock.stopped_at(instant):
        return run_once()


def put(key: str = "a", when: datetime = NOON, **options) -> None:
    with clock.stopped_at(when):
        enqueue("bell", key=key, payload=options.pop("payload", {}), **options)


def test_a_message_is_delivered_once(delivered):
    put()
    assert at(NOON) == 1
    assert at(NOON + timedelta(days=2)) == 0
    assert delivered == ["a"]
    assert only().done_at == NOON
    assert only().lease is None


def test_the_same_key_twice_is_one_message(delivered):
    put()
    put(payload={"broken": True})
    at(NOON)
    assert delivered == ["a"]


def test_what_the_caller_takes_back_is_never_sent(delivered):
    with transaction.atomic():
        put()
        transaction.set_rollback(True)
    assert at(NOON) == 0


def test_a_message_waits_for_its_time(delivered):
    put(available_at=NOON + timedelta(hours=1))
    assert at(NOON + timedelta(minutes=59)) == 0
    assert at(NOON + timedelta(hours=1)) == 1


def test_an_unknown_topic_waits_for_a_worker_that_knows_it(delivered):
    enqueue("whistle", key="a", payload={})
    assert at(NOON + timedelta(days=300)) == 0
    assert only().attempts == 0


def test_failures_pause_longer_each_time_and_end_as_a_dead_letter(delivered):
    put(payload={"broken": True})
    now, pauses = NOON, []
    while not only().dead_at:
        assert at(now) == 1
        pauses.append(only().available_at - now)
        assert only().last_error == "ConnectionError"
        now = max(only().available_at, now)
    assert only().attempts == ATTEMPTS_AT_MOST
    assert pauses[:4] == [timedelta(seconds=s) for s in (10, 20, 40, 80)]
    assert now - NOON < timedelta(days=2)
    assert at(now + timedelta(days=1)) == 0


def test_a_dead_letter_can_be_tried_again(delivered):
    put(payload={"hopeless": True})
    at(NOON)
    assert only().dead_at == NOON
    assert only().attempts == 1
    assert requeue_dead("whistle") == 0
    assert requeue_dead("bell") == 1
    OutboxMessage.objects.update(payload={})
    assert run_once() == 1
    assert delivered == ["a"]


@given(st.integers(1, 10_000))
def test_the_pause_grows_up_to_a_ceiling(attempts):
    assert timedelta(0) < pause_after(attempts) <= pause_after(attempts + 1) <= LONGEST_PAUSE


def test_a_leased_message_belongs_to_one_worker_until_the_lease_runs_out(delivered):
    put()
    assert len(claim(5, NOON)) == 1
    assert claim(5, NOON + LEASE - timedelta(seconds=1)) == []
    assert len(claim(5, NOON + LEASE)) == 1


def test_a_worker_whose_lease_ran_out_cannot_end_the_lease_of_another(delivered):
    put()
    late = claim(1, NOON)[0]
    fresh = claim(1, NOON + LEASE)[0]
    outbox._settle(late, done_at=NOON)
    assert only().done_at is None
    assert only().lease == fresh.lease
    outbox._settle(fresh, done_at=NOON)
    assert only().done_at == NOON


def test_a_message_that_kills_its_worker_each_time_is_buried(delivered):
    put()
    now = NOON
    for _ in range(ATTEMPTS_AT_MOST):
        assert claim(1, now)
        now += LEASE
    assert claim(1, now) == []
    assert outbox.bury(now - timedelta(seconds=1)) == 0
    assert outbox.bury(now) == 1
    assert only().last_error == "WorkerDied"


@pytest.mark.parametrize("jump", [timedelta(days=1), timedelta(days=366)])
def test_a_clock_that_ran_ahead_and_was_set_back_strands_nothing(delivered, jump):
    put("written while ahead", when=NOON + jump)
    put("leased while ahead")
    put("failed while ahead", payload={"broken": True})
    OutboxMessage.objects.filter(key="written while ahead").update(topic="later")
    claimed = claim(1, NOON + jump)
    assert [m.key for m in claimed] == ["leased while ahead"]
    at(NOON + jump)
    OutboxMessage.objects.filter(topic="later").update(topic="bell")
    OutboxMessage.objects.filter(key="failed while ahead").update(payload={})
    at(NOON)
    assert sorted(delivered) == ["failed while ahead", "leased while ahead", "written while ahead"]


def test_a_clock_set_back_does_not_send_early_what_has_a_date_of_its_own(delivered):
    put(when=NOON + timedelta(days=366), available_at=NOON + timedelta(days=400))
    assert at(NOON) == 0


def test_what_was_delivered_long_ago_is_forgotten(delivered):
    put()
    at(NOON)
    assert outbox.purge_done(NOON + timedelta(days=29)) == 0
    assert outbox.purge_done(NOON + timedelta(days=31)) == 1


def test_the_exception_is_kept_by_name_and_never_by_its_text(delivered, caplog):
    put("CANARY-key", payload={"broken": True, "to": "CANARY@example.org"})
    at(NOON)
    assert "ConnectionError" in caplog.text
    assert "CANARY" not in caplog.text
    assert "CANARY" not in only().last_error


@pytest.mark.parametrize("wrong", [{"leased_until": NOON}, {"done_at": NOON, "dead_at": NOON}])
def test_the_database_refuses_half_states(delivered, wrong):
    put()
    with pytest.raises(IntegrityError), transaction.atomic():
        OutboxMessage.objects.update(**wrong)


def test_the_worker_waits_for_a_store_that_is_away_and_stops_when_told(delivered, monkeypatch, settings, tmp_path):
    settings.DATA = tmp_path
    stop, calls = threading.Event(), []

    def away(limit):
        calls.append(limit)
        if len(calls) == 1:
            raise OperationalError
        stop.set()
        return 1

    monkeypatch.setattr(outbox, "run_once", away)
    monkeypatch.setattr(outbox, "IDLE_SECONDS", 0)
    monkeypatch.setattr(outbox, "close_old_connections", lambda: None)
    outbox.work_forever(stop)
    assert len(calls) == 2
    assert outbox.heartbeat_file().exists()


def test_two_handlers_of_one_topic_are_a_programming_error(delivered):
    with pytest.raises(RuntimeError):
        handler("bell")(lambda payload, *, key: None)
