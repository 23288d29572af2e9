"""What is done with translations: begun, brought up to the original, declared a machine's, approved. Manual work is never overwritten."""

from datetime import datetime
from typing import Any

from django.db import models, transaction
from django.utils.translation import gettext as _
from modelcluster.fields import ParentalManyToManyField
from wagtail.actions.copy_for_translation import CopyPageForTranslationAction, ParentNotTranslatedError
from wagtail.fields import StreamField
from wagtail.models import Locale, Page, TranslatableMixin

from saphan.access.actions import Action
from saphan.access.models import User
from saphan.access.policy import require
from saphan.audit.services import record
from saphan.core import clock
from saphan.core.errors import NotFound, WrongState
from saphan.portal.editors.models import TranslationMark
from saphan.portal.editors.origins import original_among, version_of
from saphan.portal.editors.reading import OWN_OF_PAGE
from saphan.portal.editors.states import TRANSLATION, TranslationState
from saphan.portal.pages import PublicPage


@transaction.atomic
def begin_translation(*, page: Page, language: str, by: User, at: datetime) -> Page:
    """Copies a page into another language as a draft to be translated. Raises WrongState when it stands there, or its parent does not."""
    require(by, Action.TRANSLATION_MAKE)
    locale = Locale.objects.filter(language_code=language).first()
    if locale is None:
        raise NotFound
    if page.get_translations().filter(locale=locale).exists():
        raise WrongState(_("This page exists in that language already."))
    try:
        made: Page = CopyPageForTranslationAction(page=page, locale=locale, user=by).execute(skip_permission_checks=True)
    except ParentNotTranslatedError:
        raise WrongState(_("The page above this one does not exist in that language yet. Translate it first.")) from None
    TranslationMark.objects.filter(page=made).update(made_by=by, made_from_at=at)
    record(by=by, action=Action.TRANSLATION_MAKE, target=_target(made), at=at)
    return made


@transaction.atomic
def approve(*, page: Page, by: User, at: datetime) -> TranslationMark:
    """A person who did not make it says: this translation tells what the original tells now. Raises Refused to its maker."""
    mark = _mark_for_update(page)
    require(by, Action.TRANSLATION_APPROVE, mark)
    original = original_of(page)
    mark.state = TRANSLATION.target("approve", mark.state)
    mark.approved_by, mark.approved_at = by, at
    mark.made_from, mark.made_from_at = (original.live_revision if original else mark.made_from), at
    mark.draft_from = mark.draft_from_at = None
    mark.save()
    record(by=by, action=Action.TRANSLATION_APPROVE, target=_target(page), at=at)
    return mark


@transaction.atomic
def declare_machine_made(*, page: Page, by: User | None, at: datetime) -> TranslationMark:
    """Says honestly that a machine made this translation: until a person has approved it, the public page tells so. `by=None` is the operator."""
    if by is not None:
        require(by, Action.TRANSLATION_MAKE)
    original = original_of(page)
    if original is None:
        raise WrongState(_("This page is the original: there is nothing it was translated from."))
    mark = _mark_for_update(page)
    mark.state = TRANSLATION.target("declare machine-made", mark.state) if mark.state != TranslationState.NEEDS_REVIEW else mark.state
    mark.machine_made, mark.made_by = True, by or mark.made_by
    mark.approved_by = mark.approved_at = None
    mark.save()
    if by is not None:
        record(by=by, action=Action.TRANSLATION_MAKE, target=_target(page), at=at, fields=["machine_made"])
    return mark


