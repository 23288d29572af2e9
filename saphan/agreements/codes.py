"""The words by which the register sorts agreements, parties, events and documents."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Kind(TextChoices):
    """What sort of text it is."""

    TREATY = "treaty", _("treaty or convention")
    DECLARATION = "declaration", _("joint declaration")
    MULTILATERAL_MOU = "multilateral_mou", _("multilateral MOU")
    BILATERAL_MOU = "bilateral_mou", _("bilateral MOU")
    BILATERAL_SOP = "bilateral_sop", _("bilateral SOP")
    ACTION_PLAN = "action_plan", _("action plan")
    NATIONAL_SOP = "national_sop", _("national SOP")
    DOMESTIC_MOU = "domestic_mou", _("domestic MOU")
    ORGANISATION_MOU = "organisation_mou", _("MOU with an organisation")
    HANDBOOK = "handbook", _("handbook")


class Confidentiality(TextChoices):
    """Who may read it."""

    PUBLIC = "public", _("public: everybody")
    PARTIES = "parties", _("the parties")
    OFFICE = "office", _("this office only")


class PartyRole(TextChoices):
    """In what way somebody takes part. Only parties sign."""

    PARTY = "party", _("party")
    OBSERVER = "observer", _("observer")
    DEPOSITARY = "depositary", _("depositary")
    SECRETARIAT = "secretariat", _("secretariat")


class Method(TextChoices):
    """How a signature was given."""

    WET = "wet", _("by hand, on the print that carries the digest")
    ED25519 = "ed25519", _("with a key (Ed25519)")


class ForceKind(TextChoices):
    """What happens to the binding force of a version, or of one of its provisions."""

    ENTERS = "enters", _("enters into force")
    SUSPENDED = "suspended", _("is suspended")
    RESUMED = "resumed", _("is resumed")
    TERMINATED = "terminated", _("is terminated")
    REPLACED = "replaced", _("is replaced by a newer version")
    EXPIRES = "expires", _("expires")


class NoticeKind(TextChoices):
    """Which date comes near."""

    EXPIRY = "expiry", _("expiry")
    RENEWAL = "renewal", _("last day to give notice or renew")
    REVIEW = "review", _("review")


class DocumentKind(TextChoices):
    """What a kept file is."""

    SIGNED_COPY = "signed_copy", _("signed copy")
    TEXT = "text", _("text")
    ANNEX = "annex", _("annex")
    NOTE_VERBALE = "note_verbale", _("diplomatic note")
    MINUTES = "minutes", _("minutes")
    OTHER = "other", _("other")
