"""Return codes: seven words in the asker's own language by which an inquiry is found again, and by nobody who does not have them.

Each list has 256 words, so seven are one of 2^56 codes. Nothing is kept but a mark: Argon2id over the words, salted by a key that lies
outside the database. Letter case, spaces and Vietnamese marks make no difference; the order does (decision 0030).
"""

import secrets
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from pathlib import Path

from argon2.low_level import Type, hash_secret_raw
from django.conf import settings

from saphan.portal.doorway.marks import mark_of
from saphan.portal.search.words import fold, normalise

WORDS = 7
LIKE = 0.6  # how much of a mistyped word must be right for advice
LETTERS_READ = 300
FOLDER = Path(__file__).resolve().parent / "words"
BETWEEN = str.maketrans(dict.fromkeys(",.;:-–—·/|\u200b\u00a0", " "))


@cache
def words_in(language: str) -> tuple[str, ...]:
    """The words of a language; English where there is no list."""
    path = FOLDER / f"{language}.txt"
    return tuple((path if path.exists() else FOLDER / f"{settings.LANGUAGE_CODE}.txt").read_text(encoding="utf-8").split())


@cache
def _lists() -> tuple[dict[str, str], ...]:
    """The words of each language by their plain letters."""
    return tuple({_plain(word): word for word in words_in(code)} for code, _name in settings.LANGUAGES)


def new_code(language: str) -> list[str]:
    """Seven words, drawn at random. A word may come twice.

    Drawn again where the same letters without spaces are seven other words as well ("chén gà" and "chè ngà"), so that what is read is what was given.
    """
    while True:
        words = [secrets.choice(words_in(language)) for _ in range(WORDS)]
        if code_in("".join(words)) == words:
            return words


def _plain(text: str) -> str:
    return normalise(fold(normalise(text)))


def read_code(typed: str) -> list[str]:
    """The plain letters of each piece that somebody typed, parted by spaces or other signs."""
    text = typed[:LETTERS_READ].translate(BETWEEN)
    return [piece for piece in _plain("".join(letter for letter in text if not letter.isdigit())).split() if piece]


def same_word(typed: str, word: str) -> bool:
    """Whether somebody typed this word, however it is spelt."""
    return "".join(read_code(typed)) == "".join(read_code(word))


@dataclass(frozen=True)
class Advice:
    """What is wrong with a code: a word that stands in no list, with the one that was perhaps meant; or how many words there are."""

    unknown: str = ""
    perhaps: str = ""
    count: int = 0


def code_in(typed: str) -> list[str]:
    """The words of a code as somebody typed it, with or without spaces. Empty when it is none."""
    whole = "".join(read_code(typed))
    return next((found for known in _lists() if (found := _cut(whole, known))), [])


def _cut(whole: str, known: dict[str, str]) -> list[str]:
    """Seven words of one list that follow one another to the end; empty where there are none."""
    longest = max(map(len, known))
    ways: dict[tuple[int, int], list[str]] = {(0, 0): []}
    for count in range(WORDS):
        for (at, many), words in list(ways.items()):
            for end in range(at + 1, min(at + longest, len(whole)) + 1) if many == count else ():
                if whole[at:end] in known:
                    ways.setdefault((end, count + 1), [*words, known[whole[at:end]]])
    return ways.get((len(whole), WORDS), [])


def advice_on(typed: str) -> Advice:
    """What to look at in something that is no code. The lists are public: this tells nobody anything about a code."""
    pieces = read_code(typed)
    every = {plain for known in _lists() for plain in known}
    unknown = next((piece for piece in pieces if piece not in every), "")
    near = get_close_matches(unknown, every, n=1, cutoff=LIKE) if unknown else []
    shown = next((known[near[0]] for known in _lists() if near and near[0] in known), "")
    return Advice(unknown, shown, len(pieces))


def mark_of_code(words: list[str]) -> str:
    """The mark under which an inquiry keeps its code. Slow on purpose."""
    salt = bytes.fromhex(mark_of("inquiry codes", "salt"))[:16]
    text = "".join(piece for word in words for piece in read_code(word)).encode()
    return hash_secret_raw(text, salt, time_cost=2, memory_cost=19456, parallelism=1, hash_len=32, type=Type.ID).hex()
