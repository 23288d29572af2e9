"""Open data."""

from django.apps import AppConfig


class OpenDataConfig(AppConfig):
    """The public API and the dump of everything public."""

    name = "saphan.portal.opendata"
    label = "portal_opendata"
