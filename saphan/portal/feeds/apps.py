"""Feeds of everything public."""

from django.apps import AppConfig


class FeedsConfig(AppConfig):
    """RSS, Atom and JSON feeds over the search entries."""

    name = "saphan.portal.feeds"
    label = "portal_feeds"
