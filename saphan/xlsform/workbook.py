"""From the bytes of a spreadsheet to tables of text. Limits come first: a file of a stranger may be a bomb."""

import csv
import io
import re
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from datetime import date, datetime, time
from typing import Any, NamedTuple, TypeAlias

import openpyxl
import xlrd
from openpyxl.utils.exceptions import InvalidFileException

from saphan.xlsform.problems import Problem, Stopped

Tables: TypeAlias = dict[str, list[dict[str, str]]]  # sheet -> rows below the heading; row n of the list is row n + 2 of the sheet

SHEETS = ("survey", "choices", "settings")
MAX_BYTES = 10 * 1024 * 1024
MAX_UNZIPPED = 60 * 1024 * 1024
MAX_MEMBERS = 500
MAX_ROWS = 5000
MAX_COLUMNS = 200
MAX_CHARACTERS = 20_000
MAX_MERGED = 200  # as many are told; the reading goes on with all
MERGED = re.compile(rb'<mergeCell [^<>]*?ref="([A-Z]{1,3}[0-9]{1,7}(?::[A-Z]{1,3}[0-9]{1,7})?)"')
XLS = b"\xd0\xcf\x11\xe0"
ZIP = b"PK\x03\x04"


class Opened(NamedTuple):
    """The tables of a workbook, the names of all its sheets, and what was noticed on the way."""

    tables: Tables
    sheets: list[str]
    warnings: list[Problem]


class Cell(NamedTuple):
    """The text of a cell, and whether a formula stands in it."""

    text: str
    formula: bool = False


