"""Working days of each country, and when something falls due.

How time is counted:
- hours run exactly: 24h after an instant is the same instant a day later;
- days are days of the owing party's place. The day of the start is not counted, and the last day is counted whole:
  what is due that day may be done until its last moment there;
- working days leave out Saturdays, Sundays, the holidays of that country's government, and what the ministry has edited;
- months end on the same day of the month, or on the month's last day where there is none (31 January + 1mo = 28 February);
- a due date in days or months may itself be a day off: the words of the agreement are not stretched.
"""

import calendar as months
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from functools import cache
from importlib.metadata import version
from typing import Any
from zoneinfo import ZoneInfo

import holidays

from saphan.agreements.procedures.calendars_known import WITH_CALENDAR
from saphan.agreements.procedures.terms import Length

ZONES = {
    "TH": "Asia/Bangkok", "LA": "Asia/Vientiane", "KH": "Asia/Phnom_Penh", "MM": "Asia/Yangon", "VN": "Asia/Ho_Chi_Minh", "CN": "Asia/Shanghai",
    "MY": "Asia/Kuala_Lumpur", "SG": "Asia/Singapore", "ID": "Asia/Jakarta", "PH": "Asia/Manila", "BN": "Asia/Brunei", "TL": "Asia/Dili",
    "IN": "Asia/Kolkata", "BD": "Asia/Dhaka", "NP": "Asia/Kathmandu", "LK": "Asia/Colombo", "JP": "Asia/Tokyo", "KR": "Asia/Seoul", "TW": "Asia/Taipei",
    "HK": "Asia/Hong_Kong", "AE": "Asia/Dubai", "AU": "Australia/Sydney",
}  # fmt: skip
CATEGORIES = {"TH": ("public", "government")}  # the list of the cabinet and the days of government offices; elsewhere the public ones
LAST_MOMENT = time(23, 59, 59, 999999)
DAY = timedelta(days=1)
LATEST = date(2199, 12, 31)
NO_LIST = "no list"


@dataclass(frozen=True, slots=True)
class Due:
    """When something falls due, and why then. Computed once and kept; a calendar that changes later does not move it."""

    at: datetime  # UTC
    length: str
    country: str
    calendar: str
    days_off: tuple[tuple[str, str], ...] = ()  # holidays inside the count that would have been working days: day, name
    weekend_days: int = 0

    def plain(self) -> dict[str, Any]:
        """The reason as it is kept beside a promise."""
        return {
            "length": self.length,
            "country": self.country,
            "calendar": self.calendar,
            "days_off": [list(day) for day in self.days_off],
            "weekend_days": self.weekend_days,
        }


@cache
def _listed(country: str, year: int) -> tuple[dict[date, str], frozenset[date]]:
    """The holidays of a year by name, and the weekend days on which offices work in exchange for another day."""
    try:
        found = holidays.country_holidays(country, years=[year], categories=CATEGORIES.get(country), language="en_US")
    except NotImplementedError:
        return {}, frozenset()
    return {day: found[day] for day in found if day.year == year}, frozenset(getattr(found, "weekend_workdays", ()))


@cache
def _list_version(country: str) -> str:
    known = country in WITH_CALENDAR  # the library's own list loads every country of the world, which takes a second
    return f"{country} holidays {version('holidays')}" if known else f"{country} {NO_LIST}"


@dataclass(frozen=True, slots=True)
class Calendar:
    """The working days of one country: the library's list, with days that the ministry took off or put on."""

    country: str
    added: Mapping[date, str] = field(default_factory=dict)  # days off beside the list, by name
    removed: frozenset[date] = frozenset()  # days of the list, or of a weekend, on which offices work
    _due: dict[tuple[date, Length], Due] = field(default_factory=dict, compare=False, repr=False)

    @property
    def zone(self) -> tzinfo:
        """The zone of the country; UTC where none is known here."""
        return ZoneInfo(ZONES[self.country]) if self.country in ZONES else UTC

    @property
    def version(self) -> str:
        """Names the list and the ministry's edits: the same version gives the same due date for ever."""
        if not self.added and not self.removed:
            return _list_version(self.country)
        edits = [*(f"+{day} {name}" for day, name in sorted(self.added.items())), *(f"-{day}" for day in sorted(self.removed))]
        return f"{_list_version(self.country)} {hashlib.sha256(chr(10).join(edits).encode()).hexdigest()[:8]}"

    def day_off(self, day: date) -> str:
        """Why offices are closed: the holiday's name, `weekend`, or empty on a working day."""
        if day in self.removed:
            return ""
        if day in self.added:
            return self.added[day] or "added"
        named, working_weekend = _listed(self.country, day.year)
        if day.weekday() >= 5:
            return "" if day in working_weekend else "weekend"
        return named.get(day, "")

    def working_days_after(self, start: date, count: int) -> tuple[date, tuple[tuple[str, str], ...], int]:
        """The last of `count` working days after `start`, with the holidays and the number of weekend days passed over."""
        day, off, weekend = start, [], 0
        while count and day < LATEST:
            day += DAY
            why = self.day_off(day)
            if not why:
                count -= 1
            elif why == "weekend":
                weekend += 1
            elif day.weekday() < 5:
                off.append((day.isoformat(), why))
            else:
                weekend += 1
        return day, tuple(off), weekend

    def due_after(self, start: datetime, length: Length) -> Due:
        """When something that starts now and may take so long falls due. `start` is aware; a naive time is a ValueError."""
        if start.tzinfo is None:
            raise ValueError("a start needs its time zone")
        if length.unit == "h":
            return Due(start.astimezone(UTC) + timedelta(hours=length.amount), str(length), self.country, self.version)
        first = start.astimezone(self.zone).date()
        due = self._due.get((first, length))
        if due is None:
            due = self._due[first, length] = self._counted(first, length)
        return due

    def _counted(self, first: date, length: Length) -> Due:
        off: tuple[tuple[str, str], ...] = ()
        weekend = 0
        if length.unit == "wd":
            last, off, weekend = self.working_days_after(first, length.amount)
        elif length.unit == "d":
            last = first + timedelta(days=length.amount)
        else:
            last = months_after(first, length.amount)
        at = datetime.combine(last, LAST_MOMENT, self.zone).astimezone(UTC)
        return Due(at, str(length), self.country, self.version, off, weekend)


def months_after(first: date, count: int) -> date:
    """The same day of the month so many months later, or that month's last day."""
    year, month = divmod(first.year * 12 + first.month - 1 + count, 12)
    return date(year, month + 1, min(first.day, months.monthrange(year, month + 1)[1]))


Remembered = Mapping[tuple[datetime, str, str], Due]


class Calendars:
    """The calendars at hand, one a country; a country without edits has the plain list.

    `remembered` are due dates computed earlier, by start, length and country: they stand, whatever a calendar says by now.
    """

    def __init__(self, edited: Mapping[str, Calendar] | None = None, remembered: Remembered | None = None) -> None:
        self._kept = dict(edited or {})
        self._remembered = remembered or {}

    def of(self, country: str) -> Calendar:
        """The calendar of this country."""
        found = self._kept.get(country)
        if found is None:
            found = self._kept[country] = Calendar(country)
        return found

    def due_after(self, start: datetime, length: Length, country: str) -> Due:
        """When what this country owes falls due."""
        if self._remembered and (due := self._remembered.get((start, str(length), country))):
            return due
        return self.of(country).due_after(start, length)

    def remembering(self, remembered: Remembered) -> "Calendars":
        """The same calendars, with due dates that stand."""
        return Calendars(self._kept, remembered)
