"""What the news brings to the feeds: the whole text of an article, where it came from, and the names of topics."""

from collections.abc import Sequence

from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _
from wagtail.rich_text import expand_db_html

from saphan.portal.feeds.contents import Content
from saphan.portal.news.models import NewsArticlePage, Topic

BETWEEN = "\x1e"  # parts one text from the next while links are looked up for all of them at once; no text may hold it


def contents(keys: Sequence[str]) -> dict[str, Content]:
    """The whole texts of articles. One query, and one more when any of them links to another page."""
    pks = [key.partition(":")[2] for key in keys]
    articles = list(NewsArticlePage.objects.filter(pk__in=pks).only("pk", "body", *SOURCE))
    bodies = expand_db_html(BETWEEN.join(article.body.replace(BETWEEN, "") for article in articles)).split(BETWEEN)
    return {f"page:{article.pk}": Content(html=body + _source(article)) for article, body in zip(articles, bodies, strict=True)}


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
    """The name of each topic in one language, by its slug."""
    return dict(Topic.objects.filter(locale__language_code=language).values_list("slug", "name"))
