"""Code lists of reports and files: what may be said without giving anybody away."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from saphan.directory.languages import Language as Language


class Answer(TextChoices):
    """Unknown is never no."""

    YES = "yes", _("yes")
    NO = "no", _("no")
    UNKNOWN = "unknown", _("not known")


class Channel(TextChoices):
    """How a report reached us."""

    CALL = "call", _("hotline call")
    WALK_IN = "walk_in", _("came in person")
    MESSAGE = "message", _("message")
    AGENCY = "agency", _("another agency")
    SEALED = "sealed", _("sealed report from the public site")


class Tie(TextChoices):
    """Who reports, as a tie to the person concerned; the caller's name is never asked."""

    SELF = "self", _("the person concerned")
    FAMILY = "family", _("a family member")
    FRIEND = "friend", _("a friend or neighbour")
    WORKMATE = "workmate", _("somebody from the same work")
    AGENCY = "agency", _("an officer or another organisation")
    OTHER = "other", _("somebody else")
    UNKNOWN = "unknown", _("did not say")


class ContactHow(TextChoices):
    """How first contact was sought."""

    TELEPHONE = "telephone", _("telephone")
    VISIT = "visit", _("visit")
    MESSAGE = "message", _("message")
    AGENCY = "agency", _("through another agency")


class ContactOutcome(TextChoices):
    """What the contact led to. Only a contact that reached somebody stops the clock."""

    SAFE = "safe", _("reached, safe for now")
    DANGER = "danger", _("reached, still in danger")
    EMERGENCY = "emergency", _("handed to the emergency services")
    NOT_REACHED = "not_reached", _("not reached: try again")


class CloseReason(TextChoices):
    """Why a report ends."""

    HELPED = "helped", _("helped at once, nothing more is wished")
    OTHER_SERVICE = "other_service", _("passed to another service")
    FOLLOWED_UP = "followed_up", _("everybody concerned has a file")
    REPEATED = "repeated", _("the same matter is already reported")
    NO_WISH = "no_wish", _("the person does not wish help now")
    NOT_FOUND = "not_found", _("nobody could be found")
    NOT_TRAFFICKING = "not_trafficking", _("not a matter for us, advice was given")


class Purpose(TextChoices):
    """Why protected facts are opened. Asked each time, and kept in the audit."""

    CARE = "care", _("care work with this person")
    SAFETY = "safety", _("immediate safety")
    COVER = "cover", _("standing in for the lead worker")
    REQUEST = "request", _("the person asked for it")
    SUPERVISION = "supervision", _("supervision of the work")
    LEGAL = "legal", _("a legal duty")
