"""The resource library."""

from django.apps import AppConfig


class LibraryConfig(AppConfig):
    """Documents with author, year, licence and full text."""

    name = "saphan.portal.library"
    label = "portal_library"
