"""Pictures are drawn anew: place, device and anything hidden behind the last pixel is left behind."""

import io
import struct

from django.utils.translation import gettext as _
from PIL import Image, ImageOps

from saphan.core.errors import Invalid

PIXELS_AT_MOST = 40_000_000
FORMATS = {
    "jpg": ("JPEG", {"JPEG", "MPO"}),
    "png": ("PNG", {"PNG"}),
    "webp": ("WEBP", {"WEBP"}),
}  # telephones write MPO: a JPEG with a second picture behind it
NOT_A_PICTURE = (OSError, SyntaxError, ValueError, EOFError, IndexError, KeyError, struct.error, Image.DecompressionBombError)


def inspect(content: bytes, kind: str) -> bytes:
    """The picture drawn anew, upright and without metadata. Raises Invalid for what is no picture of this kind, too large, or moves."""
    format_, accepted = FORMATS[kind]
    try:
        with Image.open(io.BytesIO(content), formats=[format_]) as picture:
            _check(picture, accepted)
            return _drawn_anew(picture, format_)
    except NOT_A_PICTURE:
        raise Invalid(_("This picture cannot be opened: it is damaged, or it is no picture of the kind that its name says.")) from None


def _check(picture: Image.Image, accepted: set[str]) -> None:
    if picture.format not in accepted:
        raise ValueError
    if picture.width * picture.height > PIXELS_AT_MOST:
        raise Invalid(_("This picture is too large: at most 40 million pixels. Make it smaller and send it again."))
    if picture.format != "MPO" and getattr(picture, "n_frames", 1) > 1:
        raise Invalid(_("A moving picture cannot be kept. Send a still picture."))


def _drawn_anew(picture: Image.Image, format_: str) -> bytes:
    upright = ImageOps.exif_transpose(picture)
    clear = "transparency" in upright.info or upright.mode in {"RGBA", "LA", "PA", "La", "RGBa"}
    mode = "RGBA" if clear and format_ != "JPEG" else "L" if upright.mode in {"1", "L"} else "RGB"
    bare = upright.convert(mode)
    bare.info.clear()
    out = io.BytesIO()
    bare.save(out, format_, **({} if format_ == "PNG" else {"quality": 90}))
    return out.getvalue()
