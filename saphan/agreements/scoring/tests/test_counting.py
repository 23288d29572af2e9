"""The scorecard equals a count made by hand from the events; the frozen one stays, and says when the record behind it was changed."""

import random
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from django.db import DatabaseError, connection, transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from saphan.access.models import User
from saphan.access.seeds import People
from saphan.agreements.following import triggers
from saphan.agreements.following.models import Binding, PromiseInstance
from saphan.agreements.following.subjects import SubjectKind
from saphan.agreements.models import AgreementVersion
from saphan.agreements.procedures.scoring import Period, Tally, period_of
from saphan.agreements.scoring import freezing, keeping, periods
from saphan.agreements.scoring.chores import freeze_scorecards
from saphan.agreements.scoring.counting import count
from saphan.agreements.scoring.figures import PARTS, figures_from
from saphan.agreements.scoring.models import ScoreSnapshot
from saphan.agreements.scoring.stepping import Said
from saphan.agreements.scoring.tests.conftest import QUARTER, SIGNED, a_case, a_commitment
from saphan.core.errors import WrongState
from tests.people import NOON

pytestmark = pytest.mark.django_db
BANGKOK = ZoneInfo("Asia/Bangkok")
Q3 = Period(datetime(2026, 7, 1, tzinfo=BANGKOK).astimezone(UTC), datetime(2026, 10, 1, tzinfo=BANGKOK).astimezone(UTC))


def numbers(version: AgreementVersion, as_of: datetime = Q3.until, period: Period = Q3, name: str = "ob_trace") -> Tally:
    return next(line.counts for line in count(version, period, as_of=as_of).figures.lines if line.name == name)


@pytest.fixture
def cases(people: People, version: AgreementVersion, kind: SubjectKind) -> list[Binding]:
    """Begun on 15 July: the report falls due at the end of August. Two in time, one late, one after the quarter, one never."""
    days = [20, 30, 50, 90, None]
    return [a_case(people, version, QUARTER, QUARTER + timedelta(days=d) if d else None) for d in days]


def test_a_quarter_is_counted_as_its_end_showed_it(version: AgreementVersion, cases: list[Binding]) -> None:
    assert numbers(version) == Tally(kept=2, late=1, not_kept=2)  # very late after 45 working days: not kept any more by the end of September
    before = QUARTER + timedelta(days=45)
    assert numbers(version, before) == Tally(kept=2, pending=3, overdue=3)
    assert numbers(version, QUARTER) == Tally(pending=5)
    assert count(version, Q3, as_of=Q3.until).inputs == 5


def test_a_shipped_procedure_with_the_same_words_counts_too(version: AgreementVersion, cases: list[Binding]) -> None:
    kept = cases[0].procedure
    assert (kept.version, kept.digest) == (version, version.digest)
    with connection.cursor() as cursor:
        triggers.lift(connection)
        cursor.execute("UPDATE following_keptprocedure SET version_id = NULL")  # as it is where the first case came before the register
        triggers.lay(connection)
    assert numbers(version).n == 5


def random_case(rng: random.Random, binding: Binding) -> list[PromiseInstance]:
    """Rows of promises as the engine could leave them: any ending, before and after any moment."""
    begun = datetime(2026, 5, 1, tzinfo=UTC) + timedelta(hours=rng.randrange(24 * 220))
    rows = []
    for number in range(1, rng.randrange(1, 4)):
        due = begun + timedelta(hours=rng.randrange(1, 24 * 90))
        closes = due + timedelta(hours=rng.randrange(1, 24 * 40)) if rng.random() < 0.6 else None
        ending = rng.choice(["", "", "kept", "kept", "not_kept", "excused", "void"])
        ended = begun + timedelta(hours=rng.randrange(1, 24 * 150)) if ending else None
        rule = rng.choice(["ob_trace", "ob_confirm", "ob_follow", "another"])
        rows.append(PromiseInstance(
            binding=binding, key=f"promise:{rule}:{number}:{uuid4().hex[:6]}", owed=rng.choice(["promise", "promise", "promise", "stage"]), rule=rule, number=number,
            article="5", stage="tracing", party="O", role="tracing_officer", started_at=begun, opens_at=begun, due_at=due,
            reason={"length": "30wd", "country": "LA", "calendar": "x", "days_off": [], "weekend_days": 0}, closes_at=closes, ending=ending, ended_at=ended,
            very_late_at=closes,
        ))  # fmt: skip
    return rows


