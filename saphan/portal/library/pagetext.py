"""The words on one page of a PDF, in the order in which they are read, also in scripts whose letters stack.

pdfium tells letters and where they stand. Where a program draws one syllable in several strokes and names its letters once for all of
them (`/ActualText`, as browsers and word processors do for Thai, Lao, Khmer and Burmese), pdfium tells the letters once for each stroke,
and guesses spaces and line ends between the strokes. Here each syllable is told once, and a guessed gap counts only where there is one.
"""

import ctypes
import itertools
import math
import unicodedata
from dataclasses import dataclass
from typing import Any

import pypdfium2 as pdfium
import pypdfium2.raw as raw

STACKED = ((0x0E00, 0x0EFF), (0x1000, 0x109F), (0x1780, 0x17FF), (0xA9E0, 0xA9FF), (0xAA60, 0xAA7F))  # Thai, Lao, Burmese, Khmer
BEFORE_THEIR_LETTER = (0x1031, 0x17C1, 0x17C2, 0x17C3)  # vowels of Burmese and Khmer that are drawn before it
GAP = 0.15  # of the letter size: a narrower gap is no space
SAME_LINE = 0.3
NO_LETTER = 0x20
FULL_LINE = 0.85  # of the widest line: a line that ends here was broken by the margin and not by the writer


@dataclass
class Letter:
    """One letter where it stands: `x` and `y` of its origin, `right` where its ink ends, `size` as it appears on the page."""

    code: int
    x: float
    y: float
    right: float
    size: float
    gap: bool = False  # whether pdfium guessed a space or a line end before it
    stroke: int = 0

    @property
    def is_mark(self) -> bool:
        """A vowel or tone that stands on, under or behind its letter."""
        return _stacked(self.code) and self.code not in BEFORE_THEIR_LETTER and unicodedata.category(chr(self.code)) in {"Mn", "Mc"}


def text_of(page: pdfium.PdfPage) -> str:
    """The words of a page. Pages without a stacked script are read as pdfium reads them."""
    textpage = page.get_textpage()
    try:
        plain: str = textpage.get_text_range()
        return _syllables(page, textpage) if any(_stacked(ord(letter)) for letter in plain) else plain
    finally:
        textpage.close()


def _stacked(code: int) -> bool:
    return any(first <= code <= last for first, last in STACKED)


def _syllables(page: pdfium.PdfPage, textpage: pdfium.PdfTextPage) -> str:
    strokes = Strokes(page)
    told: dict[int, int] = {}
    letters: list[Letter] = []
    gap = False
    for index in range(raw.FPDFText_CountChars(textpage)):
        if raw.FPDFText_IsGenerated(textpage, index) == 1:
            gap = True
            continue
        stroke = raw.FPDFText_GetTextObject(textpage, index)
        address = ctypes.addressof(stroke.contents) if stroke else 0
        span = strokes.spans.get(address)
        if span is not None and told.setdefault(span, address) != address:
            continue
        letter = _letter(textpage, index)
        if letter.code < NO_LETTER:
            continue  # a stroke without a name
        letter.gap, letter.stroke = gap, address
        if span is not None:
            letter.right = strokes.ends[span]
        letters.append(letter)
        gap = False
    lines = Lines()
    for letter in with_marks_at_their_letters(letters, strokes.order):
        lines.add(letter)
    return lines.text()


class Strokes:
    """The strokes of a page in the order in which they were written; which belong to one named syllable, and where its ink ends."""

    def __init__(self, page: pdfium.PdfPage) -> None:
        self.order: list[int] = []
        self.spans: dict[int, int] = {}
        self.ends: dict[int, float] = {}
        left, bottom, right, top = (ctypes.c_float() for _ in range(4))
        for number in range(raw.FPDFPage_CountObjects(page)):
            stroke = raw.FPDFPage_GetObject(page, number)
            address = ctypes.addressof(stroke.contents)
            self.order.append(address)
            span = _span(stroke)
            if span is not None:
                raw.FPDFPageObj_GetBounds(stroke, left, bottom, right, top)
                self.spans[address] = span
                self.ends[span] = max(self.ends.get(span, -math.inf), right.value)


