"""The field's own terms in six languages (seeds/reference/glossary.csv): a question with one finds its counterparts.

Rows of the group `danger` are no terms: they are words of somebody who may need help now.
"""

import csv
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache

from django.conf import settings

from saphan.portal.search.asking import Manner, Question, Term, script_of, term_of
from saphan.portal.search.cutting import words_of
from saphan.portal.search.words import fold, normalise

PATH = settings.PACKAGE.parent / "seeds" / "reference" / "glossary.csv"
LANGUAGES = ("en", "th", "lo", "km", "my", "vi")
MOST_CONCEPTS = 2  # of one question that are widened
MOST_COUNTERPARTS = 9  # of one concept


@dataclass(frozen=True)
class Concept:
    """One idea of the field with its terms, the preferred one first. `unreviewed` are the languages that no person has checked yet."""

    code: str
    group: str
    terms: dict[str, tuple[str, ...]]
    provenance: str
    unreviewed: frozenset[str]

    def __hash__(self) -> int:
        return hash(self.code)


@dataclass(frozen=True)
class Counterpart:
    """A term that was searched too, and why a reader may doubt it."""

    text: str
    language: str
    unreviewed: bool


@cache
def concepts() -> tuple[Concept, ...]:
    """All rows of the file."""
    with PATH.open(encoding="utf-8", newline="") as file:
        return tuple(_concept(row) for row in csv.DictReader(file))


def _concept(row: dict[str, str]) -> Concept:
    terms = {code: tuple(part.strip() for part in row[code].split("|") if part.strip()) for code in LANGUAGES}
    return Concept(row["term_id"], row["group"], terms, row["provenance"], frozenset(row["needs_review"].split()))


@cache
def _latin(group: str) -> dict[tuple[str, ...], Concept]:
    """Concepts by the folded words of their Latin terms; an English noun also in its plural."""
    found: dict[tuple[str, ...], Concept] = {}
    for concept in concepts():
        for code in ("en", "vi"):
            for term in concept.terms[code] if concept.group == group else ():
                words = tuple(fold(word) for word in words_of(term, code))
                found.setdefault(words, concept)
                found.setdefault((*words[:-1], words[-1] + "s"), concept)
    return found


@cache
def _joined(group: str) -> tuple[tuple[str, Concept], ...]:
    """Terms of scripts without spaces with their concepts, the longest first."""
    every = [(normalise(t), c) for c in concepts() if c.group == group for terms in c.terms.values() for t in terms if script_of(t)]
    return tuple(sorted(every, key=lambda pair: -len(pair[0])))


@dataclass(frozen=True)
class Spotted:
    """A concept in a question: which of its groups it fills, and with which words."""

    concept: Concept
    first: int
    last: int
    text: str


def spotted(question: Question) -> list[Spotted]:
    """The concepts of a question, from left to right, the longest first where they overlap."""
    found, at = [], 0
    while at < len(question.wanted):
        one = _at(question.wanted, at)
        if one:
            found.append(one)
        at = one.last + 1 if one else at + 1
    return found


def _at(groups: tuple[tuple[Term, ...], ...], at: int) -> Spotted | None:
    """The longest concept that begins with this group."""
    group = groups[at]
    if len(group) > 1 or group[0].in_title:
        return None
    text = normalise(group[0].text)
    joined = next(((term, concept) for term, concept in _joined("term") if term in text), None) if script_of(text) else None
    if joined:
        return Spotted(joined[1], at, at, joined[0])
    known = _latin("term")
    run = list(_run(groups, at, max(map(len, known))))
    for length in range(len(run), 0, -1):
        concept = known.get(tuple(fold(word) for _index, word in run[:length]))
        if concept and _ends_a_group(run, length):
            return Spotted(concept, at, run[length - 1][0], " ".join(word for _index, word in run[:length]))
    return None


def _run(groups: tuple[tuple[Term, ...], ...], at: int, longest: int) -> Iterator[tuple[int, str]]:
    """The words that follow one another from a group on, each with the number of its group."""
    taken = 0
    for index in range(at, len(groups)):
        group = groups[index]
        if len(group) > 1 or group[0].in_title or (index > at and group[0].manner is not groups[at][0].manner):
            return
        for word in group[0].words:
            if taken == longest:
                return
            taken += 1
            yield index, word


def _ends_a_group(run: list[tuple[int, str]], length: int) -> bool:
    return length == len(run) or run[length][0] != run[length - 1][0]


def widened(question: Question) -> tuple[Question, list[Counterpart]]:
    """The question that also asks for the counterparts of its terms, and these, for the page to show."""
    groups = list(question.wanted)
    shown: list[Counterpart] = []
    for one in reversed(spotted(question)[:MOST_CONCEPTS]):
        others = _counterparts(one)
        own = groups[one.first : one.last + 1]
        shown = [*others, *shown]
        groups[one.first : one.last + 1] = _either(own, one, others)
    return replace(question, wanted=tuple(groups), widened=bool(shown)), shown


def _either(own: list[tuple[Term, ...]], one: Spotted, others: list[Counterpart]) -> list[tuple[Term, ...]]:
    """The groups that a concept filled, as one group with its counterparts; what stood around a joined term stays wanted."""
    terms = [term_of(other.text, other.language, manner=Manner.TOGETHER) for other in others]
    if len(own) == 1 and not own[0][0].latin:
        whole = own[0][0]
        rest = [part for part in normalise(whole.text).split(one.text) if words_of(part, script_of(part))]
        return [(term_of(one.text, manner=_strict(whole)), *terms), *[(term_of(part),) for part in rest]]
    if len(own) == 1:
        return [(own[0][0], *terms)]
    first = own[0][0]
    text = " ".join(term.text for (term,) in own)
    return [(Term(text, tuple(word for (term,) in own for word in term.words), _strict(first)), *terms)]


def _strict(term: Term) -> Manner:
    return term.manner if term.manner is Manner.EXACT else Manner.ALL


def _counterparts(one: Spotted) -> list[Counterpart]:
    """Other words for the same idea: the preferred term of each language, then further ones of the language that was used."""
    own = normalise(fold(one.text))
    every = [(code, terms) for code, terms in one.concept.terms.items() if terms]
    preferred = [(code, terms[0]) for code, terms in every]
    further = [(code, term) for code, terms in every if any(normalise(fold(t)) == own for t in terms) for term in terms[1:]]
    unlike = [(code, term) for code, term in [*preferred, *further] if normalise(fold(term)) != own]
    return [Counterpart(term, code, code in one.concept.unreviewed) for code, term in unlike][:MOST_COUNTERPARTS]


def points_to_danger(question: str) -> bool:
    """Whether the words may be those of somebody who needs help now."""
    text = normalise(question)
    if any(term in text for term, _concept in _joined("danger")):
        return True
    words, known = [fold(word) for word in words_of(question, "en")], _latin("danger")
    longest = max(map(len, known))
    return any(tuple(words[at : at + many]) in known for at in range(len(words)) for many in range(1, longest + 1))


def beginning(text: str, language: str, most: int = 3) -> list[Counterpart]:
    """Terms of the field that begin like this, the reader's language first; for suggestions."""
    asked = normalise(fold(text)).strip()
    order = sorted(LANGUAGES, key=lambda code: code != language)
    return [
        Counterpart(term, code, code in concept.unreviewed)
        for code in order
        for concept in concepts()
        if concept.group == "term"
        for term in concept.terms[code][:1]
        if asked and normalise(fold(term)).startswith(asked)
    ][:most]
