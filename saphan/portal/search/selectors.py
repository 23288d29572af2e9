"""What a reader asked for, found and marked."""

from dataclasses import dataclass
from datetime import date
from itertools import groupby
from operator import itemgetter

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from saphan.portal.search import engines
from saphan.portal.search.models import SearchEntry
from saphan.portal.search.sources import KINDS
from saphan.portal.search.words import clusters, graphemes, normalise, words

ENOUGH = 20  # below this many hits by words, letters are asked too
MOST = 200  # hits looked at for one question
LONGEST = 200  # letters of a question that are read
MOST_WORDS = 12
AROUND = 160  # letters shown of a text
NEAR = 10_000  # letters of a long text in which they are looked for


@dataclass(frozen=True)
class Finding:
    """One result as the page shows it; the marked parts are safe HTML with only `<mark>` in it."""

    url: str
    kind: str
    language: str
    published_on: date | None
    title: SafeString
    passage: SafeString


@dataclass(frozen=True)
class Results:
    """The answer to one question. `shortened` says that the question was too long to be read whole."""

    question: str
    count: int
    more: bool
    findings: list[Finding]
    shortened: bool = False


def find(question: str, *, offset: int = 0, size: int = 20, language: str = "") -> Results:
    """Words first; letters when words find few. Never fails: a question without a letter finds nothing."""
    read = " ".join(question.replace("\x00", " ").split())[:LONGEST]
    terms = words(read)[:MOST_WORDS]
    ids = _ranked(read, terms, language)
    shown = SearchEntry.objects.defer("title_words", "words", "title_graphemes", "graphemes").in_bulk(ids[offset : offset + size])
    pieces = [normalise(chunk) for chunk in read.split()[:MOST_WORDS]]
    findings = [_finding(shown[pk], pieces) for pk in ids[offset : offset + size] if pk in shown]
    return Results(read, len(ids), len(ids) >= MOST, findings, shortened=len(" ".join(question.split())) > LONGEST)


def _ranked(read: str, terms: list[str], language: str) -> list[int]:
    """The ids of what was found, best first; pages of the reader's own language before the others of the same tier."""
    ids = [pk for pk, _rank in engines.by_words(terms, MOST)] if terms else []
    phrases = [letters for letters in (graphemes(chunk) for chunk in read.split()[:MOST_WORDS]) if _says_something(letters)]
    further = [pk for pk, _rank in engines.by_graphemes(phrases, MOST)] if phrases and len(ids) < ENOUGH else []
    seen = set(ids)
    both = [ids, [pk for pk in further if pk not in seen]]
    own = set(SearchEntry.objects.filter(pk__in=[*ids, *further], language=language).values_list("pk", flat=True)) if language else set()
    return [pk for tier in both for pk in sorted(tier, key=lambda pk: pk not in own)][:MOST]


def _says_something(letters: list[str]) -> bool:
    """One or two Latin letters stand in every text; one letter of another script may be a word."""
    return len(letters) > 2 or any(not letter.isascii() or letter.isdigit() for letter in letters)


def _finding(entry: SearchEntry, pieces: list[str]) -> Finding:
    return Finding(
        entry.url,
        str(KINDS.get(entry.kind, entry.kind)),
        entry.language,
        entry.published_on,
        marked(entry.title, pieces),
        passage(entry.text, pieces),
    )


def marked(text: str, pieces: list[str]) -> SafeString:
    """The text with what was asked for between `<mark>`; a consonant is never parted from its vowel or tone."""
    letters = clusters(text)
    return _marked(letters, _hits(letters, _terms_in(normalise(text), pieces)))


def _terms_in(normal: str, pieces: list[str]) -> list[str]:
    """Each piece of the question as it stands where the text has it whole, else the words it is made of."""
    return [term for piece in pieces if piece for term in ([piece] if piece in normal else words(piece))]


def passage(text: str, pieces: list[str]) -> SafeString:
    """A piece of the text around its first match, whole letters only."""
    near, skipped = _near_first(text.replace("\n", " "), pieces)
    normal = normalise(near)
    terms = _terms_in(normal, pieces)
    letters, cut = _around_first(near, normal, terms)
    hits = _hits(letters, terms)
    first = hits.index(True) if True in hits else 0
    start = max(0, first - AROUND // 3)
    while 0 < start < first and not letters[start - 1].isspace() and first - start < AROUND // 2:
        start -= 1
    end = min(len(letters), start + AROUND)
    body = _marked(letters[start:end], hits[start:end])
    return mark_safe(("… " if start or cut or skipped else "") + body + (" …" if end < len(letters) else ""))  # noqa: S308  # escaped letter by letter below


def _near_first(text: str, pieces: list[str]) -> tuple[str, bool]:
    """The part of a book-long text in which a passage is looked for: where it has what was asked as written, else its beginning."""
    if len(text) <= NEAR:
        return text, False
    plain = text.casefold()
    first = min((at for at in (plain.find(piece) for piece in pieces if piece) if at >= 0), default=0)
    begin = max(0, first - NEAR // 2)
    return text[begin : begin + NEAR], begin > 0


def _around_first(text: str, normal: str, terms: list[str]) -> tuple[list[str], bool]:
    """The letters around the first match, so that a long text need not be cut whole; and whether something stands before them."""
    places = [at for at in (normal.find(term) for term in terms) if at >= 0]
    begin = max(0, min(places, default=0) - 2 * AROUND)
    letters = clusters(text[begin : begin + 6 * AROUND])
    return (letters[2:], True) if begin else (letters, False)  # the slice may have parted its first letter


def _hits(letters: list[str], terms: list[str]) -> list[bool]:
    """For each letter of a text, whether it lies in a match."""
    normal = [normalise(letter) for letter in letters]
    start, starts = 0, []
    for part in normal:
        starts.append(start)
        start += len(part)
    whole = "".join(normal)
    spans = [span for term in set(terms) for span in _spans(whole, term)]
    covered = bytearray(len(whole) + 1)
    for begin, end in spans:
        covered[begin:end] = b"\x01" * (end - begin)
    return [any(covered[at : at + len(part)]) for at, part in zip(starts, normal, strict=True)]


def _spans(whole: str, term: str) -> list[tuple[int, int]]:
    """Where a term stands; in scripts with spaces only at the beginning of a word."""
    spans, at = [], whole.find(term)
    while at >= 0:
        if not (term.isascii() and at and whole[at - 1].isalnum() and whole[at - 1].isascii()):
            spans.append((at, at + len(term)))
        at = whole.find(term, at + len(term))
    return spans


def _marked(letters: list[str], hits: list[bool]) -> SafeString:
    out = []
    for hit, stretch in groupby(zip(hits, letters, strict=True), key=itemgetter(0)):
        said = escape("".join(letter for _hit, letter in stretch))
        out.append(f"<mark>{said}</mark>" if hit else said)
    return mark_safe("".join(out))  # noqa: S308  # every stretch is escaped
