"""What the library brings to the feeds: what a document is about, and its files."""

from collections import defaultdict
from collections.abc import Sequence

from django.utils.feedgenerator import Enclosure
from django.utils.html import format_html

from saphan.core.ids import permanent_name
from saphan.core.inspection import CONTENT_TYPES, kind_of
from saphan.portal.feeds.contents import Content
from saphan.portal.heads import absolute
from saphan.portal.library.models import DocumentPage, DocumentVersion
from saphan.portal.library.shelves import Shelf, shelf_from
from saphan.portal.search.models import SearchEntry


def contents(found: Sequence[SearchEntry]) -> dict[str, Content]:
    """The files of documents with their summaries. One query, however many documents."""
    keys = DocumentPage.objects.filter(pk__in=[entry.key.partition(":")[2] for entry in found]).values("translation_key")
    rows = DocumentVersion.objects.filter(page__translation_key__in=keys, page__live=True).select_related("page__locale", "file")
    versions: dict[str, list[DocumentVersion]] = defaultdict(list)
    for version in rows:
        versions[permanent_name(version.page.translation_key)].append(version)
    return {
        entry.key: Content(format_html("<p>{}</p>", entry.summary), _files(shelf_from(versions[entry.permanent], entry.language))) for entry in found
    }


def _files(shelf: Shelf | None) -> list[Enclosure]:
    files = shelf.readable if shelf else []
    return [Enclosure(absolute(file.address), str(file.size), CONTENT_TYPES[kind_of(f"x.{file.kind}")]) for file in files]
