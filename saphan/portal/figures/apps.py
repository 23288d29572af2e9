"""Figures that were released to the public."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class FiguresConfig(AppConfig):
    """Shows signed releases of figures; so far there are none."""

    name = "saphan.portal.figures"
    label = "portal_figures"

    def ready(self) -> None:
        from saphan.portal.search.sources import KINDS

        KINDS["figures"] = _("Figures")
