"""The doorway."""

from django.apps import AppConfig


class DoorwayConfig(AppConfig):
    """What keeps forms open to people and closed to programs: proof of work, limits, a trap; links that are confirmed by a button."""

    name = "saphan.portal.doorway"
    label = "portal_doorway"
