"""What results can be narrowed by: kinds, countries, topics, languages and years, each with how many results have it."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.conf import settings
from django.utils.translation import gettext as _

from saphan.portal.search.asking import FACETS
from saphan.portal.search.engines import Hit
from saphan.portal.search.naming import Names
from saphan.portal.search.sources import KINDS

MOST_VALUES = 10


@dataclass(frozen=True)
class Value:
    """One value of a facet: "Thailand", 12 results."""

    name: str
    code: str
    label: str
    count: int


@dataclass(frozen=True)
class Facet:
    """One way to narrow results."""

    name: str
    label: str
    values: list[Value]


def facets_of(hits: list[Hit], chosen: Iterable[tuple[str, str]], names: Names, language: str) -> list[Facet]:
    """The facets that would still divide these hits. A kind, language or year that was chosen is not offered again."""
    taken = set(chosen)
    found = []
    for name in FACETS:
        if name in ("kind", "lang", "year") and any(other == name for other, _value in taken):
            continue
        counts = Counter(code for hit in hits for code in _codes(hit, name) if (name, code) not in taken)
        values = [Value(name, code, label_of(name, code, names, language), count) for code, count in _ordered(name, counts)]
        if values and (len(values) > 1 or values[0].count < len(hits)):
            found.append(Facet(name, _label(name), values))
    return found


def _codes(hit: Hit, name: str) -> Iterable[str]:
    """The values that a hit has for a facet."""
    if name == "country":
        return hit.countries
    if name == "topic":
        return hit.topics
    if name == "year":
        return (str(hit.published_on.year),) if hit.published_on else ()
    return (hit.kind if name == "kind" else hit.language,)


def _ordered(name: str, counts: Counter[str]) -> list[tuple[str, int]]:
    """The commonest first; years from the newest."""
    most = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))[:MOST_VALUES]
    return sorted(most, reverse=True) if name == "year" else most


def label_of(name: str, code: str, names: Names, language: str) -> str:
    """A value as readers know it."""
    if name == "country":
        return names.countries(language).get(code, code)
    if name == "topic":
        return names.topics(language).get(code, code.replace("-", " ").capitalize())
    labels: Mapping[str, object] = KINDS if name == "kind" else dict(settings.LANGUAGES) if name == "lang" else {}
    return str(labels.get(code, code))


def _label(name: str) -> str:
    return {"kind": _("Kind"), "country": _("Country"), "topic": _("Topic"), "lang": _("Language"), "year": _("Year")}[name]
