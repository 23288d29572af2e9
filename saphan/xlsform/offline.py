"""A form for a device without network: plain values that a small script can show and evaluate, the expressions as the trees of `expressions`.

    {"form": id, "version": …, "digest": …, "title": …, "languages": [{"code", "name", "direction"}], "default": code,
     "choices": {list: [{"name", "label": {code: words}, "media": {…}, "columns": {…}}]},
     "children": [node, …], "sections": [{"key", "label", "codes": [code, …]}],
     "order": [code, …]}                     # in this order calculations and relevances can be worked out one after the other

A node is {"node": "question" | "group" | "repeat", "code", "label", "hint", "relevant": tree, …}; a tree that is not there means: always, none.
Trees are lists, the first item is the word: ["and", ["=", ["answer", "a"], ["text", "yes"]], ["<", ["self"], ["number", 18]]].
"""

from dataclasses import dataclass
from typing import Any

from saphan.xlsform.definition import Choice, Form, Node, Question
from saphan.xlsform.expressions import Tree
from saphan.xlsform.kinds import FILES
from saphan.xlsform.pages import sections_of, shown
from saphan.xlsform.plan import Plan, plan_of

COLUMNS = {"relevant": "relevant", "constraint": "constraint", "required": "required", "calculation": "calculation", "read_only": "readOnly",
           "choice_filter": "filter", "repeat_count": "count", "default": "default"}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Unsupported:
    """Something that a device without network does not do."""

    row: int
    column: str
    what: str


def unsupported(form: Form) -> list[Unsupported]:
    """What of this form a device without network leaves out: files are taken later, when the network is back."""
    plan = plan_of(form)
    broken = [Unsupported(failure.node.row, failure.column, failure.error.code) for failure in plan.failures]
    files = [Unsupported(node.row, "type", node.kind) for node, _ in form.nodes() if isinstance(node, Question) and node.kind in FILES]
    return sorted(broken + files, key=lambda each: each.row)


def as_offline(form: Form) -> dict[str, Any]:
    """Everything a script needs in order to ask this form, without the server and without an XPath engine."""
    plan = plan_of(form)
    return {
        "form": form.form_id,
        "version": form.version,
        "digest": form.digest,
        "title": form.title,
        "languages": [{"code": language.code, "name": language.name, "direction": language.direction} for language in form.languages],
        "default": form.default_language,
        "choices": {name: [_choice(choice) for choice in choices] for name, choices in form.choices.items()},
        "children": [_node(plan, node) for node in form.children],
        "sections": _sections(form),
        "order": _order(plan),
        "unsupported": [[each.row, each.column, each.what] for each in unsupported(form)],
    }


def as_lists(tree: Tree) -> list[Any]:
    """A tree as JSON has it."""
    return [as_lists(part) if isinstance(part, tuple) else part for part in tree]


def _choice(choice: Choice) -> dict[str, Any]:
    return _without_empty({"name": choice.name, "label": choice.label, "media": choice.media, "columns": choice.extra})


def _node(plan: Plan, node: Node) -> dict[str, Any]:
    found: dict[str, Any] = {
        "node": node.node,
        "code": node.code,
        "label": node.label,
        "hint": node.hint,
        "appearance": node.appearance,
        "extra": node.extra,
    }
    for column, key in COLUMNS.items():
        if (tree := plan.tree(node.code, column)) is not None:
            found[key] = as_lists(tree)
    if isinstance(node, Question):
        found |= _question(node)
        if node.default and "default" not in found:
            found["default"] = ["text", node.default]
    else:
        found["children"] = [_node(plan, child) for child in node.children]
    return _without_empty(found)


def _question(question: Question) -> dict[str, Any]:
    return {
        "kind": question.kind,
        "asked": question.asked,
        "shown": shown(question),
        "guidance": question.guidance,
        "choices": question.choices,
        "constraintMessage": question.constraint_message,
        "requiredMessage": question.required_message,
        "parameters": question.parameters,
        "media": question.media,
    }


def _sections(form: Form) -> list[dict[str, Any]]:
    """The parts of the form as `pages(by="section")` cuts it, whatever is asked now."""
    return [{"key": section.key, "label": section.label, "codes": [node.code for node in section.nodes]} for section in sections_of(form)]


def _order(plan: Plan) -> list[str]:
    found: dict[str, None] = {}
    for code in plan.needs:
        found.update(dict.fromkeys(plan.before(code)))
    return list(found)


def _without_empty(values: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in values.items() if value not in ("", {}, [], None)}
