"""A result as data and in words: pure, so that a file can be evaluated without a database. What is opened and kept stands in `results`."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from saphan.care.screening.codes import (
    DIMENSION_LABELS,
    ELEMENT_LABELS,
    ELEMENT_NAMES,
    FINDING_LABELS,
    FINDING_TONES,
    RESULT_TONES,
    ResultCode,
)
from saphan.care.screening.rules import DIMENSIONS, Branch, Finding, Result
from saphan.core.origin import in_language


class Worded(Protocol):
    """A question as a result names it: its code, and what it is called where it is evidence."""

    @property
    def code(self) -> str: ...
    @property
    def label(self) -> str: ...


@dataclass(frozen=True)
class Basis:
    """What a result rests on; every result names it."""

    instrument: str
    version: int
    source: str
    source_th: str
    rule_version: str
    confidence: str
    formal: bool


def as_json(result: Result, basis: Basis) -> dict[str, Any]:
    """The result as data: codes and counts, no wording, so that it can be read in any language later."""
    return {
        "basis": vars(basis),
        "branch": result.branch,
        "classification": result.classification,
        "possible": result.possible,
        "questions": result.questions,
        "dimensions": [
            {"code": d.dimension, "finding": d.finding, "asked": d.asked, "yes": d.yes, "open": d.open, "evidence": d.evidence, "gaps": d.gaps}
            for d in result.dimensions
        ],
        "elements": [vars(line) for line in result.elements],
    }


@dataclass(frozen=True)
class DimensionLine:
    """One line of the running table."""

    code: str
    label: str
    finding: str
    tone: str
    yes: tuple[int, ...]
    open: int
    evidence: list[str]
    sentence: str


@dataclass(frozen=True)
class ElementLine:
    """One line of act, means and purpose."""

    element: str
    name: str
    evidence: list[str]
    open: int


@dataclass(frozen=True)
class Reading:
    """A result in the reader's language, in sentences that a court could read."""

    headline: str
    tone: str
    sentences: list[str]
    dimensions: list[DimensionLine]
    elements: list[ElementLine]
    questions: list[Any]  # the questions that were given, in the order in which they would settle it
    basis: Mapping[str, Any]
    determined: bool
    forced_crime: bool


def read_aloud(kept: Mapping[str, Any], questions: Sequence[Worded]) -> Reading:
    """Puts a kept result into words."""
    wording = {q.code: q for q in questions}
    lines = [_dimension_line(d, wording) for d in kept["dimensions"] if _is_told(d)]
    code = ResultCode(kept["classification"] or ResultCode.UNDETERMINED)
    elements = [_element_line(e, wording) for e in kept["elements"]]
    return Reading(
        headline=str(code.label),
        tone=RESULT_TONES.get(code, "warm"),
        sentences=[*_opening(kept, code), *[line.sentence for line in lines if line.code in DIMENSIONS], *_closing(kept)],
        dimensions=lines,
        elements=elements,
        questions=[wording[c] for c in kept["questions"] if c in wording],
        basis=kept["basis"],
        determined=bool(kept["classification"]),
        forced_crime=any(e["name"] == "forced_criminality" and e["evidence"] for e in kept["elements"]),
    )


def _is_told(dimension: Mapping[str, Any]) -> bool:
    """A dimension about which this instrument asks nothing is neither found nor not found; act and override stand in the table of elements."""
    if dimension["code"] in DIMENSIONS:
        return bool(dimension.get("asked", 1))  # results kept before this was counted come from instruments that ask about all
    return bool(dimension["evidence"] or any(dimension["open"]))


def _labels(codes: Iterable[str], wording: Mapping[str, Worded]) -> list[str]:
    return [wording[c].label for c in codes if c in wording]


