"""The page of the handbook that lists every rule, made from the rules themselves."""

import json
from typing import Any

from saphan.agreements.procedures.findings import FAULTS
from saphan.agreements.procedures.floors import Floor, shipped_floors
from saphan.agreements.procedures.rules import RULES, LintRule
from saphan.agreements.procedures.rules.examples import Example, examples

HEAD = """# Rules for procedures

This page is made from the rules (`saphan procedures rules`); a test compares. How a procedure is written: [procedures](procedures.md).

An **error** keeps a draft from leaving drafting; a **warning** is shown and may stand. A rule marked *signing* is silent until a draft is to be signed.
Each example is a change of one small sound procedure (`rules/examples/base.yaml`): the first number is the article.
"""
SUBJECTS = {
    "P1": "Names", "P2": "Stages", "P3": "Consent", "P4": "Messages", "P5": "Promises", "P6": "Documents, departures, life of the agreement",
    "P7": "Score and days", "P8": "Prose", "P9": "Unused names",
}  # fmt: skip


def rules_page() -> str:
    """The whole page in Markdown."""
    parts = [HEAD]
    for prefix, subject in SUBJECTS.items():
        parts.append(f"## {prefix} {subject}\n")
        parts += [_rule(rule, examples()[rule.id]) for rule in RULES.values() if rule.id.startswith(prefix)]
    parts.append(
        "## F Floors\n\nMinimum rules of treaties and laws, as data in `seeds/reference/floors/`. Marks: sourced, recalled (to be confirmed), proposal.\n"
    )
    parts += [_floor(floor) for floor in shipped_floors()]
    parts.append(
        "## R and L Why a file is not read\n\n| id | sentence |\n|---|---|\n" + "\n".join(f"| {id} | {text} |" for id, text in FAULTS.items()) + "\n"
    )
    return "\n".join(parts)


def _rule(rule: LintRule, example: Example) -> str:
    mark = f"{rule.severity}, signing" if rule.signing else rule.severity
    lines = [f"### {rule.id} ({mark})", "", f"*{rule.sentence}*", "", rule.why, "", f"- fails: {_changes(example.fails)}"]
    if example.passes:
        lines.append(f"- passes: {_changes(example.passes)}")
    return "\n".join(lines) + "\n"


def _changes(changes: dict[str, Any]) -> str:
    told = [f"`{path}` {'taken away' if new is None else '= `' + json.dumps(new, ensure_ascii=False) + '`'}" for path, new in changes.items()]
    return "; ".join(told) or "the small procedure as it is"


def _floor(floor: Floor) -> str:
    rows = [f"| {r.id} | {r.say.get('en', '')} | {r.source} | {r.confidence} |" for r in floor.requires]
    head = (
        f"### {floor.title.get('en', floor.id)}\n\n{floor.source}. For: {', '.join(floor.kinds)}; {', '.join(floor.countries) or 'all countries'}.\n"
    )
    return "\n".join([head, "| id | minimum | source | mark |", "|---|---|---|---|", *rows, ""])
