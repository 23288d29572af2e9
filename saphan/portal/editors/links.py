"""Links that lead nowhere: inside of the site known from the database alone, to other sites only when the operator lets the worker ask."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.urls import Resolver404, resolve
from django.utils.translation import get_language, override
from django.utils.translation import gettext_lazy as _
from wagtail.contrib.redirects.models import Redirect
from wagtail.documents.models import Document
from wagtail.models import Page

from saphan.core.spreadsheet import safe_cell
from saphan.portal.editors.models import OutsideLink
from saphan.portal.editors.reading import Passage, passages
from saphan.portal.pages import PublicPage
from saphan.portal.search.models import SearchEntry

ANCHOR = re.compile(r"<a\b([^>]*)>", re.IGNORECASE)
ATTRIBUTE = re.compile(r'([a-z]+)="([^"]*)"')
FAULTS = {
    "page gone": _("the page was deleted"),
    "page not public": _("the page is not public"),
    "document gone": _("the document was deleted"),
    "file gone": _("the document's file is missing"),
    "no such address": _("no page of this site has this address"),
    "moved": _("the other site has moved it"),
    "no answer": _("the other site does not answer"),
    "not found": _("the other site does not have it (any more)"),
    "not asked": _("this address is never asked"),
}


@dataclass(frozen=True)
class Link:
    """One link on one public page. Of `page_id`, `document_id` and `address` one is told."""

    on_page: int
    page_title: str
    language: str
    field: str
    page_id: int | None = None
    document_id: int | None = None
    address: str = ""

    @property
    def outside(self) -> bool:
        return self.address.startswith(("http://", "https://")) and not is_ours(self.address)


@dataclass(frozen=True)
class BrokenLink:
    """A link with what is wrong with it; `fault` is a key of `FAULTS`."""

    link: Link
    fault: str
    told: str = ""

    @property
    def why(self) -> str:
        return str(FAULTS[self.fault])


class Known:
    """What can be linked to, read once for all links of a report."""

    @cached_property
    def pages(self) -> dict[int, bool]:
        return dict(Page.objects.values_list("pk", "live"))

    @cached_property
    def documents(self) -> dict[int, bool]:
        """The documents with whether their file is there."""
        return {document.pk: document.file.storage.exists(document.file.name) for document in Document.objects.only("pk", "file")}

    @cached_property
    def addresses(self) -> set[str]:
        return {unquote(url) for url in SearchEntry.objects.values_list("url", flat=True)}

    @cached_property
    def redirects(self) -> set[str]:
        return set(Redirect.objects.values_list("old_path", flat=True))


def links() -> Iterator[Link]:
    """All links of all public pages."""
    for page in Page.objects.live().filter(depth__gt=1).select_related("locale").order_by("path").specific().iterator(chunk_size=200):
        if isinstance(page, PublicPage):
            for passage in passages(page):
                yield from _in_passage(page, passage)


def broken_links() -> list[BrokenLink]:
    """The links that lead nowhere, as far as the database knows; of other sites what they answered when they were last asked."""
    known = Known()
    asked = {row.url: row for row in OutsideLink.objects.exclude(fault="")}
    found = ((link, _fault_outside(link, asked) if link.outside else _fault_inside(link, known)) for link in links())
    return [BrokenLink(link, *fault) for link, fault in found if fault]


def outside_addresses() -> list[str]:
    """The addresses of other sites on public pages, each once."""
    return sorted({link.address.partition("#")[0][:500] for link in links() if link.outside})


def is_ours(address: str) -> bool:
    """Whether an address names this very site."""
    return urlsplit(address).netloc == urlsplit(settings.SITE_URL).netloc


def _in_passage(page: PublicPage, passage: Passage) -> Iterator[Link]:
    where = (page.pk, page.title, page.locale.language_code, passage.label)
    if passage.is_address and passage.words:
        yield Link(*where, address=passage.words)
    for tag in ANCHOR.finditer(passage.html):
        told = dict(ATTRIBUTE.findall(tag[1]))
        if told.get("linktype") == "page":
            yield Link(*where, page_id=int(told.get("id") or 0))
        elif told.get("linktype") == "document":
            yield Link(*where, document_id=int(told.get("id") or 0))
        elif told.get("href", "").startswith(("http://", "https://", "/")):
            yield Link(*where, address=told["href"].replace("&amp;", "&"))


def _fault_outside(link: Link, asked: dict[str, OutsideLink]) -> tuple[str, str] | None:
    row = asked.get(link.address.partition("#")[0][:500])
    return (row.fault, row.moved_to or str(row.status or "")) if row else None


def _fault_inside(link: Link, known: Known) -> tuple[str] | None:
    if link.page_id is not None:
        live = known.pages.get(link.page_id)
        return None if live else ("page gone",) if live is None else ("page not public",)
    if link.document_id is not None:
        there = known.documents.get(link.document_id)
        return None if there else ("document gone",) if there is None else ("file gone",)
    return (
        None
        if not link.address.startswith(("/", settings.SITE_URL)) or _leads_somewhere(urlsplit(link.address).path, known)
        else ("no such address",)
    )


def _leads_somewhere(path: str, known: Known) -> bool:
    """Whether an address of this site is a public thing, an old address that leads on, or one of the site's own screens."""
    plain = unquote(path or "/")
    if plain in known.addresses or f"{plain.rstrip('/')}/" in known.addresses or plain.rstrip("/") in known.redirects:
        return True
    spoken = plain[1:].partition("/")[0]
    try:
        with override(spoken if spoken in dict(settings.LANGUAGES) else get_language()):  # addresses with a language are known in that language only
            match = resolve(plain)
    except Resolver404:
        return False
    return match.url_name != "wagtail_serve" and not match.kwargs and not match.args


def write_csv(writer: "SupportsRow", broken: list[BrokenLink]) -> None:
    """The report as a table."""
    writer.writerow(["page", "title", "language", "field", "leads to", "fault", "told"])
    for found in broken:
        link = found.link
        target = link.address or (f"page {link.page_id}" if link.page_id else f"document {link.document_id}")
        writer.writerow([safe_cell(value) for value in (link.on_page, link.page_title, link.language, link.field, target, found.fault, found.told)])


class SupportsRow(Protocol):
    """What `csv.writer` gives."""

    def writerow(self, row: Iterable[object], /) -> object: ...
