"""Pages turned into PDF files. The package for it is loaded late, and reads the house's fonts and nothing else: no other file, no address."""

import re
from collections.abc import Callable
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.utils.translation import gettext as _
from PIL import ImageFile

from saphan.core.errors import DomainError

FONTS = Path(settings.PACKAGE) / "static" / "fonts"
OTHERS = "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff]"  # the fonts of these scripts hold no space
SPACE = re.compile(f"(?<={OTHERS}) | (?={OTHERS})")


class NoPrinter(DomainError):
    """The package that makes PDF files is not installed here (503)."""

    status = 503


def spaced(html: str) -> str:
    """The page with the spaces of such scripts set in a font that holds one, or they would be lost."""
    return SPACE.sub('<span class="space"> </span>', html)


@cache
def can_print() -> bool:
    """Whether the package is installed here; asked without loading it."""
    return find_spec("weasyprint") is not None


def printer() -> Callable[[str], bytes]:
    """Turns a page into a PDF. Raises NoPrinter."""
    try:
        HTML, urls = import_module("weasyprint").HTML, import_module("weasyprint.urls")
    except (ImportError, OSError):  # the package, or the libraries of the system that it draws with
        raise NoPrinter(_("PDF files cannot be made here: the package for it is not installed.")) from None

    ImageFile.LOAD_TRUNCATED_IMAGES = False  # the package switches it on for the whole process; a cut picture that somebody sends stays refused

    class OnlyFonts(urls.URLFetcher):  # type: ignore[name-defined]  # the package is loaded late
        """Refuses everything but the fonts."""

        def fetch(self, url: str, headers: Any = None) -> Any:
            if not url.startswith("file:") or Path(unquote(urlsplit(url).path)).parent != FONTS:
                raise ValueError("only the house's fonts are read")
            return super().fetch(url, headers)

    return lambda html: bytes(HTML(string=spaced(html), url_fetcher=OnlyFonts()).write_pdf())
