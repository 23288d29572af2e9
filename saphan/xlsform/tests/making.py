"""Forms for the tests: by hand, and at random."""

from datetime import UTC, datetime
from typing import Any

from hypothesis import strategies as st

from saphan.xlsform.definition import Form
from saphan.xlsform.reading import Reading, read_tables

AT = datetime(2026, 11, 28, 3, 0, tzinfo=UTC)
YES_NO = [{"list_name": "yn", "name": "yes", "label": "Yes"}, {"list_name": "yn", "name": "no", "label": "No"}]


def row(kind: str, name: str = "", label: str = "", **cells: str) -> dict[str, str]:
    """A row of the survey sheet; a label is made up where a question would need one."""
    found = {"type": kind, "name": name, "label": label or (name if kind not in ("calculate",) and not kind.startswith("end") else "")}
    return {column: cell for column, cell in {**found, **cells}.items() if cell}


def reading_of(*rows: dict[str, str], choices: list[dict[str, str]] | None = None, **settings: str) -> Reading:
    """The reading of these rows, with a list `yn` unless other lists are given."""
    return read_tables(
        {"survey": list(rows), "choices": YES_NO if choices is None else choices, "settings": [{"form_id": "f", "version": "1", **settings}]}
    )


def form_of(*rows: dict[str, str], choices: list[dict[str, str]] | None = None, **settings: str) -> Form:
    """The form of these rows, which must be without a problem."""
    reading = reading_of(*rows, choices=choices, **settings)
    assert reading.form is not None, [(problem.where, problem.sentence) for problem in reading.problems]
    return reading.form


def codes_of(reading: Reading) -> list[tuple[str, int, str, str]]:
    """What is wrong, by sheet, row, column and code."""
    return [(problem.sheet, problem.row, problem.column, problem.code) for problem in reading.problems]


# at random

WORDS = (
    st.text(st.characters(codec="utf-8", categories=("L", "N", "P", "M", "Zs"), exclude_characters="${}_"), min_size=1, max_size=12)
    .map(str.strip)
    .filter(bool)
)
HEADINGS = {"": "", "en": "::English (en)", "th": "::Thai (th)", "ar": "::Arabic (ar)"}
KINDS = ["text", "integer", "decimal", "select_one l0", "select_one l1", "select_multiple l1", "date", "note", "acknowledge"]
VALUES = {
    "text": ["", "a", "b c", "12"], "integer": ["", "0", "5", "17", "-3"], "decimal": ["", "0.5", "5", "17.25"], "select_one": ["", "c0", "c1"],
    "select_multiple": ["", "c0", "c0 c1", "c2 c1"], "date": ["", "2000-02-29", "2026-11-27"], "acknowledge": ["", "OK"],
}  # fmt: skip


@st.composite
def expressions(draw: st.DrawFn, names: list[str], depth: int = 3) -> str:
    """A truth over earlier questions."""
    if depth == 0 or not names or draw(st.booleans()):
        return draw(st.sampled_from(_leaves(draw, names)))
    one = draw(expressions(names, depth - 1))
    other = draw(expressions(names, depth - 1))
    return draw(st.sampled_from([f"({one} and {other})", f"({one} or {other})", f"not({one})", f"if({one}, {other}, true())"]))


def _leaves(draw: st.DrawFn, names: list[str]) -> list[str]:
    if not names:
        return ["true()", "1 < 2", "'a' = 'b'"]
    a, b = (f"${{{draw(st.sampled_from(names))}}}" for _ in range(2))
    n = draw(st.integers(-3, 20))
    return [
        f"{a} = 'yes'", f"{a} != ''", f"selected({a}, 'c1')", f"{a} > {n}", f"{a} <= {b}", f"{a} = {b}", f"string-length({a}) >= 2", f"count-selected({a}) = 2",
        f"{a} + {n} = {b}", f"coalesce({a}, {b}) != 'a'", f"number({a}) mod 3 = 1", f"contains({a}, 'c')", f"int({a} div 2) = 2", f"boolean({a})",
        f"round({a}) != {n}", f"concat({a}, '-', {b}) = 'a-b c'", f"substr({a}, 1, 3) = ' c'", f"regex({a}, '[a-c0-9]+')", f"selected-at({a}, 0) = 'c0'",
    ]  # fmt: skip


