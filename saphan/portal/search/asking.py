"""A reader's question, read: words, "exact phrases", -without, OR, and names such as country: before a value.

Whatever cannot be read as an operator is a word. Nothing fails, and no question costs more than the limits here allow.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum

from saphan.core import clock
from saphan.portal.search.cutting import clean, facet, spaced, words_of
from saphan.portal.search.naming import country_code, kind_code, language_code, topic_code
from saphan.portal.search.words import fold

LONGEST = 200  # letters of a question that are read
MOST_WORDS = 12
MOST_YEARS = 60
FACETS = ("kind", "country", "topic", "lang", "year")  # in the order in which the page shows them
LETTERS = {"kind": "k", "country": "c", "topic": "t", "lang": "l", "year": "y"}
QUOTES = str.maketrans(dict.fromkeys("“”„‟«»＂", '"'))
PIECE = re.compile(r'(?P<minus>-)?(?:(?P<name>[a-z]+):)?(?:"(?P<quoted>[^"]+)"|(?P<bare>[^\s"]+))', re.IGNORECASE)
YEARS = re.compile(r"(\d{4})?(-|\.\.)?(\d{4})?")
SCRIPTS = (("\u0e00", "\u0e7f", "th"), ("\u0e80", "\u0eff", "lo"), ("\u1780", "\u17ff", "km"), ("\u1000", "\u109f", "my"))


class Manner(StrEnum):
    """How the words of a term must stand: anywhere, side by side, letter by letter as quoted, or anywhere with the last one unfinished."""

    ALL = "all"
    TOGETHER = "together"
    EXACT = "exact"
    BEGINS = "begins"


@dataclass(frozen=True)
class Term:
    """Something to be found. `text` is as it was written, `words` are its words in normal spelling."""

    text: str
    words: tuple[str, ...]
    manner: Manner = Manner.ALL
    in_title: bool = False

    @property
    def latin(self) -> bool:
        """Whether all its letters are of scripts with spaces."""
        return all(spaced(letter) for letter in self.text)


@dataclass(frozen=True)
class Question:
    """All groups are wanted, of each group any term. `narrow` are facets by name and value, `tokens` what the engine knows them by.

    `widened`: groups hold counterparts in other languages, too.
    """

    read: str = ""
    wanted: tuple[tuple[Term, ...], ...] = ()
    without: tuple[Term, ...] = ()
    narrow: tuple[tuple[str, str], ...] = ()
    tokens: tuple[tuple[str, ...], ...] = ()
    tokens_without: tuple[str, ...] = ()
    shortened: bool = False
    widened: bool = False

    def __bool__(self) -> bool:
        return bool(self.wanted or self.tokens)


@dataclass
class _Draft:
    """A question while it is being read."""

    groups: list[list[Term]] = field(default_factory=list)
    without: list[Term] = field(default_factory=list)
    narrow: list[tuple[str, str]] = field(default_factory=list)
    tokens: dict[str, list[tuple[str, ...]]] = field(default_factory=dict)
    tokens_without: list[str] = field(default_factory=list)
    words: int = 0


def read(question: str, *, language: str = "", chosen: Iterable[tuple[str, str]] = ()) -> Question:
    """Reads a question and the facets that were chosen beside it."""
    whole = " ".join(clean(question).split())
    text = whole[:LONGEST]
    draft = _Draft()
    join = False
    for piece in PIECE.finditer(text.translate(QUOTES)):
        if piece["bare"] in ("OR", "|") and not piece["minus"] and not piece["name"]:
            join = True
            continue
        _take(draft, piece, language, join=join)
        join = False
    for name, value in chosen:
        _narrow(draft, name, value)
    return Question(
        read=text,
        wanted=tuple(tuple(group) for group in draft.groups),
        without=tuple(draft.without),
        narrow=tuple(dict.fromkeys(draft.narrow)),
        tokens=tuple(_tokens(draft)),
        tokens_without=tuple(draft.tokens_without),
        shortened=len(whole) > LONGEST,
    )


def term_of(text: str, language: str = "", *, manner: Manner = Manner.ALL, in_title: bool = False) -> Term:
    """A term with its words, cut in the language that its letters speak of, else in the reader's."""
    return Term(text, tuple(words_of(text, script_of(text) or language)), manner, in_title)


