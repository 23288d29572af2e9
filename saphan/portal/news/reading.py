"""From the bytes of a saved file to its lines, whatever program and decade it comes from."""

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from bs4 import BeautifulSoup, Tag
from django.utils.translation import gettext as _

from saphan.core.errors import Invalid

BIGGEST = 2 * 1024 * 1024
MARKS = [
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
]
OTHER_FORMATS = (
    b"%PDF",
    b"PK\x03\x04",
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"GIF8",
    b"\xd0\xcf\x11\xe0",
    b"\x1f\x8b",
    b"{\\rtf",
    b"SQLite format",
    b"\x7fELF",
)
CHARSET = re.compile(rb"charset\s*=\s*[\"']?([a-zA-Z0-9_-]+)", re.IGNORECASE)
CONTROL = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f]")
RUN_OF_HIGH = re.compile(rb"[\x80-\xff]+")
MARKUP = re.compile(r"<(!doctype html|html|head|body|article|div|p|h1|title)\b", re.IGNORECASE)
BULLET = re.compile(r"^(?:--+|[-–—•·*▪●◦‣])\s+(?=\S)")
NUMBERED = re.compile(r"^\(?\d{1,2}[.)]\s+(?=\S)")
FURNITURE_TAGS = ["nav", "footer", "aside", "form", "noscript", "button", "select", "menu", "dialog"]
SILENT_TAGS = ["script", "style", "template", "svg", "iframe", "object", "head"]
BLOCK_TAGS = [
    *("h1", "h2", "h3", "h4", "h5", "h6", "p", "div", "section", "article", "main", "header", "blockquote", "pre", "center", "br", "hr"),
    *("ul", "ol", "li", "dt", "dd", "table", "tr", "th", "td", "time", "figure", "figcaption"),
]


@dataclass(frozen=True)
class Line:
    """One paragraph, heading or list point. `kind` is `h` (level given), `p`, `li` or `ol`."""

    text: str
    kind: str = "p"
    level: int = 0


@dataclass
class SavedPage:
    """What a file holds before anybody has told the article from its furniture."""

    lines: list[Line]
    furniture: list[str] = field(default_factory=list)
    title: str = ""
    date: str = ""
    address: str = ""


def read(path: Path) -> SavedPage:
    """Reads one file. Raises Invalid, with the reason, for what is no page: missing, empty, too big, another format."""
    try:
        if path.stat().st_size > BIGGEST:
            raise Invalid(_("the file is larger than 2 MB"))
        raw = path.read_bytes()
    except OSError as error:
        raise Invalid(_("the file cannot be read (%(reason)s)") % {"reason": error.strerror or type(error).__name__}) from error
    return page_of(raw)


def page_of(raw: bytes) -> SavedPage:
    """The same for bytes in hand."""
    text = decoded(raw)
    if not text.strip():
        raise Invalid(_("the file is empty"))
    return _from_html(text) if MARKUP.search(text[:20_000]) else SavedPage(list(_from_text(text)))


def decoded(raw: bytes) -> str:
    """The text of the bytes: by mark, by what the page says of itself, as UTF-8, as Thai of the old kind, as Western European."""
    if raw.startswith(OTHER_FORMATS):
        raise Invalid(_("this is not a page or a text, but a file of another format"))
    for encoding in _encodings(raw):
        try:
            text = raw.decode(encoding)
        except (UnicodeDecodeError, LookupError):
            continue
        if len(CONTROL.findall(text)) * 100 > len(text):
            break
        return CONTROL.sub("", text.removeprefix("\ufeff"))
    raise Invalid(_("this is not a page or a text, but a file of another format"))


def _encodings(raw: bytes) -> Iterator[str]:
    yield from (name for mark, name in MARKS if raw.startswith(mark))
    # The high byte of a script in UTF-16 is a control character: 00 for Latin, 0E for Thai.
    even, odd = _controls(raw[0:600:2]), _controls(raw[1:600:2])
    if max(even, odd) > 0.7 and abs(even - odd) > 0.2:
        yield "utf-16-le" if odd > even else "utf-16-be"
    yield "utf-8"
    said = CHARSET.search(raw[:4096])
    if said and said[1].lower() not in (b"utf-8", b"utf8"):
        name = said[1].decode("ascii").lower()
        yield "cp874" if name in {"tis-620", "tis620", "windows-874", "iso-8859-11"} else name
    runs = [len(run) for run in RUN_OF_HIGH.findall(raw)]
    # Thai fills whole words with high bytes; Western European text has one now and then.
    yield from ["cp874", "cp1252"] if runs and sum(runs) >= 3 * len(runs) else ["cp1252", "cp874"]


