"""The open places of the office's texts, filled for one inquiry in the language of its asker."""

from datetime import datetime

from django.conf import settings
from django.utils import timezone
from django.utils.translation import override

from saphan.core import dates
from saphan.portal.inquiries.models import Inquiry


def filled(text: str, inquiry: Inquiry, at: datetime) -> str:
    """The text with its places filled. Nothing of the asker's own words is put in: a text of the office goes to everybody alike."""
    with override(inquiry.language):
        places = {
            "{reference}": inquiry.reference,
            "{kind}": str(inquiry.get_kind_display()),
            "{day}": dates.long(timezone.localdate(at)),
            "{corner}": f"{settings.SITE_URL}/{inquiry.language}/inquiries/",
        }
    for place, word in places.items():
        text = text.replace(place, word)
    return text
