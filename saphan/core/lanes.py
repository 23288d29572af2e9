"""Time as a picture that the server draws: a lane for each agreement or version, bars of force, marks of single days. The table under it says the same."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

WIDTH, LABEL, LANE, TOP, MARGIN = 880, 150, 30, 34, 14
STEPS = (1, 2, 5, 10, 20)
MOST_YEARS = 12  # marks of years at most
YEAR = timedelta(days=365)


@dataclass(frozen=True)
class Bar:
    """From one day to another; open where it has not ended."""

    since: date
    until: date | None
    tone: str = "good"


@dataclass(frozen=True)
class Mark:
    """Something on one day."""

    on: date
    tone: str = ""


@dataclass(frozen=True)
class Lane:
    """One line of the picture."""

    label: str
    bars: Sequence[Bar] = ()
    marks: Sequence[Mark] = ()

    def days(self) -> list[date]:
        return [*(mark.on for mark in self.marks), *(bar.since for bar in self.bars), *(bar.until for bar in self.bars if bar.until)]


@dataclass(frozen=True)
class DrawnLane:
    """A lane with its places in the picture."""

    label: str
    y: int
    bars: list[tuple[float, float, str]] = field(default_factory=list)  # from, width, tone
    marks: list[tuple[float, str]] = field(default_factory=list)

    @property
    def middle(self) -> int:
        return self.y + LANE // 2

    @property
    def bar_top(self) -> int:
        return self.y + LANE // 2 - 6


@dataclass(frozen=True)
class Picture:
    """All that the template needs to draw."""

    height: int
    lanes: list[DrawnLane]
    years: list[tuple[float, int]]
    today: float
    width: int = WIDTH
    left: int = LABEL
    top: int = TOP


def drawn(lanes: Iterable[Lane], today: date) -> Picture | None:
    """The picture of these lanes, or None where no day is known."""
    shown = [lane for lane in lanes if lane.bars or lane.marks]
    days = [day for lane in shown for day in lane.days()]
    if not days:
        return None
    first, last = min(*days, today).replace(month=1, day=1), max(*days, today) + YEAR
    span = (last - first).days

    def x(day: date) -> float:
        return round(LABEL + (WIDTH - LABEL - MARGIN) * (day - first).days / span, 1)

    drawn_lanes = [
        DrawnLane(
            lane.label, TOP + LANE * place,
            [(x(bar.since), max(3.0, round(x(bar.until or last) - x(bar.since), 1)), bar.tone) for bar in lane.bars],
            [(x(mark.on), mark.tone) for mark in lane.marks],
        )
        for place, lane in enumerate(shown)
    ]  # fmt: skip
    return Picture(TOP + LANE * len(shown) + MARGIN, drawn_lanes, [(x(date(year, 1, 1)), year) for year in _years(first.year, last.year)], x(today))


def _years(first: int, last: int) -> range:
    step = next((step for step in STEPS if (last - first) / step <= MOST_YEARS), STEPS[-1])
    return range(-(-first // step) * step, last + 1, step)
