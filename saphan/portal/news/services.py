"""What is done with news beside writing it by hand."""

import hashlib
from contextlib import suppress
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _
from wagtail.models import Locale

from saphan.access.actions import Action
from saphan.access.policy import require
from saphan.core.errors import Invalid
from saphan.directory.models import Country, Province
from saphan.portal.news.importing import FoundArticle
from saphan.portal.news.listing import Told
from saphan.portal.news.models import ImportedSource, NewsArticlePage, NewsIndexPage, Topic
from saphan.portal.pages import StopsPublication

NOTHING = Told()


def index_of(language: str) -> NewsIndexPage:
    """The list of news of one language. Raises Invalid when the site has none."""
    index: NewsIndexPage | None = NewsIndexPage.objects.filter(locale__language_code=language).order_by("path").first()
    if index is None:
        raise Invalid(_("The site has no list of news in the language “%(code)s”.") % {"code": language})
    return index


def known(found: FoundArticle, language: str) -> NewsArticlePage | None:
    """The article that came from this source before, in this language."""
    source = ImportedSource.objects.filter(key__in=_keys(found, language)).select_related("article").first()
    return source.article if source else None


@transaction.atomic
def import_as_draft(*, found: FoundArticle, language: str, by: Any, at: datetime, told: Told = NOTHING) -> NewsArticlePage:
    """Enters an imported article as a draft; the same source a second time changes nothing. `by=None` is the operator of the machine."""
    if by is not None:
        require(by, Action.NEWS_IMPORT)
    if article := known(found, language):
        return article
    locale = Locale.objects.get(language_code=language)
    article = NewsArticlePage(
        title=found.title,
        slug=_slug(found, language),
        published_on=found.published_on,
        author=told.author,
        introduction=found.introduction,
        body=found.html(),
        adapted_from_title=told.adapted or found.attribution.title,
        adapted_from_source=told.source or found.attribution.source,
        adapted_from_url=told.url or found.attribution.url or found.address,
        adapted_from_on=found.attribution.on,
        live=False,
        locale=locale,
    )
    index_of(language).add_child(instance=article)
    article.topics = list(Topic.objects.filter(slug__in=told.topics, locale=locale))
    article.countries = list(Country.objects.filter(pk__in=told.countries))
    article.provinces = list(Province.objects.filter(pk__in=told.provinces))
    article.save_revision(user=by, log_action=True)
    rows = [ImportedSource(key=key, article=article, imported_at=at) for key in _keys(found, language)]
    ImportedSource.objects.bulk_create(rows, ignore_conflicts=True)
    return article


@transaction.atomic
def import_and_publish(*, found: FoundArticle, language: str, by: Any, at: datetime, told: Told = NOTHING) -> NewsArticlePage:
    """The same, and public at once: for the operator, who has looked at the dry run. What the check stops is left as a draft."""
    article = import_as_draft(found=found, language=language, by=by, at=at, told=told)
    if not article.live:
        with suppress(StopsPublication), transaction.atomic():
            article.get_latest_revision().publish(user=by)
        article.refresh_from_db()
    return article


def _keys(found: FoundArticle, language: str) -> list[str]:
    """Keys for the words, for the text under whatever title, and for the address that the page names: any of them makes it the same article."""
    keys = [f"words:{found.key}"]
    keys += [f"body:{found.body_key}"] if found.body_key else []
    keys += [f"address:{found.address}"] if found.address else []
    return [hashlib.sha256(f"{language}:{key}".encode("utf-8", "replace")).hexdigest() for key in keys]


def _slug(found: FoundArticle, language: str) -> str:
    """The day and the title in plain letters; where a title has few of them, a few letters of the key, so that it stays the same."""
    words = slugify(found.title)
    if len(words) < len(found.title) / 2:
        words = ""
    slug = f"{found.published_on:%Y-%m-%d}-{words[:80].strip('-') or found.key[:8]}"
    taken = set(NewsArticlePage.objects.child_of(index_of(language)).filter(slug__startswith=slug).values_list("slug", flat=True))
    return slug if slug not in taken else f"{slug}-{found.key[:8]}"
