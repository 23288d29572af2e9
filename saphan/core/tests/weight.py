"""What a page costs on the line: the page itself, the style sheets and scripts it names, and the letters that its words need."""

import gzip
import re
from collections.abc import Iterator
from pathlib import Path

import brotli
from bs4 import BeautifulSoup, NavigableString, Tag
from django.contrib.staticfiles import finders

NAMED = re.compile(r'<(?:link rel="(?:stylesheet|icon)" href|script src)="/static/([^"]+)"')
SYMBOLS = re.compile(r'<use href="/static/([^"#]+)#')
FACE = re.compile(r"@font-face \{[^}]*?fonts/([\w.-]+)\"[^}]*?unicode-range: ([^}]+)\}")
DEVICE = "letters-of-the-device"


def transferred(html: str) -> int:
    """Bytes of a page that travels as it is (the desk), with its style sheets and scripts (gzip); without pictures and letters."""
    return len(html.encode()) + sum(len(gzip.compress(_read(name), 6)) for name in _named(html))


def first_view(html: str) -> int:
    """Bytes of the first view of a public page as a browser fetches it: page, sheets and scripts (brotli) and letters, without pictures."""
    files = {*_named(html), *(f"fonts/{name}" for name in letters(html))}
    return len(brotli.compress(html.encode(), quality=8)) + sum(_travelling(name) for name in files)


def letters(html: str) -> list[str]:
    """The files of letters that a device without any of them would fetch: all weights of a script with a letter on the page."""
    page = BeautifulSoup(html, "html.parser")
    if page.html is None or page.body is None:
        return []
    language = str(page.html["lang"])
    if DEVICE in page.body.get_attribute_list("class"):
        return [name for name, _ in _faces() if name.startswith("myanmar")] if language == "my" else []
    used = {ord(letter) for letter in "".join(_own_words(page.body, language))}
    return [name for name, ranges in _faces() if any(first <= letter <= last for letter in used for first, last in ranges)]


def _own_words(element: Tag, language: str) -> Iterator[str]:
    """The words of an element in the language of the page; those in another are drawn by the device."""
    for child in element.children:
        if isinstance(child, Tag):
            if child.get("lang", language) == language and child.name not in {"script", "style", "template"}:
                yield from _own_words(child, language)
                yield str(child.get("placeholder", ""))
        elif type(child) is NavigableString:
            yield str(child)


def _faces() -> list[tuple[str, list[tuple[int, int]]]]:
    sheet = _read("css/tokens.css").decode()
    return [(name, [_range(one) for one in ranges.split(",")]) for name, ranges in FACE.findall(sheet)]


def _range(written: str) -> tuple[int, int]:
    first, _, last = written.strip().removeprefix("U+").partition("-")
    return int(first, 16), int(last or first, 16)


def _named(html: str) -> set[str]:
    return {*NAMED.findall(html), *SYMBOLS.findall(html)}


def _travelling(name: str) -> int:
    content = _read(name)
    return len(content) if name.endswith(".woff2") else len(brotli.compress(content))


def _read(name: str) -> bytes:
    found = finders.find(name)
    assert isinstance(found, str), name
    return Path(found).read_bytes()
