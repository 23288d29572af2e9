"""The text as a Word document, one binding language after the other."""

import io
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import override
from docx import Document
from docx.oxml.ns import qn
from docx.shared import Pt

from saphan.agreements.models import AgreementVersion
from saphan.agreements.states import SignatureState

LATIN, COMPLEX = "Arial", {"th": "Leelawadee UI", "lo": "Leelawadee UI", "km": "Leelawadee UI", "my": "Myanmar Text"}
NAMES = dict(settings.LANGUAGES)
TAGS = {"en": "en-GB", "th": "th-TH", "lo": "lo-LA", "km": "km-KH", "my": "my-MM", "vi": "vi-VN"}


def document(version: AgreementVersion) -> bytes:
    """The file."""
    paper = Document()
    _letters(paper)
    texts = list(version.texts.all())
    present = list(dict.fromkeys(text.language for text in texts))
    for language in [*(code for code in version.languages if code in present), *(code for code in present if code not in version.languages)]:
        with override(language if language in NAMES else "en"):
            _part(paper, version, language, [text for text in texts if text.language == language])
    _signatures(paper, version)
    file = io.BytesIO()
    paper.save(file)
    return file.getvalue()


def _letters(paper: Any) -> None:
    style = paper.styles["Normal"]
    style.font.name, style.font.size = LATIN, Pt(11)


def _part(paper: Any, version: AgreementVersion, language: str, texts: list[Any]) -> None:
    _say(paper.add_heading(level=1), version.agreement.titles.get(language) or version.agreement.title, language)
    binding = _("binding text") if language in version.languages else _("translation")
    _say(
        paper.add_paragraph(),
        f"{version.agreement.code} · {_('version %(number)s') % {'number': version.semver}} · {NAMES.get(language, language)}, {binding}",
        language,
    )
    if version.digest:
        _say(paper.add_paragraph(), version.digest, "en")
    for text in texts:
        heading = _("Article %(number)s") % {"number": text.number} if text.number[:1].isdigit() else text.number
        _say(paper.add_heading(level=2), f"{heading}. {text.heading}".rstrip(". "), language)
        for part in filter(None, text.prose.split("\n\n")):
            _say(paper.add_paragraph(), part, language)


def _signatures(paper: Any, version: AgreementVersion) -> None:
    confirmed = version.signatures.filter(state=SignatureState.CONFIRMED).select_related("party__country", "party__organisation")
    for one in confirmed:
        _say(paper.add_paragraph(), f"{one.party}: {one.signatory}, {one.office}, {one.signed_on.isoformat()}", "en")


def _say(paragraph: Any, text: str, language: str) -> None:
    """Words with the language and the letters by which a word processor breaks and draws them."""
    run = paragraph.add_run(text)
    marks = run._element.get_or_add_rPr()
    fonts = marks.get_or_add_rFonts()
    fonts.set(qn("w:cs"), COMPLEX.get(language, LATIN))
    tongue = marks.makeelement(qn("w:lang"), {qn("w:val"): TAGS.get(language, language), qn("w:bidi"): TAGS.get(language, language)})
    marks.append(tongue)
    if language in COMPLEX:
        marks.append(marks.makeelement(qn("w:cs"), {}))
