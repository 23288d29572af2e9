"""The words of a public agreement as PDF."""

from django.conf import settings
from django.template.loader import render_to_string

from saphan.core.paper import FONTS, printer
from saphan.portal.agreements.models import PublicAgreement

NAMES = dict(settings.LANGUAGES)


def document(agreement: PublicAgreement) -> bytes:
    """The file. Raises NoPrinter where none can be made."""
    draw = printer()
    version = agreement.versions[0]
    parts = [(code, NAMES.get(code, code), code in version["languages"], agreement.articles(code)) for code in agreement.languages()]
    told = {"agreement": agreement, "version": version, "parts": parts, "fonts": FONTS.as_uri()}
    return draw(render_to_string("public_agreements/paper.html", told))
