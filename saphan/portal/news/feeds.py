"""News as RSS 2.0, one feed per language."""

from datetime import UTC, datetime, time
from typing import Any

from django.conf import settings
from django.contrib.syndication.views import Feed
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.feedgenerator import Rss201rev2Feed
from django.utils.timezone import get_current_timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from saphan.portal.delivery import deliver
from saphan.portal.news.models import NewsArticlePage, newest_first

ITEMS = 30


class NewsFeed(Feed):  # type: ignore[type-arg]  # generic only in its stubs
    """The newest items of one language: `/feeds/news.rss` (English, or `?lang=`) and `/feeds/news.<language>.rss`."""

    feed_type = Rss201rev2Feed

    def __call__(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        language = kwargs.get("language") or request.GET.get("lang") or settings.LANGUAGE_CODE
        if language not in dict(settings.LANGUAGES):
            raise Http404
        with override(language):
            return deliver(request, super().__call__(request, *args, **{**kwargs, "language": language}))

    def get_object(self, _request: HttpRequest, language: str) -> str:
        return language

    def title(self, _language: str) -> str:
        return f"Saphan · {_('News & Updates')}"

    def description(self, _language: str) -> str:
        return _("News of cooperation against human trafficking.")

    def link(self, language: str) -> str:
        return f"{settings.SITE_URL}/{language}/"

    def feed_url(self, language: str) -> str:
        return f"{settings.SITE_URL}/feeds/news.{language}.rss"

    def items(self, language: str) -> list[NewsArticlePage]:
        return list(newest_first(language)[:ITEMS])

    def item_title(self, item: Any) -> str:
        return str(item.title)

    def item_description(self, item: Any) -> str:
        return str(item.summary())

    def item_link(self, item: Any) -> str:
        return settings.SITE_URL + str(item.get_url())

    def item_guid(self, item: Any) -> str:
        return f"urn:uuid:{item.translation_key}:{item.locale.language_code}"

    item_guid_is_permalink = False

    def item_pubdate(self, item: Any) -> datetime:
        return datetime.combine(item.published_on, time(12), tzinfo=get_current_timezone())

    def item_updateddate(self, item: Any) -> datetime:
        return item.last_published_at or datetime.combine(item.published_on, time(12), tzinfo=UTC)

    def item_categories(self, item: Any) -> list[str]:
        return [*(topic.name for topic in item.topics.all()), *(str(country) for country in item.countries.all())]
