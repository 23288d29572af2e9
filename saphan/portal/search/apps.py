"""The search listens to pages being written, moved and removed."""

from typing import Any

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SearchConfig(AppConfig):
    """Finding everything public, in scripts with and without spaces."""

    name = "saphan.portal.search"
    label = "portal_search"

    def ready(self) -> None:
        from django.db.models.signals import post_delete
        from wagtail.models import Page
        from wagtail.signals import page_unpublished, post_page_move

        from saphan.portal.pages import AFTER_WRITE
        from saphan.portal.search import services, sources

        sources.register(services.PageSource(), {"page": _("Page")})
        AFTER_WRITE.append(services.refresh_page)
        page_unpublished.connect(page_gone, dispatch_uid="search")
        post_delete.connect(page_gone, sender=Page, dispatch_uid="search")
        post_page_move.connect(page_moved, dispatch_uid="search")


def page_gone(instance: Any, **_kwargs: Any) -> None:
    """An unpublished or deleted page leaves the index."""
    from saphan.portal.search import services

    services.forget(f"page:{instance.pk}")


def page_moved(instance: Any, **_kwargs: Any) -> None:
    """A page and those under it have new addresses."""
    from saphan.portal.search import services

    services.refresh_below(instance)
