"""Counting inquiries by the month. Counts stay when the inquiries are gone."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import F
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from saphan.portal.inquiries.models import Inquiry, Kind, MonthlyFigure

SMALL = 5  # counts below are shown as "<5": a single odd question could be recognised
FIRST_ANSWER = [("answered_1d", timedelta(days=1)), ("answered_3d", timedelta(days=3)), ("answered_7d", timedelta(days=7))]
LATER = "answered_later"
NAMES: dict[str, str | Promise] = {
    "came": _("came in"),
    "answered_1d": _("first answered within a day"),
    "answered_3d": _("within three days"),
    "answered_7d": _("within seven days"),
    LATER: _("later than seven days"),
    "handed_over": _("handed over to casework"),
    "rated": _("said how satisfied they are"),
    "satisfied": _("of them satisfied or very satisfied"),
    "purged": _("deleted after two quiet years"),
    "erased": _("deleted because the asker wished it"),
}


def count(name: str, inquiry: Inquiry, at: datetime, *, by: int = 1) -> None:
    """One more of this, in the month of the moment; with -1 one less, when somebody thinks again."""
    month = timezone.localdate(at).replace(day=1)
    row, _first = MonthlyFigure.objects.get_or_create(month=month, name=name, kind=inquiry.kind, language=inquiry.language)
    MonthlyFigure.objects.filter(pk=row.pk).update(count=F("count") + by)


def count_first_answer(inquiry: Inquiry, at: datetime) -> None:
    """Counts how soon the first answer came."""
    waited = at - (inquiry.received_at or at)
    count(next((name for name, within in FIRST_ANSWER if waited <= within), LATER), inquiry, at)


@dataclass(frozen=True)
class Line:
    """One figure in each of the months shown."""

    name: str
    label: str | Promise
    counts: Sequence[int]


def months_back(today: date, count_of: int = 12) -> list[date]:
    """The first days of so many months, newest first."""
    first, found = today.replace(day=1), []
    for _month in range(count_of):
        found.append(first)
        first = (first - timedelta(days=1)).replace(day=1)
    return found


def lines(months: Sequence[date], *, kind: str = "", language: str = "") -> list[Line]:
    """The figures of these months, of all kinds and languages or of one. One query."""
    rows = MonthlyFigure.objects.filter(month__in=months)
    rows = rows.filter(kind=kind) if kind in Kind.values else rows
    rows = rows.filter(language=language) if language else rows
    found: dict[tuple[str, date], int] = {}
    for name, month, number in rows.values_list("name", "month", "count"):
        found[name, month] = found.get((name, month), 0) + number
    return [Line(name, label, [found.get((name, month), 0) for month in months]) for name, label in NAMES.items()]


def half_within(found: Sequence[Line]) -> list[str | Promise]:
    """For each month, the span within which at least half of the first answers came; a dash where so few came that it would tell of single ones."""
    bands = [line for line in found if line.name.startswith("answered_")]
    return [_middle([(line.label, line.counts[month]) for line in bands]) for month in range(len(bands[0].counts))]


def _middle(bands: Sequence[tuple[str | Promise, int]]) -> str | Promise:
    every, so_far = sum(number for _label, number in bands), 0
    if every < SMALL:
        return "–"
    for label, number in bands:
        so_far += number
        if so_far * 2 >= every:
            return label
    return "–"


def shown(number: int) -> str:
    """A figure as it may be shown: small ones only as small."""
    return str(number) if number == 0 or number >= SMALL else f"<{SMALL}"
