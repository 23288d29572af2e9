"""The map of all public addresses for search engines, with each page's other languages, and what robots are told."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db.models import Count, Max
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.html import escape
from django.views.decorators.http import require_safe

from saphan.portal.delivery import deliver
from saphan.portal.heads import absolute
from saphan.portal.search.models import SearchEntry

PART = 10_000  # addresses in one file; the protocol allows 50,000 or 50 MB
XML = "application/xml; charset=utf-8"
# Doors of staff. Nothing secret hides behind this list: each of them asks who comes.
CLOSED = ["/cms/", "/desk/", "/accounts/"]


HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
INDEX = '<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">'
SET = '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:xhtml="http://www.w3.org/1999/xhtml">'


@dataclass(frozen=True)
class Address:
    """One address of the map, with the same thing in each language that has it."""

    location: str
    changed_at: datetime | None
    alternates: tuple[tuple[str, str], ...] = ()

    def written(self) -> str:
        """The address as the protocol wants it. Written by hand: a template takes seconds for a file of ten thousand."""
        links = "".join(f'<xhtml:link rel="alternate" hreflang="{code}" href="{escape(url)}"/>' for code, url in self.alternates)
        return f"<url><loc>{escape(self.location)}</loc>{_changed(self.changed_at)}{links}</url>\n"


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """The list of the files of the map."""
    known = SearchEntry.objects.aggregate(changed_at=Max("changed_at"), count=Count("pk"))
    numbers = range(1, max(1, -(-known["count"] // PART)) + 1)
    places = [escape(absolute(reverse("map:part", args=[number]))) for number in numbers]
    parts = "".join(f"<sitemap><loc>{place}</loc>{_changed(known['changed_at'])}</sitemap>\n" for place in places)
    return deliver(request, HttpResponse(f"{HEAD}{INDEX}\n{parts}</sitemapindex>\n", content_type=XML))


@require_safe
def part(request: HttpRequest, number: int) -> HttpResponse:
    """One file of the map."""
    addresses = addresses_of(number)
    if not addresses and number != 1:
        raise Http404
    body = "".join(address.written() for address in addresses)
    return deliver(request, HttpResponse(f"{HEAD}{SET}\n{body}</urlset>\n", content_type=XML))


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """What programs that read the whole web are asked to leave alone, and where the map is."""
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in CLOSED), "", f"Sitemap: {absolute(reverse('map:index'))}", ""]
    return deliver(request, HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8"))


def addresses_of(number: int) -> list[Address]:
    """The addresses of one file. Two queries: its rows, and the other languages of the things at its edges with them."""
    rows = SearchEntry.objects.order_by("permanent", "pk").values("permanent", "language", "url", "changed_at")
    mine = list(rows[(number - 1) * PART : number * PART])
    if not mine:
        return []
    languages: dict[str, dict[str, str]] = defaultdict(dict)
    for row in rows.filter(permanent__range=(mine[0]["permanent"], mine[-1]["permanent"])):
        languages[row["permanent"]][row["language"]] = absolute(row["url"])
    return [Address(absolute(row["url"]), row["changed_at"], _alternates(languages[row["permanent"]])) for row in mine]


def _alternates(places: dict[str, str]) -> tuple[tuple[str, str], ...]:
    """The same thing in each language that has it; in the site's own for readers of none of them."""
    if len(places) < 2:
        return ()
    default = places.get(settings.LANGUAGE_CODE)
    return (*sorted(places.items()), *([("x-default", default)] if default else []))


def _changed(at: datetime | None) -> str:
    return f"<lastmod>{at.date().isoformat()}</lastmod>" if at else ""