def open_workbook(content: bytes) -> Opened:
    """Reads .xlsx, .xls or .csv by what the bytes are, not by the name. Raises Stopped with the one problem that ends the reading."""
    if len(content) > MAX_BYTES:
        raise Stopped(Problem("", 0, "", "too_large", {"size": f"{len(content) / 1024 / 1024:.0f}", "limit": str(MAX_BYTES // 1024 // 1024)}))
    if content.startswith(ZIP):
        return _open_xlsx(content)
    if content.startswith(XLS):
        return _open_xls(content)
    return _open_csv(content)


def _open_xlsx(content: bytes) -> Opened:
    merges = _look_inside(content)
    try:
        with_formulas = openpyxl.load_workbook(io.BytesIO(content), read_only=True)
        sheets = {name: _trimmed(name, _cells(with_formulas[name])) for name in _read_names(with_formulas.sheetnames)}
        values = None
        if any(cell.formula for rows in sheets.values() for row in rows for cell in row):
            values = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True)
        joined = _merged(content, with_formulas) if merges else []
        last = {name: _trimmed(name, _cells(values[name])) if values is not None else [] for name in sheets}
    except (
        zipfile.BadZipFile,
        zlib.error,
        InvalidFileException,
        KeyError,
        ValueError,
        TypeError,
        AttributeError,
        OSError,
        EOFError,
        IndexError,
        SyntaxError,
    ) as error:
        raise Stopped(Problem("", 0, "", "not_a_workbook")) from error  # what openpyxl raises over a file that is none; its words may hold cells
    tables, warnings = {}, []
    for name, rows in sheets.items():
        tables[_sheet(name, with_formulas.sheetnames)], noticed = _table(name, rows, last[name])
        warnings += noticed
    return Opened(tables, list(with_formulas.sheetnames), [*warnings, *joined])


def _look_inside(content: bytes) -> bool:
    """Refuses what unpacks too large or carries a document type; says whether any sheet has merged cells."""
    merges = False
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            members = archive.infolist()
            if len(members) > MAX_MEMBERS or sum(member.file_size for member in members) > MAX_UNZIPPED:
                raise Stopped(Problem("", 0, "", "unzips_too_large", {"limit": str(MAX_UNZIPPED // 1024 // 1024)}))
            for member in members:
                if member.filename.endswith((".xml", ".rels")):
                    text = archive.read(member)
                    if b"<!DOCTYPE" in text or b"<!ENTITY" in text or text.startswith((b"\xff\xfe", b"\xfe\xff")):
                        raise Stopped(Problem("", 0, "", "not_a_workbook"))
                    merges = merges or b"<mergeCell " in text
    except (zipfile.BadZipFile, zlib.error, OSError, NotImplementedError, RuntimeError, EOFError) as error:
        raise Stopped(Problem("", 0, "", "not_a_workbook")) from error
    return merges


def _read_names(names: Iterable[str]) -> list[str]:
    """The sheets that belong to a form; a workbook of one sheet is its survey, whatever it is called."""
    every = list(names)
    return every if len(every) == 1 else [name for name in every if name.strip().lower() in SHEETS]


def _sheet(name: str, names: list[str]) -> str:
    return "survey" if len(names) == 1 else name.strip().lower()


def _cells(sheet: Any) -> Iterator[list[Cell]]:
    for row in sheet.iter_rows(max_col=MAX_COLUMNS + 1):
        yield [Cell("" if cell.value is None else written(cell.value), cell.data_type == "f") for cell in row]


def _trimmed(name: str, rows: Iterable[list[Cell]]) -> list[list[Cell]]:
    """The rows of a sheet without the empty ones at its end. Raises Stopped past the limits, before the rest is read."""
    kept: list[list[Cell]] = []
    last = 0
    for number, row in enumerate(rows, start=1):
        full = any(cell.text for cell in row)
        if number > MAX_ROWS + 1 and full:
            raise Stopped(Problem(name, number, "", "too_many_rows", {"limit": str(MAX_ROWS)}))
        if number > 2 * MAX_ROWS:
            break
        if len(row) > MAX_COLUMNS and row[MAX_COLUMNS].text:
            raise Stopped(Problem(name, number, "", "too_many_columns", {"limit": str(MAX_COLUMNS)}))
        if any(len(cell.text) > MAX_CHARACTERS for cell in row):
            raise Stopped(Problem(name, number, "", "too_many_words", {"limit": str(MAX_CHARACTERS)}))
        kept.append(row)
        last = number if full else last
    return kept[:last]


def _table(name: str, rows: list[list[Cell]], values: list[list[Cell]]) -> tuple[list[dict[str, str]], list[Problem]]:
    """Rows by heading. A formula gives the value it had last, and a warning."""
    if not rows:
        return [], []
    headings = [" ".join(cell.text.split()) for cell in rows[0]]
    seen: set[str] = set()
    for heading in filter(None, headings):
        if heading in seen:
            raise Stopped(Problem(name, 1, heading, "column_twice", {"column": heading}))
        seen.add(heading)
    table, warnings = [], []
    for number, row in enumerate(rows[1:], start=2):
        found = {}
        for column, (heading, cell) in enumerate(zip(headings, row, strict=False)):
            text = cell.text
            if cell.formula:
                text = _last_value(values, number, column)
                warnings.append(Problem(name, number, heading, "formula" if text else "formula_empty"))
            if heading and text:
                found[heading] = text
        table.append(found)
    return table, warnings


def _last_value(values: list[list[Cell]], number: int, column: int) -> str:
    row = values[number - 1] if number <= len(values) else []
    return row[column].text if column < len(row) else ""


def _merged(content: bytes, book: Any) -> list[Problem]:
    """Cells that were joined, read from the text of the sheets that belong to the form: the reader that streams rows does not know them."""
    found = []
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        for name in _read_names(book.sheetnames):
            path = book[name]._worksheet_path  # where the sheet lies in the archive stands nowhere else
            for joined in MERGED.findall(archive.read(path))[:MAX_MERGED]:
                column, row, _last_column, _last_row = openpyxl.utils.range_boundaries(joined.decode())
                found.append(Problem(name, row or 1, openpyxl.utils.get_column_letter(column or 1), "merged", {"range": joined.decode()}))
    return found


def _open_xls(content: bytes) -> Opened:
    try:
        book = xlrd.open_workbook(file_contents=content, on_demand=True, logfile=io.StringIO())
        names = book.sheet_names()
        sheets = {name: _trimmed(name, _xls_rows(book, book.sheet_by_name(name))) for name in _read_names(names)}
    except Stopped:
        raise
    except Exception as error:  # xlrd answers broken files with any exception of its own or of struct
        raise Stopped(Problem("", 0, "", "encrypted" if "encrypt" in str(error).lower() else "not_a_workbook")) from error
    return Opened({_sheet(name, names): _table(name, rows, [])[0] for name, rows in sheets.items()}, names, [])


def _xls_rows(book: Any, sheet: Any) -> Iterator[list[Cell]]:
    for number in range(sheet.nrows):
        yield [Cell(_xls_text(cell, book.datemode)) for cell in sheet.row(number)]


def _xls_text(cell: Any, datemode: int) -> str:
    if cell.ctype == xlrd.XL_CELL_BOOLEAN:
        return written(bool(cell.value))
    if cell.ctype == xlrd.XL_CELL_DATE:
        return written(xlrd.xldate_as_datetime(cell.value, datemode))
    return "" if cell.ctype == xlrd.XL_CELL_ERROR else written(cell.value)


def _open_csv(content: bytes) -> Opened:
    """The way pyxform writes a workbook as text: a line with the name of the sheet, below it lines whose first cell is empty."""
    try:
        lines = list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), strict=True))
    except (UnicodeDecodeError, csv.Error) as error:
        raise Stopped(Problem("", 0, "", "not_a_workbook")) from error
    found: dict[str, list[list[Cell]]] = {}
    name = ""
    for line in lines:
        if line and line[0].strip():
            name = line[0].strip().lower()
            found.setdefault(name, [])
        if name and any(cell.strip() for cell in line[1:]):
            found[name].append([Cell(written(cell)) for cell in line[1:]])
    if "survey" not in found:
        raise Stopped(Problem("", 0, "", "not_a_workbook"))
    return Opened({name: _table(name, _trimmed(name, found[name]), [])[0] for name in SHEETS if name in found}, list(found), [])


def written(value: object) -> str:
    """A cell as text: whole numbers without a point, days and times as ISO writes them, line ends as one sign."""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(sep=" ")
    if isinstance(value, date | time):
        return value.isoformat()
    return re.sub(r"\r\n?|_x000D_\n?", "\n", str(value)).strip()
