"""The standing pages and the editors' door."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SiteConfig(AppConfig):
    """Home, help, standard pages; who edits and who publishes."""

    name = "saphan.portal.site"
    label = "portal_site"

    def ready(self) -> None:
        from saphan.access.actions import Action
        from saphan.core.registry import MenuEntry, add_menu
        from saphan.portal.pages import IN_MENU, ROOM_PAGES
        from saphan.portal.rendered import changes
        from saphan.portal.search.sources import KINDS
        from saphan.portal.site import policies  # noqa: F401  # registers the rules

        KINDS["help"] = _("Help")
        ROOM_PAGES.update({"inquiries/": _("Inquiry Corner"), "needs/": _("Linking Needs with Resources"), "newsletter/": _("Newsletter")})
        IN_MENU.extend(["inquiries/", "needs/"])
        add_menu(MenuEntry(_("Public pages"), "wagtailadmin_home", Action.CMS_OPEN, 500))
        changes.listen()
