"""The words on one page of a PDF, in the order in which they are read, also in scripts whose letters stack.

pdfium tells letters and where they stand. Where a program draws one syllable in several strokes and names its letters once for all of
them (`/ActualText`, as browsers and word processors do for Thai, Lao, Khmer and Burmese), pdfium tells the letters once for each stroke,
and guesses spaces and line ends between the strokes. Here each syllable is told once, and a guessed gap counts only where there is one.
"""

import ctypes
import math
from dataclasses import dataclass
from typing import Any

import pypdfium2 as pdfium
import pypdfium2.raw as raw

STACKED = ((0x0E00, 0x0EFF), (0x1000, 0x109F), (0x1780, 0x17FF), (0xA9E0, 0xA9FF), (0xAA60, 0xAA7F))  # Thai, Lao, Burmese, Khmer
GAP = 0.15  # of the letter size: a narrower gap is no space
SAME_LINE = 0.3
FULL_LINE = 0.85  # of the widest line: a line that ends here was broken by the margin and not by the writer


@dataclass
class Letter:
    """One letter where it stands: `x` and `y` of its origin, `right` where its ink ends, `size` as it appears on the page."""

    code: int
    x: float
    y: float
    right: float
    size: float


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
    spans, ends = _spans(page)
    told: dict[int, int] = {}
    lines = Lines()
    gap = False
    for index in range(raw.FPDFText_CountChars(textpage)):
        if raw.FPDFText_IsGenerated(textpage, index) == 1:
            gap = True
            continue
        stroke = raw.FPDFText_GetTextObject(textpage, index)
        address = ctypes.addressof(stroke.contents) if stroke else 0
        span = spans.get(address)
        if span is not None and told.setdefault(span, address) != address:
            continue
        letter = _letter(textpage, index)
        if span is not None:
            letter.right = ends[span]
        lines.add(letter, gap)
        gap = False
    return lines.text()


def _spans(page: pdfium.PdfPage) -> tuple[dict[int, int], dict[int, float]]:
    """Which strokes belong to one named syllable, and where the ink of each syllable ends."""
    spans: dict[int, int] = {}
    ends: dict[int, float] = {}
    left, bottom, right, top = (ctypes.c_float() for _ in range(4))
    for number in range(raw.FPDFPage_CountObjects(page)):
        stroke = raw.FPDFPage_GetObject(page, number)
        span = _span(stroke)
        if span is not None:
            raw.FPDFPageObj_GetBounds(stroke, left, bottom, right, top)
            spans[ctypes.addressof(stroke.contents)] = span
            ends[span] = max(ends.get(span, -math.inf), right.value)
    return spans, ends


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

    def add(self, letter: Letter, gap: bool) -> None:
        """Sets a letter after the last one; `gap` says that pdfium guessed a space or a line end between them."""
        if self.last is not None and gap:
            if self._on_another_line(letter):
                self._end_line()
            elif not (_stacked(self.last.code) and _stacked(letter.code)) or letter.x - self.right > GAP * letter.size:
                self.now.append(" ")
        self.now.append(chr(letter.code))
        self.right = max(self.right, letter.right)
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
