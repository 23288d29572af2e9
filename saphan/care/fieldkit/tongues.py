"""The safety check of ODK Collect in the languages that the desk does not speak: from a table of their own, machine made and marked to be reviewed."""

from collections.abc import Mapping
from functools import cache
from typing import Any

from django.utils.translation import gettext, override

from saphan.care.fieldkit.words import POINTS, sentences
from saphan.care.screening.reference import rows_of

DESK = ("en", "th")
OTHERS = ("lo", "km", "my", "vi")
SAID = ("begin.age", "begin.language", "safety.about", *(f"safety.{name}" for name in POINTS))
LISTS = tuple(f"choices.{name}" for name in ("age_band", "language", *POINTS))


def spoken(language: str) -> Mapping[str, Any]:
    """Labels and answers of the part before the questions. What nobody has put into this language yet stays in English, never empty."""
    if language in DESK:
        return sentences(language)
    english, known = sentences("en"), _table(language)

    def said(words: Any) -> str:
        return known.get(str(words)) or _caught(str(words), language)

    labels = {name: said(english[name]) for name in SAID}
    return labels | {name: [[option[0], said(option[1]), *option[2:]] for option in english[name]] for name in LISTS}


@cache
def _table(language: str) -> dict[str, str]:
    return {row["en"]: row[language] for row in rows_of("safety_words.csv")}


def _caught(english: str, language: str) -> str:
    """What the catalogue of the public pages already has, such as the names of languages."""
    with override(language):
        return gettext(english)