def with_marks_at_their_letters(letters: list[Letter], order: list[int]) -> list[Letter]:
    """Sets vowels and tones that were drawn as strokes of their own behind the letter that was written before them.

    pdfium orders strokes by where they begin; a mark begins where the next letter does.
    """
    by_stroke: dict[int, list[Letter]] = {}
    for letter in letters:
        by_stroke.setdefault(letter.stroke, []).append(letter)
    after: dict[int, list[Letter]] = {}
    moved: set[int] = set()
    host: Letter | None = None
    for stroke in order:
        own = by_stroke.get(stroke, [])
        marks = list(itertools.takewhile(lambda letter: letter.is_mark, own))
        if marks and host is not None and abs(marks[0].y - host.y) < host.size:
            after.setdefault(id(host), []).extend(marks)
            moved.update(id(mark) for mark in marks)
            for mark in marks:
                mark.gap = False
        host = next((letter for letter in reversed(own) if not letter.is_mark), host)
    out: list[Letter] = []
    gap = False
    for letter in letters:
        if id(letter) in moved:
            gap = gap or letter.gap
            continue
        letter.gap, gap = letter.gap or gap, False
        out += [letter, *after.get(id(letter), [])]
    return out


def _span(stroke: Any) -> int | None:
    for number in range(raw.FPDFPageObj_CountMarks(stroke)):
        mark = raw.FPDFPageObj_GetMark(stroke, number)
        if raw.FPDFPageObjMark_GetParamValueType(mark, b"ActualText") == raw.FPDF_OBJECT_STRING:
            return ctypes.addressof(mark.contents)
    return None


def _letter(textpage: pdfium.PdfTextPage, index: int) -> Letter:
    x, y = ctypes.c_double(), ctypes.c_double()
    left, bottom, right, top = (ctypes.c_double() for _ in range(4))
    matrix = raw.FS_MATRIX()
    raw.FPDFText_GetCharOrigin(textpage, index, x, y)
    raw.FPDFText_GetCharBox(textpage, index, left, right, bottom, top)
    raw.FPDFText_GetMatrix(textpage, index, matrix)
    size = raw.FPDFText_GetFontSize(textpage, index) * math.hypot(matrix.c, matrix.d)
    return Letter(raw.FPDFText_GetUnicode(textpage, index), x.value, y.value, right.value, size or 1.0)


class Lines:
    """The lines of a page as they grow letter by letter."""

    def __init__(self) -> None:
        self.written: list[tuple[str, float]] = []
        self.now: list[str] = []
        self.last: Letter | None = None
        self.right = -math.inf

    def add(self, letter: Letter) -> None:
        """Sets a letter after the last one."""
        if self.last is not None and letter.gap and not letter.is_mark:
            if self._on_another_line(letter):
                self._end_line()
            elif not (_stacked(self.last.code) and _stacked(letter.code)) or letter.x - self.right > GAP * letter.size:
                self.now.append(" ")
        self.now.append(chr(letter.code))
        self.right = max(self.right, letter.right)
        if not letter.is_mark or self.last is None:
            self.last = letter

    def _on_another_line(self, letter: Letter) -> bool:
        assert self.last is not None
        return abs(letter.y - self.last.y) > SAME_LINE * letter.size

    def _end_line(self) -> None:
        self.written.append(("".join(self.now), self.right))
        self.now, self.right = [], -math.inf

    def text(self) -> str:
        """All lines; what the margin alone had parted is one line again where the script writes no spaces."""
        self._end_line()
        widest = max(right for _line, right in self.written)
        out = [self.written[0][0]]
        for (before, right), (line, _right) in zip(self.written, self.written[1:], strict=False):
            wrapped = right >= FULL_LINE * widest and before and line and _stacked(ord(before[-1])) and _stacked(ord(line[0]))
            out.append(line if wrapped else "\n" + line)
        return "".join(out)
