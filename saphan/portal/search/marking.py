"""What was asked for, marked in a text, and the piece of a long text that shows most of it. A letter is never parted."""

from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import accumulate, groupby
from operator import itemgetter

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from saphan.portal.search.asking import Manner, Question, Term
from saphan.portal.search.cutting import clean, spaced
from saphan.portal.search.words import clusters, fold, normalise, words

AROUND = 160  # letters shown of a text
READ_CLOSELY = 20_000  # letters that are brought to one spelling when the plain text does not hold a term
LONG_WORD = 24
MOST_PLACES = 60  # of one term that are weighed


class Piece(str):
    """Something asked for, in the spelling in which texts are compared; `parts` are marked where a text does not hold it whole."""

    parts: tuple[str, ...] = ()


def pieces_of(question: Question) -> list[Piece]:
    """The terms of a question in the spelling in which texts are compared."""
    pieces = [_piece(term) for group in question.wanted for term in group]
    return [piece for piece in dict.fromkeys(pieces) if piece]


def _piece(term: Term) -> Piece:
    piece = Piece(_plain(term.text))
    piece.parts = tuple(fold(word) for word in term.words) if term.manner is Manner.ALL else ()
    return piece


def marked(text: str, pieces: Sequence[str]) -> SafeString:
    """The text with what was asked for between `<mark>`; a consonant is never parted from its vowel or tone."""
    letters = clusters(clean(text))
    return _marked(letters, _hits(letters, pieces))


def passage(text: str, pieces: Sequence[str], otherwise: str = "") -> SafeString:
    """The piece of a text that holds most of the terms, whole letters only; the beginning, or `otherwise`, where it holds none."""
    text = clean(text).replace("\n", " ")
    begin = _best_place(text, pieces)
    if begin is None and otherwise:
        text = clean(otherwise).replace("\n", " ")
    begin = max(0, (begin or 0) - AROUND // 2)
    letters = clusters(text[begin : begin + 3 * AROUND])
    letters = letters[2:] if begin else letters  # the slice may have parted its first letter
    hits = _hits(letters, pieces)
    first = _densest(hits)
    start = max(0, first - AROUND // 3)
    while 0 < start < first and not letters[start - 1].isspace() and first - start < AROUND // 2:
        start -= 1
    end = _end_of_word(letters, start + AROUND)
    body = _marked(letters[start:end], hits[start:end])
    return mark_safe(("… " if start or begin else "") + body + (" …" if end < len(letters) else ""))  # noqa: S308  # escaped letter by letter below


def _end_of_word(letters: list[str], end: int) -> int:
    """Where a passage ends: a word of a script with spaces is not cut, unless it is very long."""
    for at in range(end, min(len(letters), end + LONG_WORD)):
        if not letters[at].isalnum() or not spaced(letters[at]):
            return at
    return min(len(letters), end)


def _plain(text: str) -> str:
    return fold(normalise(clean(text)))


_plain_letter = lru_cache(maxsize=20_000)(_plain)  # a language has few thousand letters with their signs


def _terms_in(plain: str, pieces: Sequence[str]) -> set[str]:
    """Each piece of the question as it stands where the text has it whole, else its parts."""
    terms: set[str] = set()
    for piece in pieces:
        terms.update([piece] if piece in plain else piece.parts if isinstance(piece, Piece) else words(piece))
    return terms - {""}


def _best_place(text: str, pieces: Sequence[str]) -> int | None:
    """Where the most different terms stand close together. The text as written is looked through first; that is quick."""
    places = sorted(_places(text.casefold(), pieces))
    if not places:
        places = sorted(_places(_plain(text[:READ_CLOSELY]), pieces))
    best, most = None, 0
    for index, (at, _term) in enumerate(places):
        near = {term for place, term in places[index : index + 20] if place - at < AROUND}
        if len(near) > most:
            best, most = at, len(near)
    return best


def _places(text: str, pieces: Sequence[str]) -> Iterator[tuple[int, str]]:
    for term in _terms_in(text, pieces):
        for count, (begin, _end) in enumerate(_spans(text, term)):
            if count == MOST_PLACES:
                break
            yield begin, term


def _densest(hits: list[bool]) -> int:
    """Where in a slice the window with most marked letters has its first one."""
    best = first = hits.index(True) if True in hits else 0
    most = 0
    for at in range(first, len(hits)):
        if hits[at] and (not at or not hits[at - 1]):
            inside = sum(hits[at : at + AROUND - AROUND // 3])
            best, most = (at, inside) if inside > most else (best, most)
    return best


def _hits(letters: list[str], pieces: Sequence[str]) -> list[bool]:
    """For each letter of a text, whether it lies in a match."""
    normal = list(map(_plain_letter, letters))
    whole = "".join(normal)
    covered = bytearray(len(whole))
    for term in _terms_in(whole, pieces):
        for begin, end in _spans(whole, term):
            covered[begin:end] = b"\x01" * (end - begin)
    ends = list(accumulate(map(len, normal)))
    return [1 in covered[begin:end] for begin, end in zip([0, *ends], ends, strict=False)]


def _spans(whole: str, term: str) -> Iterator[tuple[int, int]]:
    """Where a term stands; in scripts with spaces only at the beginning of a word."""
    at = whole.find(term) if term else -1
    while at >= 0:
        if not (spaced(term[0]) and at and whole[at - 1].isalnum() and spaced(whole[at - 1])):
            yield at, at + len(term)
        at = whole.find(term, at + len(term))


def _marked(letters: list[str], hits: list[bool]) -> SafeString:
    out = []
    for hit, stretch in groupby(zip(hits, letters, strict=True), key=itemgetter(0)):
        said = escape("".join(letter for _hit, letter in stretch))
        out.append(f"<mark>{said}</mark>" if hit else said)
    return mark_safe("".join(out))  # noqa: S308  # every stretch is escaped
