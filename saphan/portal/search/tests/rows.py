"""Public things for the tests of the search."""

from collections.abc import Iterator
from typing import Any

from saphan.portal.search import services
from saphan.portal.search.selectors import find
from saphan.portal.search.sources import Row


def thing(number: int, title: str = "", text: str = "", **more: Any) -> Row:
    """A public thing whose address is its number."""
    return Row(
        **{"key": f"thing:{number}", "kind": "thing", "url": f"/{number}/", "language": "en", "title": title, "summary": "", "text": text} | more
    )


class Shelf:
    """A source of things."""

    name = "thing"

    def __init__(self) -> None:
        self.things: dict[str, Row] = {}

    def row(self, key: str) -> Row | None:
        return self.things.get(key)

    def rows(self) -> Iterator[Row]:
        yield from list(self.things.values())

    def put(self, *things: Row) -> None:
        """Publishes things, as a room does: each in its own transaction with its entry."""
        for one in things:
            self.things[one.key] = one
            services.refresh(one.key)

    def take(self, number: int) -> None:
        """Takes a thing back."""
        del self.things[f"thing:{number}"]
        services.refresh(f"thing:{number}")


def found(question: str, language: str = "en", **more: Any) -> list[int]:
    """The numbers of what answers a question as it was asked, best first."""
    answer = find(question, language=language, **more)
    return [] if answer.some or answer.instead else [int(one.url.strip("/")) for one in answer.findings]
