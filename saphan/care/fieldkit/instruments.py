"""The questions as a device takes them along: the form of a version with its expressions as trees, which a small script can evaluate."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from saphan.care.screening.instruments import InstrumentVersion
from saphan.care.screening.states import VersionState
from saphan.xlsform.definition import Form
from saphan.xlsform.offline import as_offline

# The words of trees that saphan/static/js/fieldkit/logic.js knows; a test compares the two lists.
WORDS = frozenset(
    "text number truth self answer every instances position indexed column lookup choice-name and or if coalesce once today now "
    "= != < <= > >= + - * div mod neg not boolean boolean-from-string selected selected-at count-selected "
    "date date-time decimal-date-time decimal-time format-date format-date-time "
    "int as-number round floor ceiling abs pow sqrt exp log log10 pi sin cos tan "
    "string string-length regex concat join substr contains starts-with ends-with substring-before substring-after normalize-space translate "
    "count count-non-empty sum min max checklist weighted-checklist".split()
)
KINDS = frozenset(
    "text integer decimal range select_one select_multiple date time datetime barcode geopoint note image acknowledge calculate hidden start end "
    "today".split()
)
QUESTION = (
    "asked", "label", "hint", "choices", "constraint", "constraintMessage", "required", "requiredMessage", "readOnly", "default", "parameters",
    "filter", "calculation",
)  # fmt: skip
TREES = ("constraint", "required", "readOnly", "default", "filter", "calculation", "count")


@dataclass(frozen=True)
class Staying:
    """A version that no device takes along, and what in it a device cannot do, in the words of XLSForm."""

    version: InstrumentVersion
    lacking: list[str]


def offered() -> list[InstrumentVersion]:
    """The versions that a device takes along: of each instrument the newest approved one, and newer drafts for training."""
    found: list[InstrumentVersion] = []
    approved: set[str] = set()
    for version in (
        InstrumentVersion.objects.exclude(state=VersionState.RETIRED).select_related("instrument", "questionnaire").order_by("instrument", "-number")
    ):
        if version.instrument_id not in approved:
            found.append(version)
        if version.state == VersionState.APPROVED:
            approved.add(version.instrument_id)
    return found


def staying() -> list[Staying]:
    """The versions that no device takes along; the page that prepares one names them and what they ask for."""
    return [Staying(version, lacking) for version in offered() if (lacking := lacking_in(questions_of(version.form)))]


def taken_along(version: InstrumentVersion) -> dict[str, Any] | None:
    """One version as JSON for a device; None when it asks for what a device without network cannot do."""
    found = questions_of(version.form)
    if lacking_in(found):
        return None
    return {
        "version": str(version.pk),
        "code": version.instrument_id,
        "number": version.number,
        "audience": version.instrument.audience,
        "formal": version.state == VersionState.APPROVED,
        "name": {"en": version.instrument.name_en, "th": version.instrument.name_th},
        **found,
    }


def questions_of(form: Form) -> dict[str, Any]:
    """What a device needs in order to ask a form: its rows one after the other, and in `layout` how they are nested.

    A row names the groups and repeats around it (`within`), outermost first; its own condition stands in `relevant`.
    """
    offline = as_offline(form)
    rows = list(_flat(offline["children"], "", []))
    return {
        "languages": [language["code"] for language in offline["languages"]],
        "default": offline["default"],
        "sections": [{"code": node["code"], "label": node.get("label", {})} for node in offline["children"] if node["node"] != "question"],
        "questions": [row for row in rows if row["node"] == "question"],
        "containers": [row for row in rows if row["node"] != "question"],
        "layout": _layout(offline["children"]),
        "order": offline["order"],
        "choices": offline["choices"],
    }


def lacking_in(found: dict[str, Any]) -> list[str]:
    """The kinds of questions and the functions in what `questions_of` gave that the page does not know; none: a device can ask it."""
    kinds = {q["kind"] for q in found["questions"] if q["shown"]} - KINDS
    rows = [*found["questions"], *found["containers"]]
    trees = [tree for row in rows for tree in (*row["relevant"], *(row[name] for name in TREES if name in row))]
    words = set().union(*(_words(tree) for tree in trees)) - WORDS
    return [*sorted(kinds), *sorted(f"{word}()" for word in words)]


def _flat(nodes: Sequence[dict[str, Any]], section: str, within: list[str]) -> Iterator[dict[str, Any]]:
    for node in nodes:
        if node["node"] == "question":
            yield _question(node, section, within)
        else:
            part = section or node["code"]
            yield _container(node, part, within)
            yield from _flat(node.get("children", []), part, [*within, node["code"]])


def _row(node: dict[str, Any], section: str, within: list[str]) -> dict[str, Any]:
    return {
        "node": node["node"],
        "code": node["code"],
        "section": section,
        "within": within,
        "relevant": [node["relevant"]] if "relevant" in node else [],
    }


def _container(node: dict[str, Any], section: str, within: list[str]) -> dict[str, Any]:
    return _row(node, section, within) | {name: node[name] for name in ("label", "count") if name in node}


def _question(node: dict[str, Any], section: str, within: list[str]) -> dict[str, Any]:
    extra = node.get("extra", {})
    own = {
        "kind": node["kind"],
        "shown": bool(node.get("shown")) and node["kind"] not in ("hidden", "calculate"),
        "why": extra.get("why", {}),
        "child_only": extra.get("sph_child_only") == "1",
    }
    return _row(node, section, within) | own | {name: node[name] for name in QUESTION if name in node}


def _layout(nodes: Sequence[dict[str, Any]]) -> list[Any]:
    """How the rows are nested: a question is its code, a group or repeat a pair of its code and what stands in it."""
    return [node["code"] if node["node"] == "question" else [node["code"], _layout(node.get("children", []))] for node in nodes]


def _words(tree: Sequence[Any]) -> set[str]:
    if tree[0] == "lookup":  # its list and column are names
        return {"lookup"} | _words(tree[2])
    return {str(tree[0])}.union(*(_words(part) for part in tree[1:] if isinstance(part, list)))
