"""The sensitivity classes of the fields of a person's file (DOMAIN section 2)."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Sensitivity(TextChoices):
    """What a field would give away. WORKING is what staff need to work: states, times, codes, never free text."""

    WORKING = "working", _("working facts")
    IDENTITY = "identity", _("identity")
    CONTACT = "contact", _("contact")
    LOCATION = "location", _("location")
    FAMILY = "family", _("family")
    HEALTH = "health", _("health")
    LEGAL = "legal", _("legal")
    EXPLOITATION = "exploitation", _("exploitation")
    PLAN = "plan", _("plan")


SEALED_CLASSES = tuple(s for s in Sensitivity if s is not Sensitivity.WORKING)
