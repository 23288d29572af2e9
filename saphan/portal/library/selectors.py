"""What a reader may narrow the library by, what is left, what a document says in full, and what stands beside it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.apps import apps
from django.db.models import F, Q, QuerySet
from wagtail.models import Page

from saphan.directory.models import Country
from saphan.portal.library.shelves import FileShown, shelf_of
from saphan.portal.library.terms import FILE_LANGUAGES, DocumentType, LanguageShown

if TYPE_CHECKING:
    from saphan.portal.library.models import DocumentPage, LibraryIndexPage
    from saphan.portal.news.models import Topic

NAMES = ("type", "country", "topic", "year", "language")
RELATED = 4
LETTERS_OF_ALL = 380_000  # of all files of one page together; the search keeps 400,000 of an entry


@dataclass(frozen=True)
class Filters:
    """The choices of the list's form, what is chosen, and the documents that remain."""

    types: list[tuple[str, str]]
    countries: list[Country]
    topics: "list[Topic]"
    years: list[int]
    languages: list[LanguageShown]
    chosen: dict[str, str]
    documents: "QuerySet[DocumentPage]"

    @property
    def query(self) -> str:
        """The chosen filters as the tail of an address, for the links to other pages of the list."""
        return urlencode(self.chosen)


def filters_of(index: "LibraryIndexPage", asked: Mapping[str, Any]) -> Filters:
    """Reads the filters from an address; what is not among the choices is left aside. Six queries, the documents not counted."""
    here: QuerySet[DocumentPage] = _model("DocumentPage").objects.live().child_of(index)
    present = set(here.order_by().values_list("document_type", flat=True).distinct())
    types = [(code, str(name)) for code, name in DocumentType.choices if code in present]
    countries = list(Country.objects.filter(pk__in=here.order_by().values("countries")))
    topics = list(apps.get_model("portal_news", "Topic").objects.filter(pk__in=here.order_by().values("topics")))
    years = list(here.order_by("-year").values_list("year", flat=True).distinct())
    languages = _languages(here)
    choices = {
        "type": [code for code, _name in types],
        "country": [country.pk for country in countries],
        "topic": [topic.slug for topic in topics],
        "year": [str(year) for year in years],
        "language": [language.code for language in languages],
    }
    chosen = {name: str(asked.get(name)) for name in NAMES if asked.get(name) in choices[name]}
    documents = here.filter(_condition(chosen)).prefetch_related("topics", "countries", "picture__renditions").select_related("locale", "picture")
    newest_first = documents.order_by("-year", F("published_on").desc(nulls_last=True), "-pk")
    return Filters(types, countries, topics, years, languages, chosen, newest_first)


def full_text_of(page: "DocumentPage") -> Iterator[str]:
    """The words of the present files in the page's language, and in languages in which the document has no page of its own."""
    spoken = set(_model("DocumentPage").objects.live().filter(translation_key=page.translation_key).values_list("locale__language_code", flat=True))
    others = spoken - {page.locale.language_code}
    texts: dict[tuple[str, str], FileShown] = {}
    for place in shelf_of(page).places:
        if place.now.language.code not in others and place.now.letters and not place.now.destroyed_on:
            texts.setdefault((place.now.language.code, place.now.part), place.now)
    words = _model("FileText").objects.in_bulk([shown.digest for shown in texts.values()]) if texts else {}
    for shown in texts.values():
        if shown.digest in words:
            yield words[shown.digest].text[: LETTERS_OF_ALL // len(texts)]


def languages_described() -> set[str]:
    """The languages in which there are documents. One query."""
    return set(_model("DocumentPage").objects.live().order_by().values_list("locale__language_code", flat=True).distinct())


def chosen_beside(page: "DocumentPage") -> list[Page]:
    """The pages that the editors set beside a document, each in the reader's language where it has one. One query at most."""
    targets = [item.target_id for item in page.related_items.all()]
    if not targets:
        return []
    keys = dict(Page.objects.filter(pk__in=targets).values_list("pk", "translation_key"))
    found = (
        Page.objects.live().filter(translation_key__in=keys.values()).filter(Q(locale=page.locale_id) | Q(pk__in=targets)).select_related("locale")
    )
    best: dict[Any, Page] = {}
    for other in sorted(found, key=lambda other: other.locale_id == page.locale_id):
        best[other.translation_key] = other
    return [best[keys[pk]] for pk in targets if keys.get(pk) in best]


def documents_naming(page: Page) -> list["DocumentPage"]:
    """The documents that the editors set beside a page or its translations, each once, in the page's language where it has one. One query."""
    model = _model("DocumentPage")
    found = model.objects.live().filter(related_items__target__translation_key=page.translation_key).select_related("locale").order_by("-year", "pk")
    best: dict[Any, DocumentPage] = {}
    for document in sorted(found, key=lambda document: document.locale_id == page.locale_id):
        best[document.translation_key] = document
    return list(best.values())


def alike(page: "DocumentPage") -> "QuerySet[DocumentPage]":
    """The newest other documents in the same language that share a topic. One query."""
    model = type(page)
    topics = model.topics.through.objects
    same = topics.filter(topic__in=topics.filter(documentpage=page.pk).values("topic")).values("documentpage")
    others: QuerySet[DocumentPage] = model.objects.live().filter(pk__in=same, locale=page.locale_id).exclude(pk=page.pk)
    return others.select_related("locale").order_by("-year", "-pk")[:RELATED]


def _model(name: str) -> Any:
    return apps.get_model("portal_library", name)


def _languages(here: "QuerySet[DocumentPage]") -> list[LanguageShown]:
    """The languages in which documents of the list can be read, here or elsewhere."""
    keys = here.order_by().values("translation_key")
    found = set()
    for name in ("DocumentVersion", "DocumentLink"):
        rows = _model(name).objects.order_by().filter(page__translation_key__in=keys, page__live=True)
        found |= set(rows.values_list("language", flat=True).distinct())
    return [LanguageShown(code) for code, _name in FILE_LANGUAGES if code in found]


def _condition(chosen: Mapping[str, str]) -> Q:
    """The documents that all chosen filters let through."""
    columns = {"type": "document_type", "country": "countries", "topic": "topics__slug", "year": "year"}
    condition = Q(**{columns[name]: value for name, value in chosen.items() if name in columns})
    if language := chosen.get("language"):
        rows = [_model(name).objects.order_by().filter(language=language, page__live=True) for name in ("DocumentVersion", "DocumentLink")]
        condition &= Q(translation_key__in=rows[0].values("page__translation_key")) | Q(translation_key__in=rows[1].values("page__translation_key"))
    return condition
