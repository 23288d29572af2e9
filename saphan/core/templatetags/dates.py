"""Dates on pages: in both eras where a date is read for itself, in the language's own in tables and timelines."""

from datetime import date, datetime

from django import template
from django.utils import timezone

from saphan.core.dates import ago as lies_back
from saphan.core.dates import echo_both, echo_instant, long, long_year, short

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


@register.filter
def long_day(value: date | None) -> str:
    """A day with its month in full, for public pages: 8 August 2007, in Thai 8 สิงหาคม 2550 (2007)."""
    return long(value) if value else ""


@register.filter
def long_ago(at: datetime | None) -> str:
    """How long something lies back in days and more, for public pages: 3 months ago. Empty for today."""
    return lies_back(at)


@register.filter
def era_year(value: int | None) -> str:
    """A year alone, for public pages: 2008, in Thai 2551 (2008)."""
    return long_year(int(value)) if value else ""


@register.filter
def era_year_short(value: int | None) -> str:
    """A year in the era of the language alone, where there is no room for two: 2008, in Thai 2551."""
    return long_year(int(value)).partition(" (")[0] if value else ""


@register.filter
def partial_day(written: str) -> str:
    """A date that is known to the year or month only: 2005, Jul 2005; in Thai 2548, ก.ค. 2548."""
    if len(written) == len("2005-07"):
        return short(date.fromisoformat(f"{written}-01")).partition(" ")[2]
    return era_year_short(int(written)) if written.isdigit() else written


@register.filter
def short_day(value: date | datetime | None) -> str:
    """A day in a table: 23 Nov 2026, in Thai 23 พ.ย. 2569."""
    if isinstance(value, datetime):
        value = timezone.localtime(value).date()
    return short(value) if value else ""


@register.filter
def moment(at: datetime | None) -> str:
    """A day and time in a table or timeline."""
    return f"{short(timezone.localtime(at).date())} {timezone.localtime(at):%H:%M}" if at else ""
