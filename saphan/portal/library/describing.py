"""A document in words of schema.org, for machines that read the head of its page."""

from typing import TYPE_CHECKING, Any

from saphan.core.inspection import CONTENT_TYPES, kind_of
from saphan.portal.heads import Thing, absolute
from saphan.portal.library.terms import DocumentType

if TYPE_CHECKING:
    from saphan.portal.library.models import DocumentPage
    from saphan.portal.library.shelves import FileShown

TYPES = {DocumentType.LAW: "Legislation", DocumentType.REPORT: "Report", DocumentType.POSTER: "Poster", DocumentType.TRAINING: "LearningResource"}


def described(page: "DocumentPage") -> Thing:
    """Type, title, makers, day, licence, languages and files of a document."""
    shelf = page.shelf
    thing: dict[str, Any] = {
        "@type": TYPES.get(DocumentType(page.document_type), "DigitalDocument"),
        "name": page.title,
        "description": page.summary(),
        "author": [{"name": name} for name in page.author_names],
        "publisher": {"@type": "Organization", "name": page.publisher},
        "datePublished": page.published_on or str(page.year),
        "license": page.licence_url,
        "sameAs": page.source_url,
        "identifier": absolute(page.permanent_path),
        "inLanguage": [language.code for language in shelf.languages] or page.locale.language_code,
        "keywords": [topic.name for topic in page.topics.all()],
        "thumbnailUrl": absolute(shelf.cover) if shelf.cover else "",
        "encoding": [_file(file) for file in shelf.readable],
    }
    return {name: value for name, value in thing.items() if value}


def _file(file: "FileShown") -> Thing:
    return {
        "@type": "MediaObject",
        "contentUrl": absolute(file.address),
        "encodingFormat": CONTENT_TYPES[kind_of(f"x.{file.kind}")],
        "contentSize": str(file.size),
        "inLanguage": file.language.code,
        "sha256": file.digest,
    }
