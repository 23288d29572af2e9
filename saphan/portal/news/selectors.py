"""What a reader may narrow the list of news by, and what is left."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.apps import apps
from django.db.models import QuerySet

from saphan.directory.models import Country

if TYPE_CHECKING:
    from saphan.portal.news.models import NewsArticlePage, NewsIndexPage, Topic


@dataclass(frozen=True)
class Filters:
    """The choices of the list's form, what is chosen, and the articles that remain."""

    years: list[int]
    countries: list[Country]
    topics: "list[Topic]"
    year: str
    country: str
    topic: str
    articles: "QuerySet[NewsArticlePage]"

    @property
    def query(self) -> str:
        """The chosen filters as the tail of an address, for the links to other pages of the list."""
        chosen = {name: getattr(self, name) for name in ("year", "country", "topic")}
        return urlencode({name: value for name, value in chosen.items() if value})


def filters_of(index: "NewsIndexPage", asked: Mapping[str, Any]) -> Filters:
    """Reads year, country and topic from an address; what is not among the choices is left aside."""
    article = apps.get_model("portal_news", "NewsArticlePage")
    topic_model = apps.get_model("portal_news", "Topic")
    here = article.objects.live().child_of(index)
    years = [day.year for day in here.dates("published_on", "year", order="DESC")]
    countries = list(Country.objects.filter(pk__in=here.order_by().values("countries")))
    topics = list(topic_model.objects.filter(pk__in=here.order_by().values("topics")))
    year = next((str(y) for y in years if str(y) == asked.get("year")), "")
    country = next((c.pk for c in countries if c.pk == asked.get("country")), "")
    topic = next((t.slug for t in topics if t.slug == asked.get("topic")), "")
    articles = here.prefetch_related("topics", "countries").select_related("locale").order_by("-published_on", "-pk")
    if year:
        articles = articles.filter(published_on__year=int(year))
    if country:
        articles = articles.filter(countries=country)
    if topic:
        articles = articles.filter(topics__slug=topic)
    return Filters(years, countries, topics, year, country, topic, articles)
