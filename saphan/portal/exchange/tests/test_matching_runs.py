"""A run proposes; people decide; nothing is promised by it."""

from datetime import timedelta
from decimal import Decimal

import pytest

from saphan.audit.models import AuditEvent
from saphan.core.errors import Refused
from saphan.core.ids import new_id
from saphan.directory.seeds import load_reference
from saphan.portal.exchange import matching_runs, pledging
from saphan.portal.exchange.codes import NEEDED_CHECKS, Tier, Why
from saphan.portal.exchange.matching_runs import propose, reasons_of
from saphan.portal.exchange.models import Match, Safeguarding
from saphan.portal.exchange.states import MatchState
from saphan.portal.exchange.tests.exchanged import NOW, TODAY, a_need, an_offer


@pytest.fixture
def run(people):
    """Runs the matching as the exchange officer."""
    load_reference()
    return lambda: propose(by=people.exchange_officer, at=NOW)


def waiting_for(need):
    return {match.offer_id: match.quantity for match in Match.objects.waiting().filter(need=need)}


def test_an_offer_near_by_is_proposed_with_its_reasons_and_promises_nothing(people, run):
    need, offer = a_need(people, urgency=4), an_offer(people, quantity=Decimal(6))
    assert run() >= 1
    match = Match.objects.waiting().get(need=need, offer=offer)
    assert match.quantity == 6
    assert match.proposed_by is None
    assert reasons_of(match)[0] == "Both are in the same province."
    need.refresh_from_db()
    assert need.promised == 0
    assert AuditEvent.objects.filter(action="exchange:propose_match", target_kind="portal_exchange.run").exists()


def test_units_of_one_family_are_turned_into_one_another(people, run):
    need = a_need(people, quantity=Decimal(30), unit="piece")
    offer = an_offer(people, quantity=Decimal(2), unit="dozen")
    run()
    assert waiting_for(need) == {offer.pk: 24}
    pledging.accept_match(match_id=Match.objects.waiting().get(need=need).pk, by=people.exchange_officer, at=NOW)
    offer.refresh_from_db()
    assert offer.promised == 2


def test_of_an_opened_dozen_nothing_is_proposed_to_another(people, run):
    one, two = a_need(people, quantity=Decimal(5)), a_need(people, quantity=Decimal(7))
    offer = an_offer(people, quantity=Decimal(1), unit="dozen", province_id="TH-50")
    run()
    proposed = [waiting_for(one).get(offer.pk), waiting_for(two).get(offer.pk)]
    assert sum(quantity is not None for quantity in proposed) == 1


def test_what_is_promised_already_is_not_proposed(people, run):
    need = a_need(people, promised=Decimal(7))
    offer = an_offer(people, quantity=Decimal(9), promised=Decimal(8))
    run()
    assert waiting_for(need) == {offer.pk: 1}


@pytest.mark.parametrize(
    ("need", "offer"),
    [
        ({"state": "paused"}, {}),
        ({"needed_by": TODAY - timedelta(days=1)}, {}),
        ({"item": "other"}, {"item": "other"}),
        ({"unit": "kg"}, {}),
        ({}, {"state": "paused"}),
        ({}, {"until_on": TODAY}),
        ({}, {"province_id": "TH-10"}),
        ({"languages": ["km"]}, {"languages": ["th"]}),
        ({"tier": 2}, {"tier": 1}),
    ],
)
def test_what_does_not_fit_is_not_proposed(people, run, need, offer):
    if offer.get("until_on"):
        offer = {"from_on": TODAY - timedelta(days=9), "until_on": TODAY - timedelta(days=1)}
    wanted, given = a_need(people, **need), an_offer(people, **offer)
    run()
    assert given.pk not in waiting_for(wanted)


def cleared(people, **told):
    offer = an_offer(people, kind="time", item="company", unit="hour", tier=Tier.CLEARED, meets=True, **told)
    for check in NEEDED_CHECKS[Tier.CLEARED]:
        Safeguarding.objects.create(
            offer=offer, check_kind=check, result="passed", done_on=TODAY - timedelta(days=90), expires_on=TODAY, recorded_by=people.coordinator,
            recorded_at=NOW, confirmed_by=people.exchange_officer, confirmed_at=NOW,
        )  # fmt: skip
    return offer


