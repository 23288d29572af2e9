"""Which public things a feed carries, newest first."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import F, Q, QuerySet, TextField
from django.db.models.functions import Cast

from saphan.portal.feeds.channels import EVERYTHING, KIND_OF, Channel, Chosen
from saphan.portal.feeds.contents import names_in
from saphan.portal.search.models import SearchEntry
from saphan.portal.search.selectors import ids_matching

ITEMS = 30
CUT = ("text",)


@dataclass(frozen=True)
class Wanted:
    """What a reader narrows public things by; empty means any."""

    kind: str = ""
    language: str = ""
    country: str = ""
    topic: str = ""
    since: date | None = None
    until: date | None = None
    changed_since: datetime | None = None


def entries(wanted: Wanted) -> "QuerySet[SearchEntry]":
    """Public things, newest first; what carries no date of its own stands behind, by its last change."""
    equal = {"kind": wanted.kind, "language": wanted.language, "published_on__gte": wanted.since, "published_on__lte": wanted.until}
    equal["changed_at__gte"] = wanted.changed_since
    found = SearchEntry.objects.defer(*CUT).filter(**{name: value for name, value in equal.items() if value})
    for column, value in (("countries", wanted.country), ("topics", wanted.topic)):
        if value:  # a list of short codes kept as JSON text, on both engines
            found = found.alias(**{f"as_text_{column}": Cast(column, TextField())}).filter(**{f"as_text_{column}__contains": f'"{value}"'})
    return found.order_by(F("published_on").desc(nulls_last=True), "-changed_at", "-pk")


def entries_of(channel: Channel) -> list[SearchEntry]:
    """What a feed carries now: news and documents, which have a date; of a search also pages that stand. One query beside the search's own."""
    if channel.name == "search":
        return _found(channel)
    wanted = Wanted(
        kind=KIND_OF.get(channel.name, ""),
        language=channel.own_language or "",
        country=channel.subject if channel.name == "country" else "",
        topic=channel.subject if channel.name == "topic" else "",
    )
    return list(entries(wanted).filter(published_on__isnull=False)[:ITEMS])


def _found(channel: Channel) -> list[SearchEntry]:
    """The findings of a question, newest first."""
    language = channel.own_language or ""
    return list(entries(Wanted(language=language)).filter(found_by(channel.subject, language, channel.chosen))[:ITEMS])


def found_by(question: str, language: str, chosen: Chosen = ()) -> Q:
    """What the search finds for a question and facets, as a condition: at most as many as the search looks at."""
    return Q(pk__in=ids_matching(question, language, dict(chosen) | ({"lang": language} if language else {})))


def channel_of(name: str, language: str, subject: str = "", chosen: Chosen = ()) -> Channel | None:
    """The channel that an address asks for, None where there is none of that name, country or topic."""
    if name == "country":
        label = names_in(_spoken(language), wanted=subject).countries.get(subject, "")
    elif name == "topic":
        label = names_in(_spoken(language), wanted=subject).topics.get(subject, "")
    else:
        return Channel(name, language, subject, chosen=chosen) if name in (EVERYTHING, "search", *KIND_OF) else None
    return Channel(name, language, subject, label) if label else None


def _spoken(language: str) -> str:
    return Channel("", language).spoken


def channels_in(language: str) -> dict[str, list[Channel]]:
    """Every feed of one language, in groups: what is new, the countries that anything dated is about, topics."""
    names = names_in(language)
    found = SearchEntry.objects.filter(published_on__isnull=False).order_by().values_list("countries", flat=True).distinct()
    told = {code for codes in found for code in codes}
    return {
        "new": [Channel(name, language) for name in (EVERYTHING, *KIND_OF)],
        "countries": [Channel("country", language, code, name) for code, name in names.countries.items() if code in told],
        "topics": [Channel("topic", language, slug, name) for slug, name in names.topics.items()],
    }