@st.composite
def tables(draw: st.DrawFn) -> dict[str, list[dict[str, str]]]:
    """A workbook without a problem: groups and repeats in each other, conditions on earlier questions, several languages, columns of one's own."""
    languages = draw(st.sampled_from([[""], ["en"], ["en", "th"], ["th", "ar", "en"], ["", "th"]]))
    survey: list[dict[str, str]] = []
    _fill(draw, survey, languages, [], 0)
    if not any(cells.get("type") in KINDS for cells in survey):
        survey.append({"type": "text", "name": "last", **_words(draw, "label", languages)})
    choices = [
        {
            "list_name": f"l{listed}",
            "name": f"c{number}",
            **_words(draw, "label", languages),
            **({"region": draw(WORDS)} if draw(st.booleans()) else {}),
        }
        for listed in range(2)
        for number in range(3)
    ]
    settings = {"form_id": "f", "form_title": draw(WORDS), "version": draw(st.sampled_from(["1", "2026.1"])), "sph_kind": "form"}
    return {"survey": survey, "choices": choices, "settings": [settings]}


def _words(draw: st.DrawFn, column: str, languages: list[str]) -> dict[str, str]:
    return {f"{column}{HEADINGS[language]}": draw(WORDS) for language in languages}


def _fill(draw: st.DrawFn, survey: list[dict[str, str]], languages: list[str], names: list[str], depth: int) -> None:
    for _ in range(draw(st.integers(1, 4))):
        name = f"q{len(survey)}"
        cells: dict[str, Any] = {"name": name, **_words(draw, "label", languages)}
        if draw(st.booleans()) and names:
            cells["relevant"] = draw(expressions(names))
        if depth < 2 and draw(st.integers(0, 3)) == 0:
            kind = draw(st.sampled_from(["group", "repeat"]))
            survey.append({"type": f"begin_{kind}", **cells})
            _fill(draw, survey, languages, [*names] if kind == "group" else names[:], depth + 1)
            survey.append({"type": f"end_{kind}"})
        elif draw(st.integers(0, 5)) == 0:
            survey.append({"type": "calculate", "name": name, "calculation": draw(expressions(names))})
            names.append(name)
        else:
            survey.append({"type": draw(st.sampled_from(KINDS)), **cells, **_more(draw, languages)})
            names.append(name) if survey[-1]["type"] != "note" else None


def _more(draw: st.DrawFn, languages: list[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    if draw(st.booleans()):
        found |= _words(draw, "hint", languages)
    if draw(st.booleans()):
        found |= _words(draw, "why", languages)
    if draw(st.booleans()):
        found["sph_strength"] = draw(st.sampled_from(["strong", "weak"]))
    if draw(st.integers(0, 3)) == 0:
        found["required"] = "yes"
    return found


@st.composite
def answered(draw: st.DrawFn) -> tuple[Form, dict[str, str]]:
    """A form and answers to some of its questions, whether they are asked or not."""
    reading = read_tables(draw(tables()))
    assert reading.form is not None, [(problem.where, problem.sentence) for problem in reading.problems]
    form = reading.form
    values: dict[str, str] = {}
    for question in form.questions():
        depth = len(form.repeats_around(question.code))
        for index in [""] if not depth else ["@1", "@2"] if depth == 1 else ["@1.1", "@1.2", "@2.1"]:
            if draw(st.booleans()):
                values[f"{question.code}{index}"] = draw(st.sampled_from(VALUES[question.kind]))
    return form, values
