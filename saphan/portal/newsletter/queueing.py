"""Who gets which letter: one row for each reader and language, written in handfuls, so that a million readers need no more memory than a thousand."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from uuid import UUID

from django.db import transaction

from saphan.portal.newsletter.choosing import Selection, Taste, choices_of, chosen
from saphan.portal.newsletter.issue_states import Fate, Why
from saphan.portal.newsletter.issues import Delivery, Issue
from saphan.portal.newsletter.models import Subscriber

HANDFUL = 1000
TASTES_KEPT = 4096  # what was chosen for how many tastes is remembered
Choose = Callable[[Taste], tuple[Selection | None, Why | None]]


@dataclass(frozen=True)
class Reader:
    """What a subscriber asked for."""

    pk: UUID
    language: str
    countries: Sequence[str]
    topics: Sequence[str]
    more_languages: Sequence[str] = ()


def chooser(issue: Issue) -> Choose:
    """Chooses for one issue, each taste once."""
    choices = choices_of(issue)
    return lru_cache(maxsize=TASTES_KEPT)(lambda taste: chosen(taste, choices))


def queue_letters(issue: Issue, *, at: datetime, go_on: Callable[[], bool] = lambda: True) -> bool:
    """Writes the rows of each reader; false when it was broken off. Begun again it adds only what is missing, so nobody stands there twice."""
    choose = chooser(issue)
    for readers in _readers():
        if not go_on():
            return False
        rows = [_row(issue, reader, language, choose, at) for reader in readers for language in ("", *reader.more_languages)]
        Delivery.objects.bulk_create(rows, ignore_conflicts=True)
    with transaction.atomic():
        Issue.objects.filter(pk=issue.pk, queued_at=None).update(queued_at=at)
    return True


def _row(issue: Issue, reader: Reader, language: str, choose: Choose, at: datetime) -> Delivery:
    """One letter. Its language is empty for the reader's first: then a change of mind meanwhile makes no second letter of it."""
    selection, why = choose(Taste(language or reader.language, tuple(reader.countries), tuple(reader.topics)))
    state = Fate.SKIPPED if why else Fate.QUEUED
    edition = selection.edition if selection else None
    return Delivery(
        issue_id=issue.pk, edition_id=edition, subscriber_id=reader.pk, language=language, state=state, why=why or "", changed_at=at
    )  # fmt: skip


def _readers() -> Iterator[list[Reader]]:
    """All who receive, in handfuls, in the order of their ids."""
    found = Subscriber.objects.receiving().order_by("pk").values_list("pk", "language", "countries", "topics", "more_languages")
    rows = list(found[:HANDFUL])
    while rows:
        yield [Reader(*row) for row in rows]
        rows = list(found.filter(pk__gt=rows[-1][0])[:HANDFUL])
