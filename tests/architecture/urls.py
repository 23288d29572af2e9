"""Every address of the house, with the action that its view is marked with."""

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver
from django.urls.resolvers import RoutePattern

# Addresses without an action of ours: what is public by its nature, or guarded by a library that its own tests cover.
OPEN_BY_NATURE = (
    "language/",  # the language switch
    "doors/",  # machines with their own token; tests beside the room
    "fieldkit/",  # prepared devices with their own token; tests beside the room
    "openrosa/",  # the same for ODK Collect
    "feeds/",
    "post/",  # providers tell of bounces, with their own secret; tests beside the room
    "sitemap",  # the map of all public addresses
    "p/",  # permanent links
    "api/v1/",  # what is published, for programs
    "documents/",  # small files that a text links to
    "library/",  # permanent addresses of documents and their files
    "media/images/",  # pictures of public pages in their sizes
    "cms/",  # Wagtail's admin: its own permissions; saphan/portal/site/tests
    "<lang>/",  # public pages
    "",
)


@dataclass(frozen=True)
class Address:
    """One route with a path that fits it."""

    route: str
    path: str
    action: str | None


def addresses(patterns: Any = None, prefix: str = "") -> Iterator[Address]:
    """Walks the resolver; ids in a path are random, so that no record exists behind them."""
    for pattern in patterns if patterns is not None else get_resolver().url_patterns:
        route = prefix + (str(pattern.pattern) if isinstance(pattern.pattern, RoutePattern) else "<lang>/")
        if isinstance(pattern, URLResolver):
            if not route.startswith(("cms/", "documents/")):
                yield from addresses(pattern.url_patterns, route)
        elif isinstance(pattern, URLPattern):
            yield Address(route, "/" + fill(route), getattr(pattern.callback, "action", None))


def fill(route: str) -> str:
    """A path for a route: random ids, plain words."""
    import re

    samples = {"uuid": lambda: str(uuid.uuid4()), "int": lambda: "1", "str": lambda: "word", "slug": lambda: "word", "path": lambda: "word"}
    return re.sub(r"<(?:(\w+):)?(\w+)>", lambda m: "en" if m.group(2) == "lang" else samples[m.group(1) or "str"](), route)
