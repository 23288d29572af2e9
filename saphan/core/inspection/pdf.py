"""PDF files: kept as they are, but only when nothing in them acts by itself and all of it can be looked through."""

import re
import zlib
from collections.abc import Iterator

from django.utils.translation import gettext as _

from saphan.core.errors import Invalid

UNPACKED_AT_MOST = 200 * 1024 * 1024
CHUNK = 1024 * 1024
PIECE = 16 * 1024
STREAMS_AT_MOST = 20_000
HEADER_AT_MOST = 16 * 1024
ACTS = re.compile(rb"/(?:(?:JavaScript|Launch|EmbeddedFiles?|RichMedia|SubmitForm|ImportData|GoToE|Movie|Sound)(?![A-Za-z])|XFA\s*[\[\d])")
ENCRYPTED = re.compile(rb"/Encrypt(?![A-Za-z])")
ESCAPED = re.compile(rb"#([0-9A-Fa-f]{2})")
STREAM = re.compile(rb"(?<!end)stream[ \t]*(?:\r\n|\r|\n)")
PLAINLY_PACKED = re.compile(rb"/Filter\s*(?:/FlateDecode|\[\s*/FlateDecode\s*\])\s*(?:/|>>)")
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
    for number, found in enumerate(STREAM.finditer(content)):
        _check_header(content, found.start())
        tail = b""
        for chunk in _inflated(memoryview(content), found.end()):
            unpacked += len(chunk)
            if unpacked > UNPACKED_AT_MOST:
                raise Invalid(_("This PDF unpacks to far more than it weighs, so it cannot be kept."))
            if ACTS.search(_unescaped(tail + chunk)):
                raise _acts()
            tail = chunk[-OVERLAP:]
        if number >= STREAMS_AT_MOST:
            raise _unusual()


def _check_header(content: bytes, begin: int) -> None:
    """A stream of objects (7.5.7) must be packed once and plainly, so that what we look through is what a reader sees."""
    window = max(0, begin - HEADER_AT_MOST)
    start = content.rfind(b"obj", window, begin)
    header = _unescaped(content[max(start, window) : begin])
    if b"/ObjStm" not in header:
        return
    packed = b"/Filter" in header and not PLAINLY_PACKED.search(header)
    if packed or header.count(b"/Filter") > 1 or b"/DecodeParms" in header or b"/Crypt" in header:
        raise _unusual()


def _inflated(content: memoryview, position: int) -> Iterator[bytes]:
    """The unpacked chunks of the stream that begins here; nothing when it is not packed with Flate."""
    unpacker = zlib.decompressobj()
    try:
        while not unpacker.eof:
            feed = unpacker.unconsumed_tail or bytes(content[position : position + PIECE])
            if not unpacker.unconsumed_tail:
                position += len(feed)
            if not feed:
                return
            if chunk := unpacker.decompress(feed, CHUNK):
                yield chunk
    except zlib.error:
        return


def _unusual() -> Invalid:
    return Invalid(_("This PDF is packed in an unusual way, so it cannot be checked. Print it as a PDF once more and send that."))


def _acts() -> Invalid:
    return Invalid(_("This PDF holds scripts, media or other files inside, so it cannot be kept. Print it as a PDF once more and send that."))
