"""Keeps the index equal to the public pages. Called inside the transaction that writes a page."""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.utils.translation import override
from wagtail.models import Page

from saphan.portal.pages import PublicPage
from saphan.portal.search.models import SearchEntry
from saphan.portal.search.words import graphemes, words

LONGEST = 400_000  # letters of one entry; PostgreSQL refuses a tsvector over one megabyte


@dataclass(frozen=True)
class Check:
    """How index and pages differ: keys that should be there, should not be there, or say something else."""

    pages: int
    missing: list[str]
    surplus: list[str]
    stale: list[str]
    engine: str

    @property
    def whole(self) -> bool:
        return not (self.missing or self.surplus or self.stale or self.engine)


def refresh(page_id: int) -> None:
    """Writes or removes the entry of one page, from what the database holds of it now."""
    page = Page.objects.live().filter(pk=page_id).select_related("locale").first()
    page = page.specific if page else None
    if isinstance(page, PublicPage):
        _write(page)
    else:
        forget(page_id)


def refresh_below(page: Page) -> None:
    """The same for a page that moved and for everything under it, whose addresses changed with it."""
    for page_id in page.get_descendants(inclusive=True).values_list("pk", flat=True):
        refresh(page_id)


def forget(page_id: int) -> None:
    """A page that is no longer public cannot be found from this moment."""
    SearchEntry.objects.filter(key=f"page:{page_id}").delete()


@transaction.atomic
def rebuild() -> int:
    """Throws the index away and writes it anew. Readers see the old one until it is done."""
    SearchEntry.objects.all().delete()
    count = 0
    for page in public_pages():
        _write(page)
        count += 1
    return count


def check() -> Check:
    """Compares every public page with its entry, and lets the engine test its own index."""
    entries = dict(SearchEntry.objects.values_list("key", "digest"))
    wanted = {f"page:{page.pk}": _digest(_row(page)) for page in public_pages()}
    return Check(
        pages=len(wanted),
        missing=sorted(wanted.keys() - entries.keys()),
        surplus=sorted(entries.keys() - wanted.keys()),
        stale=sorted(key for key in wanted.keys() & entries.keys() if wanted[key] != entries[key]),
        engine=_engine_fault(),
    )


def public_pages() -> Iterator[PublicPage]:
    """All published pages of the portal, with their own fields."""
    for page in Page.objects.live().select_related("locale").specific().iterator():
        if isinstance(page, PublicPage):
            yield page


def _write(page: PublicPage) -> None:
    row = _row(page)
    SearchEntry.objects.update_or_create(
        key=f"page:{page.pk}",
        defaults={
            **row,
            "digest": _digest(row),
            "title_words": " ".join(words(row["title"])),
            "words": " ".join(words(row["text"])),
            "title_graphemes": " ".join(graphemes(row["title"])),
            "graphemes": " ".join(graphemes(row["text"])),
        },
    )


def _row(page: PublicPage) -> dict[str, Any]:
    language = page.locale.language_code
    address = page.get_url_parts()
    with override(language):
        return {
            "kind": page.kind,
            "kind_label": str(page.kind_label),
            "url": address[2] if address else f"/{language}/",
            "language": language,
            "title": page.title,
            "text": page.search_text()[:LONGEST],
            **page.search_facets(),
        }


def _digest(row: dict[str, Any]) -> str:
    return hashlib.sha256(json.dumps(row, sort_keys=True, default=str).encode()).hexdigest()


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
    """Builds the index when it does not match the pages; says in a word what was done."""
    found = check()
    return f"{found.pages} pages, whole" if found.whole else f"{rebuild()} pages indexed"
