"""Money for one purpose: lines sum up to zero, a fund never falls below zero, what is wrong is reversed, a remainder follows the donors' word."""

from datetime import timedelta
from decimal import Decimal
from functools import partial

import pytest
from django.db import Error, IntegrityError, connection, transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from saphan.audit.models import AuditEvent
from saphan.core.errors import Invalid, Refused, WrongState
from saphan.core.sealing import unseal
from saphan.directory.seeds import load_reference
from saphan.portal.doorway.holder import PORTAL
from saphan.portal.exchange import closing, ledger
from saphan.portal.exchange.ledger import PostingFacts
from saphan.portal.exchange.ledger_models import FLOWS, Currency, Fund, Line, Posting, Pot, Verb, Will
from saphan.portal.exchange.ledger_states import FundState, PostingState
from saphan.portal.exchange.tests.exchanged import NOW, TODAY, a_need

YESTERDAY = TODAY - timedelta(days=1)


@pytest.fixture
def fund(people):
    load_reference()
    need = a_need(people, kind="cash", item="fund", unit="thb", quantity=Decimal(90_000))
    return ledger.open_fund(need_id=need.pk, by=people.coordinator, at=NOW)


@pytest.fixture
def another(people, fund):
    need = a_need(people, kind="cash", item="fund", unit="thb", quantity=Decimal(500))
    return ledger.open_fund(need_id=need.pk, by=people.coordinator, at=NOW)


@pytest.fixture
def post(people, fund):
    def act(verb, amount, **told):
        facts = PostingFacts(verb, Decimal(amount), told.pop("on", YESTERDAY), told.pop("note", ""))
        return ledger.post(fund_id=told.pop("fund", fund).pk, facts=facts, by=told.pop("by", people.coordinator), at=NOW)

    return act


def sums(fund):
    """The accounts as the lines have them: the brute force beside what the fund's row says."""
    fund.refresh_from_db()
    found = dict.fromkeys(Pot, Decimal(0))
    for pot, amount in Line.objects.filter(account__fund=fund).values_list("account__pot", "amount"):
        found[Pot(pot)] += amount  # added here, exactly: SQLite adds decimals as floats
    return found


def agrees(fund):
    found = sums(fund)
    assert sum(found.values()) == 0 or fund.postings.filter(verb=Verb.MOVE).exists() or Posting.objects.filter(to_fund=fund).exists()
    assert (found[Pot.FUND], found[Pot.PLEDGED]) == (fund.balance, fund.promised)
    assert fund.balance >= 0


def test_a_gift_is_promised_paid_and_spent(fund, post):
    post(Verb.PROMISE, 1000)
    post(Verb.COLLECT, 700)
    post(Verb.RECEIVE, "50.25")
    post(Verb.SPEND, 300)
    assert sums(fund) == {Pot.GIVEN: Decimal("-1050.25"), Pot.PLEDGED: 300, Pot.FUND: Decimal("450.25"), Pot.SPENT: 300, Pot.RETURNED: 0}
    agrees(fund)


@pytest.mark.parametrize("verb", [Verb.SPEND, Verb.GIVE_BACK, Verb.COLLECT, Verb.RELEASE])
def test_nobody_takes_out_what_is_not_in_it(fund, post, verb):
    post(Verb.RECEIVE, 100)
    post(Verb.PROMISE, 100)
    with pytest.raises(Invalid) as refusal:
        post(verb, "100.01")
    assert "amount" in refusal.value.fields
    agrees(fund)


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        (PostingFacts(Verb.RECEIVE, Decimal(0), YESTERDAY), "amount"),
        (PostingFacts(Verb.RECEIVE, Decimal(-5), YESTERDAY), "amount"),
        (PostingFacts(Verb.RECEIVE, Decimal("1.005"), YESTERDAY), "amount"),
        (PostingFacts(Verb.RECEIVE, Decimal(5), TODAY + timedelta(days=3)), "happened_on"),
        (PostingFacts(Verb.MOVE, Decimal(5), YESTERDAY), "verb"),
        (PostingFacts(Verb.REVERSE, Decimal(5), YESTERDAY), "verb"),
    ],
)
def test_what_cannot_be_is_refused_at_its_field(people, fund, facts, field):
    with pytest.raises(Invalid) as refusal:
        ledger.post(fund_id=fund.pk, facts=facts, by=people.coordinator, at=NOW)
    assert field in refusal.value.fields


def test_a_large_posting_waits_for_a_second_person(people, fund, post):
    posting = post(Verb.RECEIVE, "50000.01")
    assert posting.state == PostingState.WAITING
    assert sums(fund)[Pot.FUND] == 0
    with pytest.raises(Refused):
        ledger.confirm(posting_id=posting.pk, by=people.coordinator, at=NOW)
    ledger.confirm(posting_id=posting.pk, by=people.exchange_officer, at=NOW)
    assert sums(fund)[Pot.FUND] == Decimal("50000.01")
    with pytest.raises(WrongState):
        ledger.confirm(posting_id=posting.pk, by=people.exchange_officer, at=NOW)


