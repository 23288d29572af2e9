"""The figures of a period, all of them, before anything is withheld: what is counted, and the form in which a snapshot keeps it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from saphan.agreements.models import AgreementVersion
from saphan.agreements.procedures.compiling import compile_procedure
from saphan.agreements.procedures.loading import load_plain
from saphan.agreements.procedures.scoring import Every, Tally
from saphan.agreements.scoring.occurring import Became

YEARLY: Every = "year"
LEAST = 5  # of an agreement whose text says nothing else
PARTS = ("kept", "late", "not_kept", "excused", "pending", "overdue")


@dataclass(frozen=True)
class Promised:
    """A promise that the score article counts: where it stands, who owes it, what keeps it."""

    name: str
    article: str
    party: str
    kept_by: str


@dataclass(frozen=True)
class Terms:
    """What an agreement says of its own scorecard. The target in thousandths; none where there is no score article."""

    every: Every
    over: tuple[Promised, ...]
    target: int
    publish_min: int
    article: str = ""


def terms_of(version: AgreementVersion) -> Terms:
    """What the version says; a year, and no figure below five, where it says nothing."""
    if not version.runs:
        return Terms(YEARLY, (), 0, LEAST)
    compiled = compile_procedure(load_plain(version.plain()))
    article = next((article for article in compiled.procedure.articles if article.score), None)
    if article is None or article.score is None:
        return Terms(YEARLY, (), 0, LEAST)
    score, rules = article.score, compiled.promises
    over = tuple(Promised(n, rules[n].article, rules[n].clause.party, rules[n].kept_by) for n in dict.fromkeys(score.over) if n in rules)
    return Terms(score.every, over, round(score.target * 1000), score.publish_min, article.art)


@dataclass(frozen=True)
class Line:
    """One promise in all cases, in a period and in the one before."""

    name: str
    article: str
    party: str
    kept_by: str
    counts: Tally
    before: Tally


@dataclass(frozen=True)
class CommitmentLine:
    """One occurrence of a commitment that fell due in the period."""

    commitment: str
    words: Mapping[str, str]
    article: str
    party: str  # the id of the party in the register
    due_on: date
    happened_on: date | None
    became: Became


@dataclass(frozen=True)
class DriftLine:
    """How many findings an article has at one office, and how many of them nobody has answered for."""

    article: str
    kind: str
    org: str  # id of the organisation; empty where nobody is known to owe it
    count: int
    open: int


@dataclass(frozen=True)
class Figures:
    """Everything that a card is made of."""

    every: Every
    since: datetime
    until: datetime
    as_of: datetime
    target: int
    publish_min: int
    lines: tuple[Line, ...]
    commitments: tuple[CommitmentLine, ...]
    drift: tuple[DriftLine, ...]

    def plain(self) -> dict[str, Any]:
        """As plain values: text and whole numbers only, so that they have one canonical form."""
        return {
            "v": 1, "every": self.every, "since": self.since.isoformat(), "until": self.until.isoformat(), "as_of": self.as_of.isoformat(),
            "target": self.target, "publish_min": self.publish_min,
            "lines": [
                {"name": x.name, "article": x.article, "party": x.party, "kept_by": x.kept_by, "counts": numbers(x.counts), "before": numbers(x.before)}
                for x in self.lines
            ],
            "commitments": [
                {
                    "commitment": x.commitment, "words": dict(x.words), "article": x.article, "party": x.party, "due_on": x.due_on.isoformat(),
                    "happened_on": x.happened_on.isoformat() if x.happened_on else "", "became": x.became,
                }
                for x in self.commitments
            ],
            "drift": [{"article": x.article, "kind": x.kind, "org": x.org, "count": x.count, "open": x.open} for x in self.drift],
        }  # fmt: skip


def numbers(tally: Tally) -> list[int]:
    """A count as six numbers, in the order of `PARTS`."""
    return [getattr(tally, part) for part in PARTS]


def figures_from(plain: Mapping[str, Any]) -> Figures:
    """The figures that a snapshot keeps."""
    return Figures(
        plain["every"], datetime.fromisoformat(plain["since"]), datetime.fromisoformat(plain["until"]), datetime.fromisoformat(plain["as_of"]),
        plain["target"], plain["publish_min"],
        tuple(Line(x["name"], x["article"], x["party"], x["kept_by"], Tally(*x["counts"]), Tally(*x["before"])) for x in plain["lines"]),
        tuple(_commitments(plain["commitments"])), tuple(DriftLine(**x) for x in plain["drift"]),
    )  # fmt: skip


def _commitments(rows: Iterable[Mapping[str, Any]]) -> Iterable[CommitmentLine]:
    for x in rows:
        happened = date.fromisoformat(x["happened_on"]) if x["happened_on"] else None
        yield CommitmentLine(x["commitment"], x["words"], x["article"], x["party"], date.fromisoformat(x["due_on"]), happened, x["became"])
