"""The lives of what the register keeps: a version of an agreement, a signature as the office records it, a meeting, a notice."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from saphan.access.actions import Action
from saphan.core.states import LifeCycle, Move


class VersionState(TextChoices):
    """Where a version stands. From `in force` on the state follows the force events of today; nobody types it."""

    DRAFTING = "drafting", _("drafting")
    NEGOTIATING = "negotiating", _("negotiating")
    AGREED = "agreed_ad_referendum", _("agreed ad referendum")
    SIGNED = "signed", _("signed")
    NOTIFIED = "notified", _("notified")
    IN_FORCE = "in_force", _("in force")
    SUSPENDED = "suspended", _("suspended")
    SUPERSEDED = "superseded", _("superseded")
    TERMINATED = "terminated", _("terminated")
    EXPIRED = "expired", _("expired")


V = VersionState
OPEN = frozenset({V.DRAFTING, V.NEGOTIATING})  # its words may still change
UNSIGNED = OPEN | {V.AGREED}
WAITING = frozenset({V.SIGNED, V.NOTIFIED})  # signed, not yet in force
RUNNING = frozenset({V.IN_FORCE, V.SUSPENDED})
OVER = frozenset({V.SUPERSEDED, V.TERMINATED, V.EXPIRED})
SIGNED_STATES = WAITING | RUNNING | OVER

VERSION = LifeCycle(
    "version of an agreement",
    VersionState,
    initial=V.DRAFTING,
    final=OVER,
    moves={
        "negotiate": Move({V.DRAFTING}, V.NEGOTIATING, Action.AGREEMENT_NEGOTIATE),
        "redraft": Move({V.NEGOTIATING}, V.DRAFTING, Action.AGREEMENT_NEGOTIATE),
        "agree": Move({V.NEGOTIATING}, V.AGREED, Action.AGREEMENT_NEGOTIATE),
        "reopen": Move({V.AGREED}, V.NEGOTIATING, Action.AGREEMENT_NEGOTIATE),
        "sign": Move({V.AGREED}, V.SIGNED, Action.AGREEMENT_CONFIRM),
        "notify": Move({V.SIGNED}, V.NOTIFIED, Action.AGREEMENT_NOTIFY),
        "enter": Move(WAITING | OVER, V.IN_FORCE, None),
        "suspend": Move(WAITING | {V.IN_FORCE} | OVER, V.SUSPENDED, None),
        "resume": Move({V.SUSPENDED}, V.IN_FORCE, None),
        "supersede": Move(WAITING | RUNNING | (OVER - {V.SUPERSEDED}), V.SUPERSEDED, None),
        "terminate": Move(WAITING | RUNNING | (OVER - {V.TERMINATED}), V.TERMINATED, None),
        "expire": Move(WAITING | RUNNING | (OVER - {V.EXPIRED}), V.EXPIRED, None),
        "back to signed": Move(RUNNING | OVER, V.SIGNED, None),
        "back to notified": Move(RUNNING | OVER, V.NOTIFIED, None),
    },
)

TONES = {
    V.DRAFTING: "still", V.NEGOTIATING: "warm", V.AGREED: "warm", V.SIGNED: "good", V.NOTIFIED: "good", V.IN_FORCE: "good",
    V.SUSPENDED: "warm", V.SUPERSEDED: "still", V.TERMINATED: "bad", V.EXPIRED: "still",
}  # fmt: skip


class SignatureState(TextChoices):
    """Two persons of the office stand behind each signature: one enters what the paper shows, another compares and confirms."""

    ENTERED = "entered", _("entered")
    CONFIRMED = "confirmed", _("confirmed")
    REJECTED = "rejected", _("rejected")


SIGNATURE = LifeCycle(
    "signature under an agreement",
    SignatureState,
    initial=SignatureState.ENTERED,
    final={SignatureState.CONFIRMED, SignatureState.REJECTED},
    moves={
        "confirm": Move({SignatureState.ENTERED}, SignatureState.CONFIRMED, Action.AGREEMENT_CONFIRM),
        "withdraw": Move({SignatureState.ENTERED}, SignatureState.REJECTED, Action.AGREEMENT_SIGN),
        "reject": Move({SignatureState.ENTERED, SignatureState.CONFIRMED}, SignatureState.REJECTED, Action.AGREEMENT_CONFIRM),
    },
)


class MeetingState(TextChoices):
    """A meeting of the parties."""

    PLANNED = "planned", _("planned")
    HELD = "held", _("held")
    CANCELLED = "cancelled", _("cancelled")


MEETING = LifeCycle(
    "meeting of the parties",
    MeetingState,
    initial=MeetingState.PLANNED,
    final={MeetingState.HELD, MeetingState.CANCELLED},
    moves={
        "hold": Move({MeetingState.PLANNED}, MeetingState.HELD, Action.AGREEMENT_MEET),
        "cancel": Move({MeetingState.PLANNED}, MeetingState.CANCELLED, Action.AGREEMENT_MEET),
    },
)


class NoticeState(TextChoices):
    """A date of an agreement that somebody must look at."""

    OPEN = "open", _("open")
    SETTLED = "settled", _("settled")


NOTICE = LifeCycle(
    "notice of an agreement",
    NoticeState,
    initial=NoticeState.OPEN,
    final={NoticeState.SETTLED},
    moves={"settle": Move({NoticeState.OPEN}, NoticeState.SETTLED, Action.AGREEMENT_SETTLE)},
)
