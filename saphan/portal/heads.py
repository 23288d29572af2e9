"""What the head of a public page tells machines: its languages, its picture for a shared link, and its meaning in words of schema.org.

The description stands in a data block (`application/ld+json`). A browser runs no such block, so the strict policy of the site lets it
pass; a test in Chromium holds that.
"""

import json
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from babel.core import get_global
from django.conf import settings
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

Thing = dict[str, Any]
# Inside a data block these letters could end it, or begin a comment in it.
ESCAPES = {ord(letter): f"\\u{ord(letter):04X}" for letter in "<>&\u2028\u2029"}


@dataclass(frozen=True)
class Picture:
    """A picture of a page as it is sent along with a shared link."""

    url: str
    width: int
    height: int
    words: str


@dataclass(frozen=True)
class Head:
    """The head of one page. `alternates` are its exact translations, itself among them; `trail` leads to it from the home page."""

    title: str
    summary: str
    path: str
    language: str
    kind: str = "website"
    alternates: list[tuple[str, str]] = field(default_factory=list)
    picture: Picture | None = None
    published_on: date | None = None
    changed_at: datetime | None = None
    trail: list[tuple[str, str]] = field(default_factory=list)
    thing: Thing = field(default_factory=dict)

    @property
    def url(self) -> str:
        return absolute(self.path)

    @property
    def locale(self) -> str:
        return locale_of(self.language)

    @property
    def other_locales(self) -> list[str]:
        return [locale_of(code) for code, _url in self.alternates if code != self.language]

    @property
    def author(self) -> str:
        """Who wrote it, where the page says so."""
        told = self.thing.get("author", [])
        return "; ".join(str(who["name"]) for who in (told if isinstance(told, list) else [told]) if "name" in who)

    @property
    def default_alternate(self) -> str:
        """The address for readers of none of the languages: the page in the site's own, where it exists in it."""
        return dict(self.alternates).get(settings.LANGUAGE_CODE, "")

    @property
    def data(self) -> SafeString:
        """The page, its place and its publisher as linked data; nothing for a page that asks for none."""
        if not self.thing:
            return mark_safe("")
        graph = [organisation(), website(self.language)]
        if len(self.trail) > 1:
            graph.append(breadcrumb(self.trail))
        return data_block([*graph, self.thing])


def absolute(path: str) -> str:
    """The whole address of a path of this site; an address of others stays."""
    return path if "://" in path else settings.SITE_URL.rstrip("/") + path


def permanent_url(permanent: str, language: str = "") -> str:
    """The address that leads to a thing wherever it has moved, in one language or in the reader's own."""
    return absolute(f"/p/{permanent}" + (f".{language}" if language else ""))


def locale_of(language: str) -> str:
    """Language and country as Open Graph writes them: th becomes th_TH, by the likely subtags of the Common Locale Data Repository."""
    likely = get_global("likely_subtags").get(language, language)
    return f"{language}_{likely.rpartition('_')[2]}"


def organisation() -> Thing:
    """The publisher of this site."""
    who = {
        "@type": "Organization",
        "@id": absolute("/#publisher"),
        "name": settings.WAGTAIL_SITE_NAME,
        "url": absolute("/"),
        "logo": absolute(static("mark.svg")),
    }
    if settings.CONTACT_EMAIL:
        who["email"] = settings.CONTACT_EMAIL
    return who


def website(language: str) -> Thing:
    """The site in one language, with the address of its search."""
    return {
        "@type": "WebSite",
        "@id": absolute(f"/{language}/#site"),
        "name": settings.WAGTAIL_SITE_NAME,
        "description": _("A web resource for combating human trafficking"),
        "url": absolute(f"/{language}/"),
        "inLanguage": language,
        "publisher": {"@id": absolute("/#publisher")},
        "potentialAction": {
            "@type": "SearchAction",
            "target": {"@type": "EntryPoint", "urlTemplate": absolute(f"/{language}/search/?q={{search_term_string}}")},
            "query-input": "required name=search_term_string",
        },
    }


def breadcrumb(trail: list[tuple[str, str]]) -> Thing:
    """The way from the home page down to a page: names and paths."""
    steps = [{"@type": "ListItem", "position": n, "name": name, "item": absolute(path)} for n, (name, path) in enumerate(trail, 1)]
    return {"@type": "BreadcrumbList", "itemListElement": steps}


def data_block(graph: list[Thing]) -> SafeString:
    """Linked data for the head of a page. Nothing in a text can end the block."""
    text = json.dumps({"@context": "https://schema.org", "@graph": graph}, ensure_ascii=False, default=str).translate(ESCAPES)
    return format_html('<script type="application/ld+json">{}</script>', mark_safe(text))  # noqa: S308  # escaped in the line above
