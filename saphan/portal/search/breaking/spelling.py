"""One spelling for what looks the same on screen, in the scripts of the region.

Keyboards and programs store the same syllable in several ways: a vowel in two halves, a tone before its vowel, invisible
spaces, local digits. A reader sees no difference, so search must not either. Every rule here is idempotent together with the
others: they are applied until nothing changes. Sources: the Unicode Standard, chapter 16 (South-East Asian scripts), and
Unicode Technical Note 11 for the order of Burmese signs.
"""

import re
import sys
import unicodedata

TURNS = 8  # each turn only sorts or shortens; texts settle in two, and a text made to tease ends here

# Soft hyphen, joiners, word joiner, byte order mark, and the two Khmer vowels that are never seen.
INVISIBLE = dict.fromkeys([0xAD, 0x200C, 0x200D, 0x2060, 0xFEFF, 0x17B4, 0x17B5])
DIGITS = {code: str(unicodedata.digit(chr(code))) for code in range(128, sys.maxunicode + 1) if chr(code).isdecimal()}

# Between letters of scripts without spaces a zero-width space is only a hint for line ends; elsewhere it parts words.
SPACELESS = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\uaa60-\uaa7f\ua9e0-\ua9ff"
ZERO_SPACE_HINT = re.compile(f"(?<=[{SPACELESS}])\u200b+|\u200b+(?=[{SPACELESS}])")

PAIRS = {
    "\u0e40\u0e40": "\u0e41",  # Thai SARA E twice is typed for SARA AE
    "\u0ec0\u0ec0": "\u0ec1",  # the same in Lao
    "\u0eab\u0e99": "\u0edc",  # Lao HO NO and HO MO have a letter of their own
    "\u0eab\u0ea1": "\u0edd",
    "\u17c1\u17b6": "\u17c4",  # Khmer vowels typed in their two visible halves
    "\u17c1\u17b8": "\u17be",
    "\u17d2\u178a": "\u17d2\u178f",  # subscript DA and TA look alike
    "\u1025\u103a": "\u1009\u103a",  # Burmese U for NYA under ASAT
}
PAIR = re.compile("|".join(map(re.escape, PAIRS)))


def _am(nikhahit: str, tones: str, aa: str, am: str) -> list[tuple[re.Pattern[str], str]]:
    """SARA AM is typed in two halves, and its tone before, between or behind."""
    return [(re.compile(f"{nikhahit}([{tones}]*){aa}"), f"\\1{am}"), (re.compile(f"{am}([{tones}]+)"), f"\\1{am}")]


MOVES = [
    *_am("\u0e4d", "\u0e48-\u0e4b", "\u0e32", "\u0e33"),
    *_am("\u0ecd", "\u0ec8-\u0ecb", "\u0eb2", "\u0eb3"),
    # Burmese zero looks like the letter WA, and is typed for it.
    (re.compile("(?<![0-9\u1040-\u1049])\u1040(?=[\u102b-\u103e]|[\u1000-\u1021]\u1037?\u103a)"), "\u101d"),
    (re.compile("(?<=[\u1000-\u103f])\u1040(?=[\u1000-\u1021])"), "\u101d"),
    (re.compile("([\u102b-\u1037]+)(\u1039[\u1000-\u1021])"), "\\2\\1"),  # what is stacked stands before the vowels
]

# The order of signs on one letter, script by script: each string holds signs of one rank.
RANKS = [
    ["\u0e31\u0e34\u0e35\u0e36\u0e37\u0e38\u0e39\u0e3a", "\u0e48\u0e49\u0e4a\u0e4b", "\u0e47\u0e4c\u0e4d\u0e4e"],
    ["\u0eb1\u0eb4\u0eb5\u0eb6\u0eb7\u0eb8\u0eb9\u0eba\u0ebb\u0ebc", "\u0ec8\u0ec9\u0eca\u0ecb", "\u0ecc\u0ecd\u0ece"],
    ["\u103b", "\u103c", "\u103d", "\u103e", "\u1031", "\u102d\u102e\u1032", "\u102f\u1030", "\u102b\u102c", "\u1036"],
]
RANK = {sign: (script, place) for script, places in enumerate(RANKS) for place, signs in enumerate(places) for sign in signs}
SIGNS = re.compile("|".join("[{}]{{2,}}".format("".join(places)) for places in RANKS))

KHMER_SIGNS = re.compile("(?:\u17d2[\u1780-\u17b3]|[\u17b6-\u17d1\u17dd]){2,}")
KHMER_SIGN = re.compile("\u17d2.|.")


def settle(text: str) -> str:
    """The text in the one spelling, in small letters and with digits 0-9."""
    for _ in range(TURNS):
        settled = _turn(text)
        if settled == text:
            break
        text = settled
    return text


def _turn(text: str) -> str:
    text = ZERO_SPACE_HINT.sub("", text.translate(INVISIBLE)).replace("\u200b", " ")
    text = unicodedata.normalize("NFC", text.casefold())
    if not text.isascii():
        text = PAIR.sub(lambda found: PAIRS[found[0]], text)
        for pattern, replacement in MOVES:
            text = pattern.sub(replacement, text)
        text = SIGNS.sub(_in_order, text)
        text = KHMER_SIGNS.sub(_in_khmer_order, text)
        text = text.translate(DIGITS)
    return text


def _in_order(found: re.Match[str]) -> str:
    return "".join(sorted(found[0], key=RANK.__getitem__))


def _in_khmer_order(found: re.Match[str]) -> str:
    return "".join(sorted(KHMER_SIGN.findall(found[0]), key=_khmer_rank))


def _khmer_rank(sign: str) -> int:
    """Robat, subscripts (RO last), register shifters, vowels, other signs."""
    if sign[0] == "\u17d2":
        return 2 if sign[1:] == "\u179a" else 1
    if sign == "\u17cc":
        return 0
    if sign in "\u17c9\u17ca":
        return 3
    return 4 if sign <= "\u17c5" else 5
