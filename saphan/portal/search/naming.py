"""Countries, topics, languages and kinds by the names that readers know."""

from collections.abc import Mapping
from functools import cache

from babel import Locale
from django.conf import settings
from django.utils.text import slugify
from django.utils.translation import override

from saphan.directory.models import Country
from saphan.portal.search.sources import KINDS, TOPIC_NAMES


class Names:
    """Names in each language; the database is asked once for each, when they are first needed."""

    def __init__(self) -> None:
        self._countries: dict[str, dict[str, str]] = {}
        self._topics: dict[str, dict[str, str]] = {}
        self._known: list[Country] | None = None

    def countries(self, language: str) -> Mapping[str, str]:
        """Name by ISO code."""
        if language not in self._countries:
            if self._known is None:
                self._known = list(Country.objects.all())
            with override(language):
                self._countries[language] = {country.pk: str(country) for country in self._known}
        return self._countries[language]

    def topics(self, language: str) -> Mapping[str, str]:
        """Name by slug, of every room that has topics."""
        if language not in self._topics:
            self._topics[language] = {slug: name for names in TOPIC_NAMES for slug, name in names(language).items()}
        return self._topics[language]


@cache
def country_codes() -> Mapping[str, str]:
    """ISO code by name, in every public language (names of the Common Locale Data Repository)."""
    found: dict[str, str] = {}
    for language, _name in settings.LANGUAGES:
        names = Locale.parse(language).territories
        found |= {name.casefold(): code for code, name in names.items() if len(code) == 2 and code.isalpha()}
    return found | {"burma": "MM", "laos": "LA", "lao": "LA", "lao pdr": "LA", "viet nam": "VN", "vietnam": "VN", "siam": "TH"}


def country_code(value: str) -> str:
    """The code that a reader means by a code or a name; empty when it is neither."""
    known = country_codes()
    code = value.upper()
    return code if len(code) == 2 and code.isascii() and code.isalpha() else known.get(value.casefold(), "")


def kind_code(value: str) -> str:
    """The kind that a reader means by its code or its public name."""
    wanted = value.casefold()
    return next((code for code, name in KINDS.items() if wanted in (code, str(name).casefold())), "")


def language_code(value: str) -> str:
    """The language that a reader means by its code or its own name."""
    wanted = value.casefold()
    return next((code for code, name in settings.LANGUAGES if wanted in (code, str(name).casefold())), "")


def topic_code(value: str) -> str:
    """A topic by its slug, or by an English name that reads like it."""
    return slugify(value)
