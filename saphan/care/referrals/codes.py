"""Code lists of referrals."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Risk(TextChoices):
    """How soon somebody must act; it sets the clocks."""

    HIGH = "high", _("high")
    MEDIUM = "medium", _("medium")
    LOW = "low", _("low")


class DeclineReason(TextChoices):
    """Why an organisation cannot take a referral up."""

    FULL = "full", _("no free place or time")
    NOT_OFFERED = "not_offered", _("we do not offer this service")
    NOT_ELIGIBLE = "not_eligible", _("the person is outside our terms of admission")
    LANGUAGE = "language", _("we cannot work in this language")
    UNSAFE = "unsafe", _("it would not be safe here")
    TOO_FAR = "too_far", _("too far away")
    OTHER = "other", _("another reason")


class WithdrawReason(TextChoices):
    """Why a referral is taken back before it was answered."""

    CONSENT = "consent", _("the person withdrew consent")
    WISH = "wish", _("the person wishes something else")
    SILENCE = "silence", _("no answer came in time")
    MISTAKE = "mistake", _("sent by mistake")
    SOLVED = "solved", _("help was found elsewhere")


class Outcome(TextChoices):
    """What came of the service."""

    DELIVERED = "delivered", _("the service was given")
    PARTLY = "partly", _("given in part")
    NOT_TAKEN_UP = "not_taken_up", _("the person did not take it up")


class Feedback(TextChoices):
    """What the person says of the help, asked by the sender."""

    HELPED = "helped", _("it helped")
    PARTLY = "partly", _("it helped in part")
    NOT_HELPED = "not_helped", _("it did not help")
    NOT_ASKED = "not_asked", _("the person could not be asked")
