"""The rule engine of screening: pure, exact, and never a score. Unknown is never no.

Sources: ILO operational indicators of trafficking (2009) for the rule of a dimension; the three-valued reading, the child's
override and the act questions are our proposals. A result gives reasons and gaps; a named team decides.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from itertools import product
from typing import NamedTuple

DIMENSIONS = ("D1", "D2", "D3", "D4", "D5", "D6")
ACT, OVERRIDE = "ACT", "OVR"
PLAN_DIMENSIONS = (*DIMENSIONS, ACT, OVERRIDE)


class Answer(StrEnum):
    """What a person said, or that it was not asked or not said."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"
    NOT_ASKED = "not_asked"
    DECLINED = "declined"


OPEN_ANSWERS = (Answer.NOT_ASKED, Answer.UNKNOWN, Answer.DECLINED)  # in the order in which they may be asked again


class Finding(StrEnum):
    """What the answers say of one dimension."""

    POSITIVE = "positive"
    NEGATIVE = "negative"
    UNDETERMINED = "undetermined"


class Branch(StrEnum):
    """Whose pathway applies. A child's holds for every person under eighteen and where age is in doubt; means are not needed there."""

    ADULT = "adult"
    CHILD = "child"


class Counts(NamedTuple):
    """How many strong, medium and weak indicators."""

    strong: int = 0
    medium: int = 0
    weak: int = 0

    def plus(self, other: "Counts") -> "Counts":
        return Counts(self.strong + other.strong, self.medium + other.medium, self.weak + other.weak)

    def minus(self, other: "Counts") -> "Counts":
        return Counts(self.strong - other.strong, self.medium - other.medium, self.weak - other.weak)


@dataclass(frozen=True)
class Item:
    """One question as the engine sees it; `tags` name act, means and purpose such as `means:deception`."""

    code: str
    dimension: str
    strength: str
    tags: tuple[str, ...] = ()
    child_only: bool = False


@dataclass(frozen=True)
class DimensionResult:
    """One dimension with its evidence, its gaps, and the fewest questions that could settle it."""

    dimension: str
    finding: Finding
    yes: Counts
    open: Counts
    evidence: tuple[str, ...]
    gaps: tuple[str, ...]
    to_positive: tuple[str, ...] | None
    to_negative: tuple[str, ...] | None
    asked: int = 0  # how many questions of the instrument belong to it

    @property
    def shortest(self) -> tuple[str, ...]:
        """The shortest set of open questions whose answers could settle this dimension; empty when it is settled."""
        ways = [way for way in (self.to_positive, self.to_negative) if way is not None]
        return min(ways, key=len) if self.finding == Finding.UNDETERMINED and ways else ()


@dataclass(frozen=True)
class ElementLine:
    """One line of the act, means and purpose table: what it is, and which answers speak for it."""

    element: str
    name: str
    evidence: tuple[str, ...]
    gaps: tuple[str, ...]


@dataclass(frozen=True)
class Result:
    """The result of an interview. `classification` is empty while the answers leave more than one open."""

    branch: Branch
    classification: str
    possible: tuple[str, ...]
    dimensions: tuple[DimensionResult, ...]
    elements: tuple[ElementLine, ...]
    questions: tuple[str, ...]

    @property
    def determined(self) -> bool:
        return bool(self.classification)

    def dimension(self, code: str) -> DimensionResult:
        return next(d for d in self.dimensions if d.dimension == code)


def positive(strong: int, medium: int, weak: int) -> bool:
    """The ILO rule of a dimension over counts of yes."""
    return strong >= 2 or (strong >= 1 and medium + weak >= 1) or medium >= 3 or (medium >= 2 and weak >= 1)


def _any_yes(strong: int, medium: int, weak: int) -> bool:
    """The rule of the act and of the child's override: one answer is enough."""
    return strong + medium + weak >= 1


