"""Code lists of the case file."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Ground(TextChoices):
    """Why a case may open before a team has decided: any reasonable ground is enough."""

    SCREENING = "screening", _("the screening showed signs")
    STATEMENT = "statement", _("the person's own account")
    AGENCY = "agency", _("another agency's finding")
    OBSERVED = "observed", _("what was seen at the place")


class SharingPurpose(TextChoices):
    """What the person agrees to."""

    CASE = "case", _("keeping a case file and being supported")
    SERVICE = "service", _("a service by another organisation")
    LEGAL = "legal", _("legal aid and compensation")
    RETURN = "return", _("return and reintegration")
    STATISTICS = "statistics", _("anonymous statistics")


class Form(TextChoices):
    """How consent was given."""

    SPOKEN = "spoken", _("spoken")
    WRITTEN = "written", _("written")


class Capacity(TextChoices):
    """Who gave it, and in what capacity."""

    ADULT = "adult", _("the person, an adult")
    CHILD = "child", _("the child agrees, and the guardian consents")


class GuardianTie(TextChoices):
    """How the guardian of a child stands to the child."""

    PARENT = "parent", _("parent")
    RELATIVE = "relative", _("another relative")
    APPOINTED = "appointed", _("appointed guardian")
    AUTHORITY = "authority", _("child protection authority")


class NoteKind(TextChoices):
    """What a note is about."""

    NEED = "need", _("need")
    PLAN = "plan", _("plan")
    CONTACT = "contact", _("talk or visit")
    OTHER = "other", _("other")


class CloseReason(TextChoices):
    """Why a case ends."""

    SOLUTION = "solution", _("a lasting solution is reached")
    WISH = "wish", _("the person wishes to end it")
    MOVED = "moved", _("another organisation took the case over")
    LOST = "lost", _("contact lost after three tries")
    NOT_IDENTIFIED = "not_identified", _("not identified; other services found")
    DIED = "died", _("the person has died")
