"""Negotiating a draft article by article: what a party proposes, what each party says to it, and the moment when all have accepted."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from saphan.access.actions import Action
from saphan.access.models import User
from saphan.access.policy import require
from saphan.agreements.drafting import locked_version
from saphan.agreements.models import AgreementParty, AgreementVersion
from saphan.agreements.states import VersionState
from saphan.agreements.workspace.articles import (
    Plain,
    article_or_none,
    keys_of,
    mark_of,
    next_number,
    with_article,
    with_new_article,
    without_article,
)
from saphan.agreements.workspace.models import Comment, Position, Proposal, What
from saphan.agreements.workspace.parties import own_party, signing_parties
from saphan.agreements.workspace.revising import Apart, Edit, put
from saphan.agreements.workspace.states import PROPOSAL, ProposalState, Stance
from saphan.agreements.workspace.writing import checked
from saphan.audit.services import record
from saphan.core.errors import Invalid, NotFound, WrongState

P = ProposalState


@transaction.atomic
def begin_proposal(*, version_id: UUID, key: str, by: User, at: datetime) -> Proposal:
    """Opens a sheet with the present text of an article, to be changed and laid before the parties."""
    version = negotiated(version_id)
    require(by, Action.AGREEMENT_PROPOSE, version.agreement)
    present = article_or_none(version.plain(), key)
    if present is None:
        raise NotFound
    return _begun(version, by, at, article=key, base=mark_of(present), content=present)


@transaction.atomic
def begin_new_article(*, version_id: UUID, after: str, by: User, at: datetime) -> Proposal:
    """Opens a sheet for an article that does not exist yet; it stands behind `after`, or at the end."""
    version = negotiated(version_id)
    require(by, Action.AGREEMENT_PROPOSE, version.agreement)
    plain = version.plain()
    number = next_number(plain)
    known = after if after in keys_of(plain) else ""
    return _begun(version, by, at, article=number, after=known, base="none", content={"art": number, "prose": {}})


@transaction.atomic
def propose_removal(*, version_id: UUID, key: str, by: User, at: datetime) -> Proposal:
    """Opens a sheet that proposes to take an article away."""
    version = negotiated(version_id)
    require(by, Action.AGREEMENT_PROPOSE, version.agreement)
    present = article_or_none(version.plain(), key)
    if present is None:
        raise NotFound
    return _begun(version, by, at, article=key, base=mark_of(present), content=None)


def _begun(version: AgreementVersion, by: User, at: datetime, **facts: Any) -> Proposal:
    proposal = Proposal.objects.create(version=version, party=own_party(by, version.agreement), begun_at=at, begun_by=by, **facts)
    record(by=by, action=Action.AGREEMENT_PROPOSE, target=proposal, at=at, fields=["article"], purpose="begin")
    return proposal


@transaction.atomic
def write_proposal(*, proposal_id: UUID, content: Plain, mark: str, by: User, at: datetime) -> Proposal:
    """Changes the proposed text. Raises Apart where a colleague changed it meanwhile, `Unreadable` where it does not fit the schema."""
    proposal = _own(proposal_id, by)
    if proposal.state != P.DRAFT:
        raise WrongState(_("This proposal lies before the parties. Take it back to change it."))
    if mark_of(proposal.content) != mark:
        raise Apart(proposal.content)
    proposal.content = content
    checked(proposed(proposal))
    proposal.save(update_fields=["content"])
    record(by=by, action=Action.AGREEMENT_PROPOSE, target=proposal, at=at, fields=["content"])
    return proposal


@transaction.atomic
def bring_up_to_date(*, proposal_id: UUID, by: User, at: datetime) -> Proposal:
    """Puts a proposal onto the text of today, which changed under it; its own words stay, the redline shows the difference."""
    proposal = _own(proposal_id, by)
    if proposal.state != P.DRAFT:
        raise WrongState(_("Take the proposal back first."))
    proposal.base = mark_of(article_or_none(proposal.version.plain(), proposal.article))
    proposal.save(update_fields=["base"])
    record(by=by, action=Action.AGREEMENT_PROPOSE, target=proposal, at=at, fields=["base"])
    return proposal


@transaction.atomic
def submit(*, proposal_id: UUID, reason: str, by: User, at: datetime) -> Proposal:
    """Lays it before the other parties; its own party accepts it by that. Raises Invalid where nothing is changed, WrongState where the text moved on."""
    proposal = _own(proposal_id, by)
    target = PROPOSAL.target("submit", proposal.state)
    present = article_or_none(proposal.version.plain(), proposal.article)
    _refuse_moved_on(proposal, present)
    if proposal.content == present:
        raise Invalid(_("Nothing is changed in this proposal yet."))
    checked(proposed(proposal))
    proposal.state, proposal.reason, proposal.submitted_at = target, reason.strip(), at
    proposal.save(update_fields=["state", "reason", "submitted_at"])
    record(by=by, action=Action.AGREEMENT_PROPOSE, target=proposal, at=at, purpose="submit")
    _speak(proposal, proposal.party, Stance.ACCEPT, "", by, at)
    _settle_where_all_spoke(proposal, by, at)
    return proposal


@transaction.atomic
def take_back(*, proposal_id: UUID, by: User, at: datetime) -> Proposal:
    """Its party writes it anew; what was said to the earlier text stays on record and counts no more."""
    return _moved(_own(proposal_id, by), "write anew", by, at)


@transaction.atomic
def withdraw(*, proposal_id: UUID, by: User, at: datetime) -> Proposal:
    """Its party gives it up."""
    return _moved(_own(proposal_id, by), "withdraw", by, at)


@transaction.atomic
def take_position(*, proposal_id: UUID, stance: str, words: str, by: User, at: datetime) -> Proposal:
    """A party says what it thinks. When all accept, the text changes; when one rejects, the proposal is settled and the text stays."""
    proposal = held(proposal_id)
    agreement = proposal.version.agreement
    require(by, Action.AGREEMENT_POSITION, agreement)
    if proposal.state != P.OPEN:
        raise WrongState(_("This proposal does not lie before the parties."))
    if stance not in Stance.values:
        raise Invalid(fields={"stance": _("Choose one of the three.")})
    if stance != Stance.ACCEPT and not words.strip():
        raise Invalid(fields={"words": _("Say why, so that the other side can answer.")})
    party = own_party(by, agreement)
    _speak(proposal, party, Stance(stance), words.strip(), by, at)
    if stance == Stance.REJECT and party.pk != proposal.party_id:
        return _moved(proposal, "decline", by, at)
    _settle_where_all_spoke(proposal, by, at)
    return proposal


@transaction.atomic
def comment(*, version_id: UUID, key: str, words: str, by: User, at: datetime, proposal: Proposal | None = None) -> Comment:
    """A remark to an article, or to a proposal, for all parties to read."""
    version = negotiated(version_id)
    require(by, Action.AGREEMENT_COMMENT, version.agreement)
    if not words.strip():
        raise Invalid(fields={"words": _("Write your remark first.")})
    if proposal is None and key not in keys_of(version.plain()):
        raise NotFound
    party = own_party(by, version.agreement)
    said = Comment.objects.create(version=version, article=key, proposal=proposal, party=party, words=words.strip(), at=at, by=by)
    record(by=by, action=Action.AGREEMENT_COMMENT, target=said, at=at)
    return said


def negotiated(version_id: UUID) -> AgreementVersion:
    """The version, held. Raises WrongState unless it lies before the parties."""
    version = locked_version(version_id)
    if version.state != VersionState.NEGOTIATING:
        raise WrongState(_("This version does not lie before the parties: it is “%(state)s”.") % {"state": version.get_state_display()})
    return version


def held(proposal_id: UUID) -> Proposal:
    """The proposal with its version, held. Raises NotFound, or WrongState unless the version lies before the parties."""
    version_id = Proposal.objects.filter(pk=proposal_id).values_list("version", flat=True).first()
    if version_id is None:
        raise NotFound
    version = negotiated(version_id)
    proposal = Proposal.objects.select_for_update(of=("self",)).select_related("party").get(pk=proposal_id)
    proposal.version = version
    return proposal


def proposed(proposal: Proposal) -> Plain:
    """The whole draft as it would be with this proposal."""
    plain = proposal.version.plain()
    if proposal.content is None:
        return without_article(plain, proposal.article)
    if article_or_none(plain, proposal.article) is None:
        return with_new_article(plain, proposal.content, proposal.after)
    return with_article(plain, proposal.article, proposal.content)


def has_moved_on(proposal: Proposal) -> bool:
    """Whether the article changed since the proposal was made from it."""
    return mark_of(article_or_none(proposal.version.plain(), proposal.article)) != proposal.base


def last_words(proposal: Proposal) -> dict[UUID, Position]:
    """The last position of each party to the text as it is proposed now."""
    return {
        position.party_id: position
        for position in proposal.positions.select_related("party", "by")
        if position.content_mark == mark_of(proposal.content)
    }


def _own(proposal_id: UUID, by: User) -> Proposal:
    proposal = held(proposal_id)
    require(by, Action.AGREEMENT_PROPOSE, proposal)
    return proposal


def _moved(proposal: Proposal, verb: str, by: User, at: datetime) -> Proposal:
    proposal.state = PROPOSAL.target(verb, proposal.state)
    proposal.settled_at = at if proposal.state in PROPOSAL.final else None
    proposal.save(update_fields=["state", "settled_at"])
    record(by=by, action=PROPOSAL.moves[verb].action or "", target=proposal, at=at, purpose=verb)
    return proposal


def _speak(proposal: Proposal, party: AgreementParty, stance: Stance, words: str, by: User, at: datetime) -> None:
    said = Position.objects.create(
        proposal=proposal, party=party, stance=stance, content_mark=mark_of(proposal.content), words=words, at=at, by=by
    )  # fmt: skip
    record(by=by, action=Action.AGREEMENT_POSITION, target=said, at=at, fields=["stance"])


def _settle_where_all_spoke(proposal: Proposal, by: User, at: datetime) -> None:
    """The last acceptance changes the text. A proposal whose article moved on meanwhile is never applied to words that nobody saw."""
    said = last_words(proposal)
    if any(party.pk not in said or said[party.pk].stance != Stance.ACCEPT for party in signing_parties(proposal.version.agreement)):
        return
    _refuse_moved_on(proposal, article_or_none(proposal.version.plain(), proposal.article))
    put(proposal.version, proposed(proposal), Edit(What.PROPOSAL, proposal.article), by=by, at=at)
    _moved(proposal, "apply", by, at)


def _refuse_moved_on(proposal: Proposal, present: Plain | None) -> None:
    if mark_of(present) != proposal.base:
        raise WrongState(_("The article has changed since this proposal was made from it. Its party brings it up to date first."))
