"""The picture of a campaign: written anew before it is kept, so that nothing a camera noted (place, time, owner) comes along."""

from io import BytesIO
from typing import Any

from django.core.files.images import ImageFile
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from PIL import Image as Drawing
from PIL import ImageOps
from wagtail.images import get_image_model

from saphan.core.errors import Invalid

LARGEST = 10 * 1024 * 1024
WIDEST = 1920
PIXELS = 40_000_000


def kept_picture(upload: UploadedFile, title: str) -> Any:
    """Keeps an uploaded picture in the house's store of pictures. Raises Invalid for what is no picture or too large."""
    if (upload.size or 0) > LARGEST:
        raise Invalid(fields={"picture": _("The picture is larger than 10 MB.")})
    try:
        with Drawing.open(upload) as opened:
            if opened.format not in ("JPEG", "PNG", "WEBP") or opened.width * opened.height > PIXELS:
                raise ValueError
            plain = ImageOps.exif_transpose(opened).convert("RGB")
    except (OSError, ValueError, Drawing.DecompressionBombError, SyntaxError):
        raise Invalid(fields={"picture": _("This is no picture that can be read. Choose a JPEG, PNG or WebP file.")}) from None
    plain.thumbnail((WIDEST, WIDEST))
    bare = Drawing.new("RGB", plain.size)
    bare.paste(plain)
    written = BytesIO()
    bare.save(written, "JPEG", quality=86)
    return get_image_model().objects.create(title=title[:250], file=ImageFile(written, name="campaign.jpg"))
