"""Reference data as a reader meets them: their wording in the reader's language, and where they come from."""

from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _


def in_language(english: str, thai: str) -> str:
    """The wording in the reader's language; English where no other is kept."""
    return thai if get_language() == "th" and thai else english


class Provenance(models.TextChoices):
    """How sure a datum of reference is; shown wherever the datum is."""

    SOURCED = "sourced", _("sourced")
    RECALLED = "recalled", _("recalled, not yet checked")
    PROPOSAL = "proposal", _("proposal")
