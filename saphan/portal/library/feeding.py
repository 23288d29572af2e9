"""What the library brings to the feeds: what a document is about, and its files."""

from collections.abc import Sequence

from django.utils.feedgenerator import Enclosure
from django.utils.html import format_html

from saphan.core.inspection import CONTENT_TYPES, kind_of
from saphan.portal.feeds.contents import Content
from saphan.portal.heads import absolute
from saphan.portal.library.models import DocumentPage
from saphan.portal.library.shelves import Shelf, shelves_of


def contents(keys: Sequence[str]) -> dict[str, Content]:
    """The files of documents with their summaries. Four queries, however many documents."""
    pages = list(DocumentPage.objects.filter(pk__in=[key.partition(":")[2] for key in keys]).select_related("locale"))
    shelves = shelves_of(pages)
    return {f"page:{page.pk}": Content(format_html("<p>{}</p>", page.introduction), _files(shelves[page.pk])) for page in pages}


def _files(shelf: Shelf) -> list[Enclosure]:
    return [Enclosure(absolute(file.address), str(file.size), CONTENT_TYPES[kind_of(f"x.{file.kind}")]) for file in shelf.readable]
