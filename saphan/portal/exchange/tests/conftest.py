"""A foundation that needs ten mattresses at its hub, reviewed by the ministry's officer; a donor who has some."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from saphan.access.models import User
from saphan.access.seeds import People
from saphan.directory.models import Province
from saphan.portal.exchange import hubs, needs, offers
from saphan.portal.exchange.codes import Question
from saphan.portal.exchange.models import Hub, Need, Offer
from tests.people import *  # noqa: F403  # the same people for every room
from tests.people import NOON

PLACE, HOURS, NOTE = "canary-place-71C2 Soi 9", "canary-hours-18D4", "canary-note-92A1"
DONOR = {"name": "canary-donor-33B7", "email": "canary-mail-45F1@donor.example", "phone": "canary-phone-08E2", "message": "canary-words-64D9"}
CANARIES = [PLACE, HOURS, NOTE, *DONOR.values()]
NEED = needs.NeedFacts(
    alias="a house in the north", kind="goods", item="bedding", quantity=Decimal(10), unit="piece", province_id="TH-57", urgency=3,
    words={"title_en": "Mattresses", "text_en": "Ten single mattresses, new or clean.", "title_th": "ที่นอน"}, note=NOTE,
)  # fmt: skip
OFFER = offers.OfferFacts(
    donor_kind="person", kind="goods", item="bedding", quantity=Decimal(4), unit="piece", province_id="TH-57", from_on=NOON.date(), language="en", **DONOR  # type: ignore[arg-type]  # all of them are words
)  # fmt: skip


@pytest.fixture  # type: ignore[no-redef]  # the same fixture, asked for here
def people(people: People) -> People:
    return people


@pytest.fixture
def hub(people: People) -> Hub:
    facts = hubs.HubFacts(alias="hub north", province_id=Province.objects.get(pk="TH-57").pk, place=PLACE, hours=HOURS)
    return hubs.make_hub(facts=facts, by=people.coordinator, at=NOON)


@pytest.fixture
def draft(people: People, hub: Hub) -> Need:
    return needs.write_need(facts=replace(NEED, hub_id=hub.pk), by=people.coordinator, at=NOON)


@pytest.fixture
def need(people: People, draft: Need) -> Need:
    return made_public(draft, people)


@pytest.fixture
def offer() -> Offer:
    return offers.ask(facts=OFFER, at=NOON)


@pytest.fixture
def confirmed(offer: Offer) -> Offer:
    return offers.confirm_address(offer_id=offer.pk, at=NOON)


@pytest.fixture
def opened(people: People, confirmed: Offer) -> Offer:
    return opened_by_two(confirmed, people)


@pytest.fixture
def third(people: People) -> User:
    """A coordinator of the hospital: neither writer nor reviewer so far."""
    user = User.objects.create_user(email="third@demo.example", name="Third", org=people.hospital, is_demo=True)
    user.grants.create(role="exchange_coordinator", granted_at=NOON)
    return user


def made_public(draft: Need, people: People) -> Need:
    needs.submit_need(need_id=draft.pk, by=people.coordinator, at=NOON)
    return needs.pass_need(need_id=draft.pk, answers=Question.values, by=people.exchange_officer, at=NOON)


def opened_by_two(offer: Offer, people: People, tier: int = 0) -> Offer:
    offers.vet(offer_id=offer.pk, tier=tier, by=people.coordinator, at=NOON)
    return offers.open_offer(offer_id=offer.pk, by=people.exchange_officer, at=NOON)


def cleared(offer: Offer, people: People, until: timedelta = timedelta(days=300)) -> Offer:
    for kind in ("identity", "references", "record", "conduct", "training", "interview"):
        found = offers.record_check(
            offer_id=offer.pk, kind=kind, result="passed", done_on=NOON.date(), expires_on=NOON.date() + until, by=people.coordinator, at=NOON
        )
        offers.confirm_check(check_id=found.pk, by=people.exchange_officer, at=NOON)
    return opened_by_two(offer, people, tier=3)
