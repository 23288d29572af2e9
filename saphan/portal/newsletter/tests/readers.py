"""Readers of the newsletter for tests and benches, made by the thousand: each with a sealed address of its own."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from saphan.portal.newsletter.models import Subscriber
from saphan.portal.newsletter.subscribing import new_subscriber


def plant_readers(count: int, *, at: datetime, languages: Sequence[str] = ("en",), first: int = 0, **more: object) -> None:
    """So many confirmed readers: `reader-7@example.net` and so on."""
    for batch in _batches(range(first, first + count)):
        Subscriber.objects.bulk_create([_reader(n, at, languages[n % len(languages)], more) for n in batch])


def _batches(numbers: range) -> Iterator[Sequence[int]]:
    for start in range(numbers.start, numbers.stop, 500):
        yield range(start, min(start + 500, numbers.stop))


def _reader(number: int, at: datetime, language: str, more: dict[str, object]) -> Subscriber:
    reader = new_subscriber(f"reader-{number}@example.net", at)
    reader.language, reader.state, reader.confirmed_at = language, "confirmed", at
    reader.consent_version, reader.consent_language = "1", language
    for name, value in more.items():
        setattr(reader, name, value)
    return reader
