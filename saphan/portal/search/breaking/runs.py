"""Cuts a text into runs of one script and gives each to its breaker."""

import re
from collections.abc import Callable

from icu4py.breakers import WordBreaker

from saphan.portal.search.breaking import khmer
from saphan.portal.search.breaking.unigram import breaker

# Letters and signs of each script without spaces; its digits and punctuation stand outside and part words.
RUN = re.compile(
    "(?P<th>[\u0e01-\u0e2e\u0e30-\u0e3a\u0e40-\u0e45\u0e47-\u0e4e]+)"
    "|(?P<lo>[\u0e81-\u0eae\u0eb0-\u0ebd\u0ec0-\u0ec4\u0ec8-\u0ece\u0edc-\u0edf]+)"
    "|(?P<km>[\u1780-\u17d3\u17dc\u17dd]+)"
    "|(?P<my>[\u1000-\u103f\u104c-\u104f]+)"
)
WORD = re.compile(r"\w")
REPEATED = frozenset("\u0e46\u0ec6\u17d7\u0e2f\u0eaf")  # signs that a word is said twice or cut short


def cut(text: str) -> list[str]:
    """The words of a text in its normal spelling, in order; marks and signs alone are no words."""
    words: list[str] = []
    at = 0
    for run in RUN.finditer(text):
        if run.start() > at:
            words += WordBreaker(text[at : run.start()], "en")
        words += CUT[run.lastgroup or ""](run[0])
        at = run.end()
    words += WordBreaker(text[at:], "en") if at < len(text) else []
    return [word for word in words if WORD.search(word) and word not in REPEATED]


def _listed(language: str) -> Callable[[str], list[str]]:
    return lambda run: breaker(language).cut(run)


CUT: dict[str, Callable[[str], list[str]]] = {"th": _listed("th"), "lo": _listed("lo"), "my": _listed("my"), "km": khmer.cut}
