"""Days as the public reads them: the month in full, the Buddhist era first in Thai."""

from datetime import date

from django import template
from django.utils.translation import get_language

from saphan.core.dates import MONTHS_EN, MONTHS_TH, OFFSET

register = template.Library()


@register.filter
def day(value: date | None) -> str:
    """`8 August 2007`; in Thai `8 สิงหาคม 2550 (2007)`; other languages follow with their own months."""
    if value is None:
        return ""
    if (get_language() or "").startswith("th"):
        return f"{value.day} {MONTHS_TH[value.month - 1]} {value.year + OFFSET} ({value.year})"
    return f"{value.day} {MONTHS_EN[value.month - 1]} {value.year}"
