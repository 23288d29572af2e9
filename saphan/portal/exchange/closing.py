"""A fund is closed when nothing is left in it: what donors want done with a remainder is written down by one person and carried out by another."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from saphan.access.actions import Action
from saphan.access.models import User
from saphan.access.policy import require
from saphan.audit.services import record
from saphan.core.errors import Invalid, NotFound
from saphan.core.sealing import seal
from saphan.portal.doorway.holder import PORTAL
from saphan.portal.exchange.ledger import PostingFacts, locked_funds, written
from saphan.portal.exchange.ledger_models import Decision, Fund, Verb, Will
from saphan.portal.exchange.ledger_states import FUND_LIFE, FundState


@dataclass(frozen=True)
class DecisionFacts:
    """What a donor wants done with her part of a remainder, when she said so, and a sealed note how."""

    will: str
    amount: Decimal
    told_on: date
    to_fund_id: UUID | None = None
    note: str = ""


@transaction.atomic
def record_decision(*, fund_id: UUID, facts: DecisionFacts, by: User, at: datetime) -> Decision:
    """Writes down what a donor decided. Nothing moves before another person closes the fund."""
    fund = locked_funds([fund_id])[fund_id]
    require(by, Action.FUND_DECIDE, fund)
    _refuse(fund, facts, at)
    decision = Decision(
        fund=fund, will=facts.will, amount=facts.amount, to_fund_id=facts.to_fund_id, told_on=facts.told_on, recorded_by=by, recorded_at=at
    )
    seal(decision, org=PORTAL, note=facts.note.strip() or None)
    decision.save(force_insert=True)
    record(by=by, action=Action.FUND_DECIDE, target=fund, at=at, purpose=facts.will, fields=["amount", "note"])
    return decision


@transaction.atomic
def drop_decision(*, decision_id: UUID, by: User, at: datetime) -> Decision:
    """Takes a decision back that was not carried out; it stays readable."""
    found = Decision.objects.filter(pk=decision_id).first()
    if found is None:
        raise NotFound
    fund = locked_funds([found.fund_id])[found.fund_id]
    require(by, Action.FUND_DECIDE, fund)
    decision = Decision.objects.get(pk=decision_id)
    if decision.posting_id or decision.dropped_at:
        raise Invalid(_("This was carried out or dropped already."))
    decision.dropped_at = at
    decision.save(update_fields=["dropped_at"])
    record(by=by, action=Action.FUND_DECIDE, target=fund, at=at, purpose="drop")
    return decision


@transaction.atomic
def close_fund(*, fund_id: UUID, by: User, at: datetime) -> Fund:
    """Carries out what donors decided and closes the fund. Raises Invalid unless the decisions cover exactly what is left."""
    open_decisions = list(Decision.objects.filter(fund=fund_id, posting=None, dropped_at=None))
    funds = locked_funds([fund_id, *(d.to_fund_id for d in open_decisions if d.to_fund_id)])
    fund = funds[fund_id]
    require(by, Action.FUND_CLOSE, fund)
    state = FUND_LIFE.target("close", fund.state)
    _refuse_open_ends(fund)
    for decision in fund.decisions.filter(posting=None, dropped_at=None):
        _carry_out(decision, funds, by=by, at=at)
    fund.state, fund.closed_by, fund.closed_at = state, by, at
    fund.save(update_fields=["state", "closed_by", "closed_at"])
    record(by=by, action=Action.FUND_CLOSE, target=fund, at=at)
    return fund


def _carry_out(decision: Decision, funds: dict[UUID, Fund], *, by: User, at: datetime) -> None:
    verb = Verb.MOVE if decision.will == Will.MOVE else Verb.GIVE_BACK
    target = funds.get(decision.to_fund_id) if decision.to_fund_id else None
    if target is not None and target.state != FundState.OPEN:
        raise Invalid(_("The fund to which it should go is closed. Ask the donor again."))
    facts = PostingFacts(verb, decision.amount, timezone.localdate(at), to_fund_id=decision.to_fund_id)
    decision.posting = written(funds[decision.fund_id], facts, by=by, at=at, at_once=True, into=target)
    decision.save(update_fields=["posting"])


def undecided(fund: Fund) -> Decimal:
    """What is left in the fund and about which no donor has decided."""
    decided = fund.decisions.filter(posting=None, dropped_at=None).values_list("amount", flat=True)
    return fund.balance - sum(decided, Decimal(0))  # added here: SQLite adds decimals as floats, and a fund closes at exactly nothing


def _refuse_open_ends(fund: Fund) -> None:
    if fund.promised:
        raise Invalid(_("Promises are open. Write down that they were paid or fell away."))
    if fund.postings.waiting().exists():
        raise Invalid(_("A posting waits for a second person."))
    if undecided(fund):
        raise Invalid(_("Money is left. Ask the donors, and write down what each of them decides, until nothing is undecided."))


def _refuse(fund: Fund, facts: DecisionFacts, at: datetime) -> None:
    wrong = {}
    if fund.state != FundState.OPEN:
        raise Invalid(_("This fund is closed."))
    if not 0 < facts.amount <= undecided(fund):
        wrong["amount"] = _("So much is not left and undecided.")
    if facts.told_on > timezone.localdate(at):
        wrong["told_on"] = _("This day has not come yet.")
    target = Fund.objects.filter(pk=facts.to_fund_id).first() if facts.to_fund_id else None
    if (facts.will == Will.MOVE) != (target is not None):
        wrong["to_fund"] = _("Name the other fund exactly when the donor wants it moved.")
    elif target and (target.pk == fund.pk or target.currency != fund.currency or target.org_id != fund.org_id or target.state != FundState.OPEN):
        wrong["to_fund"] = _("Choose another open fund of your organisation in the same currency.")
    if wrong:
        raise Invalid(fields=wrong)
