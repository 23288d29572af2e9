"""Figures that were released to the public."""

from django.apps import AppConfig


class FiguresConfig(AppConfig):
    """Shows signed releases of figures; so far there are none."""

    name = "saphan.portal.figures"
    label = "portal_figures"
