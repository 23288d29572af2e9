"""Dates on pages, always in both eras."""

from datetime import date, datetime

from django import template
from django.utils import timezone

from saphan.core.dates import echo_both, echo_instant

register = template.Library()


@register.filter
def both_eras(day: date | datetime | None) -> str:
    """A day: 23 Nov 2026 (B.E. 2569), in Thai 23 พ.ย. 2569 (2026)."""
    if isinstance(day, datetime):
        day = timezone.localtime(day).date()
    return echo_both(day) if day else ""


@register.filter
def instant(at: datetime | None) -> str:
    """A day with the time of the place."""
    return echo_instant(at) if at else ""
