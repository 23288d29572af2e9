"""Acts on needs: written by a coordinator, passed by another person, steered until they are met."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from saphan.access.actions import Action
from saphan.access.models import User
from saphan.access.policy import require
from saphan.audit.services import record
from saphan.core.errors import Invalid, NotFound, Outdated
from saphan.core.ids import new_reference
from saphan.core.sealing import seal, unseal
from saphan.portal.doorway.holder import PORTAL
from saphan.portal.exchange.codes import ITEMS_OF, UNITS_OF, Question, Tier, Why
from saphan.portal.exchange.models import Need, Review
from saphan.portal.exchange.sources import shown_again
from saphan.portal.exchange.states import MATCH_LIFE, NEED_LIFE, WRITABLE, MatchState, NeedState, PledgeState
from saphan.portal.exchange.units import WHOLE
from saphan.portal.exchange.wording import faults_of

WORDS = ("alias", "title_en", "title_th", "title_own", "text_en", "text_th", "text_own")
FROZEN = ("kind", "item", "unit", "tier", "meets_survivors")  # what a donor has promised to; amount, words and days may change
ACTIONS = {"submit": Action.NEED_SUBMIT, "take_back": Action.NEED_WRITE}


@dataclass(frozen=True)
class NeedFacts:
    """What a coordinator writes of a need."""

    alias: str
    kind: str
    item: str
    quantity: Decimal
    unit: str
    province_id: str
    urgency: int
    words: dict[str, str] = field(default_factory=dict)  # title_en, text_th, own_language …
    needed_by: date | None = None
    languages: Sequence[str] = ()
    tier: int = Tier.UNKNOWN
    meets_survivors: bool = False
    allow_overflow: bool = False
    hub_id: UUID | None = None
    campaign_id: UUID | None = None
    note: str = ""


@transaction.atomic
def write_need(*, facts: NeedFacts, by: User, at: datetime) -> Need:
    """Begins a need as a draft of the writer's organisation. Raises Invalid where the text could give somebody away."""
    require(by, Action.NEED_WRITE)
    need = Need(reference=new_reference("N"), org=by.org, written_at=at)
    _fill(need, facts, by)
    need.save(force_insert=True)
    record(by=by, action=Action.NEED_WRITE, target=need, at=at, fields=["words", "quantity"])
    return need


@transaction.atomic
def rewrite_need(*, need_id: UUID, version: int, facts: NeedFacts, by: User, at: datetime) -> Need:
    """Changes a draft or a returned need. A public one is taken back first, so that nothing public changes unreviewed.

    While something is promised to it, it stays the need that was promised to: Invalid where it would become another. Promises without
    an agreed day follow it to another hub; one with a day is told the new place when a coordinator agrees the day anew.
    """
    need = locked_need(need_id)
    require(by, Action.NEED_WRITE, need)
    if need.version != version:
        raise Outdated(_("Somebody else changed this need since you opened it. Look at it again."))
    if need.state not in WRITABLE:
        raise Invalid(_("Take it back to a draft before you change it: what is public was reviewed word by word."))
    before = {name: getattr(need, name) for name in FROZEN}
    _fill(need, facts, by)
    _keep_to_what_was_promised(need, before, at)
    need.pledges.filter(state=PledgeState.PLEDGED).update(hub=need.hub_id)
    need.version += 1
    need.save()
    record(by=by, action=Action.NEED_WRITE, target=need, at=at, fields=["words", "quantity"])
    return need


def _fill(need: Need, facts: NeedFacts, by: User) -> None:
    for name, text in {"alias": facts.alias, **facts.words}.items():
        setattr(need, name, text.strip())
    for name in ("kind", "item", "quantity", "unit", "province_id", "urgency", "needed_by", "tier", "meets_survivors", "allow_overflow", "hub_id"):
        setattr(need, name, getattr(facts, name))
    need.campaign_id = facts.campaign_id
    need.languages = list(facts.languages)
    need.writers = sorted({*need.writers, str(by.pk)})
    _refuse_unfit(need, facts)
    seal(need, org=PORTAL, note=facts.note.strip() or None)


