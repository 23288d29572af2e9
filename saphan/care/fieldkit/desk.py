"""What the field kit brings to the desk, and beside an interview."""

from django.utils.translation import gettext_lazy as _

from saphan.access.actions import Action
from saphan.care.fieldkit.photos import shown_beside
from saphan.care.screening.beside import show_beside
from saphan.core.registry import MenuEntry, add_menu


def register() -> None:
    """Brings the entries; called once, when the room is ready."""
    add_menu(MenuEntry(_("Field kit"), "fieldkit:devices", Action.FIELDKIT_LIST, 21, under="/desk/screening/kit/"))
    add_menu(MenuEntry(_("Site visits"), "fieldkit:visits", Action.SITE_VISIT_READ, 22))
    show_beside("fieldkit/photos.html", shown_beside)
