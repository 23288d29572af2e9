"""From a form back to a workbook: text cells only, so that nothing in it can run."""

import io
from collections.abc import Iterable
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

from saphan.xlsform.definition import Choice, Container, Extra, Form, Node, Question, Repeat, Text
from saphan.xlsform.workbook import SHEETS, Tables

WRITTEN = {"datetime": "dateTime"}
FIRST = {"survey": ("type", "name"), "choices": ("list_name", "name"), "settings": ("form_title", "form_id", "version", "default_language")}


def write_workbook(tables: Tables) -> bytes:
    """The tables as .xlsx. Every cell is text: a cell that begins with = stays what it is, and is no formula."""
    book = Workbook(write_only=True)
    for name in (*SHEETS, *(name for name in tables if name not in SHEETS)):
        if name in tables:
            sheet = book.create_sheet(name)
            headings = headings_of(name, tables[name])
            sheet.append([_text(sheet, heading) for heading in headings])
            for row in tables[name]:
                sheet.append([_text(sheet, row.get(heading, "")) for heading in headings])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _text(sheet: Any, text: str) -> Any:
    if not text:
        return None
    cell = WriteOnlyCell(sheet, ILLEGAL_CHARACTERS_RE.sub("", text)[:32_767])
    cell.data_type = "s"
    return cell


def headings_of(sheet: str, rows: Iterable[dict[str, str]]) -> list[str]:
    """The columns of a table: the usual ones first, the others as they come."""
    found = dict.fromkeys(heading for row in rows for heading in row)
    return [
        *(heading for heading in FIRST.get(sheet, ()) if heading in found),
        *(heading for heading in found if heading not in FIRST.get(sheet, ())),
    ]


def tables_of(form: Form) -> Tables:
    """The sheets of a form. Rows stand where they stood, so that a problem names the row that its writer knows."""
    survey: list[dict[str, str]] = []
    _write_children(form, form.children, survey)
    choices: list[dict[str, str]] = []
    rows = [(choice.row, name, choice) for name, listed in form.choices.items() for choice in listed]
    for row, name, choice in sorted(rows, key=lambda item: item[0] or 10**9):
        _place(choices, row, _choice_row(form, name, choice))
    return {"survey": survey, "choices": choices, "settings": [_settings_row(form)]}


def _place(rows: list[dict[str, str]], row: int, cells: dict[str, str]) -> None:
    rows += [{} for _ in range(row - 2 - len(rows))]
    rows.append(cells)


def _write_children(form: Form, children: Iterable[Node], rows: list[dict[str, str]]) -> None:
    for node in children:
        if isinstance(node, Question):
            _place(rows, node.row, _question_row(form, node))
        else:
            _place(rows, node.row, _container_row(form, node))
            _write_children(form, node.children, rows)
            rows.append({"type": f"end_{node.node}"})


def _question_row(form: Form, question: Question) -> dict[str, str]:
    kind = WRITTEN.get(question.kind, question.kind)
    row = {"type": f"{kind} {question.choices}" if question.choices else kind, "name": question.name}
    _add_words(form, row, "label", question.label)
    _add_words(form, row, "hint", question.hint)
    _add_words(form, row, "guidance_hint", question.guidance)
    for column in ("relevant", "constraint", "required", "calculation", "default", "choice_filter", "appearance", "read_only", "parameters"):
        if value := getattr(question, column):
            row[column] = value
    _add_words(form, row, "constraint_message", question.constraint_message)
    _add_words(form, row, "required_message", question.required_message)
    for media, text in question.media.items():
        _add_words(form, row, f"media::{media}", text)
    _add_extra(form, row, question.extra)
    return row


def _container_row(form: Form, node: Container) -> dict[str, str]:
    row = {"type": f"begin_{node.node}", "name": node.name}
    _add_words(form, row, "label", node.label)
    _add_words(form, row, "hint", node.hint)
    for column in ("relevant", "appearance"):
        if value := getattr(node, column):
            row[column] = value
    if isinstance(node, Repeat) and node.count:
        row["repeat_count"] = node.count
    _add_extra(form, row, node.extra)
    return row


def _choice_row(form: Form, name: str, choice: Choice) -> dict[str, str]:
    row = {"list_name": name, "name": choice.name}
    _add_words(form, row, "label", choice.label)
    for media, text in choice.media.items():
        _add_words(form, row, f"media::{media}", text)
    return row | choice.extra


def _settings_row(form: Form) -> dict[str, str]:
    row = {"form_title": form.title, "form_id": form.form_id, "version": form.version}
    if form.default_language:
        row["default_language"] = form.language(form.default_language).heading
    _add_extra(form, row, form.settings)
    return {column: cell for column, cell in row.items() if cell}


def _add_words(form: Form, row: dict[str, str], column: str, text: Text) -> None:
    for code, words in text.items():
        row[_heading(form, column, code)] = words


def _add_extra(form: Form, row: dict[str, str], extra: Extra) -> None:
    for column, value in extra.items():
        if isinstance(value, str):
            row[column] = value
        else:
            _add_words(form, row, column, value)


def _heading(form: Form, column: str, code: str) -> str:
    return f"{column}::{form.language(code).heading}" if code else column
