"""Which version of a text is the original, and where each translation stands against it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from wagtail.models import Page

from saphan.portal.editors.models import TranslationMark
from saphan.portal.editors.states import TranslationState
from saphan.portal.pages import Made


class Standing(TextChoices):
    """Where a text stands in one language, as the board shows it."""

    ORIGINAL = "original", _("original")
    MISSING = "missing", _("missing")
    DRAFT = "draft", _("draft")
    NEEDS_REVIEW = "needs_review", _("needs review")
    STALE = "stale", _("stale")
    APPROVED = "approved", _("approved")


@dataclass(frozen=True)
class Version:
    """One page of a text, with as much of it as its standing needs."""

    pk: int
    locale_id: int
    live: bool
    first_published_at: datetime | None
    last_published_at: datetime | None


def version_of(page: Page) -> Version:
    """The same from a page in memory."""
    return Version(page.pk, page.locale_id, page.live, page.first_published_at, page.last_published_at)


def original_among(versions: Iterable[Version], marks: Mapping[int, Any]) -> Version | None:
    """The oldest version that is not marked as a translation."""
    return min((version for version in versions if version.pk not in marks), key=lambda version: version.pk, default=None)


def standing_of(version: Version, original: Version | None, mark: TranslationMark | None) -> Standing:
    """Where a version stands: what is not public is a draft, a machine's words wait for a person, then the original may have changed."""
    if not version.live:
        return Standing.DRAFT
    if original is not None and version.pk == original.pk:
        return Standing.ORIGINAL
    if mark is not None and mark.state == TranslationState.NEEDS_REVIEW:
        return Standing.NEEDS_REVIEW
    return Standing.STALE if _changed_at(version, original, mark) else Standing.APPROVED


def how_made(pages: Sequence[Page]) -> dict[int, Made]:
    """For the public: how the versions of one text came into their languages. One query."""
    marks = {mark.page_id: mark for mark in TranslationMark.objects.filter(page__in=[page.pk for page in pages])} if pages else {}
    versions = [version_of(page) for page in pages]
    original = original_among(versions, marks)
    return {version.pk: _made(version, original, marks.get(version.pk)) for version in versions}


def _made(version: Version, original: Version | None, mark: TranslationMark | None) -> Made:
    if original is not None and version.pk == original.pk:
        return Made()
    unreviewed = mark is not None and mark.state == TranslationState.NEEDS_REVIEW
    return Made(at=_basis(version, mark), changed_at=_changed_at(version, original, mark), unreviewed=unreviewed)


def _basis(version: Version, mark: TranslationMark | None) -> datetime | None:
    """From when on the original may not have changed: the version that was translated, or the last work on the translation."""
    return mark.made_from_at if mark is not None else version.last_published_at


def _changed_at(version: Version, original: Version | None, mark: TranslationMark | None) -> datetime | None:
    basis = _basis(version, mark)
    if original is None or original.last_published_at is None or basis is None or original.last_published_at <= basis:
        return None
    return original.last_published_at
