"""What a reader may narrow the list of news by, what is left, and what stands beside an article."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from babel.dates import format_date
from django.apps import apps
from django.db.models import Count, Q, QuerySet
from django.db.models.functions import TruncMonth
from django.utils.translation import get_language

from saphan.directory.models import Country, Province

if TYPE_CHECKING:
    from saphan.portal.news.models import NewsArticlePage, NewsIndexPage, Topic

NAMES = ("year", "month", "country", "province", "topic")
RELATED = 4


@dataclass(frozen=True)
class Month:
    """One month of the archive."""

    first: date
    count: int

    @property
    def name(self) -> str:
        """The month in the reader's language, for example "August"."""
        name: str = format_date(self.first, "LLLL", locale=get_language() or "en")
        return name


@dataclass(frozen=True)
class Year:
    """One year of the archive, newest month first."""

    number: int
    months: list[Month]

    @property
    def count(self) -> int:
        return sum(month.count for month in self.months)


@dataclass(frozen=True)
class Filters:
    """The choices of the list's form, what is chosen, and the articles that remain."""

    archive: list[Year]
    countries: list[Country]
    provinces: list[Province]
    topics: "list[Topic]"
    chosen: dict[str, str]
    articles: "QuerySet[NewsArticlePage]"

    @property
    def query(self) -> str:
        """The chosen filters as the tail of an address, for the links to other pages of the list."""
        return urlencode(self.chosen)

    @property
    def beside_time(self) -> str:
        """The chosen filters but year and month, for the links of the archive."""
        return urlencode({name: value for name, value in self.chosen.items() if name not in ("year", "month")})

    @property
    def months(self) -> list[Month]:
        """The months of the chosen year."""
        return next((year.months for year in self.archive if str(year.number) == self.chosen.get("year")), [])


def filters_of(index: "NewsIndexPage", asked: Mapping[str, Any]) -> Filters:
    """Reads year, month, country, province and topic from an address; what is not among the choices is left aside."""
    here = apps.get_model("portal_news", "NewsArticlePage").objects.live().child_of(index)
    archive = archive_of(here)
    choices: dict[str, list[Any]] = {
        "country": list(Country.objects.filter(pk__in=here.order_by().values("countries"))),
        "province": list(Province.objects.filter(pk__in=here.order_by().values("provinces")).select_related("country")),
        "topic": list(apps.get_model("portal_news", "Topic").objects.filter(pk__in=here.order_by().values("topics"))),
    }
    chosen = _chosen(asked, archive, choices)
    articles = here.filter(_condition(chosen)).prefetch_related("topics", "countries", "picture__renditions").select_related("locale", "picture")
    return Filters(archive, choices["country"], choices["province"], choices["topic"], chosen, articles.order_by("-published_on", "-pk"))


def archive_of(articles: "QuerySet[NewsArticlePage]") -> list[Year]:
    """Years and months in which there is news, with their numbers, newest first. One query."""
    rows = articles.order_by().annotate(month=TruncMonth("published_on")).values_list("month").annotate(n=Count("pk")).order_by("-month")
    years: dict[int, list[Month]] = {}
    for first, count in rows:
        years.setdefault(first.year, []).append(Month(first, count))
    return [Year(number, months) for number, months in years.items()]


def related_to(article: "NewsArticlePage") -> "QuerySet[NewsArticlePage]":
    """The newest other news in the same language that shares a topic or a country with an article. One query, without joins that double rows."""
    model = type(article)
    topics, countries = model.topics.through.objects, model.countries.through.objects
    same_topic = topics.filter(topic__in=topics.filter(newsarticlepage=article.pk).values("topic"))
    same_country = countries.filter(country__in=countries.filter(newsarticlepage=article.pk).values("country"))
    alike = Q(pk__in=same_topic.values("newsarticlepage")) | Q(pk__in=same_country.values("newsarticlepage"))
    others: QuerySet[NewsArticlePage] = model.objects.live().filter(alike, locale=article.locale_id).exclude(pk=article.pk)
    return others.select_related("locale").order_by("-published_on", "-pk")[:RELATED]


def _chosen(asked: Mapping[str, Any], archive: list[Year], choices: Mapping[str, list[Any]]) -> dict[str, str]:
    year = next((y for y in archive if str(y.number) == asked.get("year")), None)
    month = next((m for m in year.months if str(m.first.month) == asked.get("month")), None) if year else None
    chosen = {
        "year": str(year.number) if year else "",
        "month": str(month.first.month) if month else "",
        "country": next((c.pk for c in choices["country"] if c.pk == asked.get("country")), ""),
        "province": next((p.pk for p in choices["province"] if p.pk == asked.get("province")), ""),
        "topic": next((t.slug for t in choices["topic"] if t.slug == asked.get("topic")), ""),
    }
    return {name: chosen[name] for name in NAMES if chosen[name]}


def _condition(chosen: Mapping[str, str]) -> Q:
    """The articles that all chosen filters let through."""
    columns = {"year": "published_on__year", "month": "published_on__month", "country": "countries", "province": "provinces", "topic": "topics__slug"}
    return Q(**{columns[name]: value for name, value in chosen.items()})
