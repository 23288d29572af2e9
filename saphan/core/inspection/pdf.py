"""PDF files: kept as they are, but only when nothing in them acts by itself and all of it can be looked through."""

import re
import zlib
from collections.abc import Iterator

from django.utils.translation import gettext as _

from saphan.core.errors import Invalid

UNPACKED_AT_MOST = 200 * 1024 * 1024
CHUNK = 1024 * 1024
ACTS = re.compile(rb"/(JavaScript|Launch|EmbeddedFiles?|RichMedia|XFA|SubmitForm|ImportData|GoToE|Movie|Sound)(?![A-Za-z])")
ENCRYPTED = re.compile(rb"/Encrypt(?![A-Za-z])")
ESCAPED = re.compile(rb"#([0-9A-Fa-f]{2})")
STREAM = re.compile(rb"stream\r?\n")
OVERLAP = 64


def inspect(content: bytes) -> bytes:
    """The same content. Raises Invalid when it is no PDF, is something else as well, is locked, or holds scripts or other files."""
    if not content.startswith(b"%PDF-") or not re.search(rb"%%EOF\s*\Z", content[-1024:]) or b"PK\x05\x06" in content[-66000:]:
        raise Invalid(_("This is no sound PDF, although its name says so. Save or print it as a PDF once more and send that."))
    plain = _unescaped(content)
    if ENCRYPTED.search(plain):
        raise Invalid(_("This PDF is locked with a password, so it cannot be checked. Save it without the password and send that."))
    if ACTS.search(plain):
        raise _acts()
    _look_into_streams(content)
    return content


def _unescaped(part: bytes) -> bytes:
    """Names may be written with escapes (ISO 32000-1, 7.3.5): `/J#61vaScript`."""
    return ESCAPED.sub(lambda found: bytes([int(found[1], 16)]), part) if b"#" in part else part


def _look_into_streams(content: bytes) -> None:
    unpacked = 0
    for found in STREAM.finditer(content):
        if content[found.start() - 3 : found.start()] == b"end":
            continue
        header = _unescaped(content[content.rfind(b"obj", 0, found.start()) : found.start()])
        if b"/ObjStm" in header and (b"/Predictor" in header or re.search(rb"/(ASCII|LZW|RunLength|Crypt)", header)):
            raise Invalid(_("This PDF is packed in an unusual way, so it cannot be checked. Print it as a PDF once more and send that."))
        tail = b""
        for chunk in _inflated(content, found.end()):
            unpacked += len(chunk)
            if unpacked > UNPACKED_AT_MOST:
                raise Invalid(_("This PDF unpacks to far more than it weighs, so it cannot be kept."))
            if ACTS.search(_unescaped(tail + chunk)):
                raise _acts()
            tail = chunk[-OVERLAP:]


def _inflated(content: bytes, begin: int) -> Iterator[bytes]:
    """The unpacked chunks of the stream that begins here; nothing when it is not packed with Flate."""
    unpacker = zlib.decompressobj()
    feed = content[begin : begin + CHUNK]
    position = begin + len(feed)
    try:
        while feed or unpacker.unconsumed_tail:
            chunk = unpacker.decompress(unpacker.unconsumed_tail + feed, CHUNK)
            if chunk:
                yield chunk
            if unpacker.eof:
                return
            feed = b"" if unpacker.unconsumed_tail else content[position : position + CHUNK]
            position += len(feed)
    except zlib.error:
        return


def _acts() -> Invalid:
    return Invalid(_("This PDF holds scripts, media or other files inside, so it cannot be kept. Print it as a PDF once more and send that."))
