"""Topics of a new site, and the news of the demonstration: real events in our own words, invented ones marked as such."""

import tomllib
from pathlib import Path
from typing import Any

from wagtail.models import Locale

from saphan.directory.models import Country
from saphan.portal.news.models import NewsArticlePage, NewsIndexPage, Topic

HERE = Path(__file__).resolve().parent / "demo"
Writers = tuple[Any, Any]  # who writes, who publishes; None for both is the operator


def plant_topics() -> None:
    """The topics in every language; what is there stays."""
    for slug, names in tomllib.loads((HERE / "topics.toml").read_text(encoding="utf-8")).items():
        first: Any = None
        for locale in Locale.objects.filter(language_code__in=names).order_by("pk"):
            topic: Any = Topic(slug=slug, locale=locale, name=names[locale.language_code])
            if first is not None:
                topic.translation_key = first.translation_key
            if not Topic.objects.filter(slug=slug, locale=locale).exists():
                topic.save()
            first = Topic.objects.get(slug=slug, locale=locale)


def plant_news(writers: Writers) -> None:
    """The items of the demonstration, each in the languages in which it was written, published by a second person."""
    for item in tomllib.loads((HERE / "items.toml").read_text(encoding="utf-8"))["items"]:
        first = None
        for index in NewsIndexPage.objects.select_related("locale").order_by("path"):
            words = item.get(index.locale.language_code)
            if words:
                first = _article(item, words, index, first, writers)


def _article(item: dict[str, Any], words: dict[str, str], index: NewsIndexPage, first: NewsArticlePage | None, writers: Writers) -> NewsArticlePage:
    source = item.get("adapted_from", {})
    article = NewsArticlePage(
        title=words["title"],
        slug=item["slug"],
        published_on=item["date"],
        introduction=words["introduction"],
        body=words["body"].replace("\n", " ").strip(),
        adapted_from_title=words.get("adapted", ""),
        adapted_from_source=source.get("source", ""),
        adapted_from_on=source.get("date"),
        is_demonstration=item.get("demonstration", False),
        locale=index.locale,
        live=False,
        **({"translation_key": first.translation_key} if first else {}),
    )
    index.refresh_from_db()
    index.add_child(instance=article)
    article.topics = list(Topic.objects.filter(slug__in=item["topics"], locale=index.locale))
    article.countries = list(Country.objects.filter(pk__in=item["countries"]))
    writer, publisher = writers
    article.save_revision(user=writer).publish(user=publisher)
    return article
