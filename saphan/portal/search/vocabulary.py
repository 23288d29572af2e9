"""The words that stand in public things now, counted in the transaction that writes them; so an unpublished word is gone at once.

Spelling advice: a word that nothing holds is compared with known words that share one of its halves.
"""

from collections import Counter
from collections.abc import Iterable, Iterator

from django.db import connection, transaction
from django.db.models import Q

from saphan.portal.search.cutting import spaced
from saphan.portal.search.models import CutText, SearchWord
from saphan.portal.search.words import fold

SHORTEST, LONGEST = 3, 30  # letters of a word that is counted; of scripts without spaces from two
COLUMNS = ("title_words", "summary_words", "names_words", "words")
MOST_LIKELY = 400  # known words that a mistyped one is compared with
BATCH = 2000
ADD = """
    INSERT INTO portal_search_searchword (word, folded, start, head, tail, entries) VALUES (%s, %s, %s, %s, %s, %s)
    ON CONFLICT (word) DO UPDATE SET entries = portal_search_searchword.entries + excluded.entries
"""
TAKE = "UPDATE portal_search_searchword SET entries = entries - %s WHERE word = %s"


def counted(word: str) -> bool:
    """Words worth suggesting: no numbers, nothing very short or long."""
    return (SHORTEST if spaced(word[0]) else SHORTEST - 1) <= len(word) <= LONGEST and word[0].isalpha() and not any(map(str.isdigit, word))


def words_in(columns: Iterable[str]) -> set[str]:
    """The words of one entry, each once."""
    return {word for column in columns for word in column.split(" ") if word and counted(word)}


def words_kept(keys: Iterable[str]) -> Counter[str]:
    """In how many of these entries each word stands now."""
    kept: Counter[str] = Counter()
    for columns in CutText.objects.filter(entry__key__in=list(keys)).values_list(*COLUMNS):
        kept.update(words_in(columns))
    return kept


def change(before: Counter[str], after: Counter[str]) -> None:
    """Counts what has come and what has gone. In the order of the alphabet, so that two writers never wait for each other."""
    more, fewer = sorted((after - before).items()), sorted((before - after).items())
    with connection.cursor() as cursor:
        for some in _some(more):
            cursor.executemany(ADD, [(word, *_shape(word), entries) for word, entries in some])
        for some in _some(fewer):
            cursor.executemany(TAKE, [(entries, word) for word, entries in some])
    if fewer:
        SearchWord.objects.filter(entries__lte=0).delete()


def _some(items: list[tuple[str, int]]) -> Iterator[list[tuple[str, int]]]:
    for begin in range(0, len(items), BATCH):
        yield items[begin : begin + BATCH]


def _shape(word: str) -> tuple[str, str, str, str]:
    folded = fold(word)[:LONGEST]
    half = len(folded) // 2
    return folded, folded[:2], folded[:half], folded[half:]


def differences() -> int:
    """How many words are counted wrongly; 0 when the vocabulary equals the entries."""
    kept = dict(SearchWord.objects.values_list("word", "entries").iterator())
    return len({word for word, _entries in kept.items() ^ _true_counts().items()})


@transaction.atomic
def recount() -> int:
    """Counts all words anew; answers how many there are."""
    SearchWord.objects.all().delete()
    true = _true_counts()
    change(Counter(), true)
    return len(true)


def _true_counts() -> Counter[str]:
    true: Counter[str] = Counter()
    for columns in CutText.objects.values_list(*COLUMNS).iterator(chunk_size=100):
        true.update(words_in(columns))
    return true


def beginning(text: str, most: int) -> list[str]:
    """The commonest words that begin like this, with or without their marks."""
    bare = fold(text)
    if not bare:
        return []
    known = SearchWord.objects.filter(start=bare[:2]) if len(bare) > 1 else SearchWord.objects.filter(start__startswith=bare)
    return list(known.filter(folded__startswith=bare).order_by("-entries", "word").values_list("word", flat=True)[:most])


def corrected(words: list[str]) -> dict[str, str]:
    """For each word that stands nowhere, the likeliest known one that differs in a letter or two. One question for all of them."""
    asked = {word: fold(word) for word in words if counted(word)}
    if not asked:
        return {}
    halves = Q(word__in=list(asked))
    for bare in asked.values():
        heads, tails = halves_of(bare)
        halves |= Q(head__in=heads) | Q(tail__in=tails)
    known = list(SearchWord.objects.filter(halves).order_by("-entries", "word").values_list("word", "folded", "entries")[: MOST_LIKELY * len(asked)])
    standing = {word for word, _folded, _entries in known}
    found = {}
    for word, bare in asked.items():
        likely = min(((_distance(bare, folded, _allowed(bare)), -entries, other) for other, folded, entries in known), default=None)
        if word not in standing and likely and likely[0] <= _allowed(bare):
            found[word] = likely[2]
    return found


def _allowed(word: str) -> int:
    """One wrong letter; two in a long word; none in a word so short that every other is near."""
    return 0 if len(word) < 4 else 1 if len(word) < 8 else 2


def halves_of(word: str) -> tuple[set[str], set[str]]:
    """First and second halves of the words that this one may be meant for: one letter more, less, other, or exchanged with its neighbour."""
    heads, tails = set(), set()
    for length in range(len(word) - 1, len(word) + 2):
        half = length // 2
        heads.add(word[:half])
        tails.add(word[len(word) - (length - half) :])
    half = len(word) // 2
    heads.add(word[: half - 1] + word[half : half + 1])
    return heads - {""}, tails - {""}


def _distance(one: str, other: str, most: int) -> int:
    """Letters to add, leave out, change or exchange with their neighbour; `most` + 1 when there are more."""
    if abs(len(one) - len(other)) > most:
        return most + 1
    before, row = [0] * (len(other) + 1), list(range(len(other) + 1))
    for i, a in enumerate(one, 1):
        older, before, row = before, row, [i]
        for j, b in enumerate(other, 1):
            best = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (a != b))
            if i > 1 and j > 1 and a == other[j - 2] and one[i - 2] == b:
                best = min(best, older[j - 2] + 1)
            row.append(best)
        if min(row) > most:
            return most + 1
    return min(row[-1], most + 1)
