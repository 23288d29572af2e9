"""No hidden number follows from the shown ones: every small table is tried, and each output must leave more than one table possible."""

from collections import defaultdict
from datetime import UTC, datetime
from itertools import product
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from saphan.agreements.procedures.scoring import Tally
from saphan.agreements.scoring.figures import PARTS, DriftLine, Figures, Line, figures_from
from saphan.agreements.scoring.withholding import card_of

AT = datetime(2026, 10, 1, tzinfo=UTC)
LEAST = 3


def figures(tallies: list[Tally], before: list[Tally] | None = None, least: int = LEAST, drift: tuple[DriftLine, ...] = ()) -> Figures:
    then = before or [Tally()] * len(tallies)
    lines = tuple(Line(f"p{i}", "5", "O", "", now, earlier) for i, (now, earlier) in enumerate(zip(tallies, then, strict=True)))
    return Figures("quarter", AT, AT, AT, 900, least, lines, (), drift)


def output(shown: Figures) -> tuple[Any, ...]:
    """Everything that leaves."""
    card = card_of(shown)
    return (
        tuple((line.counts, line.before, line.rate, line.interval, line.trend) for line in card.lines),
        (card.total.counts, card.total.before, card.total.rate, card.total.trend) if card.total else None, card.meets_target, card.withheld,
        card.drift, card.drift_withheld,
    )  # fmt: skip


def test_every_small_table_leaves_a_hidden_line_open() -> None:
    """Three lines, each with up to three kept, two late and one not kept: 13,824 tables, LEAST is three."""
    one = [Tally(kept, late, missed) for kept, late, missed in product(range(4), range(3), range(2))]
    possible: dict[Any, list[tuple[Tally, ...]]] = defaultdict(list)
    for table in product(one, repeat=3):
        possible[output(figures(list(table)))].append(table)
    looked_at = 0
    for out, tables in possible.items():
        for place in range(3):
            if out[0][place][0] is not None:
                continue
            looked_at += 1
            for part in ("kept", "late", "n", "judged"):
                values = {getattr(table[place], part) for table in tables}
                assert len(values) > 1, (out, place, part)
    assert looked_at > 100


def test_a_total_of_all_would_give_several_hidden_lines_away() -> None:
    """Why the total is of the shown lines only: two hidden lines, none of them late; a total of all, less the shown, says 0 + 0."""
    shown, first, second = Tally(kept=5, late=2), Tally(kept=1), Tally(kept=2)
    card = card_of(figures([shown, first, second]))
    assert card.total is not None
    assert card.total.counts == shown
    assert [line.counts for line in card.lines] == [shown, None, None]


def test_hidden_lines_give_no_trend_and_no_pending() -> None:
    card = card_of(figures([Tally(kept=1, pending=40)], [Tally(kept=90)]))
    assert (card.lines[0].counts, card.lines[0].before, card.lines[0].trend, card.total, card.meets_target) == (None, None, None, None, None)


def test_a_total_has_a_trend_only_where_each_of_its_lines_has() -> None:
    whole = card_of(figures([Tally(kept=4), Tally(kept=4)], [Tally(late=4), Tally(late=1)]))
    assert whole.total is not None
    assert whole.lines[0].trend == 1.0
    assert (whole.lines[1].trend, whole.total.trend) == (None, None)


def test_few_findings_of_drift_are_withheld() -> None:
    lines = (DriftLine("5", "late", "", 3, 1), DriftLine("6", "skipped", "", 2, 2))
    card = card_of(figures([], drift=lines))
    assert card.drift == lines[:1]
    assert card.drift_withheld == 1


def test_a_target_in_thousandths_is_compared_exactly() -> None:
    assert card_of(figures([Tally(kept=9, late=1)])).meets_target is True
    assert card_of(figures([Tally(kept=89, late=11)])).meets_target is False


NUMBERS = st.integers(0, 9)
TALLIES = st.builds(lambda a, b, c, d, e, f: Tally(a, b, c, d, e + f, f), *[NUMBERS] * 6)


@given(now=st.lists(TALLIES, min_size=1, max_size=5), least=st.integers(3, 12), data=st.data())
@settings(max_examples=150)
def test_what_is_hidden_may_change_and_nobody_sees_it(now: list[Tally], least: int, data: st.DataObject) -> None:
    """The strongest form: whatever hidden lines are replaced by other hidden ones, the output is the same to the letter."""
    before = [data.draw(TALLIES) for _ in now]
    small = st.builds(Tally, kept=st.integers(0, 2), excused=NUMBERS, pending=NUMBERS)
    other = [tally if tally.judged >= least else data.draw(small) for tally in now]
    then = [earlier if earlier.judged >= least and tally.judged >= least else data.draw(small) for earlier, tally in zip(before, now, strict=True)]
    assert output(figures(now, before, least)) == output(figures(other, then, least))


@given(now=st.lists(TALLIES, max_size=4))
@settings(max_examples=50)
def test_figures_come_back_from_their_plain_form(now: list[Tally]) -> None:
    shown = figures(now)
    assert figures_from(shown.plain()) == shown
    assert len(PARTS) == 6
