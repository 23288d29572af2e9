"""The editors' desk in the portal."""

from django.apps import AppConfig


class EditorsConfig(AppConfig):
    """Identity check, translation board, broken links."""

    name = "saphan.portal.editors"
    label = "portal_editors"
