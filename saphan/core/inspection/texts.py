"""Plain texts and tables, kept as UTF-8."""

import codecs
import re

from django.utils.translation import gettext as _

from saphan.core.errors import Invalid

CONTROL = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f]")
OTHER_KINDS = re.compile(r"\s*(<!doctype|<html|<svg|<\?xml|<script|<head|<body|<iframe|%pdf-|\{\\rtf|PK\x03\x04|GIF8)", re.IGNORECASE)


def inspect(content: bytes) -> bytes:
    """The text as UTF-8. Raises Invalid for what is no text, or is a page, a drawing or a program by its first words."""
    text = _decoded(content)
    if text is None or CONTROL.search(text) or OTHER_KINDS.match(text):
        raise Invalid(_("This is no plain text, although its name says so."))
    return text.encode()


def _decoded(content: bytes) -> str | None:
    wide = content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    for encoding in ["utf-16"] if wide else ["utf-8-sig", "cp874"]:  # cp874: what older Thai office programs write
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    return None
