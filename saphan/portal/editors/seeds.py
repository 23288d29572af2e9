"""The pages of a new site whose text a machine translated are marked so: the board lists them and the public page says it."""

import tomllib
from typing import TYPE_CHECKING

from wagtail.models import Page

from saphan.portal.editors.models import TranslationMark
from saphan.portal.editors.origins import original_among, version_of
from saphan.portal.editors.states import TranslationState
from saphan.portal.site.seeds import FRAME, plant_frame

if TYPE_CHECKING:
    from saphan.access.seeds import People


def plant(_people: "People") -> None:
    """The demonstration's frame is marked like that of an empty house."""
    mark_machine_made()


def plant_empty_house() -> None:
    """Without a demonstration: the frame of the public pages, each machine's translation marked."""
    plant_frame()
    mark_machine_made()


def mark_machine_made() -> int:
    """Marks the planted pages of each language whose frame says `needs_review = true`; a page marked before stays as it is. Answers how many."""
    flagged = [path.stem for path in sorted(FRAME.glob("*.toml")) if tomllib.loads(path.read_text(encoding="utf-8")).get("needs_review")]
    pages = Page.objects.filter(locale__language_code__in=flagged, depth__gt=1, translation_mark=None).select_related("locale")
    marks = [mark for page in pages if (mark := _mark_of(page))]
    return len(TranslationMark.objects.bulk_create(marks))


def _mark_of(page: Page) -> TranslationMark | None:
    versions = {version.pk: version for version in Page.objects.filter(translation_key=page.translation_key)}
    original = original_among([version_of(version) for version in versions.values()], {})
    if original is None or original.pk == page.pk:
        return None
    made_at = original.last_published_at or page.first_published_at or page.latest_revision_created_at
    return TranslationMark(
        page_id=page.pk, state=TranslationState.NEEDS_REVIEW, machine_made=True, made_from=versions[original.pk].live_revision, made_from_at=made_at
    )
