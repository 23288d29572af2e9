"""Periods by their names: 2026, 2026-Q3, 2026-09."""

import re
from datetime import date, datetime, timedelta

from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from saphan.agreements.procedures.scoring import Every, Period, period_before, period_of
from saphan.core.dates import MONTHS_EN, MONTHS_TH, OFFSET

NAMED = re.compile(r"([12][0-9]{3})(?:-(?:Q([1-4])|(0[1-9]|1[0-2])))?")


def name_of(every: Every, since: datetime) -> str:
    """The name by which an address asks for the period."""
    local = timezone.localtime(since)
    return {"year": f"{local.year}", "quarter": f"{local.year}-Q{(local.month + 2) // 3}", "month": f"{local:%Y-%m}"}[every]


def period_named(every: Every, name: str) -> Period | None:
    """The period of this name; None for one that is no name of such a period."""
    found = NAMED.fullmatch(name)
    if found is None:
        return None
    month = int(found[3] or (int(found[2]) * 3 - 2 if found[2] else 1))
    period = period_of(every, datetime(int(found[1]), month, 1, tzinfo=timezone.get_default_timezone()), timezone.get_default_timezone())
    return period if name_of(every, period.since) == name else None


def latest(every: Every, at: datetime, number: int) -> list[Period]:
    """The period that holds the moment and those before it, the newest first."""
    zone = timezone.get_default_timezone()
    found = [period_of(every, at, zone)]
    while len(found) < number:
        found.append(period_before(every, found[-1], zone))
    return found


def said(every: str, since: datetime) -> str:
    """The period in the reader's language, with the year of its era: quarter 3 of 2026, in Thai ไตรมาสที่ 3 ปี 2569."""
    local = timezone.localtime(since)
    thai = (get_language() or "en").startswith("th")
    year = f"{local.year + OFFSET} ({local.year})" if thai else str(local.year)
    if every == "year":
        return _("year %(year)s") % {"year": year}
    if every == "quarter":
        return _("quarter %(number)s of %(year)s") % {"number": (local.month + 2) // 3, "year": year}
    return f"{(MONTHS_TH if thai else MONTHS_EN)[local.month - 1]} {year}"


def last_day(until: datetime) -> date:
    """The last day of a period that ends at this instant."""
    return timezone.localdate(until - timedelta(microseconds=1))
