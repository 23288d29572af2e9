"""What is done with news beside writing it by hand."""

import hashlib
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _
from wagtail.models import Locale

from saphan.access.actions import Action
from saphan.access.policy import require
from saphan.core.errors import Invalid
from saphan.portal.news.importing import FoundArticle
from saphan.portal.news.models import ImportedSource, NewsArticlePage, NewsIndexPage


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
def import_as_draft(*, found: FoundArticle, language: str, by: Any, at: datetime) -> NewsArticlePage:
    """Enters an imported article as a draft; the same source a second time changes nothing. `by=None` is the operator of the machine."""
    if by is not None:
        require(by, Action.NEWS_IMPORT)
    if article := known(found, language):
        return article
    article = NewsArticlePage(
        title=found.title,
        slug=_slug(found, language),
        published_on=found.published_on,
        introduction=found.introduction,
        body=found.html(),
        adapted_from_title=found.attribution.title,
        adapted_from_source=found.attribution.source,
        adapted_from_url=found.attribution.url or found.address,
        adapted_from_on=found.attribution.on,
        live=False,
        locale=Locale.objects.get(language_code=language),
    )
    index_of(language).add_child(instance=article)
    article.save_revision(user=by, log_action=True)
    ImportedSource.objects.bulk_create([ImportedSource(key=key, article=article, imported_at=at) for key in _keys(found, language)])
    return article


@transaction.atomic
def import_and_publish(*, found: FoundArticle, language: str, by: Any, at: datetime) -> NewsArticlePage:
    """The same, and public at once: for the operator, who has looked at the dry run."""
    article = import_as_draft(found=found, language=language, by=by, at=at)
    if not article.live:
        article.get_latest_revision().publish(user=by)
        article.refresh_from_db()
    return article


def _keys(found: FoundArticle, language: str) -> list[str]:
    """One key for the words and, where the page names its address, one for that: either makes it the same article."""
    keys = [f"words:{found.key}", *([f"address:{found.address}"] if found.address else [])]
    return [hashlib.sha256(f"{language}:{key}".encode("utf-8", "replace")).hexdigest() for key in keys]


def _slug(found: FoundArticle, language: str) -> str:
    """The day and the title in plain letters; where a title has none, a few letters of the key, so that it stays the same."""
    words = slugify(found.title) if language != "th" else ""
    slug = f"{found.published_on:%Y-%m-%d}-{words[:80].strip('-') or found.key[:8]}"
    taken = set(NewsArticlePage.objects.child_of(index_of(language)).filter(slug__startswith=slug).values_list("slug", flat=True))
    return slug if slug not in taken else f"{slug}-{found.key[:8]}"
