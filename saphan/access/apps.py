from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccessConfig(AppConfig):
    name = "saphan.access"
    label = "access"

    def ready(self) -> None:
        from saphan.access import checks, chores, policies, receivers  # noqa: F401  # rules, checks, chores and sign-in events register themselves
        from saphan.access.actions import Action
        from saphan.core.registry import MenuEntry, add_menu

        add_menu(MenuEntry(_("People"), "access:people", Action.ACCOUNTS_LIST, 810))
        add_menu(MenuEntry(_("Organisations"), "access:organisations", Action.ORGANISATIONS_LIST, 820))
        add_menu(MenuEntry(_("Directory"), "access:directory", Action.DIRECTORY_READ, 700))
        add_menu(MenuEntry(_("Audit"), "access:audit", Action.AUDIT_READ, 830))
