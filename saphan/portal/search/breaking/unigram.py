"""Words by the likeliest path: of all ways to cut a run into listed words, the one whose words are the most frequent together.

The list of a language is read when its first run is cut, and stays in memory (figures: docs/performance.md). A letter with its
signs is never parted, so that a wrong cut still falls between letters. Linear in the length of the run.
"""

import math
import re
from functools import cache
from pathlib import Path

LISTS = Path(__file__).parent / "lists"
LONGEST = 12  # letters with their signs of the longest word looked for
SCALE = 4  # costs are small whole numbers: they share their memory
RARE = 0.5  # as how often a listed word without a count is taken
UNKNOWN = 5  # how much dearer a letter that no word explains is than the rarest word

# Where a word may begin: at each consonant with the vowels before, around and behind it.
LETTERS = {
    "th": re.compile("[\u0e40-\u0e44]?[\u0e01-\u0e2e][\u0e31\u0e34-\u0e3a\u0e47-\u0e4e]*[\u0e30\u0e32\u0e33\u0e45]*(?:[\u0e01-\u0e2e]\u0e4c)?|.", re.S),
    "lo": re.compile("[\u0ec0-\u0ec4]?[\u0e81-\u0eae\u0edc-\u0edf][\u0eb1\u0eb4-\u0ebc\u0ec8-\u0ece]*[\u0eb0\u0eb2\u0eb3\u0ebd]*(?:[\u0e81-\u0eae]\u0ecc)?|.", re.S),
    "my": re.compile("(?:[^\u1039]|^)(?:(?:\u1039.)*[\u102b-\u103e]*(?:[\u1000-\u1021](?:\u1037?\u103a|(?=\u1039)))*(?:\u1039.)*[\u102b-\u103e]*)*", re.S),
}  # fmt: skip


class Breaker:
    """Cuts runs of one language by its word list."""

    def __init__(self, language: str, counts: dict[str, float]) -> None:
        total = sum(counts.values())
        self.letters = LETTERS[language]
        self.costs = {word: round(SCALE * math.log(total / count)) for word, count in counts.items()}
        self.unknown = max(self.costs.values(), default=0) + SCALE * UNKNOWN

    def cut(self, run: str) -> list[str]:
        """The words of a run of one script; joined they give the run again. Unknown neighbours stay together."""
        ends = [0, *(found.end() for found in self.letters.finditer(run))]
        back, known = self._path(run, ends)
        pieces: list[tuple[str, bool]] = []
        at = len(ends) - 1
        while at:
            pieces.append((run[ends[back[at]] : ends[at]], known[at]))
            at = back[at]
        return _joined(pieces[::-1])

    def _path(self, run: str, ends: list[int]) -> tuple[list[int], list[bool]]:
        """For each place where a cut may fall, where the last word before it begins on the cheapest path, and whether it is listed."""
        count, costs = len(ends), self.costs
        best: list[float] = [0.0] + [math.inf] * (count - 1)
        back, known = [0] * count, [False] * count
        for start in range(count - 1):
            here, begin = best[start], ends[start]
            if here + self.unknown < best[start + 1]:
                best[start + 1], back[start + 1], known[start + 1] = here + self.unknown, start, False
            for end in range(start + 1, min(count, start + 1 + LONGEST)):
                cost = costs.get(run[begin : ends[end]])
                if cost is not None and here + cost < best[end]:
                    best[end], back[end], known[end] = here + cost, start, True
        return back, known


def _joined(pieces: list[tuple[str, bool]]) -> list[str]:
    """Letters that no word explains are taken together: they are likely one name."""
    words: list[str] = []
    open_end = False
    for piece, known in pieces:
        if open_end and not known:
            words[-1] += piece
        else:
            words.append(piece)
        open_end = not known
    return words


@cache
def breaker(language: str) -> Breaker:
    """The breaker of a language, read once. The lists are kept in the normal spelling."""
    counts: dict[str, float] = {}
    with (LISTS / f"{language}.txt").open(encoding="utf-8") as lines:
        for line in lines:
            if not line.startswith("#"):
                word, _tab, count = line.rstrip("\n").partition("\t")
                counts[word] = float(count or RARE)
    return Breaker(language, counts)
