"""Keeps the index equal to what is public. Called inside the transaction that writes a public thing."""

import hashlib
import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass, replace
from itertools import chain
from typing import Any

from django.db import DatabaseError, connection, transaction
from wagtail.models import Page

from saphan.core import clock
from saphan.core.ids import permanent_name
from saphan.portal.pages import PublicPage
from saphan.portal.rendered.edition import renew
from saphan.portal.search import vocabulary
from saphan.portal.search.cutting import LONGEST_TEXT, clean, cut, digest_of, names_of
from saphan.portal.search.models import CutText, SearchEntry
from saphan.portal.search.naming import Names
from saphan.portal.search.sources import SOURCES, Row

BATCH_ROWS, BATCH_LETTERS = 200, 500_000  # what a rebuild holds in memory at once


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
        text=page.search_text()[:LONGEST_TEXT],
        **page.search_facets(),
    )


@transaction.atomic
def refresh(key: str) -> None:
    """Writes or removes the entry of one public thing, from what the database holds of it now."""
    _one_after_another(key)
    row = SOURCES[key.partition(":")[0]].row(key)
    if row is not None:
        _write([row], Names())
    else:
        forget(key)


@transaction.atomic
def refresh_all(rows: Iterable[Row], keys: set[str]) -> None:
    """Makes the entries of these keys equal to these rows. For a room that writes many things at once: what says the same is left alone."""
    wanted, names = {row.key: row for row in rows}, Names()
    held: dict[str, str] = {}
    for some in _in_pieces(sorted(keys | wanted.keys())):
        held |= dict(SearchEntry.objects.filter(key__in=some).values_list("key", "digest"))
    for some in _in_pieces(sorted(held.keys() - wanted.keys())):
        before = vocabulary.words_kept(some)
        SearchEntry.objects.filter(key__in=some).delete()
        vocabulary.change(before, Counter())
    for batch in _batches(row for key, row in wanted.items() if held.get(key) != _digest(row)):
        _write(batch, names)


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


@transaction.atomic
def forget(key: str) -> None:
    """What is no longer public cannot be found from this moment, nor are its words suggested."""
    _one_after_another(key)
    before = vocabulary.words_kept([key])
    if SearchEntry.objects.filter(key=key).delete()[0]:
        vocabulary.change(before, Counter())


def rebuild(told: Callable[[int], None] = lambda _count: None) -> int:
    """Writes the whole index anew, some entries at a time, so that publishing goes on beside it; then mends what changed meanwhile.

    An entry that says the same as before keeps its `changed_at`. Broken off, it leaves each entry whole: the next check finds the rest.
    """
    _mend_engine()
    count = write_all(public_rows(), told)
    left = check()
    for key in chain(left.missing, left.stale):
        refresh(key)
    for key in left.surplus:
        forget(key)
    if vocabulary.differences():
        vocabulary.recount()
    return count


def write_all(rows: Iterable[Row], told: Callable[[int], None] = lambda _count: None) -> int:
    """Writes many entries, each batch in a transaction of its own; `told` hears how many are done."""
    count, names = 0, Names()
    for batch in _batches(rows):
        with transaction.atomic():
            _write(batch, names)
        count += len(batch)
        told(count)
    return count


def check() -> Check:
    """Compares every public thing with its entry, and lets the engine test its own index."""
    entries = {key: (digest, made_of) for key, digest, made_of in SearchEntry.objects.values_list("key", "digest", "cut__digest").iterator()}
    missing, stale, count, names = [], [], 0, Names()
    for row in public_rows():
        count += 1
        digest = _digest(row)
        before, made_of = entries.pop(row.key, ("", None))
        if made_of is None:
            missing.append(row.key)
        elif (before, made_of) != (digest, digest_of(digest, names_of(row, names))):
            stale.append(row.key)
    return Check(pages=count, missing=sorted(missing), surplus=sorted(entries), stale=sorted(stale), engine=_engine_fault())


def public_rows() -> Iterator[Row]:
    """All public things of all rooms."""
    return chain.from_iterable(source.rows() for source in SOURCES.values())


