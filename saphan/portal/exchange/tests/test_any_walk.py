"""Whatever coordinators and donors do with the pledges of a need, in any order: the sums are those of the rows, and nothing is promised twice."""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from saphan.access.seeds import People
from saphan.core.errors import Invalid, WrongState
from saphan.portal.exchange import chain, pledging
from saphan.portal.exchange.codes import Condition, Why
from saphan.portal.exchange.models import Hub, Need, Offer, Pledge
from saphan.portal.exchange.states import PLEDGE_LIFE, PROMISED
from saphan.portal.exchange.tests.exchanged import a_need, an_offer
from saphan.portal.exchange.tests.test_pledging import sums_hold
from tests.people import NOON

pytestmark = pytest.mark.django_db
ACTS = ["promise", "schedule", "deliver", "confirm", "thank", "close", "quarantine", "give_it_back", "decline", "fail", "give_up", "lapse", "renew"]
NAMED = {"return": "give_it_back"}  # verbs of the table whose act has another name
STEPS = st.lists(st.tuples(st.sampled_from(["advance"] * 12 + ["leave"] * 3 + ACTS), st.integers(0, 3), st.integers(1, 9)), min_size=4, max_size=25)


def act(verb: str, pledge: Pledge, amount: int, people: People, at: datetime) -> Any:
    """One act upon a pledge as its screen or its letter would do it."""
    by: dict[str, Any] = {"by": people.coordinator}
    more: dict[str, dict[str, Any]] = {
        "schedule": by | {"day": at.date() + timedelta(days=1)}, "confirm": by | {"arrived": Decimal(amount), "condition": Condition.GOOD},
        "give_it_back": by | {"why": Why.UNFIT}, "decline": by | {"why": Why.UNFIT}, "fail": by | {"why": Why.UNFIT}, "give_up": {}, "lapse": {},
    }  # fmt: skip
    return getattr(chain, verb)(pledge_id=pledge.pk, at=at, **more.get(verb, by))


@given(steps=STEPS)
@settings(max_examples=20)
def test_any_walk_keeps_the_sums_and_promises_nothing_twice(people: People, hub: Hub, steps: list[tuple[str, int, int]]) -> None:
    need, at, pledges = a_need(people, hub=hub, province_id="TH-57"), NOON, []
    offers: list[Offer] = [an_offer(people, quantity=Decimal(n), province_id="TH-57") for n in (3, 4, 6, 9)]
    for verb, which, amount in [("promise", 0, 1), ("promise", 1, 1), *steps]:
        at += timedelta(days=1)
        try:
            if verb == "promise":
                pledges.append(pledging.pledge_from_offer(offer_id=offers[which].pk, need_id=need.pk, at=at))
            elif pledges:
                pledge = Pledge.objects.get(pk=pledges[which % len(pledges)].pk)
                open_to_it = [v for v in PLEDGE_LIFE.verbs_from(pledge.state) if PLEDGE_LIFE.target(v, pledge.state) != pledge.state] or ACTS[1:]
                chosen = {"advance": open_to_it[0], "leave": open_to_it[amount % len(open_to_it)]}.get(verb, verb)
                act(NAMED.get(chosen, chosen), pledge, amount, people, at)
        except (Invalid, WrongState, pledging.NothingLeft):
            pass
        assert sums_hold(need)
        assert need.promised <= need.quantity
    kept = Pledge.objects.filter(need=Need.objects.get(pk=need.pk), state__in=PROMISED)
    assert sum(pledge.quantity for pledge in kept) == need.promised
