"""More donors than mattresses at the same moment: exactly as many are promised as are needed, by the rows and not by the counter."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from functools import partial

import pytest
from django.db.models import Sum

from saphan.access.models import User
from saphan.access.seeds import People, plant_people
from saphan.portal.exchange import chain, offers, pledging
from saphan.portal.exchange.models import Need, Offer, Pledge
from saphan.portal.exchange.states import NeedState
from saphan.portal.exchange.tests.conftest import OFFER
from tests.people import NOON, PASSWORD
from tests.racing import at_once

pytestmark = pytest.mark.django_db(transaction=True)
DONORS = 24


@pytest.fixture
def people(db) -> People:
    """The cast anew for each test: what a transaction has committed here is swept away after it, the planted portal with it."""
    return plant_people(password=PASSWORD, at=NOON)


def donors(count: int, quantity: int = 1) -> list[Offer]:
    made = [offers.ask(facts=replace(OFFER, quantity=Decimal(quantity), email=f"d{n}@donor.example"), at=NOON) for n in range(count)]
    return [offers.confirm_address(offer_id=offer.pk, at=NOON) for offer in made]


def promised(need: Need) -> Decimal:
    """What the rows say."""
    return Pledge.objects.filter(need=need).counted().aggregate(n=Sum("quantity"))["n"] or Decimal(0)


def test_more_donors_than_mattresses_promise_exactly_ten(need: Need) -> None:
    acts = [partial(pledging.pledge_from_offer, offer_id=offer.pk, need_id=need.pk, at=NOON) for offer in donors(DONORS)]
    said = at_once(*acts)
    assert (said.count("done"), said.count("NothingLeft")) == (10, DONORS - 10)
    assert promised(need) == 10
    need.refresh_from_db()
    assert need.promised == Decimal(10)
    assert need.state == NeedState.MET


def test_one_offer_for_two_needs_is_given_once(need: Need, people: People, third: User, opened: Offer) -> None:
    matches = [
        pledging.propose_match(need_id=n.pk, offer_id=opened.pk, quantity=Decimal(4), by=people.exchange_officer, at=NOON)
        for n in (need, _second_need(people, need))
    ]
    said = at_once(*[partial(pledging.accept_match, match_id=m.pk, by=third, at=NOON) for m in matches])
    assert sorted(said) == ["NothingLeft", "done"]
    opened.refresh_from_db()
    assert opened.promised == sum(p.taken for p in opened.pledges.counted()) == 4


def test_giving_up_lapsing_and_promising_at_once_leave_right_sums(need: Need) -> None:
    first = donors(8)
    pledges = [pledging.pledge_from_offer(offer_id=offer.pk, need_id=need.pk, at=NOON) for offer in first]
    others = [offers.ask(facts=replace(OFFER, quantity=Decimal(2), email=f"o{n}@donor.example"), at=NOON) for n in range(5)]
    for other in others:
        offers.confirm_address(offer_id=other.pk, at=NOON)
    late = NOON + timedelta(days=15)
    acts: list[Callable[[], object]] = [partial(chain.give_up, pledge_id=p.pk, at=NOON) for p in pledges[:4]]
    acts += [partial(chain.lapse, pledge_id=p.pk, at=late) for p in pledges[2:6]]
    acts += [partial(pledging.pledge_from_offer, offer_id=o.pk, need_id=need.pk, at=NOON) for o in others]
    at_once(*acts)
    need.refresh_from_db()
    assert need.promised == promised(need) <= 10
    for offer in Offer.objects.all():
        assert offer.promised == sum(p.taken for p in offer.pledges.counted())


def _second_need(people: People, need: Need) -> Need:
    from saphan.portal.exchange import needs
    from saphan.portal.exchange.tests.conftest import NEED, made_public

    return made_public(needs.write_need(facts=replace(NEED, hub_id=need.hub_id), by=people.coordinator, at=NOON), people)
