"""Articles and rows of a draft as plain values: finding, putting, adding, moving, taking away. Each answers a new value and leaves the old as it was."""

import copy
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import rfc8785

from saphan.core.errors import NotFound

Plain = dict[str, Any]
SINGLE = ("stage", "depart", "lifecycle", "score")  # an article holds at most one
MANY = ("check", "consent", "document", "send", "oblige", "block")
KINDS = ("stage", "check", "consent", "document", "send", "oblige", "block", "depart", "lifecycle", "score")


@dataclass(frozen=True)
class Row:
    """One typed row of an article and where it stands there."""

    kind: str
    place: int
    content: Plain

    @property
    def name(self) -> str:
        return str(self.content.get("id", ""))


def keys_of(plain: Plain) -> list[str]:
    """By which each article is addressed: its number; a second one with the same number has its count behind a dot."""
    seen: dict[str, int] = {}
    keys = []
    for article in plain.get("articles", ()):
        number = str(article["art"])
        seen[number] = seen.get(number, 0) + 1
        keys.append(number if seen[number] == 1 else f"{number}.{seen[number]}")
    return keys


def place_of(plain: Plain, key: str) -> int:
    """At which place it stands. Raises NotFound."""
    keys = keys_of(plain)
    if key not in keys:
        raise NotFound
    return keys.index(key)


def article_at(plain: Plain, key: str) -> Plain:
    """The article. Raises NotFound."""
    found: Plain = plain["articles"][place_of(plain, key)]
    return found


def article_or_none(plain: Plain, key: str) -> Plain | None:
    """The article, or nothing where there is none by this key."""
    return article_at(plain, key) if key in keys_of(plain) else None


def rows_of(article: Plain) -> Iterator[Row]:
    """The rows in the order in which a card shows them."""
    for kind in KINDS:
        if kind in SINGLE:
            if article.get(kind):
                yield Row(kind, 0, article[kind])
        else:
            for place, content in enumerate(article.get(kind, ())):
                yield Row(kind, place, content)


def row_at(article: Plain, kind: str, place: int) -> Row:
    """One row. Raises NotFound."""
    for row in rows_of(article):
        if (row.kind, row.place) == (kind, place):
            return row
    raise NotFound


def with_row(article: Plain, kind: str, place: int | None, content: Plain) -> Plain:
    """The article with the row put at its place, or with one more where there is none."""
    changed = copy.deepcopy(article)
    if kind in SINGLE:
        changed[kind] = content
    elif place is None:
        changed[kind] = [*changed.get(kind, ()), content]
    else:
        row_at(article, kind, place)
        changed[kind][place] = content
    return changed


def without_row(article: Plain, kind: str, place: int) -> Plain:
    """The article without that row. Raises NotFound."""
    row_at(article, kind, place)
    changed = copy.deepcopy(article)
    if kind in SINGLE:
        del changed[kind]
    else:
        del changed[kind][place]
        if not changed[kind]:
            del changed[kind]
    return changed


def with_article(plain: Plain, key: str, article: Plain) -> Plain:
    """The procedure with this article in the place of the one by that key."""
    place = place_of(plain, key)
    articles = list(plain["articles"])
    articles[place] = article
    return plain | {"articles": articles}


def with_new_article(plain: Plain, article: Plain, after: str = "") -> Plain:
    """The procedure with one more article: behind another one, else at the end."""
    articles = list(plain["articles"])
    keys = keys_of(plain)
    articles.insert(keys.index(after) + 1 if after in keys else len(articles), article)
    return plain | {"articles": articles}


def without_article(plain: Plain, key: str) -> Plain:
    """The procedure without it."""
    place = place_of(plain, key)
    return plain | {"articles": [article for at, article in enumerate(plain["articles"]) if at != place]}


def with_moved_article(plain: Plain, key: str, by: int) -> Plain:
    """The procedure with the article so many places further down, or up; beyond the end is the end."""
    place = place_of(plain, key)
    articles = list(plain["articles"])
    article = articles.pop(place)
    articles.insert(max(0, min(place + by, len(articles))), article)
    return plain | {"articles": articles}


def next_number(plain: Plain) -> str:
    """A number that no article has yet: one more than the highest."""
    numbers = [int("".join(filter(str.isdigit, str(article["art"])))) for article in plain.get("articles", ())]
    return str(max(numbers, default=0) + 1)


def mark_of(value: Any) -> str:
    """A short mark of a part, carried by the form that was made from it: whoever saves sees whether somebody changed the part meanwhile."""
    return hashlib.sha256(rfc8785.dumps(value)).hexdigest()[:16] if value is not None else "none"