@transaction.atomic
def update_from_original(*, page: PublicPage, by: User, at: datetime) -> list[str]:
    """Puts what has changed in the original into a new draft of its translation, to be translated there; answers the changed fields.

    The public text stays as it is, and so does every field whose original did not change. Raises WrongState rather than touch a draft that
    somebody has not finished, or guess from which version of the original the translation was made.
    """
    require(by, Action.TRANSLATION_MAKE)
    mark, original = _mark_for_update(page), original_of(page)
    if original is None or original.live_revision is None:
        raise WrongState(_("This page has no published original."))
    if page.has_unpublished_changes:
        raise WrongState(_("A newer draft of this translation waits. Publish or discard it first: nothing was overwritten."))
    if mark.made_from is None:
        raise WrongState(
            _("It is not known which version of the original was translated. Compare the two by hand, then approve: nothing was overwritten.")
        )
    before, after = mark.made_from.as_object(), original.live_revision.as_object()
    changed = changed_fields(before, after)
    if not changed:
        raise WrongState(_("The words of the original have not changed. Read the translation and approve it."))
    draft = page.get_latest_revision_as_object()
    for field in changed:
        setattr(draft, field.name, getattr(after, field.name))
    draft.save_revision(user=by, log_action=True)
    mark.draft_from, mark.draft_from_at = original.live_revision, at
    mark.save(update_fields=["draft_from", "draft_from_at"])
    record(by=by, action=Action.TRANSLATION_MAKE, target=_target(page), at=at, fields=["update from original"])
    return [str(field.verbose_name) for field in changed]


def changed_fields(before: Page, after: Page) -> list[Any]:
    """The fields of a page's own content that differ between two versions of it."""
    own = [field for field in after._meta.concrete_fields if field.model is not Page or field.name in OWN_OF_PAGE]
    words = [field for field in own if field.name != "slug" and not (field.primary_key or (field.remote_field and field.remote_field.parent_link))]
    return [field for field in words if _kept(field, before) != _kept(field, after)]


def original_of(page: Page) -> Page | None:
    """The original of a translation; None for the original itself."""
    versions = {version.pk: version for version in Page.objects.filter(translation_key=page.translation_key).select_related("live_revision")}
    marks = dict(TranslationMark.objects.filter(page__in=versions).values_list("page_id", "state"))
    original = original_among([version_of(version) for version in versions.values()], marks)
    return versions[original.pk] if original and original.pk != page.pk else None


def translation_begun(source_obj: Any, target_obj: Any, **_kwargs: Any) -> None:
    """Signal: a page was copied into another language, from the board or by the editors' system's own button."""
    if isinstance(target_obj, Page):
        _choose_in_its_language(target_obj.specific)
        TranslationMark.objects.get_or_create(
            page_id=target_obj.pk, defaults={"made_from_id": source_obj.live_revision_id, "made_from_at": clock.now()}
        )


def _choose_in_its_language(page: Page) -> None:
    """Topics and whatever else of a page exists once in each language are those of the page's own language from the beginning."""
    chosen = {}
    for field in page._meta.many_to_many:
        if isinstance(field, ParentalManyToManyField) and issubclass(field.related_model, TranslatableMixin):
            keys = [thing.translation_key for thing in getattr(page, field.name).all()]
            chosen[field.name] = list(field.related_model.objects.filter(translation_key__in=keys, locale=page.locale_id))
    if not any(chosen.values()):
        return
    for name, things in chosen.items():
        setattr(page, name, things)
    page.save()
    if page.latest_revision:
        page.save_revision(user=page.latest_revision.user, overwrite_revision=page.latest_revision, log_action=False)


def translation_published(instance: Page, **_kwargs: Any) -> None:
    """Signal: a page went public. A translation by hand is approved by that, since a second person published it; a machine's is not."""
    mark = TranslationMark.objects.filter(page_id=instance.pk).first()
    if mark is None:
        return
    if mark.draft_from_at is not None:
        mark.made_from, mark.made_from_at = mark.draft_from, mark.draft_from_at
        mark.draft_from = mark.draft_from_at = None
    if mark.state == TranslationState.DRAFT:
        mark.state, mark.approved_at = TRANSLATION.target("publish", mark.state), clock.now()
    mark.save()


def _mark_for_update(page: Page) -> TranslationMark:
    """The page's mark, locked; a translation written by hand without one gets it now, as approved by those who published it."""
    made_at = page.last_published_at or clock.now()
    state = {"state": TranslationState.APPROVED, "approved_at": made_at} if page.live else {}
    TranslationMark.objects.get_or_create(page_id=page.pk, defaults={"made_from_at": made_at, **state})
    return TranslationMark.objects.select_for_update(of=("self",)).select_related("page", "made_from").get(page_id=page.pk)


def _kept(field: models.Field[Any, Any], page: Page) -> Any:
    value = getattr(page, field.attname)
    return field.get_prep_value(value) if isinstance(field, StreamField) else value


def _target(page: Page) -> tuple[str, str]:
    return ("wagtailcore.page", str(page.pk))
