"""Asks the database's own full-text engine. Two dialects, the same pre-cut words and letters, the same two tiers.

Both look at no more than `LOOKED_AT` matches of a question, those written last, so that a word of every text costs no more than a rare one.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, NamedTuple

from django.db import connection

from saphan.portal.search.asking import Manner, Question, Term
from saphan.portal.search.cutting import letters_of, pairs, spaced
from saphan.portal.search.words import fold

LOOKED_AT = 3000
# A match in the title counts eight times one in the text; summary, names (author, topics, countries), text, folded, letters.
WEIGHTS = {"title_words": 8, "summary_words": 3, "names_words": 3, "words": 1, "folded": 0.5, "title_graphemes": 8, "graphemes": 1, "facets": 0}
WORDS, TITLE = "{title_words summary_words names_words words}", "{title_words}"
LETTERS, TITLE_LETTERS = "{title_graphemes graphemes}", "{title_graphemes}"

SQLITE = """
    SELECT e.id, f.weight, e.kind, e.language, e.published_on, e.countries, e.topics FROM (
        SELECT rowid AS id, -bm25(portal_search_fts, {weights}) AS weight FROM portal_search_fts
        WHERE portal_search_fts MATCH %s ORDER BY rowid DESC LIMIT {looked_at}) AS f
    JOIN portal_search_searchentry AS e ON e.id = f.id ORDER BY {order} LIMIT %s
"""
POSTGRESQL = """
    SELECT e.id, f.weight, e.kind, e.language, e.published_on, e.countries, e.topics FROM (
        SELECT entry_id AS id, {rank} AS weight FROM (
            SELECT entry_id, by_words, by_graphemes FROM portal_search_cuttext WHERE {where} ORDER BY entry_id DESC LIMIT {looked_at}) AS newest
        ) AS f
    JOIN portal_search_searchentry AS e ON e.id = f.id ORDER BY {order} LIMIT %s
"""
OWN_LANGUAGE = 4.0  # how much more a thing in the reader's language counts
ORDER = f"f.weight * CASE WHEN e.language = %s THEN {OWN_LANGUAGE} ELSE 1.0 END DESC, e.id"
# A vector keeps 256 places of a lexeme: in a text of more letters than these, pairs that all occur must do.
SIDE_BY_SIDE = "by_graphemes @@ %s::tsquery AND (octet_length(graphemes) > 60000 OR by_graphemes @@ %s::tsquery)"
RANKS = "'{0.05, 0.1, 0.35, 1.0}'"  # folded, text, summary and names, title


class Tier(StrEnum):
    """By which part of the index is asked."""

    WORDS = "words"
    LETTERS = "letters"


class Hit(NamedTuple):
    """What the engine says of an entry: its weight for the question, and the facts that order and facets need."""

    pk: int
    weight: float
    kind: str
    language: str
    published_on: date | None
    countries: tuple[str, ...]
    topics: tuple[str, ...]


@dataclass(frozen=True)
class Atom:
    """The smallest part of a question: side by side or one word, in the words or in the letters."""

    tokens: tuple[str, ...]
    letters: bool = False
    in_title: bool = False
    grows: bool = False


def ask(question: Question, tier: Tier, limit: int, language: str = "") -> list[Hit]:
    """The entries that answer, heaviest first, the reader's language before others. Nothing where the question has no part that this tier knows."""
    wanted = [[list(_atoms(term, tier)) for term in group] for group in question.wanted]
    wanted = [[atoms for atoms in group if atoms] for group in wanted]
    if not all(wanted) or not (wanted or question.tokens):
        return []
    without = [list(_atoms(term, Tier.WORDS)) for term in question.without]
    asked = _sqlite if connection.vendor == "sqlite" else _postgresql
    sql, values = asked(question, wanted, [atoms for atoms in without if atoms])
    with connection.cursor() as cursor:
        cursor.execute(sql, [*values, language, limit])
        return [_hit(row) for row in cursor.fetchall()]


def _atoms(term: Term, tier: Tier) -> Iterator[Atom]:
    """A quoted term of a script without spaces is asked by its letters in both tiers: no cut may stand in its way."""
    if term.manner is Manner.EXACT and not any(spaced(letter) for letter in term.text if letter.isalnum()):
        yield from _letters(term)
    elif term.manner in (Manner.TOGETHER, Manner.EXACT) and (tier is Tier.WORDS or term.latin):
        yield Atom(term.words, in_title=term.in_title)
    else:
        words = term.words if tier is Tier.WORDS else tuple(word for word in term.words if spaced(word[0]))
        open_end = term.words[-1] if term.manner is Manner.BEGINS else ""
        yield from (Atom((word,), in_title=term.in_title, grows=_may_grow(word) or word == open_end) for word in words)
        if tier is Tier.LETTERS:
            yield from _letters(term)


def _letters(term: Term) -> Iterator[Atom]:
    """Each unbroken run of letters; one letter alone stands for whatever begins with it."""
    for chunk in term.text.split():
        letters = letters_of(chunk)
        if len(letters) > 1:
            yield Atom(tuple(pairs(letters)[:-1]), letters=True, in_title=term.in_title, grows=term.manner is Manner.BEGINS)
        elif letters:
            yield Atom(tuple(letters), letters=True, in_title=term.in_title, grows=True)