def test_a_large_posting_that_is_refused_never_counts(people, fund, post):
    posting = post(Verb.RECEIVE, 60_000)
    ledger.refuse(posting_id=posting.pk, by=people.exchange_officer, at=NOW)
    assert Line.objects.filter(posting=posting).count() == 0
    assert sums(fund)[Pot.FUND] == 0


def test_what_was_waiting_is_refused_when_the_fund_holds_less_meanwhile(people, fund, post):
    ledger.confirm(posting_id=post(Verb.RECEIVE, 80_000).pk, by=people.exchange_officer, at=NOW)
    large = post(Verb.SPEND, 70_000)
    post(Verb.SPEND, 20_000)
    with pytest.raises(Invalid):
        ledger.confirm(posting_id=large.pk, by=people.exchange_officer, at=NOW)
    large.refresh_from_db()
    assert large.state == PostingState.WAITING
    agrees(fund)


def test_the_database_itself_holds_to_two_persons(people, post):
    posting = post(Verb.RECEIVE, 60_000)
    with pytest.raises(IntegrityError), transaction.atomic():
        Posting.objects.filter(pk=posting.pk).update(state=PostingState.BOOKED, decided_by=people.coordinator, decided_at=NOW)


def test_a_wrong_posting_is_reversed_once_and_stays_readable(people, fund, post):
    wrong = post(Verb.RECEIVE, 400, note="voucher 7")
    back = ledger.reverse(posting_id=wrong.pk, note="typed twice", by=people.coordinator, at=NOW)
    assert [line.amount for line in back.lines.order_by("account__pot")] == [-line.amount for line in wrong.lines.order_by("account__pot")]
    assert sums(fund)[Pot.FUND] == 0
    for again in (wrong, back):
        with pytest.raises(Invalid):
            ledger.reverse(posting_id=again.pk, note="", by=people.coordinator, at=NOW)


def test_a_gift_that_is_spent_cannot_be_reversed(people, fund, post):
    gift = post(Verb.RECEIVE, 400)
    post(Verb.SPEND, 300)
    with pytest.raises(Invalid):
        ledger.reverse(posting_id=gift.pk, note="", by=people.coordinator, at=NOW)
    agrees(fund)


def test_the_database_refuses_to_change_or_remove_a_line(fund, post):
    line = post(Verb.RECEIVE, 400).lines.first()
    for act in (lambda: Line.objects.filter(pk=line.pk).update(amount=1), lambda: Line.objects.filter(pk=line.pk).delete()):
        with pytest.raises(Error), transaction.atomic():
            act()


def test_the_database_refuses_a_fund_below_zero(fund):
    with pytest.raises(IntegrityError), transaction.atomic():
        Fund.objects.filter(pk=fund.pk).update(balance=-1)


def test_money_of_others_is_not_touched(people, fund, post):
    with pytest.raises(Refused):
        post(Verb.RECEIVE, 5, by=people.exchange_officer)
    assert not Fund.objects.visible_to(people.exchange_officer).filter(pk=fund.pk).exists()
    post(Verb.RECEIVE, 60_000)
    assert Fund.objects.visible_to(people.exchange_officer).filter(pk=fund.pk).exists()
    assert not Fund.objects.visible_to(people.editor).exists()


def test_a_fund_is_opened_once_and_only_for_money(people, fund):
    with pytest.raises(Invalid):
        ledger.open_fund(need_id=fund.need_id, by=people.coordinator, at=NOW)
    with pytest.raises(Invalid):
        ledger.open_fund(need_id=a_need(people).pk, by=people.coordinator, at=NOW)
    need = a_need(people, kind="cash", item="fund", unit="thb")
    with pytest.raises(Invalid):
        ledger.open_fund(need_id=need.pk, currency=Currency.EURO, by=people.coordinator, at=NOW)


def test_notes_lie_sealed_and_the_record_names_no_value(fund, post):
    posting = post(Verb.RECEIVE, 400, note="Khun Canary, voucher 7")
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM portal_exchange_posting")
        assert "Canary" not in "".join(
            bytes(cell).decode("latin-1") if isinstance(cell, bytes | memoryview) else str(cell) for row in cursor for cell in row
        )
    assert unseal(posting, "note", org=PORTAL)["note"] == "Khun Canary, voucher 7"
    event = AuditEvent.objects.filter(action="exchange:post").latest("seq")
    assert (event.purpose, event.fields) == ("receive", "note")


def decide(people, fund, will, amount, to_fund=None):
    facts = closing.DecisionFacts(will, Decimal(amount), YESTERDAY, to_fund.pk if to_fund else None, "by telephone")
    return closing.record_decision(fund_id=fund.pk, facts=facts, by=people.coordinator, at=NOW)


