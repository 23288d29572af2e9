"""What a reader asked for, found, put in order and marked."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from django.conf import settings
from django.db.models import F, QuerySet
from django.utils.safestring import SafeString

from saphan.core import clock
from saphan.portal.search.asking import Question, read
from saphan.portal.search.engines import Hit, Tier, ask
from saphan.portal.search.facets import Facet, facets_of, label_of
from saphan.portal.search.glossary import Counterpart, points_to_danger, widened
from saphan.portal.search.marking import marked, passage, pieces_of
from saphan.portal.search.models import SearchEntry
from saphan.portal.search.naming import Names
from saphan.portal.search.ranking import best_first, newest_first, side_by_side
from saphan.portal.search.sources import KINDS
from saphan.portal.search.spelling import better_spelt

LANGUAGE_NAMES = dict(settings.LANGUAGES)
ENOUGH = 20  # below this many hits by words, letters are asked too
MOST = 500  # hits listed and counted of one question


@dataclass(frozen=True)
class Finding:
    """One result as the page shows it; the marked parts are safe HTML with only `<mark>` in it."""

    url: str
    kind: str
    language: str
    language_name: str
    published_on: date | None
    title: SafeString
    passage: SafeString


@dataclass(frozen=True)
class Chosen:
    """One facet that narrows the results now."""

    name: str
    code: str
    label: str


@dataclass(frozen=True)
class Results:
    """The answer to one question.

    `shortened`: the question was too long to be read whole. `instead`: nothing held the question, these results are of this spelling.
    `some`: nothing held all the words, these results hold some. `also`: counterparts in other languages that were searched too.
    """

    question: str
    count: int
    more: bool
    findings: list[Finding]
    shortened: bool = False
    instead: str = ""
    some: bool = False
    also: list[Counterpart] = field(default_factory=list)
    facets: list[Facet] = field(default_factory=list)
    chosen: list[Chosen] = field(default_factory=list)
    danger: bool = False
    offset: int = 0

    @property
    def unchecked(self) -> bool:
        """Whether a counterpart was translated by a machine and no person has looked at it."""
        return any(one.unreviewed for one in self.also)


def find(
    question: str, *, offset: int = 0, size: int = 20, language: str = "", chosen: Sequence[tuple[str, str]] = (), alone: bool = False
) -> Results:
    """Words first; letters when words find few; a better spelling, then some of the words, when nothing is found. Never fails.

    `chosen` are facets with their values, `alone` leaves the counterparts in other languages out.
    """
    asked = read(question, language=language, chosen=chosen)
    wide, also = (asked, []) if alone else widened(asked)
    hits, instead, some = _found(wide, language), "", False
    if not hits and asked.wanted:
        wide, instead = better_spelt(asked, language)
        hits = _ranked(wide, language) if instead else []
    if not hits and sum(len(term.words) for group in asked.wanted for term in group) > 1:
        wide, instead, some = _loosened(asked), "", True
        hits = _ranked(wide, language)
    names = Names()
    return Results(
        question=asked.read,
        count=len(hits),
        more=len(hits) >= MOST,
        findings=_findings(hits[offset : offset + size], wide),
        shortened=asked.shortened,
        instead=instead if hits else "",
        some=some and bool(hits),
        also=also if not instead and not some else [],
        facets=facets_of(hits, asked.narrow, names, language),
        chosen=[Chosen(name, code, label_of(name, code, names, language)) for name, code in chosen],
        danger=points_to_danger(asked.read),
        offset=offset,
    )


def matching(question: str, language: str, filters: Mapping[str, str] | None = None) -> "QuerySet[SearchEntry]":
    """The entries that answer a question, newest first: a saved search, for feeds. At most `MOST`; three questions of the database."""
    return SearchEntry.objects.filter(pk__in=ids_matching(question, language, filters)).order_by(
        F("published_on").desc(nulls_last=True), "-changed_at", "-pk"
    )


def ids_matching(question: str, language: str, filters: Mapping[str, str] | None = None) -> list[int]:
    """The ids of the entries that answer a question, best first."""
    asked, _also = widened(read(question, language=language, chosen=(filters or {}).items()))
    return [hit.pk for hit in _found(asked, language)]


def _found(question: Question, language: str) -> list[Hit]:
    """Hits by words, best first, then by letters those that words did not find. A question of facets alone: the newest."""
    if not question:
        return []
    if not question.wanted:
        return newest_first(ask(question, Tier.WORDS, MOST, language))
    hits = _ranked(question, language)
    if len(hits) >= ENOUGH or all(term.latin for group in question.wanted for term in group):
        return hits
    seen = {hit.pk for hit in hits}
    further = [hit for hit in ask(question, Tier.LETTERS, MOST, language) if hit.pk not in seen]
    return [*hits, *_in_order(further, question, language)][:MOST]


def _ranked(question: Question, language: str) -> list[Hit]:
    return _in_order(ask(question, Tier.WORDS, MOST, language), question, language)


def _in_order(hits: list[Hit], question: Question, language: str) -> list[Hit]:
    in_order = side_by_side if question.widened else best_first
    return in_order(hits, language=language, today=clock.now().date())


def _loosened(question: Question) -> Question:
    """The same with any of its words."""
    terms = [replace(term, text=word, words=(word,)) for group in question.wanted for term in group for word in term.words]
    return replace(question, wanted=(tuple(terms),))


def _findings(hits: list[Hit], question: Question) -> list[Finding]:
    shown = SearchEntry.objects.in_bulk([hit.pk for hit in hits]) if hits else {}
    pieces = pieces_of(question)
    return [_finding(shown[hit.pk], pieces) for hit in hits if hit.pk in shown]


def _finding(entry: SearchEntry, pieces: Sequence[str]) -> Finding:
    return Finding(
        entry.url,
        str(KINDS.get(entry.kind, entry.kind)),
        entry.language,
        str(LANGUAGE_NAMES.get(entry.language, entry.language)),
        entry.published_on,
        marked(entry.title, pieces),
        passage(entry.text, pieces, otherwise=entry.summary),
    )
