"""What holds for every history: the same events give the same standing; a promise is never two things; a guarded case never drifts by entering."""

from collections import Counter
from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from saphan.agreements.procedures.entering import SENTENCES, may_enter, open_stages
from saphan.agreements.procedures.events import event_from
from saphan.agreements.procedures.following import after, follow
from saphan.agreements.procedures.promises import SETTLED
from saphan.agreements.procedures.scoring import period_before, period_of, tally, wilson
from saphan.agreements.procedures.standing import Standing
from saphan.agreements.procedures.tests.stories import BEGIN, CALENDARS, any_history, example, guarded

SEEDS = st.integers(0, 10**9)
LENGTHS = st.integers(0, 60)
STATES_BY_RANK = {"not_started": 0, "running": 1}


@given(seed=SEEDS, length=LENGTHS)
@settings(max_examples=150)
def test_the_same_events_give_the_same_standing(seed, length):
    events = any_history(seed, length)
    whole = follow(example(), events, calendars=CALENDARS)
    assert follow(example(), list(reversed(events)), calendars=CALENDARS) == whole
    assert follow(example(), [event_from(event.plain()) for event in events], calendars=CALENDARS) == whole


@given(seed=SEEDS, length=LENGTHS)
@settings(max_examples=150)
def test_one_event_more_is_the_same_as_from_the_start(seed, length):
    events = any_history(seed, length)
    standing = Standing(example(), CALENDARS)
    for count, event in enumerate(events, 1):
        before = follow(example(), events[: count - 1], calendars=CALENDARS) if count % 9 == 0 else None
        following = after(standing, event)
        assert before is None or standing == before  # the earlier standing stays as it was
        standing = following
    assert standing == follow(example(), events, calendars=CALENDARS)


@given(seed=SEEDS, length=LENGTHS)
@settings(max_examples=150)
def test_a_promise_is_one_thing_and_once_settled_stays_so(seed, length):
    standing = follow(example(), any_history(seed, length), calendars=CALENDARS)
    last = standing.last_at or BEGIN
    for promise in standing.promises.values():
        moments = sorted({last, promise.due.at, *(last + timedelta(days=d) for d in (1, 30, 400)), promise.closes_at or last})
        states = [promise.state_at(moment) for moment in moments if moment >= last]
        settled = [state for state in states if state in SETTLED]
        assert len(set(settled)) <= 1
        assert states == sorted(states, key=lambda state: STATES_BY_RANK.get(state, 2))
        for moment in moments:
            assert not (promise.ending == "kept" and promise.state_at(moment) in ("running", "not_started"))
            assert not (promise.is_late(moment) and promise.state_at(moment) in SETTLED)
        assert promise.is_open(last) == (promise.state_at(last) not in SETTLED)


@given(seed=SEEDS, length=LENGTHS)
@settings(max_examples=100)
def test_what_settled_before_is_never_changed_by_later_events(seed, length):
    events, standing = any_history(seed, length), Standing(example(), CALENDARS)
    settled: dict[str, str] = {}
    for event in events:
        standing = after(standing, event)
        for key, promise in standing.promises.items():
            if promise.owed == "tell":
                continue  # two departures may carry the same reference in an invented history
            state = promise.state_at(event.at)
            assert settled.get(key, state) == state
            if state in SETTLED:
                settled[key] = state


@given(seed=SEEDS, length=st.integers(0, 120))
@settings(max_examples=150)
def test_a_guarded_case_never_enters_where_something_hinders(seed, length):
    for standing in guarded(seed, length):
        entering = [finding for finding in standing.findings.values() if finding.code in SENTENCES]
        assert entering == []


@given(seed=SEEDS, length=LENGTHS)
@settings(max_examples=100)
def test_every_refusal_can_be_said_and_names_its_article(seed, length):
    standing = follow(example(), any_history(seed, length), calendars=CALENDARS)
    for stage in example().stages:
        for hindrance in may_enter(standing, stage, now=standing.last_at or BEGIN):
            assert hindrance.article
            assert "{" not in hindrance.sentence
    assert not standing.stage or set(open_stages(standing, now=BEGIN)) <= set(example().stages)


@given(seed=SEEDS, length=LENGTHS)
@settings(max_examples=60)
def test_nobody_is_ever_stuck_before_the_end(seed, length):
    standing = follow(example(), any_history(seed, length), calendars=CALENDARS)
    if not standing.is_over and standing.stage != "other_solution":
        assert "other_solution" in open_stages(standing, now=standing.last_at or BEGIN)


@given(seed=SEEDS, days=st.integers(0, 800))
@settings(max_examples=60)
def test_the_count_equals_one_by_brute_force(seed, days):
    now = BEGIN + timedelta(days=days)
    promises = [
        promise
        for case in range(12)
        for promise in follow(example(), [e for e in any_history(seed + case, 40) if e.at <= now], calendars=CALENDARS).promises.values()
    ]
    over = ("ob_trace", "ob_confirm", "ob_follow")
    period = period_of("quarter", now)
    quarter = (now.year, (now.month - 1) // 3)
    counted: Counter[tuple[str, str]] = Counter()
    for p in promises:
        if p.owed != "promise" or p.id not in over or (p.due.at.year, (p.due.at.month - 1) // 3) != quarter:
            continue
        if p.ended_at and p.ending == "kept":
            counted[p.id, "kept" if p.ended_at <= p.due.at else "late"] += 1
        elif p.ending == "excused":
            counted[p.id, "excused"] += 1
        elif p.ending == "not_kept" or (not p.ending and p.closes_at and p.closes_at < now):
            counted[p.id, "not_kept"] += 1
        elif not p.ending:
            counted[p.id, "pending"] += 1
            counted[p.id, "overdue"] += p.due.at < now
    for name in over:
        told = tally((p for p in promises if p.owed == "promise" and p.id == name and period.holds(p.due.at)), now=now)
        for what in ("kept", "late", "not_kept", "excused", "pending", "overdue"):
            assert getattr(told, what) == counted[name, what]


@given(of=st.integers(1, 400), share=st.floats(0, 1))
def test_wilson_solves_its_equation(of, share):
    """Its ends are the shares p at which the observed one lies exactly z standard errors of p away."""
    hits = round(share * of)
    found = wilson(hits, of)
    assert found is not None
    low, high = found
    assert 0 <= low <= hits / of + 1e-12
    assert hits / of - 1e-12 <= high <= 1
    for p in (low, high):
        if 0 < p < 1:
            assert abs((hits / of - p) ** 2 - 1.959963984540054**2 * p * (1 - p) / of) < 1e-9
    assert wilson(0, 0) is None


def test_wilson_of_a_known_value():
    assert [round(x, 4) for x in wilson(8, 10) or ()] == [0.4902, 0.9433]


@given(at=st.datetimes(datetime(2020, 1, 1), datetime(2040, 1, 1)), every=st.sampled_from(["month", "quarter", "year"]))
def test_periods_lie_side_by_side(at, every):
    instant = at.replace(tzinfo=UTC)
    period = period_of(every, instant)
    assert period.holds(instant)
    earlier = period_before(every, period)
    assert earlier.until == period.since
    assert period_of(every, earlier.since) == earlier
