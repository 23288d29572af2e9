"""Values of expressions, and what each means as a number, a text, a truth, a day.

Rules of XPath 1.0 as JavaRosa and the ODK XForms specification narrow them: dates count as days since 1 January 1970, an empty text is no number.
"""

import math
import re
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import TypeAlias

Value: TypeAlias = str | float | bool | list[str]

NUMBER = re.compile(r"\s*-?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d{1,3})?\s*", re.ASCII)
DAY = re.compile(r"(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?(Z|[+-]\d{2}:?\d{2})?)?", re.ASCII)
EPOCH = date(1970, 1, 1)


def as_number(value: Value) -> float:
    """A value as a number; a date as its days since 1970; NaN for what is none."""
    if isinstance(value, bool):
        return 1.0 if value else 0.0
    if isinstance(value, float):
        return value
    text = first_of(value)
    if NUMBER.fullmatch(text):
        return float(text)
    return days(text) if DAY.fullmatch(text) else math.nan


def as_text(value: Value) -> str:
    """A value as text; a whole number without a point, NaN as the empty text: what has no value is stored as none."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return _number_text(value)
    return first_of(value)


def as_truth(value: Value) -> bool:
    """A value as true or false: a number when it is not nought, a text when it is not empty."""
    if isinstance(value, bool):
        return value
    if isinstance(value, float):
        return value == value and value != 0
    return bool(first_of(value))


def first_of(value: Value) -> str:
    """The text of a value that is one, or the first of several."""
    if isinstance(value, list):
        return value[0] if value else ""
    assert isinstance(value, str)
    return value


def _number_text(number: float) -> str:
    if math.isnan(number):
        return ""
    if math.isinf(number):
        return "Infinity" if number > 0 else "-Infinity"
    if number.is_integer() and abs(number) < 1e15:
        return str(int(number))
    return format(Decimal(repr(number)), "f")


def days(text: str) -> float:
    """An ISO date or instant as days since 1 January 1970; NaN when there is no such day."""
    found = DAY.fullmatch(text)
    if found is None:
        return math.nan
    year, month, day, hour, minute, second = (int(part or 0) for part in found.groups()[:6])
    try:
        whole = (date(year, month, day) - EPOCH).days
    except ValueError:
        return math.nan
    return whole + (hour * 3600 + minute * 60 + second) / 86400 - _offset(found[7])


def _offset(zone: str | None) -> float:
    if not zone or zone == "Z":
        return 0.0
    sign = -1 if zone[0] == "-" else 1
    return sign * (int(zone[1:3]) * 60 + int(zone[-2:])) / 1440


def day_of(value: Value) -> date | None:
    """The calendar day that a value names: an ISO date or instant as it is written, or a number of days."""
    if isinstance(value, str | list) and (found := DAY.fullmatch(first_of(value))):
        try:
            return date(int(found[1]), int(found[2]), int(found[3]))
        except ValueError:
            return None
    number = as_number(value)
    return _from_days(number).date() if -700_000 < number < 2_900_000 else None


def _from_days(number: float) -> datetime:
    return datetime(1970, 1, 1) + timedelta(days=number)  # noqa: DTZ001  # a day of the calendar, in no zone


def moment_of(value: Value) -> datetime | None:
    """The instant that a value names, as its own clock shows it."""
    day = day_of(value)
    if day is None:
        return None
    found = DAY.fullmatch(first_of(value)) if isinstance(value, str | list) else None
    if found is None:
        return _from_days(as_number(value))
    hour, minute, second = (int(part or 0) for part in found.groups()[3:6])
    return datetime(day.year, day.month, day.day, hour % 24, minute % 60, second % 60)  # noqa: DTZ001  # as written, in no zone
