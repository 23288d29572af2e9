"""What was promised stays what it was, goes only with whom may come, and can be put right."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.translation import override

from saphan.access.models import User
from saphan.access.seeds import People
from saphan.core import clock
from saphan.core.errors import Invalid
from saphan.core.models import OutboxMessage
from saphan.portal.exchange import chain, desk, hubs, letters, needs, offers, pledging, trust
from saphan.portal.exchange.codes import Question
from saphan.portal.exchange.models import Hub, Match, Need, Offer, Pledge
from saphan.portal.exchange.states import MatchState, PledgeState
from saphan.portal.exchange.tests.conftest import HOURS, NEED, OFFER, PLACE, cleared, made_public, opened_by_two
from saphan.portal.exchange.tests.test_pledging import sums_hold
from tests.people import NOON, client_of

pytestmark = pytest.mark.django_db
DAY = NOON.date() + timedelta(days=2)
TEACHING: dict[str, Any] = {"kind": "skill", "item": "teaching", "unit": "hour"}


@pytest.fixture
def lessons(people: People, third: User) -> Pledge:
    """A pledge of somebody who meets survivors, whose checks hold for thirty days."""
    draft = needs.write_need(facts=replace(NEED, **TEACHING, tier=3, meets_survivors=True), by=people.coordinator, at=NOON)
    need = made_public(draft, people)
    made = offers.ask(facts=replace(OFFER, **TEACHING, meets=True), at=NOON)
    offers.confirm_address(offer_id=made.pk, at=NOON)
    cleared(made, people, until=timedelta(days=30))
    match = pledging.propose_match(need_id=need.pk, offer_id=made.pk, quantity=Decimal(2), by=people.exchange_officer, at=NOON)
    return pledging.accept_match(match_id=match.pk, by=third, at=NOON)


@pytest.fixture
def pledge(need: Need, confirmed: Offer) -> Pledge:
    return pledging.pledge_from_offer(offer_id=confirmed.pk, need_id=need.pk, at=NOON)


def test_nobody_whose_checks_have_run_out_gets_a_day_comes_or_is_renewed(lessons: Pledge, people: People) -> None:
    us, late = people.coordinator, NOON + timedelta(days=31)
    with pytest.raises(Invalid):
        chain.schedule(pledge_id=lessons.pk, day=late.date(), by=us, at=NOON)  # valid today, not on the day of the meeting
    chain.schedule(pledge_id=lessons.pk, day=DAY, by=us, at=NOON)
    with pytest.raises(Invalid):
        chain.deliver(pledge_id=lessons.pk, by=us, at=late)
    assert chain.lapse(pledge_id=lessons.pk, at=late)
    with pytest.raises(Invalid):
        chain.renew(pledge_id=lessons.pk, by=us, at=late)
    assert sums_hold(lessons.need)


def test_a_check_that_failed_later_stops_what_was_promised(lessons: Pledge, people: People) -> None:
    us = people.coordinator
    offers.record_check(offer_id=lessons.offer_id, kind="record", result="failed", done_on=NOON.date(), expires_on=DAY, by=us, at=NOON)
    with pytest.raises(Invalid):
        chain.schedule(pledge_id=lessons.pk, day=DAY, by=us, at=NOON)
    assert list(Offer.objects.losing_trust(NOON.date())) == [lessons.offer]


def test_a_paused_offer_stops_and_two_persons_let_it_go_on(lessons: Pledge, people: People) -> None:
    offers.steer_offer(offer_id=lessons.offer_id, verb="pause", by=people.exchange_officer, at=NOON)
    with pytest.raises(Invalid):
        chain.schedule(pledge_id=lessons.pk, day=DAY, by=people.coordinator, at=NOON)
    resumed = offers.steer_offer(offer_id=lessons.offer_id, verb="resume", by=people.exchange_officer, at=NOON)
    with pytest.raises(Invalid):
        chain.schedule(pledge_id=lessons.pk, day=DAY, by=people.coordinator, at=NOON)
    opened_by_two(resumed, people, tier=3)
    assert chain.schedule(pledge_id=lessons.pk, day=DAY, by=people.coordinator, at=NOON).state == PledgeState.SCHEDULED


def test_the_place_is_not_told_to_who_must_not_come(pledge: Pledge, people: People) -> None:
    chain.schedule(pledge_id=pledge.pk, day=DAY, by=people.coordinator, at=NOON)
    offers.steer_offer(offer_id=pledge.offer_id, verb="pause", by=people.exchange_officer, at=NOON)
    with pytest.raises(Invalid):
        hubs.tell_place(pledge_id=pledge.pk, by=people.coordinator, at=NOON)
    with clock.stopped_at(NOON):
        page = client_of(people.coordinator).post(reverse("exchange_desk:pledge_tell", args=[pledge.pk]), follow=True).content.decode()
    assert PLACE not in page
    assert "must not come now" in page


def test_checks_about_to_run_out_stand_on_my_day_in_the_list_and_at_the_pledge(lessons: Pledge, people: People) -> None:
    offer = lessons.offer
    assert trust.runs_out_on(offer, 3) == NOON.date() + timedelta(days=30)
    assert not Offer.objects.losing_trust(NOON.date()).exists()
    assert [offer.reference in task.label for task in desk.checks(people.coordinator, NOON + timedelta(days=1))] == [True]
    with clock.stopped_at(NOON + timedelta(days=1)):
        client = client_of(people.coordinator)
        assert offer.reference in client.get(reverse("exchange_desk:offers") + "?checks=on").content.decode()
        assert "runs out on" in client.get(reverse("exchange_desk:pledge", args=[lessons.pk])).content.decode()
    with clock.stopped_at(NOON + timedelta(days=40)):
        client = client_of(people.coordinator)
        assert "must not come" in client.get(reverse("exchange_desk:pledges")).content.decode()
        refused = client.post(reverse("exchange_desk:pledge_schedule", args=[lessons.pk]), {"day": "2027-01-20"})
        assert refused.status_code == 422
        assert "a check has run out" in refused.content.decode()


@pytest.mark.parametrize(
    "other", [{"item": "food"}, {"unit": "dozen"}, TEACHING, {"tier": 3, "meets_survivors": True}, {"kind": "goods", "item": "food", "unit": "kg"}]
)
def test_a_need_never_becomes_another_under_what_was_promised(other: dict[str, Any], pledge: Pledge, people: People, hub: Hub) -> None:
    need = needs.steer_need(need_id=pledge.need_id, verb="take_back", by=people.coordinator, at=NOON)
    facts = replace(NEED, hub_id=hub.pk, **other)
    with pytest.raises(Invalid) as refused:
        needs.rewrite_need(need_id=need.pk, version=need.version, facts=facts, by=people.coordinator, at=NOON)
    assert set(refused.value.fields) & set(needs.FROZEN)
    words = replace(NEED, hub_id=hub.pk, quantity=Decimal(12), words={"title_en": "Mattresses, single"})
    assert needs.rewrite_need(need_id=need.pk, version=need.version, facts=words, by=people.coordinator, at=NOON).quantity == 12
    chain.decline(pledge_id=pledge.pk, why="not_now", by=people.coordinator, at=NOON)
    need.refresh_from_db()
    assert needs.rewrite_need(need_id=need.pk, version=need.version, facts=facts, by=people.coordinator, at=NOON).version == need.version + 1


def test_proposals_for_what_a_need_was_end_with_it(need: Need, opened: Offer, people: People, hub: Hub) -> None:
    match = pledging.propose_match(need_id=need.pk, offer_id=opened.pk, quantity=Decimal(2), by=people.exchange_officer, at=NOON)
    needs.steer_need(need_id=need.pk, verb="take_back", by=people.coordinator, at=NOON)
    needs.rewrite_need(need_id=need.pk, version=need.version, facts=replace(NEED, item="food", hub_id=hub.pk), by=people.coordinator, at=NOON)
    assert Match.objects.get(pk=match.pk).state == MatchState.EXPIRED


def test_a_donor_who_is_gone_is_not_promised_again(pledge: Pledge, people: People) -> None:
    late = NOON + timedelta(days=15)
    chain.lapse(pledge_id=pledge.pk, at=late)
    offers.withdraw(offer_id=pledge.offer_id, at=late)
    for erased in (False, True):
        if erased:
            offers.erase(offer_id=pledge.offer_id, at=late)
        with pytest.raises(Invalid):
            chain.renew(pledge_id=pledge.pk, by=people.coordinator, at=late)
    assert sums_hold(pledge.need)
    with clock.stopped_at(late):
        shown = client_of(people.coordinator).post(reverse("exchange_desk:pledge_renew", args=[pledge.pk]), follow=True)
    assert "paused, over" in shown.content.decode()


def test_a_renewed_pledge_is_told_to_the_donor_and_not_after_the_need_was_written_anew(pledge: Pledge, people: People, hub: Hub) -> None:
    us, late = people.coordinator, NOON + timedelta(days=15)
    chain.lapse(pledge_id=pledge.pk, at=late)
    assert chain.renew(pledge_id=pledge.pk, by=us, at=late).hub == hub
    assert OutboxMessage.objects.filter(topic="letter", key__startswith="exchange.renewed").count() == 1
    chain.lapse(pledge_id=pledge.pk, at=late + timedelta(days=15))
    need, again = Need.objects.get(pk=pledge.need_id), late + timedelta(days=16)
    needs.steer_need(need_id=need.pk, verb="take_back", by=us, at=again)
    needs.rewrite_need(need_id=need.pk, version=need.version, facts=replace(NEED, hub_id=hub.pk, unit="dozen"), by=us, at=again)
    needs.submit_need(need_id=need.pk, by=us, at=again)
    needs.pass_need(need_id=need.pk, answers=Question.values, by=people.exchange_officer, at=again)
    with pytest.raises(Invalid):
        chain.renew(pledge_id=pledge.pk, by=us, at=again)


def test_a_hub_is_not_given_up_while_somebody_is_on_her_way(pledge: Pledge, people: People, hub: Hub) -> None:
    us = people.coordinator
    chain.schedule(pledge_id=pledge.pk, day=DAY, by=us, at=NOON)
    need = needs.steer_need(need_id=pledge.need_id, verb="take_back", by=us, at=NOON)
    with pytest.raises(Invalid):
        hubs.end_hub(hub_id=hub.pk, by=us, at=NOON)
    other = hubs.make_hub(facts=hubs.HubFacts("hub south", "TH-57", PLACE, HOURS), by=us, at=NOON)
    needs.rewrite_need(need_id=need.pk, version=need.version, facts=replace(NEED, hub_id=other.pk), by=us, at=NOON)
    with pytest.raises(Invalid):
        hubs.end_hub(hub_id=hub.pk, by=us, at=NOON)
    with clock.stopped_at(NOON):
        assert "has another hub by now" in client_of(us).get(reverse("exchange_desk:pledge", args=[pledge.pk])).content.decode()
    moved = chain.schedule(pledge_id=pledge.pk, day=DAY, by=us, at=NOON)
    assert (moved.hub, moved.told_at) == (other, None)
    assert hubs.end_hub(hub_id=hub.pk, by=us, at=NOON).ended_at == NOON
    with pytest.raises(Invalid):
        needs.rewrite_need(need_id=need.pk, version=need.version + 1, facts=replace(NEED, hub_id=hub.pk), by=us, at=NOON)


def test_a_promise_without_a_day_follows_its_need_to_another_hub(pledge: Pledge, people: People) -> None:
    us = people.coordinator
    other = hubs.make_hub(facts=hubs.HubFacts("hub south", "TH-57", PLACE, HOURS), by=us, at=NOON)
    need = needs.steer_need(need_id=pledge.need_id, verb="take_back", by=us, at=NOON)
    needs.rewrite_need(need_id=need.pk, version=need.version, facts=replace(NEED, hub_id=other.pk), by=us, at=NOON)
    pledge.refresh_from_db()
    assert pledge.hub == other


def test_a_wrong_arrival_and_a_wrong_count_are_put_right(pledge: Pledge, people: People, client: Client) -> None:
    us, desk_of_us = people.coordinator, client_of(people.coordinator)
    chain.schedule(pledge_id=pledge.pk, day=DAY, by=us, at=NOON)
    chain.deliver(pledge_id=pledge.pk, by=us, at=NOON)
    with clock.stopped_at(NOON):
        assert desk_of_us.post(reverse("exchange_desk:pledge_not_there", args=[pledge.pk])).status_code == 302
    pledge.refresh_from_db()
    assert (pledge.state, pledge.delivered_at, pledge.lapses_on) == (PledgeState.SCHEDULED, None, DAY + chain.OVERDUE)
    chain.deliver(pledge_id=pledge.pk, by=us, at=NOON)
    chain.confirm(pledge_id=pledge.pk, arrived=Decimal(3), condition="good", by=us, at=NOON)
    chain.thank(pledge_id=pledge.pk, by=us, at=NOON)
    with clock.stopped_at(NOON):
        assert desk_of_us.post(reverse("exchange_desk:pledge_recount", args=[pledge.pk])).status_code == 302
    assert sums_hold(pledge.need)
    assert [int(pledge.need.promised), int(pledge.need.received)] == [3, 0]
    chain.confirm(pledge_id=pledge.pk, arrived=Decimal(4), condition="good", by=us, at=NOON)
    assert sums_hold(pledge.need)
    assert int(pledge.need.received) == 4
    chain.thank(pledge_id=pledge.pk, by=us, at=NOON)
    assert OutboxMessage.objects.filter(topic="letter", key__startswith="exchange.thanks").count() == 2
    assert list(pledge.events.values_list("verb", flat=True))[-4:] == ["thank", "recount", "confirm", "thank"]


def asked_by(address: str, quantity: int, **more: Any) -> Offer:
    """An offer from this address, confirmed by its owner; nobody has looked at it."""
    made = offers.ask(facts=replace(OFFER, quantity=Decimal(quantity), email=f"{address}@donor.example", **more), at=NOON)
    return offers.confirm_address(offer_id=made.pk, at=NOON)


def confirm_link(offer: Offer) -> str:
    """Where the letter leads, as a path."""
    with override("en"):
        return urlsplit(letters.confirm_url(offer)).path


def a_need_of(people: People, need: Need, quantity: int, unit: str = "piece") -> Need:
    return made_public(
        needs.write_need(facts=replace(NEED, hub_id=need.hub_id, quantity=Decimal(quantity), unit=unit), by=people.coordinator, at=NOON), people
    )


def test_one_new_address_never_holds_the_whole_of_a_greater_need(need: Need) -> None:
    first = pledging.pledge_from_offer(offer_id=asked_by("one", 10).pk, need_id=need.pk, at=NOON)
    need.refresh_from_db()
    assert (int(first.quantity), int(need.missing), need.state) == (5, 5, "open")
    with pytest.raises(Invalid):  # the same address, another offer
        pledging.pledge_from_offer(offer_id=asked_by("one", 10).pk, need_id=need.pk, at=NOON)
    assert pledging.pledge_from_offer(offer_id=asked_by("two", 10).pk, need_id=need.pk, at=NOON).quantity == 5
    need.refresh_from_db()
    assert need.state == "met"
    assert sums_hold(need)


def test_what_she_gives_up_may_be_promised_again_within_the_same_part(need: Need) -> None:
    offer = asked_by("one", 3)
    given_up = pledging.pledge_from_offer(offer_id=offer.pk, need_id=need.pk, at=NOON)
    assert pledging.pledge_from_offer(offer_id=asked_by("one", 10).pk, need_id=need.pk, at=NOON).quantity == 2
    chain.give_up(pledge_id=given_up.pk, at=NOON)
    assert pledging.pledge_from_offer(offer_id=offer.pk, need_id=need.pk, at=NOON).quantity == 3
    assert sums_hold(need)


@pytest.mark.parametrize(
    ("asked", "unit", "share"),
    [(1, "piece", "1"), (2, "piece", "2"), (3, "piece", "2"), (11, "piece", "6"), (1, "dozen", "1"), (3, "kg", "1.5"), (2, "hour", "2")],
)
def test_a_small_need_stays_whole_and_a_greater_one_is_held_to_the_half(asked: int, unit: str, share: str) -> None:
    assert Need(quantity=Decimal(asked), unit=unit).first_share == Decimal(share)


def test_a_small_need_is_promised_whole_from_a_new_address(need: Need, people: People) -> None:
    small = a_need_of(people, need, 2)
    assert pledging.pledge_from_offer(offer_id=asked_by("one", 4).pk, need_id=small.pk, at=NOON).quantity == 2


def test_whoever_has_brought_something_or_was_looked_at_may_promise_all_of_it(need: Need, people: People) -> None:
    us, offer = people.coordinator, asked_by("one", 10)
    pledge = pledging.pledge_from_offer(offer_id=offer.pk, need_id=need.pk, at=NOON)
    chain.schedule(pledge_id=pledge.pk, day=DAY, by=us, at=NOON)
    chain.deliver(pledge_id=pledge.pk, by=us, at=NOON)
    chain.confirm(pledge_id=pledge.pk, arrived=Decimal(5), condition="good", by=us, at=NOON)
    assert pledging.pledge_from_offer(offer_id=offer.pk, need_id=need.pk, at=NOON).quantity == 5
    other = a_need_of(people, need, 12)
    seen = opened_by_two(asked_by("two", 12), people)
    assert pledging.pledge_from_offer(offer_id=seen.pk, need_id=other.pk, at=NOON).quantity == 12


def test_the_donor_is_told_of_the_part_before_and_after_she_offers(need: Need, people: People, client: Client) -> None:
    told = "at most 5 of the 10 pieces are promised at first"
    small = a_need_of(people, need, 2)
    with clock.stopped_at(NOON):
        for where in (f"/en/needs/{need.reference}/", f"/en/needs/offer/?need={need.reference}"):
            assert told in client.get(where).content.decode()
        for where in (f"/en/needs/{small.reference}/", f"/en/needs/offer/?need={small.reference}"):
            assert "are promised at first" not in client.get(where).content.decode()
        offer = offers.ask(facts=replace(OFFER, quantity=Decimal(10), need_id=need.pk), at=NOON)
        link = confirm_link(offer)
        assert told in client.get(link).content.decode()
        after = client.post(link, follow=True).content.decode()
    assert "as much of this need as a first promise may hold" in after
    assert "Promise it for the need you chose" in after


def test_a_promise_that_is_not_made_by_itself_is_not_called_too_late(need: Need, client: Client) -> None:
    pledging.pledge_from_offer(offer_id=asked_by("one", 10).pk, need_id=need.pk, at=NOON)
    again = offers.ask(facts=replace(OFFER, quantity=Decimal(10), email="one@donor.example", need_id=need.pk), at=NOON)
    with clock.stopped_at(NOON):
        after = client.post(confirm_link(again), follow=True).content.decode()
    assert "nothing more is promised by itself" in after
    assert "Somebody was faster" not in after
