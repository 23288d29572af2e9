"""What these pages answer already, and whom to call when words point to danger: looked up before a question is sent."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from saphan.portal.places.models import CountryPage
from saphan.portal.search.glossary import points_to_danger
from saphan.portal.search.selectors import Finding, find

SHOWN = 4
SHORTEST = 4  # letters, below which nothing is looked up


@dataclass(frozen=True)
class Look:
    """What was found for the words so far."""

    danger: bool
    hotlines: Sequence[Any]
    findings: Sequence[Finding]


def look(text: str, *, language: str, country: str = "") -> Look:
    """Answers and, where the words point to danger, the hotlines of the country with those of Thailand."""
    danger = points_to_danger(text)
    worth = len(text.strip()) >= SHORTEST
    findings = find(text[:200], size=SHOWN, language=language).findings if worth else []
    return Look(danger, hotlines(country, language) if danger else [], findings)


def hotlines(country: str, language: str) -> list[Any]:
    """The hotlines with a number that editors have put on the country's page, the asker's own country first. At most one query."""
    wanted = [code for code in dict.fromkeys([country, "TH"]) if code]
    pages = CountryPage.objects.live().filter(country__in=wanted, locale__language_code=language)
    by_country = {page.country_id: page for page in pages}
    lines = [block.value for code in wanted if code in by_country for block in by_country[code].hotlines]
    return [line for line in lines if line["number"]]
