"""What of the figures may be shown. Pure: no table, no language.

A line with fewer than `publish_min` judged promises is withheld whole: its number, its parts, its pending ones. The total is of the lines
that are shown and of no other, so that no subtraction leads to a line that is not; neither does it when several are withheld, where a
total of all would tell that none of them was late. A trend needs both periods. Findings of drift are withheld below the same number.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from saphan.agreements.procedures.scoring import Tally
from saphan.agreements.scoring.figures import DriftLine, Figures, Line


@dataclass(frozen=True)
class Card:
    """The scorecard as anybody may see it who may see it at all."""

    lines: tuple["CardLine", ...]
    total: "CardLine | None"
    drift: tuple[DriftLine, ...]
    drift_withheld: int  # lines
    target: int

    @property
    def withheld(self) -> int:
        """How many lines are not shown."""
        return sum(line.counts is None for line in self.lines)

    @property
    def meets_target(self) -> bool | None:
        """Whether the share kept reaches the target; None where there is none, or nothing to judge."""
        if self.total is None or self.total.rate is None or not self.target:
            return None
        return self.total.rate * 1000 >= self.target


@dataclass(frozen=True)
class CardLine:
    """One line; `counts` is None where it is withheld, `before` where the period before is."""

    name: str
    article: str
    party: str
    kept_by: str
    counts: Tally | None
    before: Tally | None

    @property
    def rate(self) -> float | None:
        return self.counts.rate if self.counts else None

    @property
    def interval(self) -> tuple[float, float] | None:
        return self.counts.interval if self.counts else None

    @property
    def trend(self) -> float | None:
        """How the share moved against the period before."""
        now, then = self.rate, self.before.rate if self.before else None
        return now - then if now is not None and then is not None else None


def card_of(figures: Figures) -> Card:
    """The figures without those that are withheld."""
    least = figures.publish_min
    lines = tuple(_line(line, least) for line in figures.lines)
    drift = tuple(line for line in figures.drift if line.count >= least)
    return Card(lines, _total(lines), drift, len(figures.drift) - len(drift), figures.target)


def _line(line: Line, least: int) -> CardLine:
    counts, before = (tally if tally.judged >= least else None for tally in (line.counts, line.before))
    return CardLine(line.name, line.article, line.party, line.kept_by, counts, before if counts else None)


def _total(lines: Iterable[CardLine]) -> CardLine | None:
    """Of the lines that are shown; of their periods before only where all of them are shown there too."""
    shown = [line for line in lines if line.counts is not None]
    if not shown:
        return None
    counts = sum((line.counts for line in shown if line.counts), Tally())
    before = sum((line.before for line in shown if line.before), Tally()) if all(line.before for line in shown) else None
    return CardLine("", "", "", "", counts, before)
