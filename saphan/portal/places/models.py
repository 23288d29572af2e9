"""What a reader finds by place and by subject: countries with their provinces, topics, and the services that the public may know of."""

from typing import Any, ClassVar
from uuid import NAMESPACE_URL, uuid5

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.fields import StreamField

from saphan.directory.models import Country, Province
from saphan.portal.news.models import Topic
from saphan.portal.pages import PublicPage
from saphan.portal.places import selectors
from saphan.portal.places.blocks import InstrumentBlock, LineBlock
from saphan.portal.places.directory import PublicOffice, PublicService
from saphan.portal.places.parts import PageWithParts, Part

__all__ = ["CountriesPage", "CountryPage", "PublicOffice", "PublicService", "TopicsPage"]


class CountriesPage(PublicPage):
    """The list of countries of one language."""

    introduction: "models.TextField[str, str]" = models.TextField(_("introduction"), max_length=400, blank=True)

    content_panels: ClassVar[list[Any]] = [*PublicPage.content_panels, FieldPanel("introduction")]
    parent_page_types: ClassVar[list[str]] = ["portal_site.HomePage"]
    subpage_types: ClassVar[list[str]] = ["portal_places.CountryPage"]
    max_count_per_parent = 1
    template = "places/countries.html"

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        countries = CountryPage.objects.live().child_of(self).select_related("country", "locale").order_by("path")
        topics = TopicsPage.objects.live().filter(locale=self.locale_id).first()
        return {**super().get_context(request, *args, **kwargs), "countries": countries, "topics": topics}


class CountryPage(PageWithParts):
    """One country: laws, agreements, action plans, hotlines, public services, news and documents, always in this order; its provinces below."""

    kind = "country"

    country: "models.ForeignKey[Country, Country]" = models.ForeignKey(Country, models.PROTECT, related_name="+", verbose_name=_("country"))
    introduction: "models.TextField[str, str]" = models.TextField(_("introduction"), max_length=600, blank=True)
    laws = StreamField([("entry", InstrumentBlock())], verbose_name=_("laws"), blank=True)
    agreements = StreamField([("entry", InstrumentBlock())], verbose_name=_("agreements"), blank=True)
    plans = StreamField([("entry", InstrumentBlock())], verbose_name=_("action plans"), blank=True)
    hotlines = StreamField([("line", LineBlock())], verbose_name=_("hotlines"), blank=True)

    content_panels: ClassVar[list[Any]] = [
        *PublicPage.content_panels,
        FieldPanel("country"),
        FieldPanel("introduction"),
        FieldPanel("laws"),
        FieldPanel("agreements"),
        FieldPanel("plans"),
        FieldPanel("hotlines"),
    ]
    parent_page_types: ClassVar[list[str]] = ["portal_places.CountriesPage"]
    subpage_types: ClassVar[list[str]] = []
    template = "places/country.html"
    part_template = "places/province.html"

    def clean(self) -> None:
        """A country has one page in each language."""
        super().clean()
        others = CountryPage.objects.filter(country=self.country_id, locale=self.locale_id).exclude(pk=self.pk)
        if self.country_id and self.locale_id and others.exists():
            raise ValidationError({"country": _("This country has a page in this language already.")})

    def page_context(self) -> dict[str, Any]:
        return selectors.country_shown(self)

    def part_named(self, slug: str) -> Part | None:
        province = selectors.province_named(self.country_id, slug)
        return province_part(province, slug, str(self.title)) if province else None

    def part_context(self, part: Part) -> dict[str, Any]:
        return selectors.province_shown(self, part.shown)

    def get_route_paths(self) -> list[str]:
        """The addresses below this page that lead on when it moves."""
        return ["/", *(f"/{slug}/" for slug in selectors.provinces_of(self.country_id))]

    def summary(self) -> str:
        return str(self.search_description or self.introduction) or gettext(
            "Laws, agreements, action plans, hotlines and services in %(country)s."
        ) % {"country": self.title}

    def search_text(self) -> str:
        names = ("title", "number", "hours", "note", "source")
        blocks = [*self.laws, *self.agreements, *self.plans, *self.hotlines]
        lines = [" ".join(str(block.value[name]) for name in names if block.value.get(name)) for block in blocks]
        return "\n".join([self.introduction, *lines])

    def search_facets(self) -> dict[str, Any]:
        return {"published_on": None, "countries": [self.country_id], "topics": []}


class TopicsPage(PageWithParts):
    """The list of topics of one language; below it each topic with everything about it."""

    introduction: "models.TextField[str, str]" = models.TextField(_("introduction"), max_length=400, blank=True)

    content_panels: ClassVar[list[Any]] = [*PublicPage.content_panels, FieldPanel("introduction")]
    parent_page_types: ClassVar[list[str]] = ["portal_site.HomePage"]
    subpage_types: ClassVar[list[str]] = []
    max_count_per_parent = 1
    template = "places/topics.html"
    part_template = "places/topic.html"

    def page_context(self) -> dict[str, Any]:
        return {"topics": [(topic, self.url_of_part(topic.slug)) for topic in Topic.objects.filter(locale=self.locale_id)]}

    def part_named(self, slug: str) -> Part | None:
        versions = {topic.locale_id: topic for topic in Topic.objects.filter(slug=slug).select_related("locale")}
        topic = versions.get(self.locale_id)
        if topic is None:
            return None
        languages = frozenset(version.locale.language_code for version in versions.values())
        return Part(slug, topic.name, topic_summary(topic), languages, topic.translation_key, topic)

    def part_context(self, part: Part) -> dict[str, Any]:
        pages = CountryPage.objects.live().filter(locale=self.locale_id, country__in=selectors.countries_of(part.shown)).order_by("path")
        return {"topic": part.shown, "countries": pages, **selectors.about(str(self.locale.language_code), topic=part.shown)}

    def get_route_paths(self) -> list[str]:
        """The addresses below this page that lead on when it moves."""
        return ["/", *(f"/{slug}/" for slug in Topic.objects.filter(locale=self.locale_id).values_list("slug", flat=True))]


def province_part(province: Province, slug: str, country: str) -> Part:
    """A province as a page of its own, in the language that is active."""
    sentence = gettext("Help, hotlines, public services and news against human trafficking in %(province)s, %(country)s.")
    identity = uuid5(NAMESPACE_URL, f"place:{province.pk}")
    summary = sentence % {"province": province, "country": country}
    return Part(slug, str(province), summary, frozenset(dict(settings.LANGUAGES)), identity, province)


def topic_summary(topic: Topic) -> str:
    """One or two sentences on a topic."""
    return topic.introduction or gettext("News, documents and countries on %(topic)s.") % {"topic": topic.name}