def test_an_empty_fund_is_closed(people, fund):
    assert closing.close_fund(fund_id=fund.pk, by=people.coordinator, at=NOW).state == FundState.CLOSED


def test_a_remainder_follows_what_the_donors_decided(people, fund, another, post):
    post(Verb.RECEIVE, 1000)
    with pytest.raises(Invalid):
        closing.close_fund(fund_id=fund.pk, by=people.coordinator, at=NOW)
    decide(people, fund, Will.GIVE_BACK, 400)
    decide(people, fund, Will.MOVE, 600, another)
    with pytest.raises(Refused):  # who wrote it down does not carry it out
        closing.close_fund(fund_id=fund.pk, by=people.coordinator, at=NOW)
    closing.close_fund(fund_id=fund.pk, by=people.exchange_officer, at=NOW)
    assert sums(fund)[Pot.RETURNED] == 400
    assert sums(another)[Pot.FUND] == another.balance == 600
    fund.refresh_from_db()
    assert (fund.state, fund.balance) == (FundState.CLOSED, 0)
    assert sum(Line.objects.filter(account__fund__in=[fund, another]).values_list("amount", flat=True)) == 0


def test_a_decision_that_was_dropped_moves_nothing(people, fund, post):
    post(Verb.RECEIVE, 1000)
    closing.drop_decision(decision_id=decide(people, fund, Will.GIVE_BACK, 1000).pk, by=people.coordinator, at=NOW)
    with pytest.raises(Invalid):
        closing.close_fund(fund_id=fund.pk, by=people.coordinator, at=NOW)


@pytest.mark.parametrize("amount", [0, 1001])
def test_no_more_is_decided_than_is_left(people, fund, post, amount):
    post(Verb.RECEIVE, 1000)
    with pytest.raises(Invalid) as refusal:
        decide(people, fund, Will.GIVE_BACK, amount)
    assert "amount" in refusal.value.fields


def test_money_is_moved_only_to_a_fund_of_the_same_house_and_currency(people, fund, another, post):
    post(Verb.RECEIVE, 1000)
    for target in (None, fund):
        with pytest.raises(Invalid):
            decide(people, fund, Will.MOVE, 10, target)
    with pytest.raises(Invalid):
        decide(people, fund, Will.GIVE_BACK, 10, another)


def test_a_fund_with_open_ends_is_not_closed(people, fund, post):
    promise = post(Verb.PROMISE, 10)
    with pytest.raises(Invalid):
        closing.close_fund(fund_id=fund.pk, by=people.coordinator, at=NOW)
    ledger.reverse(posting_id=promise.pk, note="", by=people.coordinator, at=NOW)
    waiting = post(Verb.RECEIVE, 60_000)
    with pytest.raises(Invalid):
        closing.close_fund(fund_id=fund.pk, by=people.coordinator, at=NOW)
    ledger.refuse(posting_id=waiting.pk, by=people.exchange_officer, at=NOW)
    closing.close_fund(fund_id=fund.pk, by=people.coordinator, at=NOW)
    with pytest.raises(Invalid):
        post(Verb.RECEIVE, 5)


STEPS = st.lists(
    st.tuples(st.sampled_from([*FLOWS, "reverse"]), st.decimals(Decimal("0.01"), Decimal(900), places=2), st.integers(0, 9)), min_size=1, max_size=14
)


@given(steps=STEPS)
@settings(max_examples=40)
def test_whatever_is_tried_the_sum_is_zero_and_the_balance_is_that_of_the_lines(people, fund, another, steps):
    """A model in plain numbers beside the ledger: what the model allows is booked, what it does not is refused, and both agree after each step."""
    with transaction.atomic():
        told = {Pot.GIVEN: Decimal(0), Pot.PLEDGED: Decimal(0), Pot.FUND: Decimal(0), Pot.SPENT: Decimal(0), Pot.RETURNED: Decimal(0)}
        done: list[Posting] = []
        for verb, amount, which in steps:
            if verb == Verb.MOVE or (verb == "reverse" and not done):
                continue
            if verb == "reverse":
                posting = done.pop(which % len(done))
                into, out = FLOWS[posting.verb]
                amount, act = posting.amount, partial(ledger.reverse, posting_id=posting.pk, note="")
            else:
                out, into = FLOWS[verb]
                act = partial(ledger.post, fund_id=fund.pk, facts=PostingFacts(verb, amount, YESTERDAY))
            allowed = out not in (Pot.FUND, Pot.PLEDGED) or told[out] >= amount
            if allowed:
                made = act(by=people.coordinator, at=NOW)
                told[out], told[into] = told[out] - amount, told[into] + amount
                done += [made] if verb != "reverse" else []
            else:
                with pytest.raises(Invalid):
                    act(by=people.coordinator, at=NOW)
                done += [posting] if verb == "reverse" else []
            assert sums(fund) == told
            agrees(fund)
        transaction.set_rollback(True)
