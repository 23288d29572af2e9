"""Takes the words and the first page out of a PDF or a Word document. Runs in a process of its own (see apart.py): files come from anybody.

This file and pagetext.py know neither settings nor database, so that the process starts quickly and holds no secret.
"""

import base64
import io
import json
import re
import sys
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any

PAGES_AT_MOST = 2000
LETTERS_AT_MOST = 400_000
SECONDS = 12.0  # for the words; what was read until then is kept
SECONDS_OF_PROCESSOR = 30
MEMORY = 1536 * 1024 * 1024
COVER_WIDTH, COVER_HEIGHT = 320, 640

UNWANTED = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufeff\ufff0-\uffff]")
# A word parted at the end of a line: pdfium marks the hyphen with U+FFFE, programs with a soft hyphen.
PARTED = re.compile("(?:\ufffe|\u00ad)[ \t]*\r?\n?")
# Thai letters that old fonts keep in the private area, shifted or without their foot (Microsoft's arrangement), and what they are.
SHIFTED_THAI = dict(
    zip(
        range(0xF700, 0xF71B),
        "\u0e10\u0e34\u0e35\u0e36\u0e37\u0e48\u0e49\u0e4a\u0e4b\u0e4c\u0e48\u0e49\u0e4a\u0e4b\u0e4c\u0e0d"
        "\u0e31\u0e4d\u0e47\u0e48\u0e49\u0e4a\u0e4b\u0e4c\u0e38\u0e39\u0e3a",
        strict=True,
    )
)


class Unreadable(Exception):
    """Why a file cannot be read: "damaged" or "pages"."""


@dataclass(frozen=True)
class Extract:
    """What a file says. `pages` is None where the format has none; `partly` when limits ended the reading; `cover` is a WebP or empty."""

    pages: int | None
    text: str
    partly: bool
    cover: bytes = b""


def read_pdf(content: bytes) -> Extract:
    """The words of all pages, and the first page drawn small."""
    import pypdfium2 as pdfium

    from saphan.portal.library.pagetext import text_of

    try:
        document = pdfium.PdfDocument(content)
        pages = len(document)
        if not 1 <= pages <= PAGES_AT_MOST:
            raise Unreadable("pages" if pages else "damaged")
        text, partly = gathered(text_of(page) for page in document)
        return Extract(pages, text, partly, _cover(document[0]))
    except pdfium.PdfiumError:
        raise Unreadable("damaged") from None


def read_docx(content: bytes) -> Extract:
    """The words of paragraphs and tables in the order of the document."""
    import docx

    try:
        text, partly = gathered(_blocks(docx.Document(io.BytesIO(content))))
    except (KeyError, ValueError, AttributeError, SyntaxError, OSError):  # what python-docx and its parser say of a document that is none
        raise Unreadable("damaged") from None
    return Extract(None, text, partly)


def gathered(parts: Iterator[str]) -> tuple[str, bool]:
    """The parts joined and tidied until letters or seconds run out, and whether something was left out."""
    end = time.monotonic() + SECONDS
    out: list[str] = []
    letters = 0
    for part in parts:
        clean = tidied(part)
        out.append(clean)
        letters += len(clean) + 1
        if letters > LETTERS_AT_MOST:
            return "\n".join(out)[:LETTERS_AT_MOST], True
        if time.monotonic() > end:
            return "\n".join(out), next(parts, None) is not None
    return "\n".join(out).strip(), False


def tidied(text: str) -> str:
    """Lines without needless spaces, words whole, Thai letters of old fonts as letters; nothing that a database refuses."""
    text = UNWANTED.sub("", PARTED.sub("", text).translate(SHIFTED_THAI).replace("\r", "\n"))
    return "\n".join(line for line in (" ".join(line.split()) for line in text.split("\n")) if line)


def _cover(page: Any) -> bytes:
    """The first page, 320 pixels wide; a page of odd shape is shown in part."""
    width, height = page.get_size()
    if width < 1 or height < 1:
        return b""
    picture = page.render(scale=min(COVER_WIDTH / width, 4.0), crop=(0, max(0, height - width * COVER_HEIGHT / COVER_WIDTH), 0, 0)).to_pil()
    out = io.BytesIO()
    picture.convert("RGB").save(out, "WEBP", quality=70)
    return out.getvalue()


def _blocks(container: Any) -> Iterator[str]:
    for block in container.iter_inner_content():
        if hasattr(block, "rows"):
            for row in block.rows:
                for cell in row.cells:
                    yield from _blocks(cell)
        else:
            yield block.text


def limit_this_process() -> None:
    """Whatever a file does to the reader, it ends here: no file is written, memory and time are bounded."""
    import resource

    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS_OF_PROCESSOR, SECONDS_OF_PROCESSOR))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform.startswith("linux"):
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))


def main(kind: str) -> None:
    """Reads a file of this kind from the standard input and says in JSON what is in it."""
    limit_this_process()
    content = sys.stdin.buffer.read()
    try:
        extract = {"pdf": read_pdf, "docx": read_docx}[kind](content)
        said = {**asdict(extract), "cover": base64.b64encode(extract.cover).decode()}
    except Unreadable as reason:
        said = {"unreadable": str(reason)}
    sys.stdout.write(json.dumps(said))
