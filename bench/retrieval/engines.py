"""The engines that are compared. Each writes the same documents and answers the same questions with document numbers."""

import time
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any, Protocol

PIECE = 500
SHOWN = 20


class Engine(Protocol):
    name: str

    def build(self, texts: list[dict[str, Any]]) -> None:
        """Writes all documents."""

    def size(self) -> int:
        """Bytes of the index alone, without the text."""

    def ask(self, question: str, language: str) -> list[int]:
        """The numbers of the first twenty documents, best first."""


def pieces(texts: list[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    iterator = iter(texts)
    while piece := list(islice(iterator, PIECE)):
        yield piece


class Ours:
    """The product's own path: rows of SearchEntry, the two tiers, `selectors.find` with its marked passages."""

    name = "Saphan"

    def build(self, texts: list[dict[str, Any]]) -> None:
        from django.db import transaction

        from saphan.portal.search.services import put

        for piece in pieces(texts):
            with transaction.atomic():
                put([text["entry"] for text in piece])

    def size(self) -> int:
        return table_bytes("portal_search_fts%") if on_sqlite() else index_bytes("portal_search_by_%")

    def ask(self, question: str, language: str) -> list[int]:
        from saphan.portal.search.selectors import find

        return [int(found.url) for found in find(question, size=SHOWN, language=language).findings]


class Wagtail:
    """Wagtail's database backend with all words asked for, its default of joining words by OR being far worse still."""

    name = "Wagtail"

    def build(self, texts: list[dict[str, Any]]) -> None:
        from django.db import connection
        from wagtail.search.backends import get_search_backend

        from bench.retrieval.plain.models import PlainArticle

        with connection.schema_editor() as editor:
            editor.create_model(PlainArticle)
        index = get_search_backend().get_index_for_model(PlainArticle)
        for piece in pieces(texts):
            made = PlainArticle.objects.bulk_create(PlainArticle(pk=text["number"], title=text["title"], body=text["body"]) for text in piece)
            index.add_items(PlainArticle, made)

    def size(self) -> int:
        return table_bytes("wagtailsearch_indexentry%") if on_sqlite() else index_bytes("wagtailsearch_indexentry%")

    def ask(self, question: str, language: str) -> list[int]:
        from wagtail.search.backends import get_search_backend

        from bench.retrieval.plain.models import PlainArticle

        return [found.pk for found in get_search_backend().search(question, PlainArticle, operator="and")[:SHOWN]]


class Fts5:
    """SQLite's own engine with one of its own tokenizers over the text as written, in a file of its own."""

    def __init__(self, tokenizer: str, folder: Path) -> None:
        import sqlite3

        self.name = f"FTS5 {tokenizer}"
        self.path = folder / f"{tokenizer}.sqlite3"
        self.connection = sqlite3.connect(self.path)
        self.connection.execute(f"CREATE VIRTUAL TABLE texts USING fts5(title, body, content='', tokenize='{tokenizer}')")

    def build(self, texts: list[dict[str, Any]]) -> None:
        rows = ((text["number"], text["title"], text["body"]) for text in texts)
        self.connection.executemany("INSERT INTO texts(rowid, title, body) VALUES (?, ?, ?)", rows)
        self.connection.commit()

    def size(self) -> int:
        return self.path.stat().st_size

    def ask(self, question: str, language: str) -> list[int]:
        asked = " ".join('"' + piece.replace('"', '""') + '"' for piece in question.split())
        rows = self.connection.execute("SELECT rowid FROM texts WHERE texts MATCH ? ORDER BY rank LIMIT ?", (asked, SHOWN))
        return [row[0] for row in rows]


def on_sqlite() -> bool:
    from django.db import connection

    return connection.vendor == "sqlite"


def table_bytes(pattern: str) -> int:
    return number("SELECT coalesce(sum(pgsize), 0) FROM dbstat WHERE name LIKE %s", pattern)


def index_bytes(pattern: str) -> int:
    return number("SELECT coalesce(sum(pg_relation_size(oid)), 0) FROM pg_class WHERE relkind = 'i' AND relname LIKE %s", pattern)


def number(sql: str, pattern: str) -> int:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(sql, [pattern])
        return int(cursor.fetchone()[0])


def timed_build(engine: Engine, texts: list[dict[str, Any]]) -> float:
    began = time.perf_counter()
    engine.build(texts)
    return time.perf_counter() - began
