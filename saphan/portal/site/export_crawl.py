"""Visits everything that the public can reach, inside the process, and writes down what came, byte for byte."""

import re
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit

from bs4 import BeautifulSoup, Tag
from django.conf import settings
from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.handlers.base import BaseHandler
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.test import RequestFactory
from django.utils import translation
from django.utils.translation import gettext as _
from wagtail.models import Page

from saphan.core.context import STAFF_PATHS
from saphan.core.errors import Invalid
from saphan.portal.delivery import asks_exactly, public_answer
from saphan.portal.search.models import SearchEntry
from saphan.portal.site.export_names import file_of

SERVED_ONLY = (*STAFF_PATHS, "/language/", "/api/")  # doors and programs: they need the living site
REDIRECTS = {301, 302, 303, 307, 308}
MOST = 500_000  # addresses; a site that has more has an endless one among them
SHEET_FILE = re.compile(r"""url\(\s*["']?([^"')]+)""")
FOLLOWED = {
    "a": "href",
    "area": "href",
    "link": "href",
    "img": "src",
    "script": "src",
    "source": "src",
    "iframe": "src",
    "object": "data",
    "use": "href",
}
NOT_FOLLOWED = {"canonical", "preconnect", "dns-prefetch"}


@dataclass
class Copy:
    """What is in a copy so far: where each address lies, which lead to another, which lead nowhere and from where they were named."""

    folder: Path
    files: dict[str, str] = field(default_factory=dict)
    leads_to: dict[str, str] = field(default_factory=dict)
    broken: dict[str, str] = field(default_factory=dict)
    named_by: dict[str, str] = field(default_factory=dict)

    def file(self, address: str) -> str | None:
        """The file behind an address, through whatever it leads to."""
        for _turn in range(10):
            if address in self.files:
                return self.files[address]
            if address not in self.leads_to:
                return None
            address = self.leads_to[address]
        return None

    def pages(self) -> Iterator[tuple[str, str]]:
        """Addresses and files that are pages."""
        return ((address, name) for address, name in self.files.items() if name.endswith(".html"))


def crawl(folder: Path) -> Copy:
    """Fetches all public addresses: those of the index, of the page tree, of maps and feeds, and whatever they lead to."""
    copy = Copy(folder)
    handler = BaseHandler()
    handler.load_middleware()
    waiting: deque[str] = deque()
    _remember(copy, waiting, beginnings(), "")
    language = translation.get_language()
    try:
        while waiting and len(copy.files) < MOST:
            address = waiting.popleft()
            found = _static(copy, address) if address.startswith(settings.STATIC_URL) else _fetched(copy, handler, address)
            _remember(copy, waiting, found, address)
    finally:
        translation.activate(language or settings.LANGUAGE_CODE)
    return copy


def beginnings() -> list[str]:
    """Where the crawl begins; links lead to the rest."""
    homes = [f"/{code}/{part}" for code, _name in settings.LANGUAGES for part in ("", "search/")]
    pages = [page.get_url() or "" for page in Page.objects.live().filter(depth__gt=1).select_related("locale")]
    return [*homes, *SearchEntry.objects.values_list("url", flat=True), *pages, "/sitemap.xml"]


def inside(address: str, base: str) -> str:
    """An address of this site in its one form, empty for everything else. The tail keeps the order of its names."""
    joined = urlsplit(urljoin(settings.SITE_URL + base, address.strip()))
    home = urlsplit(settings.SITE_URL)
    if joined.scheme not in {"http", "https"} or joined.netloc != home.netloc:
        return ""
    query = urlencode(sorted(pair for pair in parse_qsl(joined.query, keep_blank_values=True) if pair != ("page", "1")))
    return joined.path + (f"?{query}" if query else "") or "/"


def links_of(html: str, address: str) -> set[str]:
    """The addresses of this site that a page names, choices of its filter forms among them."""
    page = BeautifulSoup(html, "html.parser")
    found: set[str] = set()
    for element in page.find_all(list(FOLLOWED)):
        if not NOT_FOLLOWED & set(element.get_attribute_list("rel")):
            found.add(inside(str(element.get(FOLLOWED[element.name]) or ""), address))
    for element in page.find_all(["img", "source"], srcset=True):
        found |= {inside(one.split()[0], address) for one in str(element["srcset"]).split(",") if one.strip()}
    for picture in page.find_all("meta", property="og:image"):
        found.add(inside(str(picture.get("content", "")), address))
    for form in page.find_all("form"):
        found |= {choice for select in form.find_all("select") for choice in choices_of(form, select, address).values()}
    return {one for one in found if one and not is_left_out(one)}