def _keep_to_what_was_promised(need: Need, before: dict[str, object], at: datetime) -> None:
    """Raises Invalid where live pledges would stand under another thing, or under other checks; proposals for what it was end."""
    changed = {name for name in FROZEN if before[name] != getattr(need, name)}
    if changed and need.pledges.counted().exists():
        sentence = _("Something is promised for this already, so it must stay the same. Write another need, or settle the pledges first.")
        raise Invalid(fields=dict.fromkeys(sorted(changed), sentence))
    if changed:
        need.matches.filter(state=MatchState.PROPOSED).update(state=MATCH_LIFE.target("expire", MatchState.PROPOSED), decided_at=at, why=Why.TIME)


def _refuse_unfit(need: Need, facts: NeedFacts) -> None:
    """Raises Invalid with a sentence at each field that cannot stay so."""
    wrong = {name: " ".join(faults_of(text)) for name in WORDS if (text := getattr(need, name)) and faults_of(text)}
    if not need.title:
        wrong["title_en"] = _("Give it a title in at least one language.")
    if facts.item not in ITEMS_OF.get(facts.kind, ()):
        wrong["item"] = _("This does not belong to the kind that you chose.")
    if facts.unit not in UNITS_OF.get(facts.kind, ()):
        wrong["unit"] = _("This unit does not belong to the kind that you chose.")
    elif facts.unit in WHOLE and facts.quantity != facts.quantity.to_integral_value():
        wrong["quantity"] = _("Only whole amounts of this unit can be brought.")
    if facts.quantity < need.promised and not facts.allow_overflow:
        wrong["quantity"] = _("More than this is promised already.")
    if facts.meets_survivors and facts.tier != Tier.CLEARED:
        wrong["tier"] = _("Whoever meets survivors must be cleared for it.")
    if (need.hub and need.hub.org_id != need.org_id) or (need.campaign and need.campaign.org_id != need.org_id):
        wrong["hub"] = _("Choose one of your own organisation.")
    elif need.hub and need.hub.ended_at:
        wrong["hub"] = _("This hub was given up. Choose another.")
    if wrong:
        raise Invalid(fields=wrong)


@transaction.atomic
def submit_need(*, need_id: UUID, by: User, at: datetime) -> Need:
    """Sends a need to the safety review by another person."""
    need = locked_need(need_id)
    require(by, Action.NEED_SUBMIT, need)
    if need.hub and need.hub.ended_at:
        raise Invalid(_("The hub of this need was given up. Give the need another hub first."))
    need.state, need.submitted_at = NEED_LIFE.target("submit", need.state), at
    need.save(update_fields=["state", "submitted_at"])
    record(by=by, action=Action.NEED_SUBMIT, target=need, at=at)
    return need


@transaction.atomic
def pass_need(*, need_id: UUID, answers: Sequence[str], by: User, at: datetime) -> Need:
    """Another person has answered every question of the check list with yes: the need is public. Raises Invalid when one is missing."""
    need = locked_need(need_id)
    require(by, Action.NEED_REVIEW, need)
    if missing := set(Question.values) - set(answers):
        raise Invalid(fields={"answers": _("%(n)d questions are not answered with yes. Return it to the writer instead.") % {"n": len(missing)}})
    need.state = NEED_LIFE.target("pass", need.state)
    need.opened_at = at
    if need.promised >= need.quantity and not need.allow_overflow:
        need.state = NEED_LIFE.target("meet", need.state)
    need.save(update_fields=["state", "opened_at"])
    Review.objects.create(need=need, by=by, at=at, passed=True, answers=sorted(answers))
    shown_again(need)
    record(by=by, action=Action.NEED_REVIEW, target=need, at=at, purpose="passed")
    return need