def script_of(text: str) -> str:
    """The language whose letters a text has, where the letters tell it."""
    return next((code for letter in text for first, last, code in SCRIPTS if first <= letter <= last), "")


def _take(draft: _Draft, piece: re.Match[str], language: str, *, join: bool) -> None:
    """One piece of the question goes where it belongs."""
    value = piece["quoted"] or piece["bare"]
    name = (piece["name"] or "").lower()
    name = "lang" if name == "language" else name
    if name == "author" and _author(draft, value, without=bool(piece["minus"])):
        return
    if name in FACETS and _facet(draft, name, value, without=bool(piece["minus"])):
        return
    if name not in ("", "title"):
        value = value if name in (*FACETS, "author") else f"{piece['name']} {value}"
    term = term_of(value, language, manner=Manner.EXACT if piece["quoted"] else Manner.ALL, in_title=name == "title")
    _add(draft, term, without=bool(piece["minus"]), join=join)


def _add(draft: _Draft, term: Term, *, without: bool, join: bool) -> None:
    room = MOST_WORDS - draft.words
    term = replace(term, words=term.words[:room])
    if not term.words:
        return
    draft.words += len(term.words)
    if without:
        draft.without.append(term)
    elif join and draft.groups:
        draft.groups[-1].append(term)
    else:
        draft.groups.append([term])


def _author(draft: _Draft, value: str, *, without: bool) -> bool:
    tokens = [facet("a", fold(word)) for word in words_of(value, script_of(value))][:MOST_WORDS]
    if without:
        draft.tokens_without += tokens
    else:
        draft.tokens.setdefault("author", []).extend((token,) for token in tokens)
    return bool(tokens)


def _facet(draft: _Draft, name: str, value: str, *, without: bool) -> bool:
    """Whether the value means something for this facet; else it is a word like any other."""
    if not without:
        return _narrow(draft, name, value)
    tokens = facet_tokens(name, value)
    draft.tokens_without += tokens
    return bool(tokens)


def _narrow(draft: _Draft, name: str, value: str) -> bool:
    tokens = facet_tokens(name, value)
    if tokens and len(draft.narrow) < MOST_WORDS:
        draft.narrow.append((name, facet_value(name, value)))
        draft.tokens.setdefault(name, []).append(tokens)
    return bool(tokens)


def _tokens(draft: _Draft) -> Iterator[tuple[str, ...]]:
    """A thing has one kind, language and year, so several of them mean any; countries, topics and words of an author mean all."""
    for name, found in draft.tokens.items():
        if name in ("kind", "lang", "year"):
            yield tuple(token for tokens in found for token in tokens)
        else:
            yield from found


def facet_value(name: str, value: str) -> str:
    """The code that a value means, empty when it means none: "Lao PDR" is LA."""
    if name == "year":
        first, last = _years(value)
        return "" if not first else str(first) if first == last else f"{first}-{last}"
    return {"country": country_code, "kind": kind_code, "lang": language_code, "topic": topic_code}[name](value)


def facet_tokens(name: str, value: str) -> tuple[str, ...]:
    """The tokens of a facet's value; none when the value means nothing."""
    if name not in LETTERS:
        return ()
    if name == "year":
        first, last = _years(value)
        return tuple(facet("y", year) for year in range(first, last + 1)) if first else ()
    code = facet_value(name, value)
    return (facet(LETTERS[name], code),) if code else ()


def _years(value: str) -> tuple[int, int]:
    """First and last year of "2007", "2005-2010", "2005-" or "-2010"; 0, 0 when it is none of them. Thai years are read too."""
    match = YEARS.fullmatch(value)
    if not match or not (match[1] or match[3]) or (match[1] and match[3] and not match[2]):
        return 0, 0
    first, last = _common_era(match[1]), _common_era(match[3])
    if not match[2]:
        return first, first
    last = last or clock.now().date().year + 1
    first = first or last - MOST_YEARS + 1
    return (first, last) if first <= last < first + MOST_YEARS else (0, 0)


def _common_era(year: str | None) -> int:
    """A year of the Buddhist era is 543 more."""
    number = int(year or 0)
    number = number - 543 if number > 2400 else number
    return number if date.min.year < number < date.max.year else 0