def test_who_would_meet_survivors_needs_every_check_valid_today(people, run):
    need = a_need(people, kind="time", item="company", unit="hour", tier=Tier.CLEARED, meets_survivors=True)
    fit, past, unconfirmed = (cleared(people) for _ in range(3))
    past.checks.filter(check_kind="record").update(expires_on=TODAY - timedelta(days=1))
    unconfirmed.checks.filter(check_kind="training").update(confirmed_by=None, confirmed_at=None)
    run()
    assert set(waiting_for(need)) == {fit.pk}


@pytest.mark.parametrize(
    ("tier", "lost", "change"),
    [
        (Tier.KNOWN, "identity", {"expires_on": TODAY - timedelta(days=1)}),
        (Tier.REFERRED, "references", {"expires_on": TODAY - timedelta(days=1)}),
        (Tier.REFERRED, "identity", {"confirmed_by": None, "confirmed_at": None}),
        (Tier.CLEARED, "interview", None),
    ],
)
def test_nobody_is_proposed_whom_the_acceptance_must_refuse(people, run, tier, lost, change):
    need = a_need(people, kind="time", item="company", unit="hour", tier=tier)
    fit, other = cleared(people), cleared(people)
    fit.tier = other.tier = tier
    fit.save(), other.save()
    if change:
        other.checks.filter(check_kind=lost).update(**change)
    else:  # it failed once more, later
        found = {"check_kind": lost, "result": "failed", "done_on": TODAY, "expires_on": TODAY}
        other.checks.create(**found, recorded_by=people.coordinator, recorded_at=NOW)
    run()
    assert set(waiting_for(need)) == {fit.pk}
    match = Match.objects.waiting().get(need=need)
    assert pledging.accept_match(match_id=match.pk, by=people.exchange_officer, at=NOW).offer_id == fit.pk


def test_a_second_run_leaves_what_is_the_same_and_ends_what_is_not(people, run):
    need, offer = a_need(people), an_offer(people)
    run()
    first = Match.objects.waiting().get(need=need, offer=offer)
    run()
    assert Match.objects.waiting().get(need=need, offer=offer).pk == first.pk
    offer.state = "paused"
    offer.save()
    run()
    first.refresh_from_db()
    assert (first.state, first.why) == (MatchState.EXPIRED, Why.TIME)


def test_a_pair_that_another_run_proposed_a_moment_ago_stands_once(people, run, monkeypatch):
    need, offer = a_need(people), an_offer(people)
    ends = matching_runs._supersede

    def meanwhile(found, this_run, at):
        ends(found, this_run, at)
        Match.objects.create(need=need, offer=offer, quantity=Decimal(1), parts={}, run=new_id(), proposed_at=at)

    monkeypatch.setattr(matching_runs, "_supersede", meanwhile)
    proposed = run()
    assert waiting_for(need) == {offer.pk: 1}
    assert proposed == Match.objects.waiting().exclude(need=need).count()


def test_a_pair_that_a_person_declined_is_not_proposed_again(people, run):
    need, offer = a_need(people), an_offer(people)
    run()
    pledging.decline_match(match_id=Match.objects.waiting().get(need=need, offer=offer).pk, why=Why.TOO_FAR, by=people.exchange_officer, at=NOW)
    run()
    assert offer.pk not in waiting_for(need)


def test_what_a_person_proposed_keeps_its_amounts(people, run):
    need, mine, other = a_need(people), an_offer(people), an_offer(people)
    pledging.propose_match(need_id=need.pk, offer_id=mine.pk, quantity=Decimal(8), by=people.coordinator, at=NOW)
    run()
    assert waiting_for(need) == {mine.pk: 8, other.pk: 2}


def test_only_a_coordinator_starts_a_run(people):
    with pytest.raises(Refused):
        propose(by=people.editor, at=NOW)


def test_a_run_asks_few_questions_however_many_there_are(people, run, django_assert_max_num_queries):
    for _ in range(12):
        a_need(people), an_offer(people)
    with django_assert_max_num_queries(20):
        run()
