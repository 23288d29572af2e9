"""What a reader may be about to write: the field's terms, words that stand in public things, titles. Three questions of the database."""

from dataclasses import dataclass

from saphan.core import clock
from saphan.portal.search import glossary, vocabulary
from saphan.portal.search.asking import LONGEST, Manner, Question, script_of, term_of
from saphan.portal.search.cutting import clean, spaced
from saphan.portal.search.engines import Tier, ask
from saphan.portal.search.models import SearchEntry
from saphan.portal.search.ranking import best_first
from saphan.portal.search.words import normalise, words

TERMS, WORDS, TITLES = 2, 4, 3
WEIGHED = 60


@dataclass(frozen=True)
class Suggestion:
    """A way to go on: a question to ask, or (with `url`) a thing to open."""

    text: str
    kind: str
    language: str = ""
    url: str = ""


def suggestions(question: str, language: str) -> list[Suggestion]:
    """Nothing for less than two letters of a script with spaces."""
    asked = " ".join(normalise(clean(question[:LONGEST])).split())
    if not asked or (len(asked) < 2 and spaced(asked[0])):
        return []
    terms = [Suggestion(found.text, "term", found.language) for found in glossary.beginning(asked, language, TERMS)]
    known = {one.text.casefold() for one in terms} | {asked}
    ways = [Suggestion(text, "word") for text in _completed(asked) if text not in known]
    return [*terms, *ways, *_titles(asked, language)]


def _completed(asked: str) -> list[str]:
    """The question with its last word completed."""
    cut = words(asked)
    if not cut or not asked.endswith(cut[-1]):
        return []
    before = asked[: len(asked) - len(cut[-1])]
    return [before + word for word in vocabulary.beginning(cut[-1], WORDS)]


def _titles(asked: str, language: str) -> list[Suggestion]:
    """Things whose title holds the words, the last of them perhaps unfinished."""
    term = term_of(asked, language, manner=Manner.BEGINS, in_title=True)
    if not term.words:
        return []
    tier = Tier.LETTERS if script_of(asked) else Tier.WORDS
    hits = best_first(ask(Question(asked, wanted=((term,),)), tier, WEIGHED, language), language=language, today=clock.now().date())[:TITLES]
    shown = SearchEntry.objects.defer("text", "summary").in_bulk([hit.pk for hit in hits]) if hits else {}
    entries = [shown[hit.pk] for hit in hits if hit.pk in shown]
    return [Suggestion(entry.title, "page", entry.language, entry.url) for entry in entries]
