"""What everybody may read of issues that have left: pages, entries of the search and whole texts in feeds, made of the same structure as the letter."""

from collections.abc import Iterator, Sequence
from uuid import NAMESPACE_URL, uuid5

from django.db.models import QuerySet
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import override

from saphan.core.ids import permanent_name
from saphan.portal.feeds.contents import Content
from saphan.portal.newsletter.digest import Digest, digest_of
from saphan.portal.newsletter.issues import Edition
from saphan.portal.search.models import SearchEntry
from saphan.portal.search.sources import Row

KIND = "newsletter"


class EditionSource:
    """The editions of issues that have begun to leave and have anything to tell."""

    name = KIND

    def row(self, key: str) -> Row | None:
        edition = public_editions().filter(pk=key.partition(":")[2]).first()
        return row_of(edition) if edition else None

    def rows(self) -> Iterator[Row]:
        for edition in public_editions().order_by("-issue__month", "pk"):
            row = row_of(edition)
            if row is not None:
                yield row


def public_editions() -> "QuerySet[Edition]":
    """The editions of issues that have begun to leave, without those that were withdrawn, each with its issue and items."""
    return Edition.objects.exclude(issue__begun_at=None).filter(withdrawn_at=None).select_related("issue").prefetch_related("items")


def whole_editions(language: str) -> "QuerySet[Edition]":
    """The editions of one language for all countries that have anything to tell, the newest first."""
    return public_editions().filter(language=language, country="", items__hidden=False).distinct().order_by("-issue__month", "-issue__number")


def row_of(edition: Edition) -> Row | None:
    """An edition as it is found; None when nothing is shown in it."""
    digest = digest_of(edition)
    if digest.is_empty or edition.issue.begun_at is None or edition.withdrawn_at is not None:
        return None
    return Row(
        key=f"{KIND}:{edition.pk}",
        kind=KIND,
        url=digest.path,
        language=edition.language,
        title=digest.title,
        summary=digest.summary,
        text="\n".join(_words(digest)),
        published_on=timezone.localdate(edition.issue.begun_at),
        countries=[edition.country] if edition.country else [],
        permanent=permanent_name(uuid5(NAMESPACE_URL, f"{KIND}:{edition.issue.slug}:{edition.country}")),
    )


def _words(digest: Digest) -> Iterator[str]:
    yield from digest.introduction
    for section in digest.sections:
        yield section.heading
        for line in section.lines:
            yield f"{line.title}\n{line.summary}"


def contents(found: Sequence[SearchEntry]) -> dict[str, Content]:
    """The whole texts of editions, for feeds."""
    pks = [entry.key.partition(":")[2] for entry in found]
    return {f"{KIND}:{edition.pk}": Content(html=_html(digest_of(edition))) for edition in public_editions().filter(pk__in=pks)}


def _html(digest: Digest) -> str:
    with override(digest.language):
        return render_to_string("newsletter/_digest.html", {"digest": digest, "heading": "h2"})
