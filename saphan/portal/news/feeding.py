"""What the news brings to the feeds: the whole text of an article, where it came from, and the names of topics."""

import re
from collections.abc import Sequence

from django.conf import settings
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _
from wagtail.documents import get_document_model

from saphan.portal.feeds.contents import Content
from saphan.portal.news.models import NewsArticlePage, Topic
from saphan.portal.search.models import SearchEntry

INSIDE = re.compile(r'<a linktype="(page|document)" id="(\d+)">', re.IGNORECASE)


def contents(found: Sequence[SearchEntry]) -> dict[str, Content]:
    """The whole texts of articles. One query, and one more when any of them links to another page, and one for files."""
    pks = [entry.key.partition(":")[2] for entry in found]
    articles = list(NewsArticlePage.objects.filter(pk__in=pks).only("pk", "body", *SOURCE))
    places = _places({link for article in articles for link in INSIDE.findall(article.body)})
    return {f"page:{article.pk}": Content(html=_linked(article.body, places) + _source(article)) for article in articles}


def _places(links: set[tuple[str, str]]) -> dict[tuple[str, str], str]:
    """Where the pages and files stand that texts link to. What is not public has no place."""
    keys = [f"page:{pk}" for kind, pk in links if kind == "page"]
    found = dict(SearchEntry.objects.filter(key__in=keys).values_list("key", "url")) if keys else {}
    places = {("page", key.partition(":")[2]): url for key, url in found.items()}
    files = [pk for kind, pk in links if kind == "document"]
    return places | {("document", str(file.pk)): file.url for file in (get_document_model().objects.filter(pk__in=files) if files else [])}


def _linked(html: str, places: dict[tuple[str, str], str]) -> str:
    """A text with the addresses of what it links to; a link that leads nowhere keeps its words only."""

    def opened(link: re.Match[str]) -> str:
        place = places.get((link[1], link[2]))
        return format_html('<a href="{}">', place) if place else "<a>"

    return INSIDE.sub(opened, html)


SOURCE = ("adapted_from_title", "adapted_from_source", "adapted_from_url")


def _source(article: NewsArticlePage) -> str:
    """The line under a text that is not ours, as the page has it."""
    title, source, url = (getattr(article, name) for name in SOURCE)
    if not (title or source):
        return ""
    shown = format_html("“{}”", title) if title else ""
    linked = format_html('<a href="{}">{}</a>', url, shown) if url and shown else shown
    return format_html("<p>{} {}</p>", _("Adapted from:"), format_html_join(", ", "{}", ((part,) for part in (linked, source) if part)))


def topic_names(language: str) -> dict[str, str]:
    """The name of each topic in one language, by its slug; in the site's own where it has no name in that one yet."""
    found = Topic.objects.filter(locale__language_code__in=[settings.LANGUAGE_CODE, language]).values_list("locale__language_code", "slug", "name")
    return {slug: name for _language, slug, name in sorted(found, key=lambda row: row[0] == language)}
