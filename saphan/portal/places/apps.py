"""Countries, provinces and topics."""

from django.apps import AppConfig


class PlacesConfig(AppConfig):
    """What a reader finds by place and by subject."""

    name = "saphan.portal.places"
    label = "portal_places"
