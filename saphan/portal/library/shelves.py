"""What stands on the shelf of a document: its present files, their older versions, and texts elsewhere, from all its languages."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.apps import apps
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from saphan.core.ids import permanent_name
from saphan.portal.library.terms import FILE_LANGUAGES, FileKind, LanguageShown

if TYPE_CHECKING:
    from saphan.portal.library.models import DocumentPage, DocumentVersion, StoredFile

SHORT = 12  # letters of the digest that name a file in its address
ORDER = {code: number for number, (code, _name) in enumerate(FILE_LANGUAGES)}


@dataclass(frozen=True)
class FileShown:
    """One file as a page shows it."""

    public_id: str
    digest: str
    kind: str
    size: int
    pages: int | None
    letters: int
    has_cover: bool
    destroyed_on: date | None
    language: LanguageShown
    part: str
    label: str
    dated_on: date
    changes: str

    @property
    def address(self) -> str:
        """The permanent address of this version."""
        return f"/library/{self.public_id}/{self.digest[:SHORT]}.{self.kind}"

    @property
    def cover_address(self) -> str:
        return f"/library/{self.public_id}/{self.digest[:SHORT]}.webp"

    @property
    def facts(self) -> str:
        """What waits behind the link, for example "PDF, 12 pages, 340 kB"."""
        return facts_of(self.kind, self.pages, self.size)


@dataclass(frozen=True)
class Place:
    """One text of a document on the shelf: in one language, part and format, with what came before it."""

    now: FileShown
    older: list[FileShown] = field(default_factory=list)

    @property
    def newest_address(self) -> str:
        """Leads to whichever version is the newest."""
        return f"/library/{self.now.public_id}/{self.now.language.code}.{self.now.kind}"


@dataclass(frozen=True)
class LinkShown:
    """A text that stands elsewhere."""

    language: LanguageShown
    url: str
    note: str


@dataclass(frozen=True)
class Shelf:
    """Everything of one document. Where `given_out` is false the files are kept and searched, and readers are led to the publisher."""

    places: list[Place]
    links: list[LinkShown]
    given_out: bool
    cover: str

    @property
    def files(self) -> list[FileShown]:
        """The present version of each text."""
        return [place.now for place in self.places]

    @property
    def languages(self) -> list[LanguageShown]:
        """In which languages it can be read, here or elsewhere."""
        known = {shown.language for shown in self.files} | {link.language for link in self.links}
        return sorted(known, key=lambda language: ORDER.get(language.code, 99))

    @property
    def readable(self) -> list[FileShown]:
        """The present versions that may be fetched here."""
        return [shown for shown in self.files if not shown.destroyed_on] if self.given_out else []

    @property
    def older(self) -> list[FileShown]:
        return [version for place in self.places for version in place.older]


def facts_of(kind: str, pages: int | None, size: int) -> str:
    """Type, length and weight of a file in words."""
    parts = [FileKind(kind).label]
    if pages:
        parts.append(ngettext("%(n)s page", "%(n)s pages", pages) % {"n": pages})
    if size < 1_000_000:
        parts.append(_("%(n)s kB") % {"n": max(1, round(size / 1000))})
    else:
        parts.append(_("%(n)s MB") % {"n": f"{size / 1_000_000:.1f}"})
    return ", ".join(str(part) for part in parts)


def shelf_of(page: "DocumentPage") -> Shelf:
    """The shelf of one page as a reader sees it; the page may be a draft that is being looked at. At most five queries."""
    version, link = _models("DocumentVersion", "DocumentLink")
    sisters = {"page__translation_key": page.translation_key, "page__live": True}
    versions = [*page.versions.all(), *version.objects.filter(**sisters).exclude(page=page.pk)]
    links = [*page.links.all(), *link.objects.filter(**sisters).exclude(page=page.pk)]
    return _shelf(page, versions, links, _files(versions))


def shelves_of(pages: Sequence["DocumentPage"]) -> dict[int, Shelf]:
    """The shelves of many published pages, by page. Three queries."""
    version, link = _models("DocumentVersion", "DocumentLink")
    keys = [page.translation_key for page in pages]
    versions, links = _by_document(version, keys), _by_document(link, keys)
    files = _files([row for rows in versions.values() for row in rows])
    return {page.pk: _shelf(page, versions[page.translation_key], links[page.translation_key], files) for page in pages}


def shelf_from(versions: Sequence["DocumentVersion"], language: str) -> Shelf | None:
    """The files of one document as its page in a language shows them, from rows that are at hand; None where there are none. No query."""
    if not versions:
        return None
    ordered = sorted(versions, key=lambda version: version.page.locale.language_code != language)
    shelf = _shelf(ordered[0].page, ordered, [], {version.file_id: version.file for version in ordered})
    return replace(shelf, places=sorted(shelf.places, key=lambda place: place.now.language.code != language))


def _models(*names: str) -> list[Any]:
    return [apps.get_model("portal_library", name) for name in names]


def _by_document(model: Any, keys: list[UUID]) -> dict[UUID, list[Any]]:
    rows = defaultdict(list)
    for row in model.objects.filter(page__translation_key__in=keys, page__live=True).select_related("page"):
        rows[row.page.translation_key].append(row)
    return rows


def _files(versions: Iterable["DocumentVersion"]) -> dict[str, "StoredFile"]:
    (stored,) = _models("StoredFile")
    digests = {version.file_id for version in versions}
    return stored.objects.in_bulk(digests) if digests else {}


def _shelf(page: "DocumentPage", versions: list["DocumentVersion"], links: list[Any], files: dict[str, "StoredFile"]) -> Shelf:
    public_id = permanent_name(page.translation_key)
    groups: dict[tuple[str, str, str], list[FileShown]] = defaultdict(list)
    seen = set()
    for version in sorted(versions, key=lambda v: (-v.dated_on.toordinal(), v.sort_order or 0)):
        stored = files.get(version.file_id)
        known = (version.file_id, version.language, version.part)
        if stored is None or known in seen:
            continue
        seen.add(known)
        groups[version.language, version.part, stored.kind].append(_shown(public_id, version, stored))
    own = page.locale.language_code
    order = sorted(groups, key=lambda key: (key[0] != own, ORDER.get(key[0], 99), key[1] != "", key[1], key[2] != FileKind.PDF))
    places = [Place(groups[key][0], groups[key][1:]) for key in order]
    elsewhere = {(link.language, link.url): LinkShown(LanguageShown(link.language), link.url, link.note) for link in links}
    return Shelf(places, list(elsewhere.values()), page.is_given_out, _cover(page, places) if page.is_given_out else "")


def _shown(public_id: str, version: "DocumentVersion", stored: "StoredFile") -> FileShown:
    return FileShown(
        public_id=public_id,
        digest=stored.digest,
        kind=stored.kind,
        size=stored.size,
        pages=stored.pages,
        letters=stored.letters,
        has_cover=stored.has_cover,
        destroyed_on=stored.destroyed_at.date() if stored.destroyed_at else None,
        language=LanguageShown(version.language),
        part=version.part,
        label=version.label,
        dated_on=version.dated_on,
        changes=version.changes,
    )


def _cover(page: "DocumentPage", places: list[Place]) -> str:
    """The first page of the first file that has one, in the reader's language where there is one."""
    if not page.shows_first_page:
        return ""
    return next((place.now.cover_address for place in places if place.now.has_cover and not place.now.destroyed_on), "")
