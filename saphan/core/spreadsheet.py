"""Cells of a CSV file that a spreadsheet opens: no cell may begin a formula."""

import re
import unicodedata

# A telephone number stays as it is: a plus and digits start no formula.
TELEPHONE = re.compile(r"\+\d[\d ()-]*")


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
