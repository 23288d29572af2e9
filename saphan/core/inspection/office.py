"""Word documents and Excel workbooks: kept as they are, but only without macros, embedded objects and links that load by themselves."""

import io
import re
import zipfile
import zlib
from xml.etree import ElementTree

from django.utils.translation import gettext as _

from saphan.core.errors import Invalid

PARTS_AT_MOST = 2000
UNPACKED_AT_MOST = 100 * 1024 * 1024
CHUNK = 256 * 1024
MAIN_PART = {"docx": "word/document.xml", "xlsx": "xl/workbook.xml"}
MAIN_TYPE = {"docx": "wordprocessingml.document.main+xml", "xlsx": "spreadsheetml.sheet.main+xml"}
ACTIVE_PART = re.compile(
    r"(^|/)(vba\w*\.(bin|xml)|activeX/|embeddings/|externalLinks/|attachedToolbars|macrosheets/|ctrlProps/|customUI)", re.IGNORECASE
)
HARMLESS_OUTSIDE = ("/hyperlink",)
BROKEN = (zipfile.BadZipFile, zlib.error, OSError, ValueError, EOFError, NotImplementedError, RuntimeError, KeyError, ElementTree.ParseError)


def inspect(content: bytes, kind: str) -> bytes:
    """The same content. Raises Invalid when it is no document of this kind, is packed too tightly, or holds something that acts by itself."""
    if not content.startswith(b"PK\x03\x04") or content[-22:-18] != b"PK\x05\x06" or b"%PDF-" in content[:1024]:
        raise _unsound()
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            _check_names(package, kind)
            _check_parts(package, kind)
    except BROKEN:
        raise _unsound() from None
    return content


def _check_names(package: zipfile.ZipFile, kind: str) -> None:
    parts = package.infolist()
    names = [part.filename for part in parts]
    if MAIN_PART[kind] not in names or "[Content_Types].xml" not in names:
        raise ValueError
    if len({name.lower() for name in names}) != len(names) or any(name.startswith("/") or "\\" in name or ".." in name.split("/") for name in names):
        raise ValueError
    if len(parts) > PARTS_AT_MOST or sum(part.file_size for part in parts) > UNPACKED_AT_MOST:
        raise _too_tight()
    if any(ACTIVE_PART.search(name) for name in names):
        raise _acts()


def _check_parts(package: zipfile.ZipFile, kind: str) -> None:
    """Unpacks every part, counting what really comes out and not what the directory says."""
    unpacked = 0
    for part in package.infolist():
        kept = bytearray()
        watched = part.filename.endswith(".rels") or part.filename == "[Content_Types].xml"
        with package.open(part) as stream:
            while chunk := stream.read(CHUNK):
                unpacked += len(chunk)
                if unpacked > UNPACKED_AT_MOST:
                    raise _too_tight()
                if watched:
                    kept += chunk
        if watched:
            _check_listing(part.filename, bytes(kept), kind)


def _check_listing(name: str, listing: bytes, kind: str) -> None:
    if b"<!" in listing.replace(b"<!--", b"") or b"\0" in listing:
        raise ValueError  # a document type could define entities; another encoding could hide one
    root = ElementTree.fromstring(listing)  # noqa: S314  # no document type, hence no entity
    if name == "[Content_Types].xml":
        types = [element.get("ContentType", "") for element in root]
        if any("macroenabled" in each.lower() or "vbaproject" in each.lower() for each in types):
            raise _acts()
        if not any(MAIN_TYPE[kind] in each for each in types):
            raise ValueError
    elif any(e.get("TargetMode", "").lower() == "external" and not e.get("Type", "").endswith(HARMLESS_OUTSIDE) for e in root):
        raise _acts()


def _unsound() -> Invalid:
    return Invalid(_("This document cannot be opened: it is damaged, locked, or no document of the kind that its name says."))


def _too_tight() -> Invalid:
    return Invalid(_("This document unpacks to far more than it weighs, so it cannot be kept."))


def _acts() -> Invalid:
    return Invalid(
        _("This document holds macros, embedded objects or links that load by themselves, so it cannot be kept. Save it without them, or as a PDF.")
    )
