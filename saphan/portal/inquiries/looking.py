"""What these pages answer already, and whom to call when words point to danger: looked up before a question is sent."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.conf import settings

from saphan.portal.places.models import CountryPage
from saphan.portal.search.glossary import points_to_danger
from saphan.portal.search.selectors import Finding, find

SHOWN = 4
SHORTEST = 4  # letters, below which a Latin word tells little and nothing is looked up
SPOKEN_IN = {"lo": "LA", "km": "KH", "my": "MM", "vi": "VN"}  # whose hotlines stand first while no country is chosen


@dataclass(frozen=True)
class Hotline:
    """A number to call."""

    country: str
    name: str
    number: str
    hours: str = ""
    note: str = ""


@dataclass(frozen=True)
class Look:
    """What was found for the words so far."""

    danger: bool
    hotlines: Sequence[Hotline]
    findings: Sequence[Finding]
    sure: bool = False  # the findings hold all words of the subject


def look(subject: str, text: str = "", *, language: str, country: str = "") -> Look:
    """Answers for the subject, and where any of the words point to danger, the hotlines."""
    danger = points_to_danger(f"{subject}\n{text}")
    asked = " ".join(word for word in subject[:200].split() if len(word) >= SHORTEST or not word.isascii())
    found = find(asked, size=SHOWN, language=language) if len(asked) >= SHORTEST else None
    lines = hotlines(country, language) if danger else []
    return Look(danger, lines, found.findings if found else [], bool(found and found.findings and not found.some))


def hotlines(country: str, language: str) -> list[Hotline]:
    """The hotlines with a number that editors have put on the pages of countries: first of the asker's country, else of the language's; then Thailand.

    Words of a page that does not exist in the reader's language stand in English. One query.
    """
    wanted = list(dict.fromkeys(code for code in (country or SPOKEN_IN.get(language, ""), "TH") if code))
    pages = CountryPage.objects.live().filter(country__in=wanted, locale__language_code__in=[language, settings.LANGUAGE_CODE])
    told = {(page.country_id, page.locale.language_code): page for page in pages.select_related("locale", "country")}
    found = [told.get((code, language)) or told.get((code, settings.LANGUAGE_CODE)) for code in wanted]
    return [
        Hotline(str(page.country), block.value["title"], block.value["number"], block.value["hours"], block.value["note"])
        for page in found
        if page
        for block in page.hotlines
        if block.value["number"]
    ]
