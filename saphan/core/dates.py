"""Dates in the Gregorian and in the Buddhist era (B.E. = A.D. + 543, with the months and leap days of the Gregorian calendar).

A year from 2400 on is Buddhist, one below is Gregorian; a marker such as พ.ศ. or A.D. decides before that. The day stands before the month.
"""

import re
import unicodedata
from datetime import date, datetime, timedelta
from typing import Any

from babel.dates import format_date, format_timedelta
from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from saphan.core.errors import Invalid

OFFSET = 543
BUDDHIST_FROM = 2400
FIRST_YEAR, LAST_YEAR = BUDDHIST_FROM - OFFSET, 2199  # the years that can be written in both eras without doubt

PUBLIC_ONLY = ("lo", "km", "my", "vi")  # languages of the public pages; their dates as the Common Locale Data Repository writes them

MONTHS_EN = ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"]
MONTHS_TH = ["มกราคม", "กุมภาพันธ์", "มีนาคม", "เมษายน", "พฤษภาคม", "มิถุนายน", "กรกฎาคม", "สิงหาคม", "กันยายน", "ตุลาคม", "พฤศจิกายน", "ธันวาคม"]
SHORT_TH = ["ม.ค.", "ก.พ.", "มี.ค.", "เม.ย.", "พ.ค.", "มิ.ย.", "ก.ค.", "ส.ค.", "ก.ย.", "ต.ค.", "พ.ย.", "ธ.ค."]
MONTH_OF = {name: number for names in (MONTHS_TH, [s.replace(".", "") for s in SHORT_TH]) for number, name in enumerate(names, 1)}
MONTH_OF |= {name.lower(): number for number, name in enumerate(MONTHS_EN, 1)} | {
    name[:3].lower(): number for number, name in enumerate(MONTHS_EN, 1)
}
MONTH_OF["sept"] = 9

MARKS = {
    "buddhist": re.compile(r"พ\.\s?ศ\.|พศ\.?(?=\s|\d)|\bb\.?e\.?(?![a-z])", re.IGNORECASE),
    "gregorian": re.compile(r"ค\.\s?ศ\.|คศ\.?(?=\s|\d)|\b(?:a\.?d|c\.?e)\.?(?![a-z])", re.IGNORECASE),
}
YEAR_FIRST = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})")
DAY_FIRST = re.compile(r"(\d{1,2})\s?[-/. ]\s?(\d{1,2})\s?[-/. ]\s?(\d+)")
NAMED = re.compile(r"(\d{1,2})\.?\s*([^\W\d_][^\d\s,]*)\s*,?\s*(\d+)")
NAMED_FIRST = re.compile(r"([^\W\d_][^\d\s,]*)\s*(\d{1,2})\s*,\s*(\d+)")


def parse_date(text: str) -> date:
    """Reads a date as people write it: 23/11/2569, 2026-11-23, 23 พ.ย. 2569, 23 Nov 2026, in any digits. Raises Invalid with the way to write it."""
    era, bare = _era_marked(_plain(text))
    if found := YEAR_FIRST.fullmatch(bare):
        year, month, day = found[1], int(found[2]), found[3]
    elif found := DAY_FIRST.fullmatch(bare):
        day, month, year = found[1], int(found[2]), found[3]
    elif found := NAMED.fullmatch(bare):
        day, month, year = found[1], _month(found[2]), found[3]
    elif found := NAMED_FIRST.fullmatch(bare):
        month, day, year = _month(found[1]), found[2], found[3]
    else:
        raise Invalid(_("Write the date as day, month and year, for example 23/11/2026 or 23/11/2569."))
    return _day_of(_gregorian(year, era), month, int(day))


def _plain(text: str) -> str:
    """Digits of any script become ours; letters that look empty go; spaces become one."""
    digits = "".join(str(unicodedata.digit(c)) if unicodedata.category(c) == "Nd" else c for c in text[:80])
    return " ".join("".join(c for c in digits if unicodedata.category(c) != "Cf").split())


def _era_marked(text: str) -> tuple[str, str]:
    for era, mark in MARKS.items():
        bare, times = mark.subn(" ", text)
        if times:
            return era, " ".join(bare.split())
    return "", text


def _month(name: str) -> int:
    number = MONTH_OF.get(name.replace(".", "").lower())
    if number is None:
        raise Invalid(_("This month is not known. Write the date as day, month and year, for example 23/11/2026 or 23/11/2569."))
    return number


