"""Notices what makes stored pages old: any writing to what a public page may show.

The rule is wide on purpose. A purge too many costs milliseconds, one too few leaves a withdrawn telephone number in public. So every
table of the portal and of the directory counts, unless its room says here that no public page shows it. A room that writes without
Django's signals (`QuerySet.update`, `bulk_create`, SQL) calls `renew` itself, in its transaction.
"""

from typing import Any

from django.apps import apps
from django.db.models import Model
from django.db.models.signals import m2m_changed, post_delete, post_save
from wagtail.images.models import AbstractRendition
from wagtail.models import Page
from wagtail.signals import page_published, page_unpublished, post_page_move

from saphan.portal.pages import AFTER_WRITE, DRAFT_COLUMNS
from saphan.portal.rendered.edition import renew

ROOMS = ("portal_", "directory")
BESIDE = {
    "wagtailcore.site",
    "wagtailcore.locale",
    "wagtailcore.collection",
    "wagtailimages.image",
    "wagtaildocs.document",
    "wagtailredirects.redirect",
    "releases.release",
}
QUIET = {
    "portal_news.importedsource",
    "portal_mailroom.refusal",
    "portal_mailroom.takenletter",
    "portal_doorway.hourkey",
    "portal_doorway.tally",
    "portal_doorway.spentproof",
}  # tables of the portal that no public page shows: a room adds its own in `apps.ready()`


def is_shown(model: type[Model]) -> bool:
    """Whether rows of this table may stand on a public page. Pages speak for themselves; pictures are scaled while a page is made."""
    label = model._meta.label_lower
    if model.__module__ == "__fake__":  # a migration's own view of the table
        return False
    if issubclass(model, Page | AbstractRendition) or label in QUIET:
        return False
    return label in BESIDE or label.startswith(ROOMS)


def listen() -> None:
    """Called once, by the room above all that are listened to. No other table is heard: a listener for all would slow every deletion in the house."""
    for model in apps.get_models(include_auto_created=True):
        if is_shown(model):
            for signal in (post_save, post_delete, m2m_changed):
                signal.connect(_written, sender=model, dispatch_uid="rendered")
        elif issubclass(model, Page):
            post_delete.connect(_page_deleted, sender=model, dispatch_uid="rendered")
    AFTER_WRITE.append(_page_written)
    for signal in (page_published, page_unpublished, post_page_move):
        signal.connect(_page_changed, dispatch_uid="rendered")


def _written(sender: type[Model], update_fields: Any = None, **_rest: Any) -> None:
    if is_shown(sender) and not (update_fields and set(update_fields) <= DRAFT_COLUMNS):
        renew()


def _page_written(page_id: int) -> None:
    """A page that the public can see was written; a draft under preparation changes nothing."""
    if Page.objects.filter(pk=page_id, live=True).exists():
        renew()


def _page_changed(**_rest: Any) -> None:
    renew()


def _page_deleted(instance: Any, **_rest: Any) -> None:
    if instance.live:
        renew()
