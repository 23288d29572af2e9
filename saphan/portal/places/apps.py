"""Countries, provinces and topics."""

from typing import Any

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PlacesConfig(AppConfig):
    """What a reader finds by place and by subject."""

    name = "saphan.portal.places"
    label = "portal_places"

    def ready(self) -> None:
        from django.db.models.signals import post_delete, post_save
        from wagtail.signals import page_unpublished, post_page_move

        from saphan.portal.news.models import Topic
        from saphan.portal.pages import AFTER_WRITE
        from saphan.portal.places import listing, models, services, sources  # noqa: F401  # `services` registers itself at the door
        from saphan.portal.search.sources import KINDS, register

        KINDS["country"] = _("Country")
        register(sources.ServiceSource(), {"service": _("Public service")})
        register(sources.ProvinceSource(), {"place": _("Province")})
        register(sources.TopicSource(), {"topic": _("Topic")})
        AFTER_WRITE.append(listing.refresh_parts)
        for signal in (post_save, post_delete):
            signal.connect(topic_written, sender=Topic, dispatch_uid="places")
        for page in (models.CountryPage, models.TopicsPage):
            page_unpublished.connect(page_gone, sender=page, dispatch_uid="places")
            post_delete.connect(page_gone, sender=page, dispatch_uid="places")
        post_page_move.connect(page_moved, dispatch_uid="places")


def topic_written(instance: Any, **_kwargs: Any) -> None:
    """A topic that was written, renamed or removed is found as it is now."""
    from saphan.portal.search.services import refresh

    refresh(f"topic:{instance.pk}")


def page_gone(instance: Any, **_kwargs: Any) -> None:
    """An unpublished or deleted page takes its provinces or topics along."""
    from saphan.portal.places.listing import forget_parts

    forget_parts(instance)


def page_moved(instance: Any, **_kwargs: Any) -> None:
    """A page and those under it have new addresses, and their parts with them."""
    from saphan.portal.places.listing import refresh_parts

    for page_id in instance.get_descendants(inclusive=True).values_list("pk", flat=True):
        refresh_parts(page_id)
