"""Reference data as a reader meets them: their wording in the reader's language, and where they come from."""

from babel import Locale, UnknownLocaleError
from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _


def in_language(english: str, thai: str) -> str:
    """The wording in the reader's language; English where no other is kept."""
    return thai if get_language() == "th" and thai else english


def language_of(english: str, thai: str) -> str:
    """The language of what `in_language` shows, for the mark that screen readers need."""
    return "th" if thai and in_language(english, thai) == thai else "en"


def country_name(code: str, english: str, thai: str) -> str:
    """A country in the reader's language: ours in English and Thai, of the Common Locale Data Repository in the others."""
    language = get_language() or "en"
    if language in ("en", "th"):
        return in_language(english, thai)
    name: str = Locale.parse(language).territories.get(code, english)
    return name


def country_said(code: str) -> str:
    """A country by its code in the reader's language, where no list of ours is at hand; an unknown code as it is."""
    return str(Locale.parse(get_language() or "en").territories.get(code, code))


def language_said(code: str, otherwise: str = "") -> str:
    """A language by its code in the reader's language; one without a known code by the name that it has."""
    try:
        return Locale.parse(code).get_language_name(get_language() or "en") or otherwise or code
    except (UnknownLocaleError, ValueError):
        return otherwise or code


class Provenance(models.TextChoices):
    """How sure a datum of reference is; shown wherever the datum is."""

    SOURCED = "sourced", _("sourced")
    RECALLED = "recalled", _("recalled, not yet checked")
    PROPOSAL = "proposal", _("proposal")
