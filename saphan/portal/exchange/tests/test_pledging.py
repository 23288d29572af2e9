"""Nothing is promised twice, and no way out of the chain leaves a wrong sum behind."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.db.models import Sum
from django.urls import reverse

from saphan.access.models import User
from saphan.access.seeds import People
from saphan.core import clock
from saphan.core.errors import Invalid, Refused, WrongState
from saphan.core.models import OutboxMessage
from saphan.portal.exchange import chain, chores, needs, offers, pledging
from saphan.portal.exchange.codes import Question, Tier
from saphan.portal.exchange.models import Hub, Match, Need, Offer, Pledge
from saphan.portal.exchange.states import NeedState, OfferState, PledgeState
from saphan.portal.exchange.tests.conftest import NEED, OFFER, cleared
from tests.people import NOON, client_of

pytestmark = pytest.mark.django_db
DAY = NOON.date() + timedelta(days=2)


def sums_hold(need: Need) -> bool:
    """The counters say what the rows say."""
    need.refresh_from_db()
    counted = Pledge.objects.filter(need=need).counted()
    promised = counted.aggregate(n=Sum("quantity"))["n"] or 0
    received = counted.filter(arrived__isnull=False).aggregate(n=Sum("arrived"))["n"] or 0
    for offer in Offer.objects.filter(pledges__need=need):
        assert offer.promised == (offer.pledges.counted().aggregate(n=Sum("taken"))["n"] or 0)
    return need.promised == promised and need.received == received


def another(quantity: int) -> Offer:
    """Of a donor whose identity was seen: she may promise all of it."""
    made = offers.ask(facts=replace(OFFER, quantity=Decimal(quantity), email=f"d{quantity}@donor.example"), at=NOON)
    return known(offers.confirm_address(offer_id=made.pk, at=NOON))


def known(offer: Offer) -> Offer:
    Offer.objects.filter(pk=offer.pk).update(tier=Tier.KNOWN)
    return offer


def test_a_donor_promises_what_she_offers(need: Need, confirmed: Offer) -> None:
    pledge = pledging.pledge_from_offer(offer_id=confirmed.pk, need_id=need.pk, at=NOON)
    assert [pledge.quantity == 4, pledge.state] == [True, PledgeState.PLEDGED]
    assert sums_hold(need)
    assert need.percent == 40


def test_the_last_donor_promises_only_what_is_missing_and_the_next_is_told(need: Need, confirmed: Offer) -> None:
    pledging.pledge_from_offer(offer_id=another(8).pk, need_id=need.pk, at=NOON)
    assert pledging.pledge_from_offer(offer_id=confirmed.pk, need_id=need.pk, at=NOON).quantity == 2
    need.refresh_from_db()
    assert need.state == NeedState.MET
    with pytest.raises(pledging.NothingLeft):
        pledging.pledge_from_offer(offer_id=another(3).pk, need_id=need.pk, at=NOON)
    assert sums_hold(need)


def test_the_database_itself_refuses_a_promise_beyond_the_need(need: Need, confirmed: Offer) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Need.objects.filter(pk=need.pk).update(promised=11)
    with pytest.raises(IntegrityError), transaction.atomic():
        Offer.objects.filter(pk=confirmed.pk).update(promised=5)


def test_more_is_welcome_where_the_need_says_so(people: People, hub: Hub) -> None:
    draft = needs.write_need(facts=replace(NEED, allow_overflow=True, hub_id=hub.pk), by=people.coordinator, at=NOON)
    needs.submit_need(need_id=draft.pk, by=people.coordinator, at=NOON)
    needs.pass_need(need_id=draft.pk, answers=Question.values, by=people.exchange_officer, at=NOON)
    for quantity in (8, 9):
        pledging.pledge_from_offer(offer_id=another(quantity).pk, need_id=draft.pk, at=NOON)
    assert sums_hold(draft)
    assert draft.promised == 17


def test_units_are_turned_only_inside_a_family(need: Need) -> None:
    dozen = offers.ask(facts=replace(OFFER, quantity=Decimal(1), unit="dozen"), at=NOON)
    known(offers.confirm_address(offer_id=dozen.pk, at=NOON))
    pledge = pledging.pledge_from_offer(offer_id=dozen.pk, need_id=need.pk, at=NOON)
    assert [int(pledge.quantity), int(pledge.taken or 0)] == [10, 1]
    pairs = offers.ask(facts=replace(OFFER, unit="pair"), at=NOON)
    offers.confirm_address(offer_id=pairs.pk, at=NOON)
    with pytest.raises(Invalid):
        pledging.pledge_from_offer(offer_id=pairs.pk, need_id=need.pk, at=NOON)


def test_the_chain_from_the_promise_to_the_thanks(need: Need, confirmed: Offer, people: People) -> None:
    pledge = pledging.pledge_from_offer(offer_id=confirmed.pk, need_id=need.pk, at=NOON)
    us = people.coordinator
    chain.schedule(pledge_id=pledge.pk, day=DAY, by=us, at=NOON)
    chain.deliver(pledge_id=pledge.pk, by=us, at=NOON)
    chain.confirm(pledge_id=pledge.pk, arrived=Decimal(3), condition="good", by=us, at=NOON)
    assert sums_hold(need)
    assert [int(need.promised), int(need.received)] == [3, 3]
    chain.thank(pledge_id=pledge.pk, by=us, at=NOON)
    assert chain.close(pledge_id=pledge.pk, by=us, at=NOON).state == PledgeState.CLOSED
    told = OutboxMessage.objects.filter(topic="letter").values_list("key", flat=True)
    assert [key.split()[0] for key in told] == ["exchange.confirm", "exchange.received", "exchange.scheduled", "exchange.thanks"]
    assert pledge.events.count() == 6


@pytest.mark.parametrize("way", ["decline", "fail", "give_up", "lapse", "return", "quarantine_return"])
def test_every_way_out_frees_what_was_promised(way: str, need: Need, confirmed: Offer, people: People) -> None:
    pledge = pledging.pledge_from_offer(offer_id=confirmed.pk, need_id=need.pk, at=NOON)
    us, pk = people.coordinator, pledge.pk
    if "return" in way:
        chain.schedule(pledge_id=pk, day=DAY, by=us, at=NOON)
        chain.deliver(pledge_id=pk, by=us, at=NOON)
    if way == "quarantine_return":
        chain.quarantine(pledge_id=pk, by=us, at=NOON)
        assert sums_hold(need)
    acts = {
        "decline": lambda: chain.decline(pledge_id=pk, why="not_now", by=us, at=NOON),
        "fail": lambda: chain.fail(pledge_id=pk, why="not_brought", by=us, at=NOON),
        "give_up": lambda: chain.give_up(pledge_id=pk, at=NOON),
        "lapse": lambda: chain.lapse(pledge_id=pk, at=NOON + timedelta(days=15)),
        "return": lambda: chain.give_it_back(pledge_id=pk, why="unfit", by=us, at=NOON),
        "quarantine_return": lambda: chain.give_it_back(pledge_id=pk, why="unsafe", by=us, at=NOON),
    }
    acts[way]()
    assert sums_hold(need)
    confirmed.refresh_from_db()
    assert [int(need.promised), int(confirmed.promised)] == [0, 0]


def test_a_met_need_opens_again_when_a_promise_falls_through(need: Need, people: People) -> None:
    pledge = pledging.pledge_from_offer(offer_id=another(10).pk, need_id=need.pk, at=NOON)
    need.refresh_from_db()
    assert need.state == NeedState.MET
    chain.fail(pledge_id=pledge.pk, why="not_brought", by=people.coordinator, at=NOON)
    need.refresh_from_db()
    assert need.state == NeedState.OPEN


def test_a_lapsed_pledge_stands_again_only_while_there_is_room(need: Need, people: People) -> None:
    pledge = pledging.pledge_from_offer(offer_id=another(10).pk, need_id=need.pk, at=NOON)
    late = NOON + timedelta(days=15)
    assert chain.lapse(pledge_id=pledge.pk, at=late)
    assert not chain.lapse(pledge_id=pledge.pk, at=late)
    other = pledging.pledge_from_offer(offer_id=another(1).pk, need_id=need.pk, at=NOON)
    with pytest.raises(pledging.NothingLeft):
        chain.renew(pledge_id=pledge.pk, by=people.coordinator, at=late)
    chain.give_up(pledge_id=other.pk, at=late)
    assert chain.renew(pledge_id=pledge.pk, by=people.coordinator, at=late).state == PledgeState.PLEDGED
    assert sums_hold(need)


def test_what_was_delivered_cannot_be_given_up_any_more(need: Need, confirmed: Offer, people: People) -> None:
    pledge = pledging.pledge_from_offer(offer_id=confirmed.pk, need_id=need.pk, at=NOON)
    chain.schedule(pledge_id=pledge.pk, day=DAY, by=people.coordinator, at=NOON)
    chain.deliver(pledge_id=pledge.pk, by=people.coordinator, at=NOON)
    with pytest.raises(WrongState):
        chain.give_up(pledge_id=pledge.pk, at=NOON)


def test_more_than_the_need_has_room_for_is_not_counted(need: Need, confirmed: Offer, people: People) -> None:
    pledging.pledge_from_offer(offer_id=another(6).pk, need_id=need.pk, at=NOON)
    pledge = pledging.pledge_from_offer(offer_id=confirmed.pk, need_id=need.pk, at=NOON)
    chain.schedule(pledge_id=pledge.pk, day=DAY, by=people.coordinator, at=NOON)
    chain.deliver(pledge_id=pledge.pk, by=people.coordinator, at=NOON)
    with pytest.raises(Invalid):
        chain.confirm(pledge_id=pledge.pk, arrived=Decimal(5), condition="good", by=people.coordinator, at=NOON)
    chain.confirm(pledge_id=pledge.pk, arrived=Decimal(4), condition="usable", by=people.coordinator, at=NOON)
    assert sums_hold(need)


def test_the_other_organisation_does_not_receive_for_us(need: Need, confirmed: Offer, people: People) -> None:
    pledge = pledging.pledge_from_offer(offer_id=confirmed.pk, need_id=need.pk, at=NOON)
    with pytest.raises(Refused):
        chain.schedule(pledge_id=pledge.pk, day=DAY, by=people.exchange_officer, at=NOON)
    assert not Pledge.objects.visible_to(people.exchange_officer).exists()


def test_a_match_is_decided_by_somebody_who_neither_proposed_it_nor_wrote_the_need(need: Need, opened: Offer, people: People, third: User) -> None:
    match = pledging.propose_match(need_id=need.pk, offer_id=opened.pk, quantity=Decimal(4), by=people.exchange_officer, at=NOON)
    for refused in (people.exchange_officer, people.coordinator):
        with pytest.raises(Refused):
            pledging.accept_match(match_id=match.pk, by=refused, at=NOON)
    pledge = pledging.accept_match(match_id=match.pk, quantity=Decimal(3), by=third, at=NOON)
    assert pledge.quantity == 3
    with pytest.raises(WrongState):
        pledging.decline_match(match_id=match.pk, why="not_now", by=third, at=NOON)
    assert sums_hold(need)


def test_need_and_offer_are_brought_together_by_their_references(need: Need, opened: Offer, people: People) -> None:
    with clock.stopped_at(NOON):
        client, address = client_of(people.exchange_officer), reverse("exchange_desk:match_new")
        page = client.get(f"{address}?offer={opened.reference}").content.decode()
        assert f'value="{opened.reference}"' in page
        assert need.reference not in page  # no list of everything that is open
        told = {"need": f" {need.reference.lower()}", "offer": opened.reference, "quantity": "2"}
        refused = client.post(address, {**told, "need": "N-NONE"})
        assert refused.status_code == 422
        assert "There is no open need with this reference." in refused.content.decode()
        assert client.post(address, told).status_code == 302
    assert Match.objects.get().offer == opened


def test_nobody_proposes_or_accepts_half_a_mattress(need: Need, opened: Offer, people: People, third: User) -> None:
    ends: Any = {"need_id": need.pk, "offer_id": opened.pk, "by": people.exchange_officer, "at": NOON}
    with pytest.raises(Invalid) as refused:
        pledging.propose_match(quantity=Decimal("2.5"), **ends)
    assert list(refused.value.fields) == ["quantity"]
    match = pledging.propose_match(quantity=Decimal(2), **ends)
    with pytest.raises(Invalid):
        pledging.accept_match(match_id=match.pk, quantity=Decimal("1.5"), by=third, at=NOON)


def test_an_offer_is_opened_by_two(confirmed: Offer, people: People, need: Need) -> None:
    offers.vet(offer_id=confirmed.pk, tier=0, by=people.coordinator, at=NOON)
    with pytest.raises(Invalid):
        pledging.propose_match(need_id=need.pk, offer_id=confirmed.pk, quantity=Decimal(1), by=people.coordinator, at=NOON)
    with pytest.raises(Refused):
        offers.open_offer(offer_id=confirmed.pk, by=people.coordinator, at=NOON)
    assert offers.open_offer(offer_id=confirmed.pk, by=people.exchange_officer, at=NOON).state == OfferState.OPEN


def test_whoever_would_meet_survivors_needs_every_check_and_loses_the_trust_with_one(people: People, third: User) -> None:
    teaching: Any = {"kind": "skill", "item": "teaching", "unit": "hour"}
    draft = needs.write_need(facts=replace(NEED, **teaching, tier=3, meets_survivors=True), by=people.coordinator, at=NOON)
    needs.submit_need(need_id=draft.pk, by=people.coordinator, at=NOON)
    needs.pass_need(need_id=draft.pk, answers=Question.values, by=people.exchange_officer, at=NOON)
    made = offers.ask(facts=replace(OFFER, **teaching, meets=True), at=NOON)
    offers.confirm_address(offer_id=made.pk, at=NOON)
    with pytest.raises(pledging.NothingLeft):
        pledging.pledge_from_offer(offer_id=made.pk, need_id=draft.pk, at=NOON)
    with pytest.raises(Invalid):
        offers.vet(offer_id=made.pk, tier=3, by=people.coordinator, at=NOON)
    cleared(made, people)
    match = pledging.propose_match(need_id=draft.pk, offer_id=made.pk, quantity=Decimal(2), by=people.exchange_officer, at=NOON)
    with pytest.raises(Invalid):
        pledging.accept_match(match_id=match.pk, by=third, at=NOON + timedelta(days=301))
    assert pledging.accept_match(match_id=match.pk, by=third, at=NOON).quantity == 2


def test_a_check_counts_once_a_second_person_has_seen_it(confirmed: Offer, people: People) -> None:
    found = offers.record_check(
        offer_id=confirmed.pk, kind="identity", result="passed", done_on=NOON.date(), expires_on=DAY, by=people.coordinator, at=NOON
    )
    assert offers.valid_checks(confirmed, NOON.date()) == set()
    with pytest.raises(Refused):
        offers.confirm_check(check_id=found.pk, by=people.coordinator, at=NOON)
    offers.confirm_check(check_id=found.pk, by=people.exchange_officer, at=NOON)
    assert offers.valid_checks(confirmed, NOON.date()) == {"identity"}
    assert offers.valid_checks(confirmed, DAY + timedelta(days=1)) == set()


def test_the_clock_lapses_expires_and_destroys(need: Need, confirmed: Offer, people: People) -> None:
    pledge = pledging.pledge_from_offer(offer_id=confirmed.pk, need_id=need.pk, at=NOON)
    never = offers.ask(facts=replace(OFFER, email="never@donor.example"), at=NOON)
    said: Any = chores.by_the_clock(NOON + timedelta(days=16))
    assert (said["lapsed"], said["offers unconfirmed"]) == (1, 1)
    pledge.refresh_from_db()
    never.refresh_from_db()
    assert (pledge.state, never.state, never.email) == (PledgeState.LAPSED, OfferState.EXPIRED, None)
    offers.withdraw(offer_id=confirmed.pk, at=NOON)
    later: Any = chores.by_the_clock(NOON + timedelta(days=400))
    assert later["erased"] == 1


def test_a_withdrawn_offer_is_erased_for_good(opened: Offer, people: People) -> None:
    with pytest.raises(Invalid):
        offers.erase(offer_id=opened.pk, at=NOON)
    offers.withdraw(offer_id=opened.pk, at=NOON)
    erased = offers.erase(offer_id=opened.pk, at=NOON)
    assert (erased.name, erased.email, erased.email_mark) == (None, None, "")


def test_changing_an_open_offer_brings_it_back_to_be_looked_at(opened: Offer) -> None:
    changed = offers.change_amount(offer_id=opened.pk, quantity=Decimal(6), until_on=None, reach_km=30, at=NOON)
    assert (changed.state, changed.vetted_by, changed.opened_by) == (OfferState.CONFIRMED, None, None)