def rebuild_if_needed() -> str:
    """Builds the index when it does not match what is public; says in a word what was done."""
    found = check()
    return f"{found.pages} pages, whole" if found.whole else f"{rebuild()} pages indexed"


def _batches(rows: Iterable[Row]) -> Iterator[list[Row]]:
    """Rows in handfuls that fit into memory; of two with the same key the later one."""
    batch: dict[str, Row] = {}
    letters = 0
    for row in rows:
        batch[row.key] = row
        letters += len(row.text)
        if len(batch) >= BATCH_ROWS or letters >= BATCH_LETTERS:
            yield list(batch.values())
            batch, letters = {}, 0
    if batch:
        yield list(batch.values())


def _write(rows: list[Row], names: Names) -> None:
    put([prepared(row, names) for row in rows])
    renew()


@dataclass(frozen=True)
class Prepared:
    """A row with its words and letters cut, as it will be written: the columns of its entry and those of its cut text."""

    key: str
    entry: dict[str, Any]
    cut: dict[str, Any]


def prepared(row: Row, names: Names) -> Prepared:
    """All that an entry holds but the moment of its change. This is where the time goes; the database is asked for names alone."""
    digest, columns = _digest(row), _columns(row)
    called = names_of(row, names)
    cut_columns = {**cut(replace(row, **columns), called), "digest": digest_of(digest, called)}
    return Prepared(row.key, {**columns, "digest": digest}, cut_columns)


def put(these: list[Prepared]) -> None:
    """Writes entries, cut text and vocabulary together; the caller's transaction holds them."""
    keys = [one.key for one in these]
    kept = {key: (digest, at) for key, digest, at in SearchEntry.objects.filter(key__in=keys).values_list("key", "digest", "changed_at")}
    before = vocabulary.words_kept(keys) if kept else Counter[str]()
    now = clock.now()
    entries = []
    for one in these:
        digest, at = kept.get(one.key, ("", None))
        entries.append(SearchEntry(**one.entry, key=one.key, changed_at=at if at and digest == one.entry["digest"] else now))
    written = SearchEntry.objects.bulk_create(entries, update_conflicts=True, unique_fields=["key"], update_fields=_names_of(SearchEntry, "key"))
    texts = [CutText(entry_id=entry.pk, **one.cut) for entry, one in zip(written, these, strict=True)]
    CutText.objects.bulk_create(texts, update_conflicts=True, unique_fields=["entry"], update_fields=_names_of(CutText, "entry"))
    after: Counter[str] = Counter()
    for one in these:
        after.update(vocabulary.words_in(one.cut[name] for name in vocabulary.COLUMNS))
    vocabulary.change(before, after)


def _columns(row: Row) -> dict[str, Any]:
    return {name: clean(value) if isinstance(value, str) else value for name, value in asdict(row).items() if name != "key"}


def _names_of(model: Any, unique: str) -> list[str]:
    return [field.name for field in model._meta.concrete_fields if field.name not in ("id", unique)]


def _digest(row: Row) -> str:
    return hashlib.sha256(json.dumps(asdict(row), sort_keys=True, default=str).encode("utf-8", "replace")).hexdigest()


def _one_after_another(key: str) -> None:
    """Two writers of one thing wait for each other, so that the later one reads what the earlier one wrote. SQLite has one writer anyway."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 3))", [f"search {key}"])


def _engine_fault() -> str:
    """Empty when the engine's index is whole. PostgreSQL computes its columns itself; SQLite is asked."""
    if connection.vendor != "sqlite":
        return ""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("INSERT INTO portal_search_fts(portal_search_fts, rank) VALUES('integrity-check', 1)")
    except DatabaseError as error:
        return str(error)
    return ""


def _mend_engine() -> None:
    """SQLite's own index is made anew from the cut text where it does not match; triggers can only change an index that is whole."""
    if _engine_fault():
        with connection.cursor() as cursor:
            cursor.execute("INSERT INTO portal_search_fts(portal_search_fts) VALUES('rebuild')")
