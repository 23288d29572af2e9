"""Acts upon money that was given: each posting's lines sum up to zero, a fund never falls below zero, what was wrong is reversed and stays readable.

No payment is made here. Above the limit (`SAPHAN_LEDGER_LIMIT`) a posting counts only when a second person has confirmed it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from saphan.access.actions import Action
from saphan.access.models import User
from saphan.access.policy import require
from saphan.audit.services import record
from saphan.core.errors import Invalid, NotFound
from saphan.core.ids import new_reference
from saphan.core.sealing import seal
from saphan.portal.doorway.holder import PORTAL
from saphan.portal.exchange.codes import Kind
from saphan.portal.exchange.ledger_models import FLOWS, Account, Currency, Fund, Line, Posting, Pot, Receipt, Verb
from saphan.portal.exchange.ledger_states import POSTING_LIFE, RECEIPT_LIFE, FundState, PostingState, ReceiptState
from saphan.portal.exchange.models import Campaign, Need, Pledge
from saphan.portal.exchange.pledge_models import PledgeQuerySet
from saphan.portal.exchange.states import CampaignState, NeedState

WRITTEN_BY_HAND = (Verb.PROMISE, Verb.RELEASE, Verb.COLLECT, Verb.RECEIVE, Verb.SPEND, Verb.GIVE_BACK)


@dataclass(frozen=True)
class PostingFacts:
    """What happened: how much, when, and a note that is sealed (who paid, which voucher)."""

    verb: str
    amount: Decimal
    happened_on: date
    note: str = ""
    to_fund_id: UUID | None = None
    pledge_id: UUID | None = None


@transaction.atomic
def open_fund(*, need_id: UUID | None = None, campaign_id: UUID | None = None, currency: str = Currency.BAHT, by: User, at: datetime) -> Fund:
    """Opens the fund of one need for money, or of one campaign, with its five accounts. Raises Invalid when there is one."""
    purpose = _purpose(need_id, campaign_id)
    fund = Fund(reference=new_reference("F"), org_id=purpose.org_id, currency=currency, opened_by=by, opened_at=at)
    require(by, Action.FUND_OPEN, fund)
    if isinstance(purpose, Need):
        fund.need = purpose
        if currency != Currency.BAHT:
            raise Invalid(fields={"currency": _("A need is counted in baht.")})
    else:
        fund.campaign = purpose
    fund.save(force_insert=True)
    Account.objects.bulk_create(Account(fund=fund, pot=pot, currency=currency) for pot in Pot)
    record(by=by, action=Action.FUND_OPEN, target=fund, at=at)
    return fund


def _purpose(need_id: UUID | None, campaign_id: UUID | None) -> Need | Campaign:
    """The need or campaign, held. It must have passed its safety review, ask for money if it is a need, and have no fund."""
    need = Need.objects.select_for_update(of=("self",)).filter(pk=need_id).first() if need_id else None
    campaign = Campaign.objects.select_for_update(of=("self",)).filter(pk=campaign_id).first() if campaign_id else None
    purpose = need or campaign
    if purpose is None:
        raise NotFound
    if need and (need.kind != Kind.CASH or need.state not in (NeedState.OPEN, NeedState.MET, NeedState.PAUSED)):
        raise Invalid(fields={"purpose": _("Only an open need for money has a fund.")})
    if campaign and campaign.state != CampaignState.OPEN:
        raise Invalid(fields={"purpose": _("Only a running campaign has a fund.")})
    if Fund.objects.filter(need=need, campaign=campaign).exists():
        raise Invalid(fields={"purpose": _("This has a fund already.")})
    return purpose


@transaction.atomic
def post(*, fund_id: UUID, facts: PostingFacts, by: User, at: datetime) -> Posting:
    """Writes down what happened to a fund. It counts at once, or waits for a second person when it is above the limit."""
    fund = locked_funds([fund_id])[fund_id]
    require(by, Action.FUND_POST, fund)
    if facts.verb not in WRITTEN_BY_HAND:
        raise Invalid(fields={"verb": _("This is not written by hand.")})
    refuse_unbookable(fund, facts, at)
    return written(fund, facts, by=by, at=at)


@transaction.atomic
def reverse(*, posting_id: UUID, note: str, by: User, at: datetime) -> Posting:
    """Takes a booked posting back by its mirror image; both stay readable, and a receipt for it is void."""
    wrong = _posting(posting_id)
    funds = locked_funds([wrong.fund_id, *([wrong.to_fund_id] if wrong.to_fund_id else [])])
    wrong = _posting(posting_id)
    require(by, Action.FUND_POST, funds[wrong.fund_id])
    if wrong.state != PostingState.BOOKED or wrong.verb == Verb.REVERSE:
        raise Invalid(_("Only what is booked can be reversed, and a reversal cannot."))
    if (earlier := Posting.objects.filter(reverses=wrong).first()) is not None:
        if earlier.state != PostingState.REFUSED:
            raise Invalid(_("This is reversed already, or its reversal waits for a second person."))
        raise Invalid(_("A second person has refused to reverse this. Write a posting that sets it right."))
    facts = PostingFacts(Verb.REVERSE, wrong.amount, timezone.localdate(at), note, wrong.to_fund_id)
    for fund in funds.values():
        _refuse_closed(fund)
    into = funds[wrong.to_fund_id] if wrong.to_fund_id else None
    return written(funds[wrong.fund_id], facts, by=by, at=at, into=into, reverses=wrong)


@transaction.atomic
def confirm(*, posting_id: UUID, by: User, at: datetime) -> Posting:
    """A second person says that a large posting is right: now it counts. Raises Invalid when the fund holds less meanwhile."""
    found = _posting(posting_id)
    funds = locked_funds([found.fund_id, *([found.to_fund_id] if found.to_fund_id else [])])
    posting = _posting(posting_id)
    require(by, Action.POSTING_CONFIRM, posting)
    posting.state = POSTING_LIFE.target("confirm", posting.state)
    _refuse_closed(funds[posting.fund_id])
    _book(posting, funds, by=by, at=at)
    record(by=by, action=Action.POSTING_CONFIRM, target=posting, at=at, purpose="confirmed")
    return posting


@transaction.atomic
def refuse(*, posting_id: UUID, by: User, at: datetime) -> Posting:
    """A second person says that a large posting is not right: it never counts."""
    found = _posting(posting_id)
    locked_funds([found.fund_id])
    posting = _posting(posting_id)
    require(by, Action.POSTING_CONFIRM, posting)
    posting.state, posting.decided_by, posting.decided_at = POSTING_LIFE.target("refuse", posting.state), by, at
    posting.save(update_fields=["state", "decided_by", "decided_at"])
    record(by=by, action=Action.POSTING_CONFIRM, target=posting, at=at, purpose="refused")
    return posting


def written(
    fund: Fund, facts: PostingFacts, *, by: User, at: datetime, into: Fund | None = None, reverses: Posting | None = None, at_once: bool = False
) -> Posting:
    """The posting, booked unless it needs a second person (`at_once` where two have acted already). The caller holds the funds; `into` is the other one."""
    needs_two = not at_once and facts.amount > settings.LEDGER_LIMIT
    posting = Posting(
        reference=new_reference("L"), fund=fund, verb=facts.verb, amount=facts.amount, happened_on=facts.happened_on, to_fund_id=facts.to_fund_id,
        pledge_id=facts.pledge_id, reverses=reverses, needs_two=needs_two, written_by=by, written_at=at,
    )  # fmt: skip
    seal(posting, org=PORTAL, note=facts.note.strip() or None)
    posting.save(force_insert=True)
    if not needs_two:
        posting.state = POSTING_LIFE.target("book", posting.state)
        _book(posting, {held.pk: held for held in (fund, into) if held is not None}, by=by, at=at)
    record(by=by, action=Action.FUND_POST, target=posting, at=at, purpose=facts.verb, fields=["note"] if facts.note.strip() else [])
    return posting


def _book(posting: Posting, funds: dict[UUID, Fund], *, by: User, at: datetime) -> None:
    """Writes the lines and moves the sums of the funds, whose rows are held."""
    lines = lines_of(posting)
    if sum(line.amount for line in lines):
        raise AssertionError("a posting whose lines do not sum up to zero")
    for line in lines:
        _add(funds[line.account.fund_id], line)
    for fund in funds.values():
        if fund.balance < 0 or fund.promised < 0:
            raise Invalid(fields={"amount": _("The fund does not hold so much.") if fund.balance < 0 else _("Not so much is promised.")})
    posting.decided_by, posting.decided_at = by, at
    posting.save(update_fields=["state", "decided_by", "decided_at"])
    for fund in funds.values():
        fund.save(update_fields=["balance", "promised"])
    Line.objects.bulk_create(lines)
    if posting.reverses_id:
        _void_receipt(posting.reverses_id, at)


def _add(fund: Fund, line: Line) -> None:
    if line.account.pot == Pot.FUND:
        fund.balance += line.amount
    elif line.account.pot == Pot.PLEDGED:
        fund.promised += line.amount


def lines_of(posting: Posting) -> list[Line]:
    """The lines that booking this posting writes: out of one account into another, or the mirror image of what it reverses."""
    if posting.reverses is not None:
        theirs = posting.reverses.lines.select_related("account")
        return [Line(posting=posting, account=line.account, amount=-line.amount) for line in theirs]
    out, into = FLOWS[posting.verb]
    accounts = {(account.fund_id, account.pot): account for account in Account.objects.filter(fund__in=[posting.fund_id, posting.to_fund_id])}
    return [
        Line(posting=posting, account=accounts[posting.fund_id, out], amount=-posting.amount),
        Line(posting=posting, account=accounts[posting.to_fund_id or posting.fund_id, into], amount=posting.amount),
    ]


def _void_receipt(posting_id: UUID, at: datetime) -> None:
    receipt = Receipt.objects.select_for_update(of=("self",)).filter(posting=posting_id, state=ReceiptState.VALID).first()
    if receipt is not None:
        receipt.state, receipt.voided_at = RECEIPT_LIFE.target("void", receipt.state), at
        receipt.save(update_fields=["state", "voided_at"])


def refuse_unbookable(fund: Fund, facts: PostingFacts, at: datetime) -> None:
    """Raises Invalid with a sentence at each field that cannot stay so."""
    _refuse_closed(fund)
    wrong = {}
    if facts.amount <= 0 or facts.amount != round(facts.amount, 2):
        wrong["amount"] = _("Write an amount above zero with at most two decimals.")
    if facts.happened_on > timezone.localdate(at):
        wrong["happened_on"] = _("This day has not come yet.")
    if facts.pledge_id and facts.pledge_id not in pledges_to(fund).values_list("pk", flat=True):
        wrong["pledge"] = _("This pledge is not for this fund.")
    if facts.verb in (Verb.SPEND, Verb.GIVE_BACK, Verb.MOVE) and facts.amount > fund.balance:
        wrong["amount"] = _("The fund does not hold so much.")
    if facts.verb in (Verb.RELEASE, Verb.COLLECT) and facts.amount > fund.promised:
        wrong["amount"] = _("Not so much is promised.")
    if wrong:
        raise Invalid(fields=wrong)


def pledges_to(fund: Fund) -> PledgeQuerySet:
    """Pledges of money to the need of this fund, or to the needs of its campaign."""
    money = Pledge.objects.filter(need__kind=Kind.CASH)
    return money.filter(need=fund.need_id) if fund.need_id else money.filter(need__campaign=fund.campaign_id)


def _refuse_closed(fund: Fund) -> None:
    if fund.state != FundState.OPEN:
        raise Invalid(_("This fund is closed."))


def locked_funds(ids: Iterable[UUID]) -> dict[UUID, Fund]:
    """Funds, held until the transaction ends, always taken in the same order. Raises NotFound."""
    wanted = set(ids)
    found = {fund.pk: fund for fund in Fund.objects.select_for_update(of=("self",)).filter(pk__in=wanted).order_by("pk")}
    if set(found) != wanted:
        raise NotFound
    return found


def _posting(posting_id: UUID) -> Posting:
    posting = Posting.objects.select_related("reverses").filter(pk=posting_id).first()
    if posting is None:
        raise NotFound
    return posting