@transaction.atomic
def return_need(*, need_id: UUID, findings: str, answers: Sequence[str] = (), by: User, at: datetime) -> Need:
    """Another person found something that must not be public: back to the writer, with what was found (sealed)."""
    need = locked_need(need_id)
    require(by, Action.NEED_REVIEW, need)
    if not findings.strip():
        raise Invalid(fields={"findings": _("Tell the writer what must change.")})
    need.state = NEED_LIFE.target("return", need.state)
    need.save(update_fields=["state"])
    review = Review(need=need, by=by, at=at, passed=False, answers=sorted(answers))
    seal(review, org=PORTAL, findings=findings.strip())
    review.save(force_insert=True)
    record(by=by, action=Action.NEED_REVIEW, target=need, at=at, purpose="returned", fields=["findings"])
    return need


@transaction.atomic
def steer_need(*, need_id: UUID, verb: str, by: User, at: datetime) -> Need:
    """Takes back, pauses, resumes, closes or withdraws a need; what was promised to it stays promised and is settled pledge by pledge."""
    need = locked_need(need_id)
    action = ACTIONS.get(verb, Action.NEED_STEER)
    require(by, action, need)
    if NEED_LIFE.moves[verb].action != action:
        raise NotFound
    need.state = NEED_LIFE.target(verb, need.state)
    if verb in ("close", "withdraw"):
        need.closed_at = at
    settle(need)
    need.save(update_fields=["state", "closed_at"])
    shown_again(need)
    record(by=by, action=action, target=need, at=at, purpose=verb)
    return need


@transaction.atomic
def prolong_need(*, need_id: UUID, needed_by: date, by: User, at: datetime) -> Need:
    """Gives a need that is past its day a new one. Its words stay as they were reviewed."""
    need = locked_need(need_id)
    require(by, Action.NEED_STEER, need)
    if needed_by < at.date():
        raise Invalid(fields={"needed_by": _("This day has passed.")})
    need.state, need.needed_by = NEED_LIFE.target("prolong", need.state), needed_by
    settle(need)
    need.save(update_fields=["state", "needed_by"])
    shown_again(need)
    record(by=by, action=Action.NEED_STEER, target=need, at=at, purpose="prolong", fields=["needed_by"])
    return need


@transaction.atomic
def expire_need(*, need_id: UUID, at: datetime) -> bool:
    """The need's day has passed: it leaves the public pages. False when it was settled meanwhile."""
    need = locked_need(need_id)
    if need.state not in NEED_LIFE.moves["expire"].sources or need.needed_by is None or need.needed_by >= at.date():
        return False
    need.state = NEED_LIFE.target("expire", need.state)
    need.save(update_fields=["state"])
    shown_again(need)
    record(by=None, action="exchange:expire_need", target=need, at=at)
    return True


@transaction.atomic
def read_note(*, need: Need, by: User, at: datetime) -> str:
    """Opens the private note to a coordinator of the need's organisation; recorded."""
    require(by, Action.NEED_READ_NOTE, need)
    note = unseal(need, "note", org=PORTAL)["note"] or ""
    record(by=by, action=Action.NEED_READ_NOTE, target=need, at=at, fields=["note"])
    return note


def settle(need: Need) -> None:
    """Open and met follow from the sums: the one when something is missing, the other when nothing is. Other states are people's."""
    full = need.promised >= need.quantity
    if full and need.state == NeedState.OPEN and not need.allow_overflow:
        need.state = NEED_LIFE.target("meet", need.state)
    elif not full and need.state == NeedState.MET:
        need.state = NEED_LIFE.target("reopen", need.state)


def locked_need(need_id: UUID) -> Need:
    """The need, held until the transaction ends. Raises NotFound."""
    need = Need.objects.select_for_update(of=("self",)).select_related("org").filter(pk=need_id).first()
    if need is None:
        raise NotFound
    return need
