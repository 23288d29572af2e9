"""What stands on the page of a place or of a subject."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from saphan.directory.languages import Language
from saphan.directory.models import Country, Need, Province
from saphan.portal.feeds.selectors import Wanted, entries
from saphan.portal.news.models import NewsArticlePage, Topic, newest_first
from saphan.portal.places.directory import PublicOffice, PublicService, PublicServiceQuerySet

if TYPE_CHECKING:
    from saphan.portal.places.models import CountryPage

NEWS_SHOWN = 5
SERVICES_SHOWN = 8
PROVINCE_SERVICES_SHOWN = 20
DOCUMENTS_SHOWN = 8
REGIONS = {
    "North": _("North"),
    "Northeast": _("Northeast"),
    "Central": _("Central"),
    "East": _("East"),
    "West": _("West"),
    "South": _("South"),
}


@dataclass(frozen=True)
class Region:
    """A part of a country with its provinces: name in the address, province."""

    name: str
    provinces: list[tuple[str, Province]]


@dataclass(frozen=True)
class ServiceFilters:
    """The choices of the directory's form, what is chosen, and the services that remain."""

    needs: list[tuple[str, str]]
    countries: list[Country]
    provinces: list[Province]
    languages: list[tuple[str, str]]
    chosen: dict[str, str]
    services: PublicServiceQuerySet

    @property
    def query(self) -> str:
        """The chosen filters as the tail of an address."""
        return urlencode(self.chosen)


def provinces_of(country: str) -> dict[str, Province]:
    """The provinces of a country by their names in addresses."""
    return {slugify(province.name_en): province for province in Province.objects.filter(country=country).select_related("country")}


def province_named(country: str, slug: str) -> Province | None:
    """The province with this name in addresses."""
    return provinces_of(country).get(slug)


def regions_of(country: str) -> list[Region]:
    """The provinces of a country by region: the regions from north to south, the provinces by name."""
    found: dict[str, list[tuple[str, Province]]] = {}
    for slug, province in provinces_of(country).items():
        found.setdefault(province.region, []).append((slug, province))
    order = [*REGIONS, *sorted(name for name in found if name not in REGIONS)]
    return [Region(region_name(name), sorted(found[name], key=lambda pair: str(pair[1]))) for name in order if name in found]


def region_name(name: str) -> str:
    """A region in the reader's language, where it is known."""
    return str(REGIONS.get(name, name))


def country_shown(page: "CountryPage") -> dict[str, Any]:
    """Everything on the page of a country beside its own text."""
    services = list(PublicService.objects.in_country(page.country_id).select_related("province", "country")[: SERVICES_SHOWN + 1])
    return {
        "urgent": urgent_lines(page),
        "services": services[:SERVICES_SHOWN],
        "more_services": len(services) > SERVICES_SHOWN,
        "regions": regions_of(page.country_id),
        **about(str(page.locale.language_code), country=page.country_id),
    }


def province_shown(page: "CountryPage", province: Province) -> dict[str, Any]:
    """Everything on the page of a province."""
    services = list(PublicService.objects.for_province(province).select_related("province", "country")[: PROVINCE_SERVICES_SHOWN + 1])
    return {
        "province": province,
        "region": region_name(province.region),
        "urgent": urgent_lines(page),
        "office": PublicOffice.objects.filter(province=province).first(),
        "services": services[:PROVINCE_SERVICES_SHOWN],
        "more_services": len(services) > PROVINCE_SERVICES_SHOWN,
        **about(str(page.locale.language_code), province=province.pk),
    }


def urgent_lines(page: "CountryPage") -> list[Any]:
    """The hotlines of a country that have a number."""
    return [block.value for block in page.hotlines if block.value["number"]]


def about(language: str, **subject: Any) -> dict[str, Any]:
    """The newest news and documents of one country, province or topic."""
    ((name, value),) = subject.items()
    about_it = {"topic": "topics", "country": "countries", "province": "provinces"}
    news = list(newest_first(language).filter(**{about_it[name]: value}).prefetch_related(None)[:NEWS_SHOWN])  # shown without its tags
    above = (news[0].get_url() or "").rstrip("/").rpartition("/")[0] if news else ""  # an article stands right below the list
    return {
        "news": news,
        "all_news": f"{above}/?{urlencode({name: value.slug if isinstance(value, Topic) else value})}" if above else "",
        "documents": documents_about(language, **subject),
    }


def documents_about(language: str, *, country: str = "", topic: Topic | None = None, province: str = "") -> list[Any]:
    """The newest documents of the library; it does not know provinces."""
    if province:
        return []
    return list(entries(Wanted(kind="document", language=language, country=country, topic=topic.slug if topic else ""))[:DOCUMENTS_SHOWN])


def countries_of(topic: Topic) -> Any:
    """Codes of the countries that the news on a topic is about."""
    return NewsArticlePage.objects.live().filter(topics=topic, countries__isnull=False).order_by().values("countries")


def services_asked_for(asked: Mapping[str, str]) -> ServiceFilters:
    """Reads need, country, province and language from an address; what is not among the choices is left aside."""
    every = PublicService.objects.all()
    kinds = set(every.order_by().values_list("kind", flat=True).distinct())
    spoken = {code for codes in every.order_by().values_list("spoken", flat=True).distinct() for code in codes.split(",")}
    needs = [(code, str(label)) for code, label in Need.choices if code in kinds]
    languages = [(code, str(label)) for code, label in Language.choices if code in spoken]
    countries = list(Country.objects.filter(pk__in=every.order_by().values("country")))
    provinces = sorted(Province.objects.filter(pk__in=every.order_by().values("province")), key=str)
    choices = {
        "need": [code for code, _label in needs],
        "country": [country.pk for country in countries],
        "province": [province.pk for province in provinces],
        "language": [code for code, _label in languages],
    }
    chosen = {name: asked[name] for name, codes in choices.items() if asked.get(name) in codes}
    province = next((p for p in provinces if p.pk == chosen.get("province")), None)
    services = every.for_province(province) if province else every
    conditions = {"need": "kind", "country": "country", "language": "spoken__contains"}
    for name, field in conditions.items():
        if name in chosen:
            services = services.filter(**{field: f",{chosen[name]}," if name == "language" else chosen[name]})
    return ServiceFilters(needs, countries, provinces, languages, chosen, services.select_related("province", "country"))
