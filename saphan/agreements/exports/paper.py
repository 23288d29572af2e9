"""The text as it is signed, as PDF."""

from django.template.loader import render_to_string

from saphan.agreements.models import AgreementVersion
from saphan.core.paper import FONTS, printer


def document(version: AgreementVersion) -> bytes:
    """The file. Raises NoPrinter where none can be made."""
    from saphan.agreements.screens.signatures import print_context  # the screen and the paper show the same

    draw = printer()
    return draw(render_to_string("agreements/paper.html", {**print_context(version), "fonts": FONTS.as_uri()}))
