"""Who gets which edition: one row for each reader, written in handfuls, so that a million readers need no more memory than a thousand."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from saphan.portal.newsletter.issue_states import Fate, Why
from saphan.portal.newsletter.issues import Delivery, Issue
from saphan.portal.newsletter.models import Subscriber

HANDFUL = 1000


@dataclass(frozen=True)
class Choice:
    """An edition as the choice sees it: the topics of its shown items; none shown means that nobody gets it."""

    pk: UUID
    topics: frozenset[str]
    is_empty: bool


@dataclass(frozen=True)
class Reader:
    """What a subscriber asked for."""

    pk: UUID
    language: str
    countries: Sequence[str]
    topics: Sequence[str]


Choices = dict[tuple[str, str], Choice]


def choices_of(issue: Issue) -> Choices:
    """The editions of an issue by language and country. Two queries."""
    found: Choices = {}
    for edition in issue.editions.prefetch_related("items"):
        shown = [item for item in edition.items.all() if not item.hidden]
        topics = frozenset(topic for item in shown for topic in item.topics)
        found[edition.language, edition.country] = Choice(edition.pk, topics, not shown)
    return found


def edition_for(reader: Reader, choices: Choices) -> tuple[UUID | None, Why | None]:
    """The edition for a reader, or why there is none.

    Who chose exactly one country gets its edition where it has one, everybody else the one for all of their language. Who chose topics
    gets a letter only in a month that tells of one of them.
    """
    own = choices.get((reader.language, reader.countries[0])) if len(reader.countries) == 1 else None
    choice = own if own is not None and not own.is_empty else choices.get((reader.language, ""))
    if choice is None or choice.is_empty:
        return None, Why.EMPTY
    if reader.topics and not choice.topics.intersection(reader.topics):
        return choice.pk, Why.TOPICS
    return choice.pk, None


def queue_letters(issue: Issue, *, at: datetime, go_on: Callable[[], bool] = lambda: True) -> bool:
    """Writes a row for each reader; false when it was broken off. Begun again it adds only what is missing, so nobody stands there twice."""
    choices = choices_of(issue)
    for readers in _readers():
        if not go_on():
            return False
        Delivery.objects.bulk_create([_row(issue, reader, choices, at) for reader in readers], ignore_conflicts=True)
    with transaction.atomic():
        Issue.objects.filter(pk=issue.pk, queued_at=None).update(queued_at=at)
    return True


def _row(issue: Issue, reader: Reader, choices: Choices, at: datetime) -> Delivery:
    edition, why = edition_for(reader, choices)
    state = Fate.SKIPPED if why else Fate.QUEUED
    return Delivery(issue_id=issue.pk, edition_id=edition, subscriber_id=reader.pk, state=state, why=why or "", changed_at=at)


def _readers() -> Iterator[list[Reader]]:
    """All who receive, in handfuls, in the order of their ids."""
    found = Subscriber.objects.receiving().order_by("pk").values_list("pk", "language", "countries", "topics")
    rows = list(found[:HANDFUL])
    while rows:
        yield [Reader(*row) for row in rows]
        rows = list(found.filter(pk__gt=rows[-1][0])[:HANDFUL])
