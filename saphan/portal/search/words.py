"""Words and letters of any script, in one spelling. Thai, Lao, Khmer and Burmese write no spaces between words.

The one door to spelling and breaking: a better breaker for a language is put in behind it and nothing else changes but the
index. Six public languages; texts mix them, so each run of a script goes to the breaker of that script.
"""

import re
import unicodedata
from functools import lru_cache

from icu4py.breakers import CharacterBreaker

from saphan.portal.search.breaking import runs, zawgyi
from saphan.portal.search.breaking.spelling import settle

LETTER = re.compile(r"\w")
LATIN = re.compile("[A-Za-z\u00c0-\u024f\u1e00-\u1eff][\u0300-\u036f]*")
STROKES = str.maketrans("đĐ", "dD")  # the one Vietnamese letter that is not a letter with a mark
TURNS = 4
SHORT = 8


def normalise(text: str) -> str:
    """One spelling for what looks the same: composed, in Unicode's letters, without invisible signs, digits 0-9, small letters.

    What is in the normal spelling stays as it is. Never fails.
    """
    return _remembered(text) if len(text) <= SHORT else _normal(text)


def _normal(text: str) -> str:
    for _ in range(TURNS):
        normal = settle(zawgyi.to_unicode(text))
        if normal == text:
            break
        text = normal
    return text


# Pages are marked letter by letter, and a language has few thousand letters with their signs.
_remembered = lru_cache(maxsize=20_000)(_normal)


def fold(text: str) -> str:
    """Latin letters without their marks, as Vietnamese is typed in a hurry (đ becomes d); other scripts unchanged."""
    if text.isascii():
        return text
    return LATIN.sub(lambda found: unicodedata.normalize("NFD", found[0])[0], text.translate(STROKES))


def words(text: str, language: str = "") -> list[str]:  # noqa: ARG001  # the script tells enough of each of the six languages
    """The words of a text in their normal spelling; marks and signs alone are no words."""
    return runs.cut(normalise(text).replace("\x00", " "))


def graphemes(text: str) -> list[str]:
    """The letters of a text as a reader sees them: a consonant with its vowel and tone is one."""
    return [letter for letter in CharacterBreaker(normalise(text).replace("\x00", " "), "th") if LETTER.search(letter)]


def clusters(text: str) -> list[str]:
    """A text as written, cut into letters that must not be parted; joined they give the text again."""
    return list(CharacterBreaker(text, "th"))
