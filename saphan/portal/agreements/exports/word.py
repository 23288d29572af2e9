"""The words of a public agreement as a Word document, one language after the other, those that bind first."""

import io
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import override
from docx import Document
from docx.oxml.ns import qn
from docx.shared import Pt

from saphan.portal.agreements.models import PublicAgreement

LATIN, COMPLEX = "Arial", {"th": "Leelawadee UI", "lo": "Leelawadee UI", "km": "Leelawadee UI", "my": "Myanmar Text"}
NAMES = dict(settings.LANGUAGES)


def document(agreement: PublicAgreement) -> bytes:
    """The file."""
    paper = Document()
    paper.styles["Normal"].font.name, paper.styles["Normal"].font.size = LATIN, Pt(11)
    for language in agreement.languages():
        with override(language if language in NAMES else "en"):
            _part(paper, agreement, language)
    for one in agreement.versions[0]["signatures"]:
        _say(paper.add_paragraph(), f"{one['party_en']}: {one['signatory']}, {one['office']}, {one['on']}", "en")
    file = io.BytesIO()
    paper.save(file)
    return file.getvalue()


def _part(paper: Any, agreement: PublicAgreement, language: str) -> None:
    version = agreement.versions[0]
    binding = _("binding text") if language in version["languages"] else _("translation")
    numbered = _("version %(number)s") % {"number": version["number"]}
    _say(paper.add_heading(level=1), agreement.titles.get(language) or agreement.titles.get("en") or agreement.code, language)
    _say(paper.add_paragraph(), f"{agreement.code} · {numbered} · {NAMES.get(language, language)}, {binding}", language)
    _say(paper.add_paragraph(), version["digest"], "en")
    for article in agreement.articles(language):
        heading = _("Article %(number)s") % {"number": article.number} if article.number[:1].isdigit() else article.number
        _say(paper.add_heading(level=2), f"{heading}. {article.heading}".rstrip(". "), language)
        for part in article.paragraphs:
            _say(paper.add_paragraph(), part, language)


def _say(paragraph: Any, text: str, language: str) -> None:
    """Words with the letters and the language by which a word processor breaks and draws them."""
    marks = paragraph.add_run(text)._element.get_or_add_rPr()
    marks.get_or_add_rFonts().set(qn("w:cs"), COMPLEX.get(language, LATIN))
    marks.append(marks.makeelement(qn("w:lang"), {qn("w:val"): language, qn("w:bidi"): language}))
    if language in COMPLEX:
        marks.append(marks.makeelement(qn("w:cs"), {}))
