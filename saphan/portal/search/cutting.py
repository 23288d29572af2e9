"""A public thing, cut for the engine: its words by field, its letters in neighbouring pairs, its facets as tokens.

Letters are kept only where they help: of scripts that write no spaces. Latin words stand whole in the words, and once more without
their marks in `folded` where a line has any, so that Vietnamese typed in a hurry is found.
"""

import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import pairwise

from saphan.portal.search.naming import Names
from saphan.portal.search.sources import Row
from saphan.portal.search.words import fold, graphemes, words

FORMAT = "2"  # a new number cuts everything anew at the next start
LONGEST_TEXT = 400_000  # letters of one entry
LONGEST_WORD = 60
MOST_BYTES = 900_000  # of one vector: PostgreSQL refuses more than one megabyte
PLACES = 256  # of one word in one vector
UNFIT = re.compile("[\x00\ud800-\udfff]")  # a PDF may hold them; no database takes them
MARKED = re.compile("[\u00c0-\u024f\u0300-\u036f\u1e00-\u1eff]")
SOUND = re.compile(r"[^\W_]")
FACET, STROKE = "\ue000", "\ue001"  # of the private use area: never a word of a text


def clean(text: str) -> str:
    """A text that every database and every word breaker takes."""
    return UNFIT.sub(" ", text)


def spaced(letter: str) -> bool:
    """Whether a letter belongs to a script that writes spaces between words (Latin, Greek, Cyrillic) or is a digit."""
    return letter < "\u0500" or "\u1e00" <= letter <= "\u1fff"


def words_of(text: str, language: str) -> list[str]:
    """The words of a text that can be looked for."""
    return [word for word in words(text, language) if len(word) <= LONGEST_WORD and SOUND.search(word)]


def letters_of(text: str) -> list[str]:
    """The letters of scripts without spaces, in their order; everything between them is passed over."""
    return [letter for letter in graphemes(text) if not spaced(letter[0]) and SOUND.search(letter) and len(letter) <= LONGEST_WORD]


def pairs(letters: list[str]) -> list[str]:
    """Each letter with its neighbour, and the last alone: fewer texts share a pair than a letter, so asking is quick."""
    return [a + b for a, b in pairwise(letters)] + letters[-1:]


def facet(letter: str, value: object) -> str:
    """A token for one fact about a thing, such as its country; `letter` says which fact."""
    return FACET + letter + "".join(sign if sign.isalnum() else STROKE for sign in str(value).lower())


def facets_of(row: Row) -> list[str]:
    """The tokens by which questions are narrowed."""
    tokens = [facet("k", row.kind), facet("l", row.language)]
    tokens += [facet("c", code) for code in row.countries] + [facet("t", slug) for slug in row.topics]
    tokens += [facet("y", row.published_on.year)] if row.published_on else []
    return tokens + [facet("a", fold(word)) for word in words_of(row.author, row.language)]


def names_of(row: Row, names: Names) -> str:
    """Author, topics and countries by their names, in the language of the row."""
    topics = names.topics(row.language) if row.topics else {}
    countries = names.countries(row.language) if row.countries else {}
    return clean("\n".join([row.author, *(topics.get(slug, slug) for slug in row.topics), *(countries.get(code, code) for code in row.countries)]))


def digest_of(row_digest: str, names: str) -> str:
    """What the cut text was made of; another value means that it must be cut anew."""
    return hashlib.sha256("\n".join([FORMAT, row_digest, names]).encode("utf-8", "replace")).hexdigest()


def cut(row: Row, names: str) -> dict[str, str]:
    """The columns of `CutText`. What passes the room of a vector is left out at the end of the text, never at its beginning."""
    fields = {"title": row.title, "summary": row.summary, "names": names, "words": row.text[:LONGEST_TEXT]}
    lines = {name: [(line, words_of(line, row.language)) for line in text.splitlines()] for name, text in fields.items()}
    folded = (fold(word) for field in lines.values() for line, found in field if MARKED.search(line) for word in found)
    facets = facets_of(row)
    room, letters = Room(), Room()
    return {
        "facets": room.fill(facets),
        "title_words": room.fill(word for _line, found in lines["title"] for word in found),
        "names_words": room.fill(word for _line, found in lines["names"] for word in found),
        "summary_words": room.fill(word for _line, found in lines["summary"] for word in found),
        "words": room.fill(word for _line, found in lines["words"] for word in found),
        "folded": room.fill(folded),
        "title_graphemes": letters.fill(pairs(letters_of(row.title))),
        "graphemes": letters.fill(pairs(letters_of(f"{row.summary}\n{names}\n{row.text[:LONGEST_TEXT]}"))),
    }


class Room:
    """How much of a vector is taken: each word once with its letters, each of its places with two bytes."""

    def __init__(self) -> None:
        self.taken = 0
        self.seen: Counter[str] = Counter()

    def fill(self, tokens: Iterable[str]) -> str:
        """As many of the tokens as there is room for, with spaces between."""
        return " ".join(self._fitting(tokens))

    def _fitting(self, tokens: Iterable[str]) -> Iterator[str]:
        for token in tokens:
            times = self.seen[token]
            self.taken += 2 if 0 < times < PLACES else 0 if times else len(token.encode()) + 6
            if self.taken > MOST_BYTES:
                return
            self.seen[token] = times + 1
            yield token