def _rule_for(dimension: str) -> str:
    return "any" if dimension in (ACT, OVERRIDE) else "ilo"


RULES = {"ilo": positive, "any": _any_yes}


@cache
def find(yes: Counts, unanswered: Counts, rule: str = "ilo") -> Finding:
    """Reads the counts twice: with yes only, and with every open answer taken for a yes."""
    holds = RULES[rule]
    if holds(*yes):
        return Finding.POSITIVE
    return Finding.UNDETERMINED if holds(*yes.plus(unanswered)) else Finding.NEGATIVE


@cache
def fewest_yes(yes: Counts, unanswered: Counts, rule: str = "ilo") -> Counts | None:
    """The fewest open questions that make the dimension positive when all of them are answered yes; None when none do."""
    return min((more for more in _parts(unanswered) if RULES[rule](*yes.plus(more))), key=_size_then_mild, default=None)


@cache
def fewest_no(yes: Counts, unanswered: Counts, rule: str = "ilo") -> Counts | None:
    """The fewest open questions that make the dimension negative when all of them are answered no; None when none do."""
    highest = yes.plus(unanswered)
    return min((less for less in _parts(unanswered) if not RULES[rule](*highest.minus(less))), key=_size_then_mild, default=None)


def _parts(whole: Counts) -> Iterable[Counts]:
    return (Counts(*part) for part in product(*(range(n + 1) for n in whole)))


def _size_then_mild(counts: Counts) -> tuple[int, Counts]:
    return sum(counts), counts


def result_of(items: Sequence[Item], answers: Mapping[str, Answer], branch: Branch, table: "Table") -> Result:
    """Evaluates one interview. A question without an answer was not asked."""
    asked = [item for item in items if branch == Branch.CHILD or not item.child_only]
    given = {item.code: Answer(answers.get(item.code, Answer.NOT_ASKED)) for item in asked}
    dimensions = tuple(_dimension(code, [i for i in asked if i.dimension == code], given) for code in PLAN_DIMENSIONS)
    possible = table.possible(branch, tuple(d.finding for d in dimensions))
    return Result(
        branch=branch,
        classification=possible[0] if len(possible) == 1 else "",
        possible=possible,
        dimensions=dimensions,
        elements=tuple(_elements(asked, given)),
        questions=_shortest(branch, dimensions, table) if len(possible) > 1 else (),
    )


def _dimension(code: str, items: Sequence[Item], given: Mapping[str, Answer]) -> DimensionResult:
    evidence = [i for i in items if given[i.code] == Answer.YES]
    gaps = [i for answer in OPEN_ANSWERS for i in items if given[i.code] == answer]
    yes, unanswered, rule = _count(evidence), _count(gaps), _rule_for(code)
    return DimensionResult(
        dimension=code,
        finding=find(yes, unanswered, rule),
        yes=yes,
        open=unanswered,
        evidence=tuple(i.code for i in evidence),
        gaps=tuple(i.code for i in gaps),
        to_positive=_choose(gaps, fewest_yes(yes, unanswered, rule)),
        to_negative=_choose(gaps, fewest_no(yes, unanswered, rule)),
        asked=len(items),
    )


def _count(items: Iterable[Item]) -> Counts:
    strengths = [i.strength for i in items]
    return Counts(strengths.count("strong") + strengths.count("none"), strengths.count("medium"), strengths.count("weak"))


def _choose(gaps: Sequence[Item], wanted: Counts | None) -> tuple[str, ...] | None:
    """Which open questions to ask: those not yet asked before those declined, in the instrument's order."""
    if wanted is None:
        return None
    chosen: list[str] = []
    for number, strengths in zip(wanted, (("strong", "none"), ("medium",), ("weak",)), strict=True):
        chosen += [i.code for i in gaps if i.strength in strengths][:number]
    return tuple(chosen)