def brute(rows: list[PromiseInstance], name: str, at: datetime) -> Tally:
    """The same count written another way: from the columns, one `if` after another."""
    found: Counter[str] = Counter()
    for row in rows:
        local = row.due_at.astimezone(BANGKOK)
        if row.owed != "promise" or row.rule != name or (local.year, (local.month - 1) // 3) != (2026, 2) or row.started_at > at:
            continue
        known = bool(row.ending) and row.ended_at is not None and row.ended_at <= at
        if known and row.ending == "kept":
            found["late" if row.ended_at > row.due_at else "kept"] += 1  # type: ignore[operator]
        elif known and row.ending == "excused":
            found["excused"] += 1
        elif known and row.ending == "void":
            pass
        elif known or (row.closes_at is not None and row.closes_at < at):
            found["not_kept"] += 1
        else:
            found["pending"] += 1
            if row.due_at < at:
                found["overdue"] += 1
    return Tally(*[found[part] for part in PARTS])


@pytest.fixture
def empty_cases(people: People, version: AgreementVersion, kind: SubjectKind) -> list[Binding]:
    """Cases whose promises a test writes itself."""
    found = [a_case(people, version, QUARTER) for _ in range(8)]
    PromiseInstance.objects.all().delete()
    return found


@given(seed=st.integers(0, 2**32), back=st.integers(0, 24 * 120))
@settings(max_examples=60)
def test_the_scorecard_equals_a_brute_force_count(seed: int, back: int, version: AgreementVersion, empty_cases: list[Binding]) -> None:
    rng = random.Random(seed)
    at = Q3.until - timedelta(hours=back)
    with transaction.atomic():
        rows = [row for binding in empty_cases for row in random_case(rng, binding)]
        PromiseInstance.objects.bulk_create(rows)
        figures = count(version, Q3, as_of=at).figures
        for line in figures.lines:
            assert line.counts == brute(rows, line.name, at), line.name
            assert line.counts.kept <= sum(r.ending == "kept" for r in rows)  # pending never counts as kept
        transaction.set_rollback(True)


def test_of_another_version_nothing_is_counted(people: People, version: AgreementVersion, cases: list[Binding]) -> None:
    from saphan.agreements.tests.making import agreed_version

    newer = agreed_version(version.agreement, people.agreement_officer, NOON, (3, 1, 0), procedure="x", canonical=version.canonical)
    assert numbers(newer) == Tally()


def test_a_period_is_frozen_when_it_is_over_and_only_once(version: AgreementVersion, cases: list[Binding]) -> None:
    with pytest.raises(WrongState):
        freezing.freeze(version=version, period=Q3, at=Q3.until - timedelta(seconds=1))
    assert freeze_scorecards(NOON) == 3  # the first three quarters of the year in which it entered into force
    assert freeze_scorecards(NOON) == 0
    snapshot = ScoreSnapshot.objects.get(since=Q3.since)
    assert figures_from(snapshot.content).lines[0].counts == Tally(kept=2, late=1, not_kept=2)
    assert periods.name_of("quarter", snapshot.since) == "2026-Q3"
    assert freezing.recount(snapshot) == freezing.Recount(True, True)


@pytest.mark.parametrize("act", ["UPDATE {} SET inputs = 7", "DELETE FROM {}"])
def test_the_database_keeps_a_frozen_card(version: AgreementVersion, cases: list[Binding], act: str) -> None:
    snapshot = freezing.freeze(version=version, period=Q3, at=NOON)
    with pytest.raises(DatabaseError, match="never changes"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(act.format("agreements_scoring_scoresnapshot"))
    with pytest.raises(DatabaseError), transaction.atomic():
        ScoreSnapshot.objects.filter(pk=snapshot.pk).delete()


def test_a_frozen_card_says_when_the_record_was_changed(people: People, version: AgreementVersion, cases: list[Binding], kind: SubjectKind) -> None:
    more = [a_case(people, version, QUARTER, QUARTER + timedelta(days=9)) for _ in range(4)]
    snapshot = freezing.freeze(version=version, period=Q3, at=NOON)
    a_late_answer = a_case(people, version, QUARTER + timedelta(days=200))  # another period: nothing changes
    assert freezing.recount(snapshot).same
    assert a_late_answer.pk
    row = more[0].promises.get(owed="promise")
    PromiseInstance.objects.filter(pk=row.pk).update(ended_at=row.due_at + timedelta(days=1))  # somebody improves, or spoils, the past
    again = freezing.recount(snapshot)
    assert not again.same
    assert {(change.part, change.then, change.now) for change in again.changes} == {("kept", 6, 5), ("late", 1, 2)}


def test_what_comes_after_the_end_does_not_change_a_frozen_card(version: AgreementVersion, officer: User, other: User) -> None:
    commitment = a_commitment(version, officer, other, date(2026, 9, 20))
    occurrence = commitment.occurrences.get(number=1)
    snapshot = freezing.freeze(version=version, period=Q3, at=NOON)
    assert [line.became for line in figures_from(snapshot.content).commitments] == ["overdue"]
    keeping.state(occurrence_id=occurrence.pk, said=Said("minutes", date(2026, 9, 18)), by=officer, at=NOON)
    keeping.confirm(occurrence_id=occurrence.pk, by=other, at=NOON)
    assert freezing.recount(snapshot).same
    assert [line.became for line in count(version, Q3, as_of=NOON).figures.commitments] == ["kept"]


def test_periods_have_names() -> None:
    for every, name in [("year", "2026"), ("quarter", "2026-Q4"), ("month", "2026-12")]:
        period = periods.period_named(every, name)  # type: ignore[arg-type]
        assert period is not None
        assert periods.name_of(every, period.since) == name  # type: ignore[arg-type]
        assert period_of(every, period.since, BANGKOK) == period  # type: ignore[arg-type]
    for wrong in ("", "2026-Q5", "2026-13", "12026", "2026-Q1 ", "2026-03"):
        assert periods.period_named("quarter", wrong) is None
    assert Q3.since > SIGNED
