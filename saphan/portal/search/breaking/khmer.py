"""Khmer words: a trained model says how likely a word begins at each letter, ICU's dictionary says where it would cut.

The model (khmercut, a conditional random field over letters and their neighbours) is better than ICU on running text, but
leaves compounds together and is lost where neighbours tell nothing: titles, lists, questions of two words. Where ICU cuts too,
a small likelihood is enough; where ICU does not, the model must be sure. Measured better than each alone on both kinds of text
(docs/performance.md). The model is read when the first Khmer run is cut.
"""

import re

from icu4py.breakers import WordBreaker

WITH_ICU = 0.1  # likelihood that is enough where ICU cuts
WITHOUT_ICU = 0.9  # and where it does not; both found on one half of a text cut by hand, and they hold on the other
CHUNK = 2_000  # code points given to the model at once; its memory grows with them

SAFE_CUT = re.compile("(?<=[^\u17d2])(?=[\u1780-\u17b3])")


def cut(run: str) -> list[str]:
    """The words of a Khmer run; joined they give the run again."""
    return [word for chunk in _chunks(run) for word in _words(chunk)]


def _chunks(run: str) -> list[str]:
    """A run without a space for pages is no text; it is cut before some letter, so that no sign is parted."""
    chunks, start = [], 0
    while start < len(run):
        found = SAFE_CUT.search(run, start + CHUNK)
        end = found.start() if found else len(run)
        chunks.append(run[start:end])
        start = end
    return chunks


def _words(chunk: str) -> list[str]:
    from khmercut import create_kcc_features, load, seg_kcc

    letters: list[str] = seg_kcc(chunk)
    if len(letters) < 2 or "".join(letters) != chunk:
        return [chunk]
    model = load()
    model.set(create_kcc_features(letters))
    ends_of_icu = _ends(chunk)
    words, at = [letters[0]], len(letters[0])
    for place in range(1, len(letters)):
        if model.marginal("1", place) > (WITH_ICU if at in ends_of_icu else WITHOUT_ICU):
            words.append("")
        words[-1] += letters[place]
        at += len(letters[place])
    return words


def _ends(chunk: str) -> set[int]:
    return {end for _start, end in WordBreaker(chunk, "km").segments()}
