"""The frame of a public page that stands at the same address in each language and that no editor writes."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from saphan.portal.heads import Head, absolute
from saphan.portal.pages import site_menu


@dataclass(frozen=True)
class Titled:
    """What the frame of a public page asks of a page."""

    title: str


def framed(request: HttpRequest, title: str, summary: str, path: str, *above: tuple[str, str]) -> dict[str, Any]:
    """What a template on `base.html` needs. `path` is the address behind the language, `above` the pages on the way to it, each with its name and path."""
    language = get_language() or settings.LANGUAGE_CODE
    trail = [(_("Home"), ""), *above, (title, path)]
    head = Head(
        title=title,
        summary=summary,
        path=f"/{language}/{path}",
        language=language,
        alternates=[(code, absolute(f"/{code}/{path}")) for code, _name in settings.LANGUAGES],
        trail=[(name, f"/{language}/{step}") for name, step in trail],
        thing={"@type": "WebPage", "name": title, "description": summary, "inLanguage": language, "url": absolute(f"/{language}/{path}")},
    )
    return {"head": head, "page": Titled(title), "site_menu": site_menu(language, request.path), "summary": summary}
