"""Days as pages write them, in English and Thai, in both eras."""

import re
from datetime import date

ENGLISH = ["january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december"]
THAI = ["มกราคม", "กุมภาพันธ์", "มีนาคม", "เมษายน", "พฤษภาคม", "มิถุนายน", "กรกฎาคม", "สิงหาคม", "กันยายน", "ตุลาคม", "พฤศจิกายน", "ธันวาคม"]
THAI_SHORT = ["ม.ค.", "ก.พ.", "มี.ค.", "เม.ย.", "พ.ค.", "มิ.ย.", "ก.ค.", "ส.ค.", "ก.ย.", "ต.ค.", "พ.ย.", "ธ.ค."]
MONTHS = {name: n % 12 + 1 for names in (ENGLISH, THAI, THAI_SHORT) for n, name in enumerate(names)}
MONTHS |= {name[:3]: n for name, n in MONTHS.items() if name.isascii()} | {"sept": 9}
BUDDHIST = 543

_month = "|".join(sorted((re.escape(name) for name in MONTHS), key=len, reverse=True))
_year = r"(?:พ\.?\s?ศ\.?\s*|ค\.?\s?ศ\.?\s*)?(?P<y{n}>\d{{4}}|(?<=\.)\s?\d{{2}}|(?<=\. )\d{{2}})"
DAY = re.compile(
    rf"(?P<d1>\d{{1,2}})(?:st|nd|rd|th)?\s*(?:of\s+)?(?P<m1>{_month})\.?,?\s*{_year.format(n=1)}(?!\d)"
    rf"|\b(?P<m2>{_month})\.?\s+(?P<d2>\d{{1,2}})(?:st|nd|rd|th)?,?\s+(?P<y2>\d{{4}})(?!\d)"
    r"|(?<!\d)(?P<y3>\d{4})-(?P<m3>\d{1,2})-(?P<d3>\d{1,2})(?!\d)"
    r"|(?<!\d)(?P<d4>\d{1,2})[/.](?P<m4>\d{1,2})[/.](?P<y4>\d{4})(?!\d)",
    re.IGNORECASE,
)
WEEKDAY = (
    r"(?:mon|tues|wednes|thurs|fri|satur|sun)day|mon|tue|wed|thu|fri|sat|sun"
    r"|(?:วัน)?(?:จันทร์|อังคาร|พุธ|พฤหัสบดี|พฤหัสฯ|ศุกร์|เสาร์|อาทิตย์)(?:ที่)?"
)
BEFORE = re.compile(
    rf"(?:date|published|posted|updated|issued|last modified|เผยแพร่|ประกาศ|ลงวันที่|วันที่|เมื่อ|on|at|{WEEKDAY}|[\s:,.|()\[\]–—-])*", re.IGNORECASE
)
AFTER = re.compile(
    r"(?:at|เวลา|น\.|am|pm|a\.m\.|p\.m\.|gmt|ict|utc|\d{1,2}[:.]\d{2}(?:[:.]\d{2})?|T\d{2}:\d{2}\S*|\(\d{4}\)|[\s,.|()\[\]–—-])*", re.IGNORECASE
)
THAI_DIGITS = str.maketrans("๐๑๒๓๔๕๖๗๘๙", "0123456789")


def day_in(text: str) -> tuple[date, int, int] | None:
    """The first day written in a text, and where it stands. Years of the Buddhist era become years of ours."""
    for match in DAY.finditer(text.translate(THAI_DIGITS)):
        parts = {key[0]: value.strip() for key, value in match.groupdict().items() if value}
        if day := _day(parts["y"], parts["m"], parts["d"]):
            return day, match.start(), match.end()
    return None


def day_alone(text: str) -> date | None:
    """The day, when the line says nothing else than a day (with words such as "Published" and an hour)."""
    if len(text) > 90:
        return None
    found = day_in(text)
    if found is None:
        return None
    day, start, end = found
    return day if BEFORE.fullmatch(text[:start]) and AFTER.fullmatch(text[end:]) else None


def dateline(text: str) -> date | None:
    """The day at the head of a paragraph, after a place: "BANGKOK, 8 August 2007 - ...", "(8 August 2007)"."""
    found = day_in(text[:80])
    if found is None:
        return None
    day, start, end = found
    return day if start <= 40 and re.match(r"\s*[)\]]?\s*[-–—:)]", text[end : end + 6]) else None


def _day(year: str, month: str, day: str) -> date | None:
    number = int(year)
    if len(year) == 2:
        number += 2500
    if number >= 2400:
        number -= BUDDHIST
    at = MONTHS.get(month.lower()) or (int(month) if month.isdecimal() else 0)
    d = int(day)
    if at > 12 >= d:
        at, d = d, at
    try:
        found = date(number, at, d)
    except ValueError:
        return None
    return found if 1900 <= found.year <= 2100 else None