def _elements(items: Sequence[Item], given: Mapping[str, Answer]) -> Iterable[ElementLine]:
    tags = sorted({tag for item in items for tag in item.tags}, key=lambda tag: ("act means purpose".index(tag.split(":")[0]), tag))
    for tag in tags:
        element, name = tag.split(":")
        tagged = [i for i in items if tag in i.tags]
        evidence = tuple(i.code for i in tagged if given[i.code] == Answer.YES)
        yield ElementLine(element, name, evidence, tuple(i.code for i in tagged if given[i.code] in OPEN_ANSWERS))


class Table:
    """The combination table: 64 rows from six dimensions to a result for an adult and, where an act is present, for a child."""

    def __init__(self, rows: Iterable[tuple[tuple[bool, ...], str, str]]) -> None:
        self.rows = {dimensions: (adult, child) for dimensions, adult, child in rows}
        if len(self.rows) != 2 ** len(DIMENSIONS):
            raise ValueError("the combination table needs every combination once")
        self._possible: dict[tuple[Branch, tuple[Finding, ...]], tuple[str, ...]] = {}

    def classify(self, branch: Branch, dimensions: tuple[bool, ...], act: bool, override: bool) -> str:
        """The result of settled dimensions. For a child, paid sex or its images meet the purpose whatever D4 says, and means are not needed."""
        if branch == Branch.ADULT:
            return self.rows[dimensions][0]
        d1, d2, d3, d4, d5, d6 = dimensions
        merged = (d1, d2, d3, d4 or override, d5, d6)
        adult, child = self.rows[merged]
        return child if act or d1 or d2 or d3 else adult

    def possible(self, branch: Branch, findings: tuple[Finding, ...]) -> tuple[str, ...]:
        """Every result that the open questions leave possible, in alphabetical order."""
        key = (branch, findings)
        if key not in self._possible:
            self._possible[key] = self._completions(branch, findings)
        return self._possible[key]

    def _completions(self, branch: Branch, findings: tuple[Finding, ...]) -> tuple[str, ...]:
        for place, finding in enumerate(findings):
            if finding == Finding.UNDETERMINED:
                settled = ((*findings[:place], end, *findings[place + 1 :]) for end in (Finding.POSITIVE, Finding.NEGATIVE))
                return tuple(sorted({result for way in settled for result in self.possible(branch, way)}))
        *dimensions, act, override = (finding == Finding.POSITIVE for finding in findings)
        return (self.classify(branch, tuple(dimensions), act, override),)


Way = tuple[Finding, tuple[str, ...]]


def _shortest(branch: Branch, dimensions: Sequence[DimensionResult], table: Table) -> tuple[str, ...]:
    """The shortest set of open questions that can settle the result, exact.

    The dimensions share no question, and a result depends only on which dimensions hold; so the best set is, for each
    dimension, nothing, its fewest yes or its fewest no. All combinations are tried, cheapest first found wins.
    """
    ways = [_ways(dimension) for dimension in dimensions]
    best: tuple[str, ...] | None = None

    def search(place: int, findings: tuple[Finding, ...], asked: tuple[str, ...]) -> None:
        nonlocal best
        if best is not None and len(asked) >= len(best):
            return
        if len(table.possible(branch, (*findings, *(d.finding for d in dimensions[place:])))) == 1:
            best = asked
            return
        if place < len(dimensions):
            for finding, questions in ways[place]:
                search(place + 1, (*findings, finding), asked + questions)

    search(0, (), ())
    return best or ()


def _ways(dimension: DimensionResult) -> list[Way]:
    """What may become of a dimension, and by which questions; the cheapest first."""
    ways: list[Way] = [(dimension.finding, ())]
    if dimension.finding == Finding.UNDETERMINED:
        settled = [(Finding.POSITIVE, dimension.to_positive), (Finding.NEGATIVE, dimension.to_negative)]
        ways += sorted(((finding, way) for finding, way in settled if way is not None), key=lambda pair: len(pair[1]))
    return ways
