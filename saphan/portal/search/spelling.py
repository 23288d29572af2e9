"""Did you mean: a better spelling of a question that found nothing, out of the words that public things hold."""

from dataclasses import replace

from saphan.portal.search.asking import Manner, Question, Term, term_of
from saphan.portal.search.vocabulary import corrected

MOST_PARTS = 16


def better_spelt(question: Question, language: str) -> tuple[Question, str]:
    """The question in a likelier spelling and how it reads; the same question and nothing where there is none.

    Whether anything holds it is for the caller to see: only then it is offered.
    """
    parts = list(dict.fromkeys(part for group in question.wanted for term in group for part in _parts(term)))[:MOST_PARTS]
    better = corrected(parts)
    if not better:
        return question, ""
    wanted = tuple(tuple(_spelt(term, better, language) for term in group) for group in question.wanted)
    return replace(question, wanted=wanted), _reading(wanted)


def _parts(term: Term) -> list[str]:
    """The words of a term; and, where no spaces are written, neighbours joined: a wrong letter makes the cutter cut in the wrong place."""
    words = list(term.words)
    if term.latin:
        return words
    joined = ["".join(words[at : at + many]) for many in (2, 3) for at in range(len(words) - many + 1)]
    return words + joined


def _spelt(term: Term, better: dict[str, str], language: str) -> Term:
    """The term with its wrong words replaced, the longest joined ones first."""
    words, out, at = list(term.words), [], 0
    while at < len(words):
        for many in (3, 2, 1):
            joined = "".join(words[at : at + many])
            if at + many <= len(words) and joined in better and (many == 1 or not term.latin):
                out.append(better[joined])
                at += many
                break
        else:
            out.append(words[at])
            at += 1
    text = (" " if term.latin else "").join(out)
    return term_of(text, language, manner=term.manner, in_title=term.in_title) if out != words else term


def _reading(wanted: tuple[tuple[Term, ...], ...]) -> str:
    """A question as a reader would write it."""
    return " ".join(" OR ".join(_written(term) for term in group) for group in wanted)


def _written(term: Term) -> str:
    return ("title:" if term.in_title else "") + (f'"{term.text}"' if term.manner is Manner.EXACT else term.text)
