"""What a file really is, and whether it may be kept. A file is named by its ending and must be that by its content."""

from collections.abc import Callable
from functools import partial

from django.utils.translation import gettext as _

from saphan.core.errors import Invalid
from saphan.core.inspection import office, pdf, pictures, texts
from saphan.core.models import Attachment

Kind = Attachment.Kind

ENDINGS = {
    "pdf": Kind.PDF, "jpg": Kind.JPEG, "jpeg": Kind.JPEG, "png": Kind.PNG, "webp": Kind.WEBP,
    "txt": Kind.TEXT, "csv": Kind.CSV, "docx": Kind.DOCX, "xlsx": Kind.XLSX,
}  # fmt: skip
CONTENT_TYPES = {
    Kind.PDF: "application/pdf", Kind.JPEG: "image/jpeg", Kind.PNG: "image/png", Kind.WEBP: "image/webp",
    Kind.TEXT: "text/plain; charset=utf-8", Kind.CSV: "text/csv; charset=utf-8",
    Kind.DOCX: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    Kind.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}  # fmt: skip
_INSPECTORS: dict[Kind, Callable[[bytes], bytes]] = {
    Kind.PDF: pdf.inspect, Kind.TEXT: texts.inspect, Kind.CSV: texts.inspect,
    Kind.JPEG: partial(pictures.inspect, kind="jpg"), Kind.PNG: partial(pictures.inspect, kind="png"),
    Kind.WEBP: partial(pictures.inspect, kind="webp"),
    Kind.DOCX: partial(office.inspect, kind="docx"), Kind.XLSX: partial(office.inspect, kind="xlsx"),
}  # fmt: skip


def kind_of(name: str) -> Kind:
    """The kind that the ending of the name promises. Raises Invalid for what is not on the list."""
    kind = ENDINGS.get(name.rpartition(".")[2].lower()) if "." in name else None
    if kind is None:
        raise Invalid(
            _("This kind of file cannot be kept. Send a PDF, a JPEG, PNG or WebP picture, a text, a CSV table, a Word document or an Excel workbook.")
        )
    return kind


def inspect(kind: Kind, content: bytes) -> bytes:
    """The content as it may be kept: pictures drawn anew without what cameras write into them. Raises Invalid."""
    return _INSPECTORS[kind](content)
