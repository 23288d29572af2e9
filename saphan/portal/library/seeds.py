"""The library of the demonstration: papers of our own with their files, and entries of real instruments that lead to their publishers."""

import tomllib
from datetime import datetime
from pathlib import Path
from typing import Any

from django.core.files import File

from saphan.core import clock
from saphan.directory.models import Country
from saphan.portal.library.models import DocumentLink, DocumentPage, DocumentVersion, LibraryIndexPage
from saphan.portal.library.services import receive
from saphan.portal.news.models import Topic
from saphan.portal.news.seeds import Writers

HERE = Path(__file__).resolve().parent / "demo"


def plant_library(writers: Writers) -> None:
    """Each document in the languages in which it is described, written by one person and published by another."""
    at = clock.now()
    for told in tomllib.loads((HERE / "documents.toml").read_text(encoding="utf-8"))["documents"]:
        first = None
        for index in LibraryIndexPage.objects.select_related("locale").order_by("path"):
            words = told.get(index.locale.language_code)
            if words:
                page = _document(told, words, index, first)
                if first is None:
                    page.versions = [_version(number, line, at) for number, line in enumerate(told.get("files", []))]
                    page.links = [DocumentLink(sort_order=number, **line) for number, line in enumerate(told.get("links", []))]
                _publish(page, writers)
                first = first or page


def _document(told: dict[str, Any], words: dict[str, str], index: LibraryIndexPage, first: DocumentPage | None) -> DocumentPage:
    page = DocumentPage(
        title=words["title"],
        slug=told["slug"],
        introduction=words["introduction"],
        document_type=told["type"],
        publisher=told["publisher"],
        year=told["year"],
        published_on=told["date"],
        licence=told["licence"],
        source_url=told.get("source", ""),
        picture_alt=words.get("cover", ""),
        is_demonstration=told.get("demonstration", False),
        locale=index.locale,
        live=False,
        **({"translation_key": first.translation_key} if first else {}),
    )
    index.refresh_from_db()
    index.add_child(instance=page)
    page.topics = list(Topic.objects.filter(slug__in=told["topics"], locale=index.locale))
    page.countries = list(Country.objects.filter(pk__in=told["countries"]))
    return page


def _version(number: int, line: dict[str, Any], at: datetime) -> DocumentVersion:
    with (HERE / "files" / line["file"]).open("rb") as content:
        stored = receive(File(content, name=line["file"]), at)
    return DocumentVersion(
        sort_order=number, file=stored, language=line["language"], label=line.get("label", ""), dated_on=line["date"], changes=line.get("changes", "")
    )


def _publish(page: DocumentPage, writers: Writers) -> None:
    writer, publisher = writers
    page.save_revision(user=writer).publish(user=publisher)
