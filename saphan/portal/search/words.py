"""Words and letters of any script. Thai, Lao, Khmer and Burmese write no spaces: ICU's dictionaries find the words.

The one door to the breaking engine: a better one for a language is put in here and nothing else changes but the index.
"""

import re
import unicodedata

from icu4py.breakers import CharacterBreaker, WordBreaker

# Invisible spaces and joiners that typists and programs leave between words.
INVISIBLE = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff\u00ad"))
# NIKHAHIT (+ tone) + SARA AA is typed for SARA AM; both look the same.
SPLIT_SARA_AM = re.compile("\u0e4d([\u0e48-\u0e4b]?)\u0e32")
TONE_AFTER_SARA_AM = re.compile("\u0e33([\u0e48-\u0e4b])")
LETTER = re.compile(r"\w")


def normalise(text: str) -> str:
    """One spelling for what looks the same: composed, without invisible spaces, sara am as one letter, digits as 0-9, small letters."""
    text = unicodedata.normalize("NFC", text.translate(INVISIBLE))
    text = SPLIT_SARA_AM.sub("\\1\u0e33", text)
    text = TONE_AFTER_SARA_AM.sub("\\1\u0e33", text)
    return "".join(map(_digit, text)).casefold()


def words(text: str, language: str = "") -> list[str]:  # noqa: ARG001  # the language will choose the word list
    """The words of a text in their normal spelling; marks and signs alone are no words."""
    return [word for word in WordBreaker(normalise(text).replace("\x00", " "), "th") if LETTER.search(word)]


def graphemes(text: str) -> list[str]:
    """The letters of a text as a reader sees them: a consonant with its vowel and tone is one."""
    return [letter for letter in CharacterBreaker(normalise(text).replace("\x00", " "), "th") if LETTER.search(letter)]


def clusters(text: str) -> list[str]:
    """A text as written, cut into letters that must not be parted; joined they give the text again."""
    return list(CharacterBreaker(text, "th"))


def fold(text: str) -> str:
    """Latin letters without their marks, as Vietnamese is typed in a hurry (đ becomes d); other scripts unchanged."""
    return "".join(_bare(letter) for letter in unicodedata.normalize("NFC", text))


def _bare(letter: str) -> str:
    if letter in "đĐ":
        return "d" if letter == "đ" else "D"
    parts = unicodedata.normalize("NFD", letter)
    return parts[0] if parts[0].isascii() else letter


def _digit(letter: str) -> str:
    return str(unicodedata.digit(letter)) if letter.isdecimal() else letter
