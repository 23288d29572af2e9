"""What the search finds of this room beside its pages: services, provinces and topics, in each language."""

from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.utils.translation import override

from saphan.core.ids import permanent_name
from saphan.directory.models import Province
from saphan.portal.news.models import Topic
from saphan.portal.places.directory import PublicService
from saphan.portal.places.models import CountryPage, TopicsPage, province_part, topic_summary
from saphan.portal.places.parts import Part
from saphan.portal.places.selectors import provinces_of, region_name
from saphan.portal.search.sources import Row

LANGUAGES = [code for code, _name in settings.LANGUAGES]


class ServiceSource:
    """The services of the public directory. Their names are English and Thai; what they are for is said in all six languages."""

    name = "service"

    def row(self, key: str) -> Row | None:
        _source, pk, code = key.split(":")
        service = PublicService.objects.filter(pk=pk).select_related("country", "province").first()
        return service_row(service, code) if service else None

    def rows(self) -> Iterator[Row]:
        for service in PublicService.objects.select_related("country", "province").order_by("pk"):
            for code in LANGUAGES:
                yield service_row(service, code)


class ProvinceSource:
    """The provinces of the countries that have a page."""

    name = "place"

    def row(self, key: str) -> Row | None:
        _source, code, language = key.split(":")
        province = Province.objects.filter(pk=code).select_related("country").first()
        page = CountryPage.objects.live().filter(country=province.country_id, locale__language_code=language).first() if province else None
        return next((row for row in province_rows(page) if row.key == key), None) if page else None

    def rows(self) -> Iterator[Row]:
        for page in CountryPage.objects.live().select_related("locale").order_by("path"):
            yield from province_rows(page)


class TopicSource:
    """The topics, where their list is public."""

    name = "topic"

    def row(self, key: str) -> Row | None:
        topic = Topic.objects.filter(pk=key.partition(":")[2]).select_related("locale").first()
        page = TopicsPage.objects.live().filter(locale=topic.locale_id).first() if topic else None
        return topic_row(page, topic) if page and topic else None

    def rows(self) -> Iterator[Row]:
        for page in TopicsPage.objects.live().select_related("locale").order_by("path"):
            yield from topic_rows(page)


def service_row(service: PublicService, language: str) -> Row:
    """A service as it is found in one language."""
    with override(language):
        places = [str(place) for place in (service.province, service.country) if place]
        words = [service.need, service.organisation, *places, service.hours, *service.languages, service.name_en, service.name_th]
        return Row(
            key=f"service:{service.pk}:{language}",
            kind="service",
            url=service.address,
            language=language,
            title=str(service),
            summary=" · ".join(part for part in [service.need, service.organisation, *places] if part),
            text="\n".join(word for word in words if word),
            countries=[service.country_id] if service.country_id else [],
            permanent=permanent_name(service.pk),
        )


def province_rows(page: CountryPage) -> list[Row]:
    """The provinces of the country of a page, in its language."""
    language, above = page.locale.language_code, page.get_url() or "/"
    with override(language):
        parts = [province_part(province, slug, str(page.title)) for slug, province in provinces_of(page.country_id).items()]
        return [_province_row(part, language, above) for part in parts]


def _province_row(part: Part, language: str, above: str) -> Row:
    province: Province = part.shown
    names = {part.title, province.name_en, province.name_th, region_name(province.region)}
    return Row(
        key=f"place:{province.pk}:{language}",
        kind="place",
        url=f"{above}{part.slug}/",
        language=language,
        title=part.title,
        summary=part.summary,
        text="\n".join([part.summary, *sorted(name for name in names if name)]),
        countries=[province.country_id],
        permanent=permanent_name(part.identity),
    )


def topic_rows(page: TopicsPage) -> list[Row]:
    """All topics in the language of their list."""
    return [topic_row(page, topic) for topic in Topic.objects.filter(locale=page.locale_id).select_related("locale")]


def topic_row(page: TopicsPage, topic: Any) -> Row:
    """A topic as it is found in its language."""
    language = topic.locale.language_code
    with override(language):
        return Row(
            key=f"topic:{topic.pk}",
            kind="topic",
            url=page.url_of_part(topic.slug),
            language=language,
            title=topic.name,
            summary=topic_summary(topic),
            text=topic_summary(topic),
            topics=[topic.slug],
            permanent=permanent_name(topic.translation_key),
        )
