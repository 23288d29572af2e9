"""How often a question was left out, counted when an interview ends: numbers of an organisation and a year, tied to nobody."""

from collections.abc import Iterable, Mapping
from typing import ClassVar
from uuid import UUID

from django.db import models
from django.db.models import F, Q

from saphan.core.ids import new_id
from saphan.core.sensitivity import Sensitivity


class QuestionTally(models.Model):
    """Of how many ended interviews of a year a question was asked, and in how many it was declined or not known."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    org = models.ForeignKey("directory.Organisation", models.PROTECT, related_name="+")
    version = models.ForeignKey("care_screening.InstrumentVersion", models.PROTECT, related_name="+")
    code = models.CharField(max_length=200)
    year = models.PositiveSmallIntegerField()
    asked = models.PositiveIntegerField(default=0)
    declined = models.PositiveIntegerField(default=0)
    unknown = models.PositiveIntegerField(default=0)

    labels: ClassVar[dict[str, Sensitivity]] = dict.fromkeys(
        ["id", "org", "version", "code", "year", "asked", "declined", "unknown"], Sensitivity.WORKING
    )  # fmt: skip

    class Meta:
        constraints = [
            models.UniqueConstraint(name="question_tally_once", fields=["org", "version", "code", "year"]),
            models.CheckConstraint(name="question_tally_parts_within_whole", condition=Q(asked__gte=F("declined") + F("unknown"))),
        ]


def count_answers(*, org_id: UUID, version_id: UUID, year: int, answers: Mapping[str, str]) -> None:
    """Adds the answers of one ended interview; runs inside the transaction that ends it."""
    codes = [code for code, value in answers.items() if value and value != "not_asked"]
    rows = [QuestionTally(org_id=org_id, version_id=version_id, year=year, code=code) for code in codes]
    QuestionTally.objects.bulk_create(rows, ignore_conflicts=True)
    mine = QuestionTally.objects.filter(org_id=org_id, version_id=version_id, year=year)
    _add(mine, codes, "asked")
    for word in ("declined", "unknown"):
        _add(mine, [code for code in codes if answers[code] == word], word)


def _add(rows: "models.QuerySet[QuestionTally]", codes: Iterable[str], column: str) -> None:
    wanted = list(codes)
    if wanted:
        rows.filter(code__in=wanted).update(**{column: F(column) + 1})