def _controls(half: bytes) -> float:
    return sum(byte < 32 and byte not in b"\n\r\t" for byte in half) / max(1, len(half))


def _from_text(text: str) -> Iterator[Line]:
    """Paragraphs of a plain text: lines that a program broke at its margin are joined again."""
    for block in re.split(r"\n\s*\n", text.replace("\r\n", "\n").replace("\r", "\n")):
        held = ""
        for raw in block.split("\n"):
            line = raw.strip()
            if not line:
                continue
            if held and len(held.rsplit("\n", 1)[-1]) >= 60 and not (BULLET.match(line) or NUMBERED.match(line)) and held[-1:] not in ".!?:":
                held += "\n" + line
                continue
            yield from _line(held)
            held = line
        yield from _line(held)


def _line(held: str) -> Iterator[Line]:
    text = " ".join(held.split())
    if not text:
        return
    for pattern, kind in ((BULLET, "li"), (NUMBERED, "ol")):
        if pattern.match(text):
            yield Line(pattern.sub("", text, count=1), kind)
            return
    yield Line(text)


def _from_html(text: str) -> SavedPage:
    soup = BeautifulSoup(text, "html.parser")
    page = SavedPage([], title=_said_title(soup), date=_said_date(soup), address=_said_address(soup))
    for tag in soup(SILENT_TAGS):
        tag.decompose()
    for tag in soup(FURNITURE_TAGS):
        if not tag.decomposed:
            page.furniture += [line for line in (" ".join(part.split()) for part in tag.get_text("\n").split("\n")) if line]
            tag.decompose()
    page.lines = list(_html_lines(soup))
    return page


def _html_lines(soup: BeautifulSoup) -> Iterator[Line]:
    """The text between block tags, each with the kind of the nearest block around it."""
    for mark in soup(BLOCK_TAGS):
        mark.insert_before("\x00")
        mark.insert_after("\x00")
    held: list[str] = []
    kind, level = "p", 0
    for piece in soup.find_all(string=True):
        if type(piece).__name__ in {"Comment", "Doctype", "Declaration", "CData", "ProcessingInstruction"}:
            continue
        if piece == "\x00":
            yield from _html_line(" ".join(held), kind, level)
            held = []
            continue
        if not held:
            kind, level = _kind_of(piece.parent)
        held.append(str(piece))
    yield from _html_line(" ".join(held), kind, level)


def _html_line(text: str, kind: str, level: int) -> Iterator[Line]:
    text = re.sub(r"\s+([,.;:!?])", r"\1", " ".join(text.split()))
    if text and kind == "p":
        yield from _line(text)
    elif text:
        yield Line(text, kind, level)


def _kind_of(tag: Tag | None) -> tuple[str, int]:
    while tag is not None and tag.name != "[document]":
        if re.fullmatch(r"h[1-6]", tag.name):
            return "h", int(tag.name[1])
        if tag.name == "li":
            return ("ol" if tag.parent is not None and tag.parent.name == "ol" else "li"), 0
        if tag.name in {"p", "td", "blockquote", "dd", "time"}:
            return "p", 0
        tag = tag.parent
    return "p", 0


def _said_title(soup: BeautifulSoup) -> str:
    """What the page calls itself for others; its window title only where it has no heading."""
    said = _meta(soup, "og:title")
    if not said and soup.title and not soup.find(["h1", "h2"]):
        said = re.split(r"\s+[|»–—-]\s+", soup.title.get_text(" "))[0]
    return " ".join(said.split())


def _said_date(soup: BeautifulSoup) -> str:
    for name in ("article:published_time", "datepublished", "dc.date", "date", "pubdate"):
        if said := _meta(soup, name):
            return said
    stamp = soup.find("time", attrs={"datetime": True})
    return str(stamp["datetime"]) if isinstance(stamp, Tag) else ""


def _said_address(soup: BeautifulSoup) -> str:
    link = soup.find("link", rel="canonical")
    said = str(link.get("href") or "") if isinstance(link, Tag) else ""
    said = said or _meta(soup, "og:url")
    return said if re.match(r"https?://[^\s/]+/\S", said) and len(said) <= 500 else ""


def _meta(soup: BeautifulSoup, name: str) -> str:
    for key in ("property", "name", "itemprop"):
        tag = soup.find("meta", attrs={key: re.compile(f"^{re.escape(name)}$", re.IGNORECASE)})
        if isinstance(tag, Tag) and tag.get("content"):
            return str(tag["content"]).strip()
    return ""
