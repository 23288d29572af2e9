"""What a form must hold beyond its cells: expressions that can be worked out, names that are there, no rings, every language whole."""

import re
from collections.abc import Iterator, Mapping

from saphan.xlsform.coverage import coverage
from saphan.xlsform.definition import Form, Question, Text
from saphan.xlsform.parameters import parameters_of
from saphan.xlsform.plan import SLOTS, Plan, rows_named
from saphan.xlsform.problems import Problem
from saphan.xlsform.wordings import MENTION

HEADED = {"calculation": "calculation", "repeat_count": "repeat_count"}
NUMBER = re.compile(r"-?\d+(?:\.\d+)?", re.ASCII)


def check(form: Form, plan: Plan, headings: Mapping[str, str]) -> list[Problem]:
    """Everything that keeps the form from being used; `headings` says how the writer names a column."""
    problems = [
        Problem("survey", failure.node.row, headings.get(failure.column, failure.column), failure.error.code, failure.error.arguments)
        for failure in plan.failures
    ]
    problems += _mentions(form)
    problems += _calculations(form, headings)
    problems += _ranges(form)
    problems += _rings(form, plan, headings)
    return sorted(problems, key=lambda problem: problem.row)


def _mentions(form: Form) -> Iterator[Problem]:
    """Names that labels and hints mention and the form does not have."""
    names = [node.name for node, _ in form.nodes()]
    for node, _ in form.nodes():
        for column, text in _texts(node):
            for name in {found for words in text.values() for found in MENTION.findall(words)}:
                if names.count(name) != 1:
                    yield Problem("survey", node.row, column, "name_not_unique" if name in names else "no_such_name", {"name": name})


def _texts(node: object) -> list[tuple[str, Text]]:
    columns = ("label", "hint", "guidance", "constraint_message", "required_message")
    return [(column, text) for column in columns if (text := getattr(node, column, None))]


def _calculations(form: Form, headings: Mapping[str, str]) -> Iterator[Problem]:
    for node, _ in form.nodes():
        if isinstance(node, Question) and node.kind == "calculate" and not node.calculation and not node.default:
            yield Problem("survey", node.row, headings.get("calculation", "calculation"), "no_calculation", {"name": node.name})


def _ranges(form: Form) -> Iterator[Problem]:
    for node, _ in form.nodes():
        if isinstance(node, Question) and node.kind == "range":
            for name, value in parameters_of(node.parameters).items():
                if name in ("start", "end", "step") and not NUMBER.fullmatch(value):
                    yield Problem("survey", node.row, "parameters", "bad_number", {"name": name})


def _rings(form: Form, plan: Plan, headings: Mapping[str, str]) -> Iterator[Problem]:
    for ring in plan.rings:
        node = form.by_code[ring[0]]
        column = next((column for column in SLOTS.values() if (node.code, column) in plan.trees), "relevant")
        yield Problem("survey", node.row, headings.get(column, column), "ring", {"ring": rows_named(form, (*ring, ring[0]))})


def warn(form: Form) -> list[Problem]:
    """What its writer should know and may leave: texts that one language lacks, parameters that are not carried out."""
    missing = [
        Problem(gap.sheet, gap.row, gap.column, "translation_missing", {"language": form.language(gap.language).heading}) for gap in coverage(form)
    ]
    random = [
        Problem("survey", node.row, "parameters", "parameter_unused", {"name": "randomize"})
        for node, _ in form.nodes()
        if isinstance(node, Question) and "randomize" in parameters_of(node.parameters)
    ]
    unlabelled = [
        Problem("survey", node.row, "label", "no_label", {"name": node.name})
        for node, _ in form.nodes()
        if isinstance(node, Question) and (node.asked or node.kind == "note") and not any(node.label.values()) and not node.media
    ]
    return missing + random + unlabelled