def is_left_out(address: str) -> bool:
    """What a copy does not hold: doors and programs, and lists narrowed by several choices at once, of which there are too many."""
    choices = {name for name, _value in parse_qsl(address.partition("?")[2], keep_blank_values=True)} - {"page"}
    return address.startswith(SERVED_ONLY) or (len(choices) > 1 and choices != {"year", "month"})


def choices_of(form: Tag, select: Tag, address: str) -> dict[str, str]:
    """What one choice of a filter form would lead to, taken alone: names and addresses."""
    if str(form.get("method", "get")).lower() != "get":
        return {}
    action = inside(str(form.get("action") or ""), address).partition("?")[0]
    options = [(option.get_text(strip=True), str(option.get("value", ""))) for option in select.find_all("option")]
    return {words: f"{action}?{urlencode({str(select.get('name')): value})}" for words, value in options if value}


def _fetched(copy: Copy, handler: BaseHandler, address: str) -> Iterable[str]:
    """Asks our own program for one address, writes what came, answers what it leads to."""
    request = RequestFactory(SERVER_NAME=urlsplit(settings.SITE_URL).hostname or "localhost").get(address, secure=settings.HTTPS)
    request.META["HTTP_HOST"] = urlsplit(settings.SITE_URL).netloc
    request.is_dummy = True  # type: ignore[attr-defined]  # the store of rendered pages steps aside
    answer = handler.get_response(request)
    if answer.status_code in REDIRECTS:
        copy.leads_to[address] = inside(answer["Location"], address)
        return [copy.leads_to[address]]
    if answer.status_code >= 500:
        raise Invalid(_("%(address)s could not be made (%(code)s), so nothing was replaced.") % {"address": address, "code": answer.status_code})
    if answer.status_code != 200:
        copy.broken[address] = copy.named_by.get(address, "")
        return []
    told = public_answer(answer) if isinstance(answer, HttpResponse) else None
    if "?" in address and (told is None or not asks_exactly(request, told)):
        copy.leads_to[address] = address.partition("?")[0]  # the page has understood less: a copy of it under this name would be endless
        return [copy.leads_to[address]]
    kind = answer.get("Content-Type", "text/html")
    content = _content(answer)
    _write(copy, address, file_of(address, kind), content)
    return links_of(content.decode(), address) if kind.startswith("text/html") else []


def _content(answer: HttpResponseBase) -> bytes:
    if isinstance(answer, HttpResponse):
        return answer.content
    content = b"".join(answer.streaming_content)  # type: ignore[attr-defined]  # files of the library and pictures
    for closer in answer._resource_closers:  # type: ignore[attr-defined]  # the file; the whole close() would end our connection too
        closer()
    return content


def _static(copy: Copy, address: str) -> Iterable[str]:
    """A style sheet, letters, a script or a symbol, as the site serves it."""
    name = address.removeprefix(settings.STATIC_URL).partition("?")[0]
    found = Path(staticfiles_storage.path(name)) if settings.STATIC_ROOT else None
    if found is None or not found.is_file():
        looked = finders.find(name)
        found = Path(looked) if isinstance(looked, str) else None
    if found is None:
        copy.broken[address] = copy.named_by.get(address, "")
        return []
    content = found.read_bytes()
    _write(copy, address, file_of(address, "application/octet-stream"), content)
    return {inside(one, address) for one in SHEET_FILE.findall(content.decode())} - {""} if found.suffix == ".css" else []


def _write(copy: Copy, address: str, name: str, content: bytes) -> None:
    place = copy.folder / name
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_bytes(content)
    copy.files[address] = name


def _remember(copy: Copy, waiting: deque[str], found: Iterable[str], by: str) -> None:
    for address in found:
        if address and address not in copy.named_by:
            copy.named_by[address] = by
            waiting.append(address)
