"""What rooms add to the entries of a feed: the whole text where it is ours, the files, and the names of topics."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from urllib.parse import urljoin

from bs4 import BeautifulSoup
from django.conf import settings
from django.core.cache import cache
from django.utils.feedgenerator import Enclosure
from django.utils.translation import override

from saphan.directory.models import Country
from saphan.portal.delivery import SECONDS
from saphan.portal.search.models import SearchEntry
from saphan.portal.search.sources import TOPIC_NAMES

UNWANTED = ["script", "style", "iframe", "object", "embed", "form", "input", "button"]


@dataclass(frozen=True)
class Content:
    """The text of one entry as HTML, and its files, the first of which travels in every format."""

    html: str = ""
    files: list[Enclosure] = field(default_factory=list)


# From the entries of one kind to what the room has for each, by its key; one query for all of them.
CONTENTS: dict[str, Callable[[Sequence[SearchEntry]], dict[str, Content]]] = {}


@dataclass(frozen=True)
class Names:
    """What countries and topics are called in one language."""

    countries: dict[str, str]
    topics: dict[str, str]


def names_in(language: str, *, wanted: str = "") -> Names:
    """Names from at most a minute ago, as old as a page in a cache may be; read afresh when the wanted one is not among them."""
    kept: Names | None = cache.get(f"feeds:names:{language}")
    if kept is not None and (not wanted or wanted in kept.countries or wanted in kept.topics):
        return kept
    topics = {slug: name for read in TOPIC_NAMES for slug, name in read(language).items()}
    with override(language):
        names = Names({country.pk: str(country) for country in Country.objects.all()}, topics)
    cache.set(f"feeds:names:{language}", names, SECONDS)
    return names


def with_whole_addresses(html: str) -> str:
    """Well-formed HTML that means the same on the page of another site: no relative address, no script."""
    soup = BeautifulSoup(html, "html.parser")
    for tag in soup.find_all(UNWANTED):
        tag.decompose()
    for name in ("href", "src"):
        for tag in soup.find_all(attrs={name: True}):
            tag[name] = urljoin(settings.SITE_URL + "/", str(tag[name]))
    return str(soup)
