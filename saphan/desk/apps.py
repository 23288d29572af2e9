from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DeskConfig(AppConfig):
    name = "saphan.desk"
    label = "desk"

    def ready(self) -> None:
        from saphan.core.registry import MenuEntry, add_menu

        add_menu(MenuEntry(_("My day"), "desk:home", "desk:open", 0))
