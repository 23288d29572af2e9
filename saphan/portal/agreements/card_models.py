"""Scorecards that all parties of an agreement have allowed to be public. A copy of the newest signed release, made by `cards.take_card` and by nothing else."""

from typing import Any

from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from saphan.core.dates import MONTHS_EN, MONTHS_TH, long_year


class PublicScorecard(models.Model):
    """How one agreement was kept in one period."""

    id = models.UUIDField(primary_key=True, editable=False)
    key = models.CharField(max_length=80, unique=True)  # by which the door knows it
    agreement = models.UUIDField(db_index=True)  # of the public agreement; it comes through the door by itself
    version = models.CharField(max_length=17)
    period = models.CharField(max_length=7)  # 2026, 2026-Q3, 2026-09
    until = models.DateField()
    body = models.JSONField(default=dict)
    released_at = models.DateTimeField()

    class Meta:
        ordering = ["-until", "version"]
        constraints = [models.UniqueConstraint(name="public_scorecard_once", fields=["agreement", "version", "period"])]

    def __str__(self) -> str:
        return f"{self.version} {self.period}"

    @property
    def address(self) -> str:
        """Where it stands in the reader's language."""
        return f"/{get_language() or 'en'}/agreements/{self.agreement}/scorecards/{self.version}/{self.period}/"

    @property
    def period_said(self) -> str:
        """The period in the reader's words, with the year of the era."""
        year, _dash, part = self.period.partition("-")
        named = long_year(int(year))
        if not part:
            return _("year %(year)s") % {"year": named}
        if part.startswith("Q"):
            return _("quarter %(number)s of %(year)s") % {"number": part[1:], "year": named}
        months = MONTHS_TH if (get_language() or "en").startswith("th") else MONTHS_EN
        return f"{months[int(part) - 1]} {named}"

    @property
    def lines(self) -> list[dict[str, Any]]:
        """The lines in the order of their articles, those that are withheld too."""
        found = [{**line, "shown": True} for line in self.body["lines"]] + [{**line, "shown": False} for line in self.body["withheld"]]
        return sorted(found, key=lambda line: (line["article"].rjust(5), line["name"]))
