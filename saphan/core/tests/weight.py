"""What a page costs on the line: the page itself, and the style sheets and scripts it names as the site serves them (gzip)."""

import gzip
import re
from pathlib import Path

from django.contrib.staticfiles import finders

NAMED = re.compile(r'<(?:link rel="(?:stylesheet|icon)" href|script src)="/static/([^"]+)"')
SYMBOLS = re.compile(r'<use href="/static/([^"#]+)#')


def transferred(html: str) -> int:
    """Bytes of the first view without pictures and letters (the system's letters stand in until ours arrive)."""
    named = {*NAMED.findall(html), *SYMBOLS.findall(html)}
    return len(html.encode()) + sum(len(gzip.compress(_read(name), 6)) for name in named)


def _read(name: str) -> bytes:
    found = finders.find(name)
    assert isinstance(found, str), name
    return Path(found).read_bytes()
