"""The questions as a device takes them along: the form of a version with its expressions as trees, which a small script can evaluate."""

from collections.abc import Iterator, Sequence
from typing import Any

from saphan.care.screening.instruments import InstrumentVersion
from saphan.care.screening.states import VersionState
from saphan.xlsform.offline import as_offline

# The words of trees that saphan/static/js/fieldkit/logic.js knows; a test compares the two lists.
WORDS = frozenset(
    "text number truth self answer column and or if coalesce once today = != < <= > >= + - * div mod neg not true false boolean as-number selected selected-at "
    "count-selected date decimal-date-time format-date int round floor ceiling abs pow string string-length regex concat join substr contains "
    "starts-with ends-with normalize-space count count-non-empty sum min max".split()
)
KINDS = frozenset("text integer decimal range select_one select_multiple date time note image acknowledge calculate hidden start end today".split())
QUESTION = ("label", "hint", "choices", "constraint", "constraintMessage", "filter", "calculation")


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


def staying() -> list[InstrumentVersion]:
    """The versions that no device takes along; the page that prepares one names them."""
    return [version for version in offered() if taken_along(version) is None]


def taken_along(version: InstrumentVersion) -> dict[str, Any] | None:
    """One version as JSON for a device; None when it asks for what a device without network cannot do."""
    offline = as_offline(version.form)
    questions = list(_flat(offline["children"], "", []))
    if not _fits(offline["children"], questions):
        return None
    return {
        "version": str(version.pk),
        "code": version.instrument_id,
        "number": version.number,
        "audience": version.instrument.audience,
        "formal": version.state == VersionState.APPROVED,
        "name": {"en": version.instrument.name_en, "th": version.instrument.name_th},
        "languages": [language["code"] for language in offline["languages"]],
        "sections": [{"code": node["code"], "label": node.get("label", {})} for node in offline["children"] if node["node"] != "question"],
        "questions": questions,
        "choices": offline["choices"],
    }


def _flat(nodes: Sequence[dict[str, Any]], section: str, conditions: list[Any]) -> Iterator[dict[str, Any]]:
    """The questions one after the other, each with the conditions of the groups around it."""
    for node in nodes:
        own = [*conditions, node["relevant"]] if "relevant" in node else conditions
        if node["node"] == "question":
            yield _question(node, section, own)
        else:
            yield from _flat(node.get("children", []), section or node["code"], own)


def _question(node: dict[str, Any], section: str, conditions: list[Any]) -> dict[str, Any]:
    extra = node.get("extra", {})
    return {
        "code": node["code"],
        "section": section,
        "kind": node["kind"],
        "shown": bool(node.get("shown")) and node["kind"] not in ("hidden", "calculate"),
        "relevant": conditions,
        "why": extra.get("why", {}),
        "child_only": extra.get("sph_child_only") == "1",
        **{name: node[name] for name in QUESTION if name in node},
    }


def _fits(nodes: Sequence[dict[str, Any]], questions: Sequence[dict[str, Any]]) -> bool:
    """Repeats, kinds and words that the page does not know keep a form in the office."""
    if any(node["node"] == "repeat" or not _fits(node.get("children", []), []) for node in nodes if node["node"] != "question"):
        return False
    trees = [tree for q in questions for tree in (*q["relevant"], *(q[name] for name in ("constraint", "filter", "calculation") if name in q))]
    return all(q["kind"] in KINDS for q in questions if q["shown"]) and all(_words(tree) <= WORDS for tree in trees)


def _words(tree: Sequence[Any]) -> set[str]:
    return {str(tree[0])}.union(*(_words(part) for part in tree[1:] if isinstance(part, list)))
