"""Reading an XLSForm: the file, its tables, the form. What is wrong is told with sheet, row and column; the form is there only when nothing is.

Our own reader knows where each cell stands; pyxform, which ODK and Kobo use, then says whether they could use the form too.
"""

import difflib
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from pyxform.errors import PyXFormError
from pyxform.xls2xform import convert

from saphan.xlsform.building import build
from saphan.xlsform.checks import check, warn
from saphan.xlsform.definition import Form
from saphan.xlsform.plan import plan_of
from saphan.xlsform.problems import Problem, Stopped
from saphan.xlsform.workbook import MAX_ROWS, SHEETS, Tables, open_workbook
from saphan.xlsform.writing import tables_of

COLUMN = re.compile(r"the '([a-z_]+)' value")
ROW = re.compile(r"\[row : (\d+)\]\s*")


@dataclass(frozen=True)
class Reading:
    """What came of a workbook: the form, or the problems that stand against it. Warnings do not."""

    form: Form | None
    problems: tuple[Problem, ...] = ()
    warnings: tuple[Problem, ...] = ()
    tables: Tables | None = None


def read_workbook(content: bytes, name: str) -> Reading:
    """Reads the bytes of a spreadsheet (.xlsx, .xls, .csv). Raises nothing: whatever is wrong stands in `problems`."""
    try:
        opened = open_workbook(content)
        reading = read_tables(opened.tables, name=name, sheets=opened.sheets)
    except Stopped as stopped:
        return Reading(None, (stopped.problem,))
    return replace(reading, warnings=(*opened.warnings, *reading.warnings))


def read_tables(tables: Tables, *, name: str = "", sheets: Iterable[str] | None = None) -> Reading:
    """The form of these tables: sheet -> rows by heading; row n of a list is row n + 2 of the sheet."""
    tables = {sheet: [{heading: cell for heading, cell in row.items() if cell} for row in rows] for sheet, rows in tables.items()}
    if wrong := _missing(tables, list(tables if sheets is None else sheets)):
        return Reading(None, tuple(wrong), tables=tables)
    built = build(tables, name)
    problems = [*built.problems, *check(built.form, plan_of(built.form), built.headings)]
    if not problems:
        problems = _checked_by_pyxform(built.form)
    warnings = (*_misspelt_sheets(tables, sheets or ()), *built.warnings, *warn(built.form))
    return Reading(None if problems else built.form, tuple(problems), warnings, tables)


def _missing(tables: Tables, sheets: list[str]) -> list[Problem]:
    if "survey" not in tables:
        return [Problem("survey", 0, "", "no_survey", {"found": ", ".join(sheets[:20])})]
    rows = tables["survey"]
    if len(rows) > MAX_ROWS:
        return [Problem("survey", MAX_ROWS + 2, "", "too_many_rows", {"limit": str(MAX_ROWS)})]
    headings = {heading.lower().strip() for row in rows for heading in row}
    if not any(rows):
        return [Problem("survey", 2, "", "empty")]
    return [
        Problem("survey", 1, column, "no_header", {"column": column})
        for column, others in (("type", {"type", "command"}), ("name", {"name", "tag", "value"}))
        if not headings & others
    ]


def _misspelt_sheets(tables: Tables, sheets: Iterable[str]) -> list[Problem]:
    return [
        Problem(sheet, 0, "", "sheet_spelling", {"sheet": sheet, "meant": near[0]})
        for sheet in sheets
        if sheet.lower() not in SHEETS and not sheet.startswith("_")
        if (near := difflib.get_close_matches(sheet.lower(), SHEETS, n=1, cutoff=0.75)) and near[0] not in tables
    ]


def _checked_by_pyxform(form: Form) -> list[Problem]:
    """What the compiler of ODK and Kobo has against the form."""
    try:
        convert(xlsform=dict(tables_of(form)), form_name="data")
    except PyXFormError as error:
        words = str(error)
        row = int(found[1]) if (found := ROW.search(words)) else 0
        sheet = str(error.context.get("sheet", "")) or next((sheet for sheet in SHEETS if f"'{sheet}'" in words), "")
        column = str(error.context.get("column", "")) or (named[1] if (named := COLUMN.search(words)) else "")
        return [Problem(sheet, row, column, "pyxform", {"words": ROW.sub("", words)})]
    return []
