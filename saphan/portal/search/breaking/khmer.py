"""Khmer words: a trained model finds them, ICU's dictionary parts the long compounds it leaves whole.

The model (khmercut, a conditional random field over letters and their neighbours) rarely cuts wrongly but leaves compounds
together, under which a reader who asks for a part would find nothing. ICU alone cuts too freely. Together they are measured
better than each (docs/performance.md). The model is read when the first Khmer run is cut.
"""

import re

from icu4py.breakers import WordBreaker

COMPOUND = 4  # letters from which a word is looked at again
PART = 2  # letters that each part must have
CHUNK = 2_000  # code points given to the model at once; its memory grows with them

LETTER = re.compile("(?<!\u17d2)[\u1780-\u17b3]")
SAFE_CUT = re.compile("(?<=[^\u17d2])(?=[\u1780-\u17b3])")


def cut(run: str) -> list[str]:
    """The words of a Khmer run; joined they give the run again."""
    return [word for chunk in _chunks(run) for whole in _model(chunk) for word in _parted(whole)]


def _chunks(run: str) -> list[str]:
    """A run without a space for pages is no text; it is cut before some letter, so that no sign is parted."""
    if len(run) <= CHUNK:
        return [run]
    chunks, start = [], 0
    while start < len(run):
        found = SAFE_CUT.search(run, start + CHUNK)
        end = found.start() if found else len(run)
        chunks.append(run[start:end])
        start = end
    return chunks


def _model(chunk: str) -> list[str]:
    from khmercut import tokenize

    words = [str(word) for word in tokenize(chunk)]
    return words if "".join(words) == chunk else [chunk]


def _parted(word: str) -> list[str]:
    if len(LETTER.findall(word)) < COMPOUND:
        return [word]
    parts = list(WordBreaker(word, "km"))
    return parts if all(len(LETTER.findall(part)) >= PART for part in parts) else [word]
