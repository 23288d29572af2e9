"""The words of a visit to a site."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class SiteKind(TextChoices):
    """What sort of place it is."""

    FACTORY = "factory", _("factory or workshop")
    BOAT = "boat", _("fishing boat or port")
    FARM = "farm", _("farm or plantation")
    BUILDING = "building", _("building site")
    HOME = "home", _("private home")
    VENUE = "venue", _("restaurant, bar or entertainment venue")
    COMPOUND = "compound", _("closed compound")
    SHELTER = "shelter", _("shelter or reception centre")
    OTHER = "other", _("another place")


class Activity(TextChoices):
    """What is done there."""

    MANUFACTURE = "manufacture", _("making goods")
    FISHING = "fishing", _("fishing or processing of sea food")
    AGRICULTURE = "agriculture", _("agriculture")
    CONSTRUCTION = "construction", _("construction")
    DOMESTIC = "domestic", _("work in a home")
    SERVICE = "service", _("service or entertainment")
    ONLINE = "online", _("online work, also fraud")
    BEGGING = "begging", _("begging or street sale")
    OTHER = "other", _("something else")
    UNKNOWN = "unknown", _("not known")