def _dimension_line(kept: Mapping[str, Any], wording: Mapping[str, Worded]) -> DimensionLine:
    finding = Finding(kept["finding"])
    evidence = _labels(kept["evidence"], wording)
    label = str(DIMENSION_LABELS[kept["code"]])
    return DimensionLine(
        code=kept["code"],
        label=label,
        finding=str(FINDING_LABELS[finding]),
        tone=FINDING_TONES[finding],
        yes=tuple(kept["yes"]),
        open=sum(kept["open"]),
        evidence=evidence,
        sentence=_sentence(label, finding, evidence, tuple(kept["yes"]), sum(kept["open"])),
    )


def _sentence(label: str, finding: Finding, evidence: list[str], yes: tuple[int, ...], unanswered: int) -> str:
    told = {"dimension": label, "evidence": "; ".join(evidence), "strong": yes[0], "medium": yes[1], "weak": yes[2]}
    if finding == Finding.POSITIVE:
        said_so = _("%(dimension)s: found. The person said: %(evidence)s (%(strong)d strong, %(medium)d medium, %(weak)d weak signs).") % told
    elif finding == Finding.NEGATIVE and evidence:
        said_so = (
            _("%(dimension)s: not found. Not enough by the rule: %(evidence)s (%(strong)d strong, %(medium)d medium, %(weak)d weak signs).") % told
        )
    elif finding == Finding.NEGATIVE:
        said_so = _("%(dimension)s: not found.") % told
    elif evidence:
        said_so = _("%(dimension)s: not clear yet. The person said: %(evidence)s.") % told
    else:
        said_so = _("%(dimension)s: not clear yet.") % told
    return f"{said_so} {_unanswered(unanswered)}" if unanswered else said_so


def _unanswered(number: int) -> str:
    return ngettext(
        "%(n)d question has no answer; that is not taken for a no.", "%(n)d questions have no answer; that is not taken for a no.", number
    ) % {"n": number}


def _element_line(kept: Mapping[str, Any], wording: Mapping[str, Worded]) -> ElementLine:
    return ElementLine(str(ELEMENT_LABELS[kept["element"]]), str(ELEMENT_NAMES[kept["name"]]), _labels(kept["evidence"], wording), len(kept["gaps"]))


MEANINGS = {
    ResultCode.TRAFFICKING: lambda: _("The answers speak for trafficking in persons."),
    ResultCode.DECEPTION: lambda: _("The answers speak for deception and for exploitation at work."),
    ResultCode.RECRUITMENT: lambda: _("The answers speak for exploitation at work, and for pressure when the work was offered."),
    ResultCode.FORCED: lambda: _("The answers speak for forced exploitation. How the person came to the work is not clear."),
    ResultCode.LABOUR_RIGHTS: lambda: _("The answers speak for exploitation at work without a means of trafficking. Look at labour rights."),
    ResultCode.CHECK_INTENT: lambda: _("The answers speak for deception or pressure, not for exploitation. Look whether it was intended."),
    ResultCode.NOT_INDICATED: lambda: _("These answers do not speak for trafficking. That closes no door to help."),
    ResultCode.UNDETERMINED: lambda: _("The answers do not settle the result."),
}


def _opening(kept: Mapping[str, Any], code: ResultCode) -> list[str]:
    opening = [MEANINGS[code]()]
    if not kept["classification"]:
        open_results = ", ".join(str(ResultCode(c).label) for c in kept["possible"])
        opening.append(_("Still possible: %(results)s.") % {"results": open_results})
    if kept["branch"] == Branch.CHILD:
        opening.append(_("The child's rule applies (under eighteen, or age in doubt): a means such as deception or force is not needed."))
    return opening


def _closing(kept: Mapping[str, Any]) -> list[str]:
    basis = kept["basis"]
    source = in_language(basis["source"], basis.get("source_th", ""))
    named = {"instrument": basis["instrument"], "version": basis["version"], "source": source, "rule": basis["rule_version"]}
    closing = [_("Basis: instrument %(instrument)s, version %(version)s; rule %(rule)s; source: %(source)s.") % named]
    if not basis["formal"]:
        closing.append(_("This version is a draft: the result is informal and no decision may rest on it."))
    closing.append(_("This is a summary of answers and not a decision. A named team decides."))
    return closing
