"""Writes a channel in one of the formats."""

from collections import defaultdict
from datetime import date, datetime, time
from uuid import UUID, uuid5

from django.conf import settings
from django.utils import timezone
from django.utils.feedgenerator import SyndicationFeed
from django.utils.html import escape
from django.utils.translation import override

from saphan.core import clock
from saphan.portal.feeds.channels import Channel
from saphan.portal.feeds.contents import CONTENTS, Content, Names, names_in, with_whole_addresses
from saphan.portal.feeds.formats import FORMATS, writable
from saphan.portal.feeds.selectors import entries_of
from saphan.portal.heads import absolute
from saphan.portal.search.models import SearchEntry

IDENTITY = UUID("021b5f01-172d-4427-86f3-fe7eb26aaf0c")  # drawn once for the ids of all entries of all feeds; never change it
MINUTES = 60  # how long a reader's program may wait before it asks again


def written(channel: Channel, shape: str) -> tuple[bytes, str, datetime]:
    """The feed, its content type, and when anything in it changed last."""
    with override(channel.spoken):
        found = entries_of(channel)
        feed = _opened(channel, shape, changed_at=max((moment_of(entry) for entry in found), default=_today()))
        contents, names = _contents(found), names_in(channel.spoken)
        for entry in found:
            _add(feed, entry, contents.get(entry.key, Content()), names)
    return feed.writeString("utf-8").encode(), str(feed.content_type), feed.feed["changed_at"]  # type: ignore[attr-defined]  # untold in the stubs


def _opened(channel: Channel, shape: str, *, changed_at: datetime) -> SyndicationFeed:
    address = absolute(channel.path(shape))
    return FORMATS[shape](
        title=writable(channel.title),
        link=absolute(channel.page),
        description=channel.description,
        subtitle=channel.description,
        language=channel.own_language,
        author_name=settings.WAGTAIL_SITE_NAME,
        author_link=absolute("/"),
        feed_url=address,
        feed_guid=address,
        ttl=MINUTES,
        changed_at=changed_at,
    )


def _add(feed: SyndicationFeed, entry: SearchEntry, content: Content, names: Names) -> None:
    summary = writable(entry.summary)
    feed.add_item(
        title=writable(entry.title),
        link=absolute(entry.url),
        description=escape(summary),
        summary=summary,
        html=with_whole_addresses(writable(content.html)),
        language=entry.language,
        author_name=writable(entry.author) or None,
        pubdate=_noon(entry.published_on) if entry.published_on else moment_of(entry),
        updateddate=moment_of(entry),
        unique_id=identity_of(entry),
        unique_id_is_permalink=False,
        categories=categories_of(entry, names),
        enclosures=content.files,
    )


def identity_of(entry: SearchEntry) -> str:
    """The id of an entry for ever: the same in each format and feed, after the page has moved, and on another host."""
    return uuid5(IDENTITY, f"{entry.permanent}.{entry.language}").urn


def categories_of(entry: SearchEntry, names: Names) -> list[str]:
    """The countries and topics of an entry by their names."""
    return [writable(names.countries.get(code, code)) for code in entry.countries] + [writable(names.topics.get(slug, slug)) for slug in entry.topics]


def moment_of(entry: SearchEntry) -> datetime:
    """When the entry changed last, to the second."""
    moment = entry.changed_at or _noon(entry.published_on or timezone.localdate(clock.now()))
    return timezone.localtime(moment).replace(microsecond=0)


def _contents(found: list[SearchEntry]) -> dict[str, Content]:
    by_kind: dict[str, list[SearchEntry]] = defaultdict(list)
    for entry in found:
        by_kind[entry.kind].append(entry)
    contents: dict[str, Content] = {}
    for kind, of_kind in by_kind.items():
        if kind in CONTENTS:
            contents |= CONTENTS[kind](of_kind)
    return contents


def _noon(day: date) -> datetime:
    """A day as a moment: noon, so that it is the same day in every time zone of the region."""
    return datetime.combine(day, time(12), tzinfo=timezone.get_current_timezone())


def _today() -> datetime:
    """The moment of a feed that is still empty: the same all day."""
    return datetime.combine(timezone.localdate(clock.now()), time(0), tzinfo=timezone.get_current_timezone())
