"""Languages that people speak and services work in."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Language(TextChoices):
    """Languages spoken by the people whom we meet; the client's language is not the worker's."""

    THAI = "th", _("Thai")
    LAO = "lo", _("Lao")
    BURMESE = "my", _("Burmese")
    KHMER = "km", _("Khmer")
    VIETNAMESE = "vi", _("Vietnamese")
    CHINESE = "zh", _("Chinese")
    SHAN = "shn", _("Shan")
    KAREN = "kar", _("Karen languages")
    MON = "mnw", _("Mon")
    ENGLISH = "en", _("English")
    OTHER = "other", _("another language")
