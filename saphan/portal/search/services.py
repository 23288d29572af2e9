"""Keeps the index equal to what is public. Called inside the transaction that writes a public thing."""

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from datetime import datetime
from itertools import chain
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from wagtail.models import Page

from saphan.core import clock
from saphan.core.ids import permanent_name
from saphan.portal.pages import PublicPage
from saphan.portal.search.models import SearchEntry
from saphan.portal.search.sources import SOURCES, Row
from saphan.portal.search.words import graphemes, words

LONGEST = 400_000  # letters of one entry; PostgreSQL refuses a tsvector over one megabyte


@dataclass(frozen=True)
class Check:
    """How index and public things differ: keys that should be there, should not be there, or say something else."""

    pages: int
    missing: list[str]
    surplus: list[str]
    stale: list[str]
    engine: str

    @property
    def whole(self) -> bool:
        return not (self.missing or self.surplus or self.stale or self.engine)


class PageSource:
    """The published pages of the portal."""

    name = "page"

    def row(self, key: str) -> Row | None:
        page = Page.objects.live().filter(pk=key.partition(":")[2]).select_related("locale").first()
        page = page.specific if page else None
        return page_row(page) if isinstance(page, PublicPage) else None

    def rows(self) -> Iterator[Row]:
        for page in Page.objects.live().select_related("locale").specific().iterator():
            if isinstance(page, PublicPage):
                yield page_row(page)


def page_row(page: PublicPage) -> Row:
    """A page as search, feeds and the open data see it."""
    address = page.get_url_parts()
    language = page.locale.language_code
    return Row(
        key=f"page:{page.pk}",
        kind=page.kind,
        url=address[2] if address else f"/{language}/",
        language=language,
        permanent=permanent_name(page.translation_key),
        title=page.title,
        summary=page.summary(),
        text=page.search_text()[:LONGEST],
        **page.search_facets(),
    )


def refresh(key: str) -> None:
    """Writes or removes the entry of one public thing, from what the database holds of it now."""
    row = SOURCES[key.partition(":")[0]].row(key)
    if row is not None:
        _write(row, clock.now())
    else:
        forget(key)


def refresh_all(rows: Iterable[Row], keys: set[str]) -> None:
    """Makes the entries of these keys equal to these rows. For a room that writes many things at once: what says the same is left alone."""
    wanted, now = {row.key: row for row in rows}, clock.now()
    held: dict[str, str] = {}
    for some in _in_pieces(sorted(keys | wanted.keys())):
        held |= dict(SearchEntry.objects.filter(key__in=some).values_list("key", "digest"))
    for some in _in_pieces(sorted(held.keys() - wanted.keys())):
        SearchEntry.objects.filter(key__in=some).delete()
    for key, row in wanted.items():
        if held.get(key) != _digest(row):
            _write(row, now)


def _in_pieces(keys: list[str], most: int = 500) -> Iterator[list[str]]:
    """A long list in pieces that one question can carry."""
    for start in range(0, len(keys), most):
        yield keys[start : start + most]


def refresh_page(page_id: int) -> None:
    """The same for a page."""
    refresh(f"page:{page_id}")


def refresh_below(page: Page) -> None:
    """The same for a page that moved and for everything under it, whose addresses changed with it."""
    for page_id in page.get_descendants(inclusive=True).values_list("pk", flat=True):
        refresh_page(page_id)


def forget(key: str) -> None:
    """What is no longer public cannot be found from this moment."""
    SearchEntry.objects.filter(key=key).delete()


@transaction.atomic
def rebuild() -> int:
    """Throws the index away and writes it anew. Readers see the old one until it is done; what says the same has not changed."""
    before = {key: (digest, at) for key, digest, at in SearchEntry.objects.values_list("key", "digest", "changed_at")}
    SearchEntry.objects.all().delete()
    count, now = 0, clock.now()
    for row in public_rows():
        digest, at = before.get(row.key, ("", None))
        _write(row, at if at and digest == _digest(row) else now)
        count += 1
    return count


def check() -> Check:
    """Compares every public thing with its entry, and lets the engine test its own index."""
    entries = dict(SearchEntry.objects.values_list("key", "digest"))
    wanted = {row.key: _digest(row) for row in public_rows()}
    return Check(
        pages=len(wanted),
        missing=sorted(wanted.keys() - entries.keys()),
        surplus=sorted(entries.keys() - wanted.keys()),
        stale=sorted(key for key in wanted.keys() & entries.keys() if wanted[key] != entries[key]),
        engine=_engine_fault(),
    )


def public_rows() -> Iterator[Row]:
    """All public things of all rooms."""
    return chain.from_iterable(source.rows() for source in SOURCES.values())


def _write(row: Row, at: datetime) -> None:
    SearchEntry.objects.update_or_create(key=row.key, defaults=entry_of(row, at))


def entry_of(row: Row, at: datetime) -> dict[str, Any]:
    """All columns of a row's entry but its key: what it says, and its words and letters cut for the engine."""
    return {
        **_columns(row),
        "digest": _digest(row),
        "changed_at": at,
        "title_words": " ".join(words(row.title)),
        "words": " ".join(words(row.text)),
        "title_graphemes": " ".join(graphemes(row.title)),
        "graphemes": " ".join(graphemes(row.text)),
    }


def _columns(row: Row) -> dict[str, Any]:
    return {name: value for name, value in asdict(row).items() if name != "key"}


def _digest(row: Row) -> str:
    return hashlib.sha256(json.dumps(asdict(row), sort_keys=True, default=str).encode()).hexdigest()


def _engine_fault() -> str:
    """Empty when the engine's index is whole. PostgreSQL computes its columns itself; SQLite is asked."""
    if settings.DATABASES["default"]["ENGINE"] != "django.db.backends.sqlite3":
        return ""
    from django.db import DatabaseError

    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("INSERT INTO portal_search_fts(portal_search_fts, rank) VALUES('integrity-check', 1)")
    except DatabaseError as error:
        return str(error)
    return ""


def rebuild_if_needed() -> str:
    """Builds the index when it does not match what is public; says in a word what was done."""
    found = check()
    return f"{found.pages} pages, whole" if found.whole else f"{rebuild()} pages indexed"
