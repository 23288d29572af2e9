"""The standing pages and the editors' door."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SiteConfig(AppConfig):
    """Home, help, standard pages; who edits and who publishes."""

    name = "saphan.portal.site"
    label = "portal_site"

    def ready(self) -> None:
        from saphan.portal.rendered import changes
        from saphan.portal.search.sources import KINDS
        from saphan.portal.site import policies  # noqa: F401  # registers the rules

        KINDS["help"] = _("Help")
        changes.listen()