def _gregorian(written: str, era: str) -> int:
    if len(written) != 4:
        raise Invalid(_("Write the year with four digits, for example 2026 or 2569."))
    year = int(written)
    buddhist = era == "buddhist" or (not era and year >= BUDDHIST_FROM)
    gregorian = year - OFFSET if buddhist else year
    if not FIRST_YEAR <= gregorian <= LAST_YEAR:
        raise Invalid(_("This year cannot be meant. Write it with four digits, for example 2026 or 2569."))
    return gregorian


def _day_of(year: int, month: int, day: int) -> date:
    try:
        return date(year, month, day)
    except ValueError:
        if 1 <= day <= 12 < month:
            raise Invalid(_("The day stands before the month: write 23/11/2026 and not 11/23/2026.")) from None
        raise Invalid(_("There is no such day. Look at the day and the month once more.")) from None


def echo_both(day: date, language: str | None = None) -> str:
    """The date in both eras, so that a slip of 543 years is seen: 23 พ.ย. 2569 (2026) in Thai, 23 Nov 2026 (B.E. 2569) in other languages."""
    if (language or get_language() or "en").startswith("th"):
        return f"{day.day} {SHORT_TH[day.month - 1]} {day.year + OFFSET} ({day.year})"
    return f"{day.day} {MONTHS_EN[day.month - 1][:3]} {day.year} (B.E. {day.year + OFFSET})"


def echo_instant(at: datetime, language: str | None = None) -> str:
    """An instant by the clock of the place, in both eras."""
    local = timezone.localtime(at)
    return f"{echo_both(local.date(), language)} {local:%H:%M}"


def long(day: date, language: str | None = None) -> str:
    """The date as the public reads it: 8 August 2007; in Thai 8 สิงหาคม 2550 (2007)."""
    if (language or get_language() or "en").startswith("th"):
        return f"{day.day} {MONTHS_TH[day.month - 1]} {day.year + OFFSET} ({day.year})"
    return _by_locale(day, language or get_language() or "en")


def ago(at: datetime | None, language: str | None = None) -> str:
    """How long something lies back, in the largest unit from a day on, rounded: 3 months ago; empty for today and for what is to come."""
    days = (timezone.localdate() - timezone.localtime(at).date()).days if at else 0
    if days < 1:
        return ""
    text: str = format_timedelta(
        -timedelta(days=days), granularity="day", threshold=1.0, add_direction=True, locale=language or get_language() or "en"
    )
    return "".join(str(unicodedata.digit(c)) if c.isdecimal() else c for c in text)


def long_year(year: int, language: str | None = None) -> str:
    """A year as the public reads it: 2008; in Thai 2551 (2008)."""
    thai = (language or get_language() or "en").startswith("th")
    return f"{year + OFFSET} ({year})" if thai else str(year)


def _by_locale(day: date, language: str) -> str:
    """The long date of a language of the public pages, with digits that every reader's telephone shows."""
    if language in PUBLIC_ONLY:
        text: str = format_date(day, "long", locale=language)
        return "".join(str(unicodedata.digit(c)) if c.isdecimal() else c for c in text)
    return f"{day.day} {MONTHS_EN[day.month - 1]} {day.year}"


def short(day: date, language: str | None = None) -> str:
    """The date in the era of the language alone, for tables and timelines: 23 พ.ย. 2569 or 23 Nov 2026."""
    return echo_both(day, language).partition(" (")[0]


def written(day: date, language: str | None = None) -> str:
    """The date as one types it, in the era of the language."""
    thai = (language or get_language() or "en").startswith("th")
    return f"{day.day}/{day.month}/{day.year + OFFSET if thai else day.year}"


class DateField(forms.Field):
    """A typed date in either era. What cannot be read stays in the field as it was typed."""

    widget = forms.TextInput

    def __init__(self, **options: Any) -> None:
        options.setdefault("help_text", gettext_lazy("For example 23/11/2026 or 23/11/2569."))
        super().__init__(**options)

    def to_python(self, value: Any) -> date | None:
        if value in self.empty_values:
            return None
        if isinstance(value, datetime):
            return timezone.localtime(value).date()
        if isinstance(value, date):
            return value
        if not str(value).strip():
            return None
        try:
            return parse_date(str(value))
        except Invalid as invalid:
            raise ValidationError(invalid.sentence, code="invalid") from None

    def prepare_value(self, value: Any) -> Any:
        return written(value) if isinstance(value, date) else value

    def has_changed(self, initial: Any, data: Any) -> bool:
        try:
            return bool(self.to_python(initial) != self.to_python(data))
        except ValidationError:
            return True

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return {**super().widget_attrs(widget), "autocomplete": "off", "size": "16"}
