"""Life cycles of an invitation and of an organisation's place in the network."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from saphan.access.actions import Action
from saphan.core.states import LifeCycle, Move
from saphan.directory.models import Organisation


class InvitationState(TextChoices):
    """Where an invitation stands; one past its date is still "sent", but its link no longer opens."""

    SENT = "sent", _("sent")
    ACCEPTED = "accepted", _("accepted")
    REVOKED = "revoked", _("revoked")


INVITATION = LifeCycle(
    "invitation",
    InvitationState,
    initial=InvitationState.SENT,
    final={InvitationState.ACCEPTED, InvitationState.REVOKED},
    moves={
        "accept": Move({InvitationState.SENT}, InvitationState.ACCEPTED, None),
        "revoke": Move({InvitationState.SENT}, InvitationState.REVOKED, Action.ACCOUNTS_INVITE),
    },
)

State = Organisation.State
ORGANISATION = LifeCycle(
    "organisation",
    State,
    initial=State.PROPOSED,
    final={State.REJECTED},
    moves={
        "approve": Move({State.PROPOSED}, State.APPROVED, Action.ORGANISATIONS_APPROVE),
        "reject": Move({State.PROPOSED}, State.REJECTED, Action.ORGANISATIONS_REJECT),
        "suspend": Move({State.APPROVED}, State.SUSPENDED, Action.ORGANISATIONS_REJECT),
        "propose again": Move({State.SUSPENDED}, State.PROPOSED, Action.ORGANISATIONS_PROPOSE),
    },
)
