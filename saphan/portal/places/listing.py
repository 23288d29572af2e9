"""Keeps the index equal to the parts of pages: provinces and topics have no page of their own, but are found like one."""

from typing import Any

from django.contrib.contenttypes.models import ContentType
from wagtail.models import Page

from saphan.directory.models import Province
from saphan.portal.news.models import Topic
from saphan.portal.places.models import CountryPage, TopicsPage
from saphan.portal.places.sources import province_rows, topic_rows
from saphan.portal.search.services import refresh_all


def refresh_parts(page_id: int) -> None:
    """A page with parts was written: its parts follow it. One question for any other page."""
    kind = Page.objects.filter(pk=page_id).values_list("content_type", flat=True).first()
    if kind == ContentType.objects.get_for_model(CountryPage).pk:
        refresh_provinces(CountryPage.objects.select_related("locale").get(pk=page_id))
    elif kind == ContentType.objects.get_for_model(TopicsPage).pk:
        refresh_topics(TopicsPage.objects.select_related("locale").get(pk=page_id))


def refresh_provinces(page: CountryPage) -> None:
    """The provinces of a country in the language of its page."""
    codes = Province.objects.filter(country=page.country_id).values_list("pk", flat=True)
    refresh_all(province_rows(page) if page.live else [], {f"place:{code}:{page.locale.language_code}" for code in codes})


def refresh_topics(page: TopicsPage) -> None:
    """The topics in the language of their list."""
    ids = Topic.objects.filter(locale=page.locale_id).values_list("pk", flat=True)
    refresh_all(topic_rows(page) if page.live else [], {f"topic:{pk}" for pk in ids})


def forget_parts(page: Any) -> None:
    """A page that is no longer public takes its parts along."""
    page.live = False
    if isinstance(page, CountryPage):
        refresh_provinces(page)
    elif isinstance(page, TopicsPage):
        refresh_topics(page)
