"""Zawgyi to Unicode. Many Burmese pages were written in Zawgyi, a font that gives Unicode's code points other letters.

Whether a text is Zawgyi is told by myanmartools, a detector made of the statistics of both. The table below is ours, from the
published charts of the Zawgyi-One font and the Unicode Standard, chapter 16.4.
"""

import re
from functools import cache
from itertools import islice
from typing import Any

SURE = 0.95
LIKELY = 0.5  # enough where the text breaks a rule of Unicode: a stacker that stacks nothing, an E that follows no letter
LOOKED_AT = 4_000  # letters; the detector needs few, and a long text should not wait for it
MOST_RUNS = 500
FEWEST = 4
BURMESE = re.compile("[\u1000-\u109f]+")

BROKEN = re.compile("\u1039(?![\u1000-\u1021])|(?<![\u1000-\u1021\u103b-\u103e])\u1031")
PECULIAR = re.compile("[\u1033\u1034\u105a\u1060-\u1097]")  # code points that Zawgyi uses and Burmese in Unicode does not

KINZI = "\u1004\u103a\u1039"
HELD = "\ue000"  # a kinzi on its way to the front of its letter; a private code point, which no text of letters holds

LETTERS = {
    "\u1033": "\u102f", "\u1034": "\u1030", "\u1039": "\u103a", "\u103a": "\u103b", "\u103b": "\u103c", "\u103c": "\u103d",
    "\u103d": "\u103e", "\u104e": "\u104e\u1004\u103a\u1038", "\u105a": "\u102b\u103a", "\u1064": HELD, "\u106a": "\u1009",
    "\u106b": "\u100a", "\u106e": "\u100d\u1039\u100d", "\u106f": "\u100d\u1039\u100e", "\u107d": "\u103b", "\u1086": "\u103f",
    "\u1087": "\u103e", "\u1088": "\u103e\u102f", "\u1089": "\u103e\u1030", "\u108a": "\u103d\u103e", "\u108b": HELD + "\u102d",
    "\u108c": HELD + "\u102e", "\u108d": HELD + "\u1036", "\u108e": "\u102d\u1036", "\u108f": "\u1014", "\u1090": "\u101b",
    "\u1091": "\u100f\u1039\u100d", "\u1092": "\u100b\u1039\u100c", "\u1094": "\u1037", "\u1095": "\u1037",
    "\u1096": "\u1039\u1010\u103d", "\u1097": "\u100b\u1039\u100b",
}  # fmt: skip
# Code points of letters written small under another one, with that letter.
STACKED = dict(zip("\u1060\u1061\u1062\u1063\u1065\u1066\u1067\u1068\u1069", "\u1000\u1001\u1002\u1003\u1005\u1006\u1006\u1007\u1008", strict=True))
STACKED |= dict(zip("\u106c\u106d\u1070\u1071\u1072\u1073\u1074\u1075\u1076", "\u100b\u100c\u100f\u1010\u1010\u1011\u1011\u1012\u1013", strict=True))
STACKED |= dict(zip("\u1077\u1078\u1079\u107a\u107b\u107c\u1085\u1093", "\u1014\u1015\u1016\u1017\u1018\u1019\u101c\u1018", strict=True))
TABLE = str.maketrans(
    LETTERS | {small: "\u1039" + letter for small, letter in STACKED.items()} | dict.fromkeys("\u107e\u107f\u1080\u1081\u1082\u1083\u1084", "\u103c")
)

# Zawgyi stores what is seen from left to right: E and RA before their letter, the kinzi behind it. Unicode stores what is spoken.
SYLLABLE = re.compile(f"(\u1031?)(\u103c?)([\u1000-\u102a\u103f])({HELD}?)((?:\u1039[\u1000-\u1021])?)([\u103b\u103d\u103e]*)({HELD}?)")


def to_unicode(text: str) -> str:
    """The text in Unicode's letters where it is surely Zawgyi and reads as Unicode afterwards, else as it is."""
    if not _is_zawgyi(text):
        return text
    turned = turn(text)
    return text if _is_zawgyi(turned) else turned


def turn(text: str) -> str:
    """A text known to be Zawgyi, in Unicode's letters and order."""
    text = text.replace("\u1005\u103a", "\u1008").translate(TABLE)
    return SYLLABLE.sub(_as_spoken, text).replace(HELD, "")


def _as_spoken(found: re.Match[str]) -> str:
    e, ra, letter, before, under, signs, behind = found.groups()
    return (KINZI if before or behind else "") + letter + under + ra + signs + e


def _is_zawgyi(text: str) -> bool:
    """Only a text with some sign of Zawgyi is put to the detector: pages in Unicode are many, and it looks at each letter."""
    broken = BROKEN.search(text)
    if not broken and not PECULIAR.search(text):
        return False
    letters = " ".join(found[0] for found in islice(BURMESE.finditer(text), MOST_RUNS))[:LOOKED_AT]
    return len(letters) >= FEWEST and bool(_detector().get_zawgyi_probability(letters) > (LIKELY if broken else SURE))


@cache
def _detector() -> Any:
    from myanmartools import ZawgyiDetector

    return ZawgyiDetector()
