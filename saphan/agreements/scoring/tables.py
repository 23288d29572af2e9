"""The scorecard as rows of a spreadsheet. A line that is withheld says so and gives no number."""

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _

from saphan.agreements.procedures.scoring import Tally
from saphan.agreements.scoring.figures import PARTS
from saphan.agreements.scoring.selectors import Row, Sheet

Line = list[Any]


def rows_of(sheet: Sheet) -> Iterator[Line]:
    """Promises in cases, the total of those shown, and each commitment that fell due."""
    yield [
        _("What"), _("Article"), _("Party"), _("Due in the period"), _("Kept in time"), _("Kept late"), _("Not kept"), _("Excused"), _("Pending"),
        _("Of these past their day"), _("Share kept"), _("From"), _("To"), _("Change against the period before"), _("Remark"),
    ]  # fmt: skip
    for row in [*sheet.rows, *([sheet.total] if sheet.total else [])]:
        yield _row(row)
    for one in sheet.occurrences:
        remark = _("due %(due)s, happened %(day)s") if one.line.happened_on else _("due %(due)s")
        said = remark % {"due": one.line.due_on.isoformat(), "day": str(one.line.happened_on)}
        yield [one.text, one.line.article, one.party, 1, *_marks(one.line.became), "", "", "", "", f"{one.became}; {said}"]


def _row(row: Row) -> Line:
    line = row.line
    if line.counts is None:
        return [row.label, line.article, row.party, *[""] * 11, _("withheld: too few")]
    low, high = line.interval or (None, None)
    return [
        row.label, line.article, row.party, line.counts.n, *_numbers(line.counts), _hundredths(line.rate), _hundredths(low), _hundredths(high),
        _hundredths(line.trend), "",
    ]  # fmt: skip


def _numbers(counts: Tally) -> list[int]:
    return [getattr(counts, part) for part in PARTS]


def _marks(became: str) -> list[int]:
    pending = became in ("pending", "overdue")
    return [int(became == part or (part == "pending" and pending)) for part in PARTS]


def _hundredths(share: float | None) -> str:
    return "" if share is None else f"{share:.3f}"
