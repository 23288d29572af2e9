"""Brackets: an article that a party holds open, or to which a proposal lies before the parties. Nobody agrees to the whole while one stands."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from saphan.access.actions import Action
from saphan.access.models import User
from saphan.access.policy import require
from saphan.agreements.drafting import BEFORE_AGREEING
from saphan.agreements.models import AgreementVersion
from saphan.agreements.workspace.articles import keys_of
from saphan.agreements.workspace.models import Bracket, Proposal
from saphan.agreements.workspace.negotiating import negotiated
from saphan.agreements.workspace.parties import own_party
from saphan.agreements.workspace.states import BRACKET, BracketState, ProposalState
from saphan.audit.services import record
from saphan.core.errors import Invalid, NotFound


@dataclass(frozen=True)
class Open:
    """Why one article is in brackets."""

    article: str
    reason: str


@transaction.atomic
def set_bracket(*, version_id: UUID, key: str, reason: str, by: User, at: datetime) -> Bracket:
    """A party holds an article open and says why."""
    version = negotiated(version_id)
    require(by, Action.AGREEMENT_BRACKET, version.agreement)
    if key not in keys_of(version.plain()):
        raise NotFound
    if not reason.strip():
        raise Invalid(fields={"reason": _("Say what is open.")})
    bracket = Bracket(version=version, article=key, party=own_party(by, version.agreement), reason=reason.strip(), set_at=at, set_by=by)
    try:
        with transaction.atomic():
            bracket.save(force_insert=True)
    except IntegrityError:
        raise Invalid(fields={"reason": _("Your side holds this article open already.")}) from None
    record(by=by, action=Action.AGREEMENT_BRACKET, target=bracket, at=at)
    return bracket


@transaction.atomic
def lift_bracket(*, bracket_id: UUID, by: User, at: datetime) -> Bracket:
    """The party that set it finds the article settled."""
    version_id = Bracket.objects.filter(pk=bracket_id).values_list("version", flat=True).first()
    if version_id is None:
        raise NotFound
    version = negotiated(version_id)
    bracket = Bracket.objects.select_for_update(of=("self",)).select_related("party").get(pk=bracket_id)
    bracket.version = version
    require(by, Action.AGREEMENT_BRACKET, bracket)
    bracket.state, bracket.lifted_at, bracket.lifted_by = BRACKET.target("lift", bracket.state), at, by
    bracket.save(update_fields=["state", "lifted_at", "lifted_by"])
    record(by=by, action=Action.AGREEMENT_BRACKET, target=bracket, at=at, purpose="lift")
    return bracket


def open_articles(version: AgreementVersion) -> dict[str, list[Open]]:
    """The articles in brackets, each with the reasons."""
    found: dict[str, list[Open]] = {}
    for bracket in version.brackets.filter(state=BracketState.STANDING).select_related("party__country", "party__organisation"):
        reason = _("%(party)s holds it open: %(reason)s") % {"party": bracket.party, "reason": bracket.reason}
        found.setdefault(bracket.article, []).append(Open(bracket.article, reason))
    for proposal in Proposal.objects.filter(version=version, state=ProposalState.OPEN).select_related("party__country", "party__organisation"):
        reason = _("a proposal of %(party)s lies before the parties") % {"party": proposal.party}
        found.setdefault(proposal.article, []).append(Open(proposal.article, reason))
    return found


def standing_in_the_way(version: AgreementVersion) -> Iterator[str]:
    """What keeps the parties from agreeing to the whole."""
    for key, reasons in open_articles(version).items():
        for one in reasons:
            yield _("Article %(number)s is in brackets: %(reason)s.") % {"number": key, "reason": one.reason}


BEFORE_AGREEING.append(standing_in_the_way)
