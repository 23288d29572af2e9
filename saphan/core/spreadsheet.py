"""Tables that a spreadsheet opens, as CSV or as an Excel workbook: no cell may begin a formula."""

import csv
import io
import re
import unicodedata
import zipfile
from collections.abc import Iterable
from xml.sax.saxutils import escape, quoteattr

# A telephone number stays as it is: a plus and digits start no formula.
TELEPHONE = re.compile(r"\+\d[\d ()-]*")

UNFIT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")  # what XML cannot hold
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
LINKS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml"
CONTENT_TYPES = (
    f'<Types xmlns="{PACKAGE}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    f'<Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="{SHEET}.sheet.main+xml"/>'
    f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{SHEET}.worksheet+xml"/></Types>'
)
RELATIONS = f'<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="rId1" Type="{LINKS}/{{kind}}" Target="{{target}}"/></Relationships>'


def safe_cell(value: object) -> str:
    """The value as text; one that a spreadsheet could take for a formula gets an apostrophe in front.

    Looked at as a spreadsheet does: after leading blanks, control and invisible characters, and with full-width signs read as plain ones.
    """
    text = str(value)
    if TELEPHONE.fullmatch(text):
        return text
    plain = unicodedata.normalize("NFKC", text)
    visible = next((c for c in plain if not (c.isspace() or unicodedata.category(c) in {"Cc", "Cf"})), "")
    return "'" + text if visible and visible in "=+-@|%" else text


def table_text(rows: Iterable[Iterable[object]]) -> str:
    """Rows as a CSV file, each cell guarded; with the mark by which spreadsheets know UTF-8."""
    sheet = io.StringIO()
    csv.writer(sheet).writerows([safe_cell("" if cell is None else cell) for cell in row] for row in rows)
    return "\ufeff" + sheet.getvalue()


def workbook(name: str, rows: Iterable[Iterable[object]]) -> bytes:
    """Rows as an Excel workbook of one sheet (ISO/IEC 29500), each cell text and guarded; the first row is the head."""
    lines = "".join(
        f'<row r="{number}">' + "".join(_cell("" if cell is None else cell) for cell in row) + "</row>" for number, row in enumerate(rows, 1)
    )
    parts = {
        "[Content_Types].xml": CONTENT_TYPES,
        "_rels/.rels": RELATIONS.format(kind="officeDocument", target="xl/workbook.xml"),
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{LINKS}"><sheets><sheet name={quoteattr(name[:31])} sheetId="1" r:id="rId1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": RELATIONS.format(kind="worksheet", target="worksheets/sheet1.xml"),
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{MAIN}"><sheetData>{lines}</sheetData></worksheet>',
    }
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, content in parts.items():
            archive.writestr(path, '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>' + content)
    return file.getvalue()


def _cell(value: object) -> str:
    text = UNFIT.sub("", safe_cell(value))
    return f'<c t="inlineStr"><is><t xml:space="preserve">{escape(text)}</t></is></c>'
