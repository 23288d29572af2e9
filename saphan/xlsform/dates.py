"""Dates as people write them, in the Gregorian and in the Buddhist era (B.E. = A.D. + 543), in digits of any script.

A year from 2400 on is Buddhist, one below is Gregorian; a marker such as พ.ศ. or A.D. decides before that. The day stands before the month.
"""

import re
import unicodedata
from datetime import date, datetime

OFFSET = 543
BUDDHIST_FROM = 2400
FIRST_YEAR, LAST_YEAR = 1857, 2199
MONTHS_EN = "january february march april may june july august september october november december".split()
MONTHS_TH = "มกราคม กุมภาพันธ์ มีนาคม เมษายน พฤษภาคม มิถุนายน กรกฎาคม สิงหาคม กันยายน ตุลาคม พฤศจิกายน ธันวาคม".split()
SHORT_TH = "มค กพ มีค เมย พค มิย กค สค กย ตค พย ธค".split()
MONTH_OF = {name: number for names in (MONTHS_EN, [name[:3] for name in MONTHS_EN], MONTHS_TH, SHORT_TH) for number, name in enumerate(names, 1)}
MARKS = (
    ("buddhist", re.compile(r"พ\.?\s?ศ\.?|\bb\.?e\.?(?![a-z])", re.IGNORECASE)),
    ("gregorian", re.compile(r"ค\.?\s?ศ\.?|\b(?:a\.?d|c\.?e)\.?(?![a-z])", re.IGNORECASE)),
)
YEAR_FIRST = re.compile(r"(\d{4})[-/.](\d{1,2})(?:[-/.](\d{1,2}))?")
DAY_FIRST = re.compile(r"(?:(\d{1,2})\s?[-/. ]\s?)?(\d{1,2})\s?[-/. ]\s?(\d{4})")
NAMED = re.compile(r"(?:(\d{1,2})\.?\s*)?([^\W\d_][^\d\s,]*)\s*,?\s*(\d{4})")
CLOCK = re.compile(r"(\d{1,2})[:.](\d{2})(?:[:.](\d{2}))?(?:\s*(?:น\.?|h))?", re.IGNORECASE)


class Unclear(ValueError):
    """No day, or no time, can be read from what was typed."""


def plain(text: str) -> str:
    """Digits of any script as ours, one space where there are several, nothing invisible."""
    digits = "".join(str(unicodedata.digit(sign)) if unicodedata.category(sign) == "Nd" else sign for sign in text[:80])
    return " ".join("".join(sign for sign in digits if unicodedata.category(sign) != "Cf").split())


def read_date(text: str, *, whole: bool = True) -> str:
    """The ISO date of 23/11/2569, 2026-11-23, 23 พ.ย. 2569 or 23 Nov 2026. Raises Unclear.

    Without `whole`, a month with its year or a year alone is enough, and means their first day.
    """
    era, bare = _era(plain(text))
    day, month, year = _parts(bare, whole)
    try:
        return date(_gregorian(year, era), month, day).isoformat()
    except ValueError:
        raise Unclear(text) from None


def _era(text: str) -> tuple[str, str]:
    for era, mark in MARKS:
        without, times = mark.subn(" ", text)
        if times and re.search(r"\d{4}", without):
            return era, " ".join(without.split())
    return "", text


def _parts(bare: str, whole: bool) -> tuple[int, int, int]:
    if found := YEAR_FIRST.fullmatch(bare):
        year, month, day = found[1], found[2], found[3]
    elif found := DAY_FIRST.fullmatch(bare):
        day, month, year = found[1], found[2], found[3]
    elif found := NAMED.fullmatch(bare):
        day, month, year = found[1], str(MONTH_OF.get(found[2].replace(".", "").lower(), 0)), found[3]
    elif re.fullmatch(r"\d{4}", bare) and not whole:
        day, month, year = "1", "1", bare
    else:
        raise Unclear(bare)
    if day is None and whole:
        raise Unclear(bare)
    return int(day or 1), int(month), int(year)


def _gregorian(year: int, era: str) -> int:
    found = year - OFFSET if era == "buddhist" or (not era and year >= BUDDHIST_FROM) else year
    if not FIRST_YEAR <= found <= LAST_YEAR:
        raise Unclear(str(year))
    return found


def read_time(text: str) -> str:
    """The time of 14:30, 9.05 or ๑๔:๓๐, as `14:30`. Raises Unclear."""
    found = CLOCK.fullmatch(plain(text))
    if found is None or int(found[1]) > 23 or int(found[2]) > 59 or int(found[3] or 0) > 59:
        raise Unclear(text)
    return f"{int(found[1]):02}:{found[2]}"


def read_moment(text: str, at: datetime) -> str:
    """The instant of `23/11/2569 14:30` by the clock of the place, as ISO with its offset. Raises Unclear."""
    day, _, clock = plain(text).replace("T", " ").rpartition(" ")
    zone = at.strftime("%z")
    return f"{read_date(day)}T{read_time(clock)}:00.000{zone[:3]}:{zone[3:5]}" if zone else f"{read_date(day)}T{read_time(clock)}:00.000"


def written_date(iso: str, language: str) -> str:
    """An ISO date as one types it, in the era of the language; what is none stays as it is."""
    try:
        day = date.fromisoformat(iso[:10])
    except ValueError:
        return iso
    return f"{day.day}/{day.month}/{day.year + OFFSET if language.startswith('th') else day.year}"


def written_moment(iso: str, language: str) -> str:
    """An ISO instant as one types it."""
    return f"{written_date(iso, language)} {iso[11:16]}" if len(iso) >= 16 else iso
