"""What negotiating brings to My day: proposals that wait for an office's word, and signatures that a second person completes."""

from collections.abc import Sequence
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from saphan.access.actions import Action
from saphan.access.models import User
from saphan.agreements.models import AgreementParty
from saphan.agreements.version_models import AgreementVersion
from saphan.agreements.workspace.articles import mark_of
from saphan.agreements.workspace.models import PreparedSignature, Proposal
from saphan.agreements.workspace.parties import speaking_parties
from saphan.agreements.workspace.states import PreparedState
from saphan.core.registry import Task, Tile, add_tile

SHOWN = 10
READ = 100  # so many open proposals are looked at


def register() -> None:
    """Brings the tiles; called once, when the room is ready."""
    add_tile(Tile(_("Proposals that wait for your word"), Action.AGREEMENT_POSITION, 58, _list_url, proposals, count_proposals))
    add_tile(Tile(_("Signatures for a second person"), Action.AGREEMENT_SIGN_BY_KEY, 59, _list_url, prepared, count_prepared))


def unanswered(user: User) -> list[Proposal]:
    """Open proposals to whose present text the user's party has not spoken, the oldest first."""
    seen = AgreementVersion.objects.visible_to(user).values("pk")
    found = (
        Proposal.objects.open().filter(version__in=seen).select_related("version__agreement").prefetch_related("positions").order_by("submitted_at")
    )
    proposed = list(found[:READ])
    speaks = speaking_parties(user, {one.version.agreement for one in proposed})
    return [one for one in proposed if (party := speaks.get(one.version.agreement_id)) and not _has_spoken(party, one)]


def _has_spoken(party: AgreementParty, proposal: Proposal) -> bool:
    """Whether this party has said anything to the text as it is proposed now."""
    return any(said.party_id == party.pk and said.content_mark == mark_of(proposal.content) for said in proposal.positions.all())


def count_proposals(user: User) -> int:
    return len(unanswered(user))


def proposals(user: User, at: datetime) -> Sequence[Task]:  # noqa: ARG001  # a tile's shape
    """Those proposals."""
    return [
        Task(f"{one.version.agreement.code} {one.version.semver}: {one.article}", reverse("workspace:proposal", args=[one.pk]), None, _("proposed"))
        for one in unanswered(user)[:SHOWN]
    ]


def count_prepared(user: User) -> int:
    return PreparedSignature.objects.filter(org=user.org_id, state=PreparedState.PREPARED).exclude(prepared_by=user).count()


def prepared(user: User, at: datetime) -> Sequence[Task]:  # noqa: ARG001  # a tile's shape
    """Signatures that a colleague made ready."""
    waiting = PreparedSignature.objects.filter(org=user.org_id, state=PreparedState.PREPARED).exclude(prepared_by=user)
    rows = waiting.select_related("version__agreement").order_by("prepared_at")[:SHOWN]
    return [
        Task(f"{row.version.agreement.code} {row.version.semver}", reverse("workspace:signing", args=[row.version_id]), None, _("to be signed"))
        for row in rows
    ]


def _list_url(user: User) -> str:  # noqa: ARG001  # a tile's shape
    return reverse("agreements:list")
