"""What can be found: rooms register where their public things come from, the index holds a row for each."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Protocol
from uuid import NAMESPACE_URL, uuid5

from django.utils.functional import Promise

from saphan.core.ids import permanent_name


@dataclass(frozen=True)
class Row:
    """One public thing in one language, as search, feeds and the open data see it.

    `key` names it for ever and begins with the name of its source, for example `page:12`; `kind` is one of `KINDS`;
    `countries` are ISO 3166-1 codes, `topics` slugs. `permanent` is the same for the same thing in all its languages, wherever it
    moves, for the permanent link `/p/<permanent>` (see `permanent_name`); made of the key where a room gives none.
    """

    key: str
    kind: str
    url: str
    language: str
    title: str
    summary: str
    text: str
    published_on: date | None = None
    countries: list[str] = field(default_factory=list)
    topics: list[str] = field(default_factory=list)
    author: str = ""
    permanent: str = ""

    def __post_init__(self) -> None:
        if not self.permanent:
            object.__setattr__(self, "permanent", permanent_name(uuid5(NAMESPACE_URL, self.key)))


class Source(Protocol):
    """A room's public things. What it gives is public by definition: a source never sees anything else."""

    name: str

    def row(self, key: str) -> Row | None:
        """The thing as it is now, None when it is not public (any more)."""

    def rows(self) -> Iterator[Row]:
        """All of them."""


SOURCES: dict[str, Source] = {}
KINDS: dict[str, str | Promise] = {}
# A room that names topics registers a function: for a language, the name of each topic by its slug.
TOPIC_NAMES: list[Callable[[str], dict[str, str]]] = []


def register(source: Source, kinds: dict[str, str | Promise]) -> None:
    """Makes the things of a room findable; called in its `apps.ready()`. `kinds` are their kinds with their public names."""
    SOURCES[source.name] = source
    KINDS.update(kinds)
