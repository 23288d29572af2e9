"""The report of a period as PDF, in the language that is active."""

from django.template.loader import render_to_string

from saphan.agreements.scoring.figures import terms_of
from saphan.agreements.scoring.selectors import Sheet
from saphan.core.paper import FONTS, printer


def report(sheet: Sheet) -> bytes:
    """The file. Raises NoPrinter where none can be made."""
    draw = printer()
    context = {
        "sheet": sheet, "version": sheet.version, "agreement": sheet.version.agreement, "terms": terms_of(sheet.version), "fonts": FONTS.as_uri(), "query": "",
    }  # fmt: skip
    return draw(render_to_string("scoring/paper.html", context))
