"""The address of a results page: what it asks for, and the addresses one step away from it. Nothing else is kept of a reader's search."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from django.http import QueryDict
from django.urls import NoReverseMatch, reverse

from saphan.portal.search.asking import FACETS, LONGEST, facet_value

MOST_CHOSEN = 8
LAST_PAGE = 999


@dataclass(frozen=True)
class Asked:
    """A question, the facets chosen beside it, whether counterparts in other languages are left out, and the page of the list."""

    question: str = ""
    chosen: tuple[tuple[str, str], ...] = ()
    alone: bool = False
    page: int = 1

    @classmethod
    def of(cls, query: QueryDict) -> "Asked":
        """Reads an address; what means nothing is left aside."""
        pairs = [(name, facet_value(name, value)) for name in FACETS for value in query.getlist(name)[:MOST_CHOSEN]]
        chosen = tuple(dict.fromkeys(pair for pair in pairs if pair[1]))[:MOST_CHOSEN]
        return cls(query.get("q", ""), chosen, "alone" in query, _number(query.get("page", "")))

    @property
    def address(self) -> str:
        """The tail of the address; empty parts are left out."""
        pairs = [("q", self.question[:LONGEST]), *self.chosen]
        pairs += [("alone", "1")] * self.alone + [("page", str(self.page))] * (self.page > 1)
        return "?" + urlencode(pairs)

    def with_facet(self, name: str, code: str) -> str:
        """Narrowed by one facet more."""
        return replace(self, chosen=(*self.chosen, (name, code)), page=1).address

    def without_facet(self, name: str, code: str) -> str:
        """One facet wider."""
        return replace(self, chosen=tuple(pair for pair in self.chosen if pair != (name, code)), page=1).address

    def on_page(self, number: int) -> str:
        """Another page of the same list."""
        return replace(self, page=number).address

    @property
    def by_itself(self) -> str:
        """The same without the counterparts in other languages."""
        return replace(self, alone=True, page=1).address

    def asking(self, question: str) -> str:
        """Another question with the same facets."""
        return replace(self, question=question, page=1, alone=False).address

    @property
    def saved(self) -> str:
        """The whole as one question, facets written as operators: what a saved search keeps."""
        return " ".join([self.question.strip(), *(f'{name}:"{code}"' if " " in code else f"{name}:{code}" for name, code in self.chosen)]).strip()

    def feeds(self) -> list[tuple[str, str]]:
        """The saved search as a feed in each format; none where the feeds are not installed."""
        language = dict(self.chosen).get("lang", "all")
        try:
            paths = [(label, reverse("feeds:feed_in", args=["search", language, shape])) for label, shape in SHAPES.items()]
        except NoReverseMatch:
            return []
        return [(label, f"{path}?{urlencode({'q': self.saved})}") for label, path in paths]


SHAPES: Mapping[str, str] = {"RSS": "rss", "Atom": "atom", "JSON Feed": "json"}


def _number(asked: str) -> int:
    """The page asked for; 1 when it does not read as a number of a page."""
    return min(LAST_PAGE, max(1, int(asked))) if asked.isascii() and asked.isdigit() and len(asked) < 4 else 1
