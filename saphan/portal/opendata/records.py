"""Public things as the API answers them and the dump writes them. The same words in both, for a whole page of a list at once."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.utils.translation import override

from saphan.core.inspection import CONTENT_TYPES, kind_of
from saphan.directory.models import Country, Province
from saphan.portal.feeds.contents import CONTENTS, Content, with_whole_addresses
from saphan.portal.heads import absolute, permanent_url
from saphan.portal.library.models import DocumentPage
from saphan.portal.library.shelves import FileShown, Place, Shelf, shelves_of
from saphan.portal.news.models import NewsArticlePage, Topic
from saphan.portal.opendata import shapes
from saphan.portal.places.directory import PublicService
from saphan.portal.search.models import SearchEntry

Entries = Sequence[SearchEntry]


def news_of(found: Entries) -> list[shapes.News]:
    """The articles behind entries, whole texts and origins with them. Five queries at most."""
    articles = {article.pk: article for article in NewsArticlePage.objects.filter(pk__in=pages_of(found)).prefetch_related("provinces")}
    contents, sisters = CONTENTS["news"](found), sisters_of(found)
    records = []
    for entry in found:
        article = articles.get(page_of(entry))
        if article is not None:
            html = contents.get(entry.key, Content()).html
            records.append(shapes.News(**common(entry, sisters), **_of_article(article), text_html=with_whole_addresses(html)))
    return records


def _of_article(article: NewsArticlePage) -> dict[str, Any]:
    source = shapes.Original(
        title=article.adapted_from_title,
        source=article.adapted_from_source,
        url=article.adapted_from_url,
        published_on=article.adapted_from_on,
    )
    return {
        "provinces": sorted(province.pk for province in article.provinces.all()),
        "adapted_from": source if source.title or source.source else None,
        "invented": article.is_demonstration,
    }


def documents_of(found: Entries) -> list[shapes.Document]:
    """The documents behind entries with their files in every version. Six queries at most."""
    pages = {page.pk: page for page in DocumentPage.objects.filter(pk__in=pages_of(found)).select_related("locale")}
    shelves, sisters = shelves_of(list(pages.values())), sisters_of(found)
    records = []
    for entry in found:
        page = pages.get(page_of(entry))
        if page is not None:
            records.append(shapes.Document(**common(entry, sisters), **_of_document(page, shelves[page.pk])))
    return records


def _of_document(page: DocumentPage, shelf: Shelf) -> dict[str, Any]:
    versions = [_version(file, shelf, present=present) for place in shelf.places for file, present in _dated(place)]
    return {
        "type": page.document_type,
        "authors": page.author_names,
        "publisher": page.publisher,
        "year": page.year,
        "licence": page.licence,
        "licence_url": page.licence_url,
        "licence_note": page.licence_note,
        "source_url": page.source_url,
        "versions": versions,
        "elsewhere": [shapes.Elsewhere(language=link.language.code, url=link.url, note=link.note) for link in shelf.links],
        "invented": page.is_demonstration,
    }


def _dated(place: Place) -> list[tuple[FileShown, bool]]:
    return [(place.now, True), *((file, False) for file in place.older)]


def _version(file: FileShown, shelf: Shelf, *, present: bool) -> shapes.Version:
    """One file; its address only where the library may give it out."""
    return shapes.Version(
        language=file.language.code,
        part=file.part,
        label=file.label,
        dated_on=file.dated_on,
        changes=file.changes,
        present=present,
        media_type=CONTENT_TYPES[kind_of(f"x.{file.kind}")],
        size=file.size,
        sha256=file.digest,
        url=absolute(file.address) if shelf.given_out and not file.destroyed_on else "",
    )


def common(entry: SearchEntry, sisters: dict[str, list[SearchEntry]]) -> dict[str, Any]:
    """What every public thing has."""
    return {
        "id": id_of(entry),
        "language": entry.language,
        "title": entry.title,
        "summary": entry.summary,
        "url": absolute(entry.url),
        "permanent_url": permanent_url(entry.permanent, entry.language),
        "published_on": entry.published_on,
        "changed_at": entry.changed_at.replace(microsecond=0) if entry.changed_at else None,
        "countries": entry.countries,
        "topics": entry.topics,
        "author": entry.author,
        "translations": [
            shapes.Translation(language=sister.language, id=id_of(sister), url=absolute(sister.url))
            for sister in sisters[entry.permanent]
            if sister.language != entry.language
        ],
    }


def sisters_of(found: Entries) -> dict[str, list[SearchEntry]]:
    """The same things in every language, by permanent name. One query."""
    sisters: dict[str, list[SearchEntry]] = defaultdict(list)
    names = {entry.permanent for entry in found}
    for sister in SearchEntry.objects.filter(permanent__in=names).only("permanent", "language", "url").order_by("language", "pk"):
        sisters[sister.permanent].append(sister)
    return sisters


def id_of(entry: SearchEntry) -> str:
    """The id of a thing in one language, for ever."""
    return f"{entry.permanent}.{entry.language}"


def page_of(entry: SearchEntry) -> int:
    """The page behind an entry."""
    return int(entry.key.partition(":")[2])


def pages_of(found: Entries) -> list[int]:
    return [page_of(entry) for entry in found]


def countries_of(found: Sequence[Country]) -> list[shapes.Country]:
    """Countries with their names in every language of the site."""
    return [shapes.Country(id=country.pk, names=_names(country)) for country in found]


def provinces_of(found: Sequence[Province]) -> list[shapes.Province]:
    """Provinces, whose names are kept in two languages."""
    return [shapes.Province(id=one.pk, country=one.country_id, names=two_names(one.name_en, one.name_th)) for one in found]


def services_of(found: Sequence[PublicService]) -> list[shapes.Service]:
    """Services as the signed release tells of them."""
    return [
        shapes.Service(
            id=str(one.pk),
            names=two_names(one.name_en, one.name_th),
            organisation=two_names(one.organisation_en, one.organisation_th),
            kind=one.kind,
            country=one.country_id or "",
            province=one.province_id or "",
            phone=one.phone,
            hours=one.hours,
            languages=[code for code in one.spoken.split(",") if code],
            verified_on=one.verified_on,
        )
        for one in found
    ]


def topics_of(slugs: Sequence[str]) -> list[shapes.Topic]:
    """Topics with their names in the languages that have one. One query."""
    names: dict[str, dict[str, str]] = defaultdict(dict)
    for slug, language, name in Topic.objects.filter(slug__in=slugs).values_list("slug", "locale__language_code", "name").order_by("slug", "pk"):
        names[slug][language] = name
    return [shapes.Topic(id=slug, names=names[slug]) for slug in slugs]


def two_names(english: str, thai: str) -> dict[str, str]:
    """Names kept in English and, where there is one, in Thai."""
    return {"en": english, **({"th": thai} if thai else {})}


def _names(thing: Any) -> dict[str, str]:
    names = {}
    for code, _label in settings.LANGUAGES:
        with override(code):
            names[code] = str(thing)
    return names