def _may_grow(word: str) -> bool:
    bare = fold(word)
    return len(bare) >= 4 and bare.isascii() and bare.isalpha()


def _sqlite(question: Question, wanted: list[list[list[Atom]]], without: list[list[Atom]]) -> tuple[str, list[str]]:
    groups = [" OR ".join(_and(_fts(atom) for atom in atoms) for atoms in group) for group in wanted]
    groups += [" OR ".join(f'facets : "{token}"' + "*" * token.startswith("\ue000a") for token in tokens) for tokens in question.tokens]
    unwanted = [_and(_fts(atom) for atom in atoms) for atoms in without] + [f'facets : "{token}"' for token in question.tokens_without]
    asked = _and(groups) + (f" NOT ({' OR '.join(unwanted)})" if unwanted else "")
    weights = ", ".join(str(weight) for weight in WEIGHTS.values())
    return SQLITE.format(weights=weights, looked_at=LOOKED_AT, order=ORDER), [asked]


def _and(parts: Any) -> str:
    return "(" + " AND ".join(f"({part})" for part in parts) + ")"


def _fts(atom: Atom) -> str:
    star = "*" * atom.grows
    if atom.letters:
        return f"{TITLE_LETTERS if atom.in_title else LETTERS} : {_quoted(atom.tokens)}{star}"
    if atom.in_title:
        return f"{TITLE} : {_quoted(atom.tokens)}{star}"
    either = f"{WORDS} : {_quoted(atom.tokens)}{star}"
    return f"{either} OR folded : {_quoted(_bare(atom))}{star}" if _is_latin(atom) else either


def _quoted(tokens: tuple[str, ...]) -> str:
    return '"' + " ".join(tokens).replace('"', '""') + '"'


def _bare(atom: Atom) -> tuple[str, ...]:
    return tuple(fold(token) for token in atom.tokens)


def _is_latin(atom: Atom) -> bool:
    return all(spaced(token[0]) and not token.isdigit() for token in atom.tokens)


def _postgresql(question: Question, wanted: list[list[list[Atom]]], without: list[list[Atom]]) -> tuple[str, list[str]]:
    where: list[str] = []
    values: list[str] = []
    for group in wanted:
        where.append("(" + " OR ".join(f"({_all_held(atoms)})" for atoms in group) + ")")
        values += [value for atoms in group for atom in atoms for value in _asked_of(atom)]
    for tokens in question.tokens:
        where.append("by_words @@ %s::tsquery")
        values.append(" | ".join(_lexeme(token) + ":*" * token.startswith("\ue000a") for token in tokens))
    for token in question.tokens_without:
        where.append("NOT by_words @@ %s::tsquery")
        values.append(_lexeme(token))
    for atoms in without:
        where.append(f"NOT ({_all_held(atoms)})")
        values += [value for atom in atoms for value in _asked_of(atom)]
    rank, ranked = _rank([atom for group in wanted for atoms in group for atom in atoms])
    return POSTGRESQL.format(rank=rank, where=" AND ".join(where), looked_at=LOOKED_AT, order=ORDER), [*ranked, *values]


def _all_held(atoms: list[Atom]) -> str:
    return " AND ".join(SIDE_BY_SIDE if _in_a_row(atom) else f"by_{_column(atom)} @@ %s::tsquery" for atom in atoms)


def _asked_of(atom: Atom) -> list[str]:
    return [_tsquery(atom), _tsquery(atom, " <-> ")] if _in_a_row(atom) else [_tsquery(atom)]


def _in_a_row(atom: Atom) -> bool:
    return atom.letters and len(atom.tokens) > 1


def _rank(atoms: list[Atom]) -> tuple[str, list[str]]:
    """The sum over words and letters; 1 where a question has neither. Long texts weigh less, as with BM25."""
    parts, values = ["0"] if atoms else ["1"], []
    for column in ("words", "graphemes"):
        mine = [_tsquery(atom) for atom in atoms if _column(atom) == column]
        if mine:
            parts.append(f"ts_rank_cd({RANKS}, by_{column}, %s::tsquery, 1)")
            values.append(" | ".join(f"({each})" for each in mine))
    return " + ".join(parts), values


def _column(atom: Atom) -> str:
    return "graphemes" if atom.letters else "words"


def _tsquery(atom: Atom, letters_joined_by: str = " & ") -> str:
    if atom.letters:
        marks = ":" + "*" * atom.grows + ("A" if atom.in_title else "AC")
        return letters_joined_by.join(_lexeme(token) + marks for token in atom.tokens)
    marks = ":" + "*" * atom.grows
    main = " <-> ".join(_lexeme(token) + marks + ("A" if atom.in_title else "ABC") for token in atom.tokens)
    if atom.in_title or not _is_latin(atom):
        return main
    return f"({main}) | ({' <-> '.join(_lexeme(token) + marks + 'D' for token in _bare(atom))})"


def _lexeme(token: str) -> str:
    return "'" + token.replace("\\", "\\\\").replace("'", "''") + "'"


def _hit(row: Any) -> Hit:
    pk, weight, kind, language, day, countries, topics = row
    return Hit(pk, float(weight), kind, language, date.fromisoformat(day) if isinstance(day, str) else day, _listed(countries), _listed(topics))


def _listed(value: Any) -> tuple[str, ...]:
    if value == "[]":
        return ()
    return tuple(json.loads(value) if isinstance(value, str) else value)
