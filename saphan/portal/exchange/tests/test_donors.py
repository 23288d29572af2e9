"""A donor is heard, finds her way back, puts right what is wrong of her, and is not kept for ever."""

import json
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.translation import override

from saphan.access.seeds import People
from saphan.core import clock
from saphan.core.errors import Invalid, NotFound
from saphan.core.models import OutboxMessage
from saphan.core.sealing import unseal
from saphan.portal.doorway.holder import PORTAL
from saphan.portal.exchange import chain, chores, desk, donors, letters, needs, offers, pledging
from saphan.portal.exchange.models import Need, Offer, Pledge
from saphan.portal.exchange.states import NeedState, OfferState
from saphan.portal.exchange.tests.conftest import CANARIES, DONOR, OFFER
from saphan.portal.exchange.tests.test_screens import WHAT, WHO, answered
from saphan.portal.mailroom.posting import MAKERS
from tests.people import NOON, client_of

pytestmark = pytest.mark.django_db
DAY = NOON.date() + timedelta(days=2)


@pytest.fixture(autouse=True)
def _at_noon() -> Any:
    with clock.stopped_at(NOON):
        yield


@pytest.fixture
def pledge(need: Need, confirmed: Offer) -> Pledge:
    return pledging.pledge_from_offer(offer_id=confirmed.pk, need_id=need.pk, at=NOON)


def page_of(offer: Offer) -> str:
    with override("en"):
        return letters.follow_path(offer)


def mails() -> list[str]:
    """The mails to coordinators that wait, by what they are about."""
    keys = OutboxMessage.objects.exclude(topic="letter").filter(key__startswith="exchange ").values_list("key", flat=True)
    return sorted(key.split()[1] for key in keys)


def test_what_a_donor_does_by_herself_reaches_the_coordinators(pledge: Pledge, people: People) -> None:
    assert mails() == ["promised"]
    chain.schedule(pledge_id=pledge.pk, day=DAY, by=people.coordinator, at=NOON)
    pledge.refresh_from_db()
    assert not pledge.unseen
    chain.give_up(pledge_id=pledge.pk, at=NOON)
    assert mails() == ["given_up", "promised"]
    assert [pledge.reference in task.label for task in desk.pledges(people.coordinator, NOON)] == [True]
    client = client_of(people.coordinator)
    assert pledge.reference in client.get(reverse("exchange_desk:pledges")).content.decode()
    assert "Nobody comes on" in client.get(reverse("exchange_desk:pledge", args=[pledge.pk])).content.decode()
    assert client.post(reverse("exchange_desk:pledge_see", args=[pledge.pk])).status_code == 302
    assert desk.pledges(people.coordinator, NOON) == []


def test_a_mail_to_coordinators_says_nothing_of_what_waits(pledge: Pledge) -> None:
    told = json.dumps(list(OutboxMessage.objects.filter(key__startswith="exchange promised").values_list("payload", flat=True)))
    assert [c for c in [*CANARIES, pledge.reference, "mattress", "hub north"] if c in told] == []


def test_a_donor_whom_the_day_does_not_suit_says_so_on_her_page(pledge: Pledge, people: People, client: Client) -> None:
    page, wish = page_of(pledge.offer), {"act": "another_day", "pledge": pledge.reference}
    assert client.post(page, {**wish, "day": str(DAY)}).status_code == 422  # no day is agreed yet
    chain.schedule(pledge_id=pledge.pk, day=DAY, by=people.coordinator, at=NOON)
    assert "The day does not suit me" in client.get(page).content.decode()
    for wrong in ("2020-01-01", str(DAY), "soon"):
        assert client.post(page, {**wish, "day": wrong}).status_code == 422, wrong
    other = DAY + timedelta(days=3)
    assert client.post(page, {**wish, "day": str(other)}).headers["Location"] == "?wished"
    pledge.refresh_from_db()
    assert (pledge.scheduled_on, pledge.wished_on, pledge.unseen) == (DAY, other, True)
    assert "does not suit the donor" in client_of(people.coordinator).get(reverse("exchange_desk:pledge", args=[pledge.pk])).content.decode()
    agreed = chain.schedule(pledge_id=pledge.pk, day=other, by=people.coordinator, at=NOON)
    assert (agreed.wished_on, agreed.unseen) == (None, False)
    assert OutboxMessage.objects.filter(topic="letter", key__startswith="exchange.scheduled").count() == 2


@pytest.mark.parametrize(("way", "letter"), [("fail", "failed"), ("return", "returned")])
def test_a_donor_is_told_what_failed_and_what_comes_back(way: str, letter: str, pledge: Pledge, people: People) -> None:
    us = people.coordinator
    chain.schedule(pledge_id=pledge.pk, day=DAY, by=us, at=NOON)
    if way == "fail":
        chain.fail(pledge_id=pledge.pk, why="not_brought", by=us, at=NOON)
    else:
        chain.deliver(pledge_id=pledge.pk, by=us, at=NOON)
        chain.give_it_back(pledge_id=pledge.pk, why="unfit", by=us, at=NOON)
    assert OutboxMessage.objects.filter(topic="letter", key__startswith=f"exchange.{letter}").exists()
    made = MAKERS[f"exchange.{letter}"](str(pledge.pk))
    assert made is not None
    assert "4 pieces" in made.text
    assert [c for c in CANARIES if c in made.subject + made.text] == []


def test_the_link_is_sent_again_and_the_page_never_tells_whether(confirmed: Offer, client: Client) -> None:
    answers = []
    for address in (DONOR["email"].upper(), "nobody@donor.example"):
        form = client.get("/en/needs/own/").content.decode()
        answers.append(client.post("/en/needs/own/", {"email": address, **answered(form)}, follow=True))
    assert [a.status_code for a in answers] == [200, 200]
    assert answers[0].redirect_chain == answers[1].redirect_chain
    assert OutboxMessage.objects.filter(topic="letter", key__startswith="exchange.own").count() == 1
    made = MAKERS["exchange.own"](str(confirmed.pk))
    assert made is not None
    assert made.to == DONOR["email"]
    assert f"{confirmed.reference}: http" in made.text
    assert client.post("/en/needs/own/", {"email": DONOR["email"]}).status_code == 422  # no program asks


def test_a_link_that_is_over_says_how_to_get_another(confirmed: Offer, client: Client) -> None:
    page = page_of(confirmed)
    with clock.stopped_at(NOON + timedelta(days=401)):
        stale = client.get(page)
    assert stale.status_code == 410
    assert "/en/needs/own/" in stale.content.decode()
    assert client.get(page[:-3] + "xx/").status_code == 404


def test_an_offer_ends_with_its_last_day_and_the_donor_is_forgotten_a_year_later(people: People) -> None:
    made = offers.ask(facts=replace(OFFER, until_on=DAY), at=NOON)
    offers.confirm_address(offer_id=made.pk, at=NOON)
    later: Any = chores.by_the_clock(NOON + timedelta(days=3))
    assert later["offers ended"] == 1
    made.refresh_from_db()
    assert (made.state, made.erased_at) == (OfferState.CLOSED, None)
    letter = MAKERS["exchange.ended"](str(made.pk))
    assert letter is not None
    assert "destroyed a year from now" in letter.text
    gone: Any = chores.by_the_clock(NOON + timedelta(days=369))
    assert gone["erased"] == 1


def test_an_offer_that_nobody_says_anything_of_ends_after_a_year(confirmed: Offer, people: People) -> None:
    quiet: Any = chores.by_the_clock(NOON + timedelta(days=364))
    assert quiet["offers ended"] == 0
    offers.change_amount(offer_id=confirmed.pk, quantity=Decimal(6), until_on=None, reach_km=30, at=NOON + timedelta(days=364))
    still: Any = chores.by_the_clock(NOON + timedelta(days=600))
    assert still["offers ended"] == 0
    over: Any = chores.by_the_clock(NOON + timedelta(days=730))
    assert over["offers ended"] == 1
    erased: Any = chores.by_the_clock(NOON + timedelta(days=1100))
    assert erased["erased"] == 1


def test_what_is_on_its_way_keeps_an_offer_alive(need: Need, people: People) -> None:
    made = offers.ask(facts=replace(OFFER, until_on=DAY), at=NOON)
    offers.confirm_address(offer_id=made.pk, at=NOON)
    pledge = pledging.pledge_from_offer(offer_id=made.pk, need_id=need.pk, at=NOON)
    chain.schedule(pledge_id=pledge.pk, day=DAY, by=people.coordinator, at=NOON)
    assert not offers.end_offer(offer_id=made.pk, at=NOON + timedelta(days=4))
    chain.deliver(pledge_id=pledge.pk, by=people.coordinator, at=NOON)
    assert not offers.end_offer(offer_id=made.pk, at=NOON + timedelta(days=4))


def test_name_telephone_and_address_are_put_right_and_an_address_counts_once_it_answered(confirmed: Offer, client: Client) -> None:
    page = page_of(confirmed)
    told = {"act": "correct", "name": "canary-new-77A1", "phone": "", "no_phone": "on", "email": "new@donor.example"}
    assert client.post(page, {**told, "email": "nonsense"}).status_code == 422
    assert client.post(page, told).headers["Location"] == "?letter"
    confirmed.refresh_from_db()
    opened = unseal(confirmed, "name", "phone", "email", "new_email", org=PORTAL)
    assert opened == {"name": "canary-new-77A1", "phone": None, "email": DONOR["email"], "new_email": "new@donor.example"}
    assert "canary-new-77A1" not in client.get(page).content.decode()
    letter = MAKERS["exchange.address"](str(confirmed.pk))
    assert letter is not None
    assert letter.to == "new@donor.example"
    with override("en"):
        link = "/en/" + letters.address_url(confirmed).partition("/en/")[2]
    assert client.get(link).status_code == 200
    confirmed.refresh_from_db()
    assert unseal(confirmed, "email", org=PORTAL)["email"] == DONOR["email"]
    assert client.post(link).status_code == 302
    confirmed.refresh_from_db()
    assert unseal(confirmed, "email", "new_email", org=PORTAL) == {"email": "new@donor.example", "new_email": None}
    assert client.post(link).status_code == 404
    assert donors.correct(offer_id=confirmed.pk, name="", phone="", no_phone=False, email="NEW@donor.example", at=NOON) is False


def test_the_link_mails_no_end_of_strangers_and_no_end_of_coordinators(need: Need, client: Client) -> None:
    offer = offers.confirm_address(offer_id=offers.ask(facts=replace(OFFER, need_id=need.pk), at=NOON).pk, at=NOON)
    page, letter = page_of(offer), {"act": "correct", "name": "", "phone": ""}
    told = [client.post(page, {**letter, "email": f"stranger{n}@example.org"}).status_code for n in range(6)]
    assert told == [302] * 5 + [429]
    assert OutboxMessage.objects.filter(key__startswith="exchange.address ").count() == 5
    assert client.post(page, {**letter, "name": "A name", "email": ""}).status_code == 302
    for _ in range(10):
        assert client.post(page, {"act": "promise"}).status_code == 302
        client.post(page, {"act": "give_up", "pledge": offer.pledges.get(state="pledged").reference})
    assert client.post(page, {"act": "promise"}).status_code == 429


def test_only_the_last_address_asked_for_counts(confirmed: Offer) -> None:
    for address in ("one@donor.example", "two@donor.example"):
        donors.correct(offer_id=confirmed.pk, name="", phone="", no_phone=False, email=address, at=NOON)
    confirmed.refresh_from_db()
    with pytest.raises(NotFound):
        donors.confirm_new_address(offer_id=confirmed.pk, version=confirmed.version - 1, at=NOON)


def test_a_donor_takes_everything_that_is_kept_of_her_with_her(pledge: Pledge, client: Client) -> None:
    answer = client.post(page_of(pledge.offer), {"act": "data"})
    told = json.loads(answer.content)
    assert answer["Content-Disposition"] == 'attachment; filename="own-data.json"'
    assert {name: told["donor"][name] for name in DONOR} == DONOR
    assert told["promises"][0]["reference"] == pledge.reference


def test_erasing_takes_an_address_that_never_answered_along(confirmed: Offer) -> None:
    donors.correct(offer_id=confirmed.pk, name="", phone="", no_phone=False, email="new@donor.example", at=NOON)
    offers.withdraw(offer_id=confirmed.pk, at=NOON)
    erased = offers.erase(offer_id=confirmed.pk, at=NOON)
    assert erased.new_email is None
    with pytest.raises(NotFound):
        donors.own_data(offer_id=confirmed.pk, at=NOON)


def test_a_need_that_closes_while_the_form_is_filled_loses_nothing(need: Need, people: People, client: Client) -> None:
    second = client.post("/en/needs/offer/", {"need": need.reference, "step": "1", **WHAT}).content.decode()
    assert 'name="thing" value="goods:bedding"' in second
    needs.steer_need(need_id=need.pk, verb="close", by=people.coordinator, at=NOON)
    carried = {"need": need.reference, "thing": "goods:bedding", "unit": "piece", **WHAT}
    third = client.post("/en/needs/offer/", {**carried, "step": "2", **WHO})
    assert third.status_code == 200
    assert "is not open any more" in third.content.decode()
    sent = client.post("/en/needs/offer/", {**carried, "step": "3", **WHO, "agreed": "on", **answered(third.content.decode())})
    assert sent.status_code == 302
    made = Offer.objects.get()
    assert (made.item, made.unit, made.need) == ("bedding", "piece", None)


@pytest.mark.parametrize(("verb", "status"), [("close", 410), ("pause", 404), ("take_back", 404)])
def test_a_need_that_is_not_open_says_so_to_whoever_kept_the_link_and_tells_nothing_of_it(
    verb: str, status: int, need: Need, people: People, client: Client
) -> None:
    needs.steer_need(need_id=need.pk, verb=verb, by=people.coordinator, at=NOON)
    answer = client.get(f"/en/needs/{need.reference}/")
    assert answer.status_code == status
    assert "This need is not open" in answer.content.decode()
    assert "Mattresses" not in answer.content.decode()


def test_half_a_mattress_and_a_day_of_another_century_are_told_in_the_first_step(need: Need, client: Client) -> None:
    for wrong, words in (({"quantity": "2.5"}, "Only whole amounts"), ({"from_on": "1900-01-01"}, "more than a year back")):
        answer = client.post("/en/needs/offer/", {"need": need.reference, "step": "1", **WHAT, **wrong})
        assert answer.status_code == 422
        assert words in answer.content.decode()
    with pytest.raises(Invalid):
        offers.ask(facts=replace(OFFER, from_on=NOON.date() - timedelta(days=400)), at=NOON)


def test_a_reference_read_out_on_the_telephone_is_found(pledge: Pledge, people: People) -> None:
    client, said = client_of(people.coordinator), pledge.reference.lower().replace("-", "- ")
    for where in ("pledges", "offers"):
        for reference, there in ((said, True), (pledge.offer.reference, True), ("P-NOTHING", False)):
            shown = client.get(reverse(f"exchange_desk:{where}"), {"reference": reference, "state": "closed"}).content.decode()
            expected = pledge.reference if where == "pledges" else pledge.offer.reference
            assert (f">{expected}</a>" in shown) == there, (where, reference)
    assert f">{pledge.need.reference}</a>" in client.get(reverse("exchange_desk:needs"), {"reference": pledge.need.reference}).content.decode()


def test_the_first_promise_of_an_address_stands_for_a_shorter_time_and_once(need: Need, confirmed: Offer, people: People) -> None:
    first = pledging.pledge_from_offer(offer_id=confirmed.pk, need_id=need.pk, at=NOON)
    assert first.lapses_on == (NOON + pledging.FIRST_LAPSES_AFTER).date()
    late = NOON + timedelta(days=5)
    assert chain.lapse(pledge_id=first.pk, at=late)
    again = offers.confirm_address(offer_id=offers.ask(facts=OFFER, at=late).pk, at=late)  # another offer, the same address
    with pytest.raises(Invalid):
        pledging.pledge_from_offer(offer_id=again.pk, need_id=need.pk, at=late)


def test_who_takes_a_first_promise_back_after_days_does_not_hold_the_need_anew(need: Need, confirmed: Offer) -> None:
    for held in (timedelta(hours=2), timedelta(days=3)):  # she may change her mind; she may not keep others away for ever
        first = pledging.pledge_from_offer(offer_id=confirmed.pk, need_id=need.pk, at=NOON)
        chain.give_up(pledge_id=first.pk, at=NOON + held)
    with pytest.raises(Invalid):
        pledging.pledge_from_offer(offer_id=confirmed.pk, need_id=need.pk, at=NOON + held)


def test_who_has_brought_something_is_trusted_with_the_full_time(pledge: Pledge, people: People) -> None:
    us = people.coordinator
    chain.schedule(pledge_id=pledge.pk, day=DAY, by=us, at=NOON)
    chain.deliver(pledge_id=pledge.pk, by=us, at=NOON)
    chain.confirm(pledge_id=pledge.pk, arrived=Decimal(4), condition="good", by=us, at=NOON)
    again = offers.confirm_address(offer_id=offers.ask(facts=OFFER, at=NOON).pk, at=NOON)
    second = pledging.pledge_from_offer(offer_id=again.pk, need_id=pledge.need_id, at=NOON)
    assert second.lapses_on == (NOON + pledging.LAPSES_AFTER).date()


def test_pages_tell_promised_from_arrived(pledge: Pledge, people: People, client: Client) -> None:
    us, where = people.coordinator, f"/en/needs/{pledge.need.reference}/"
    assert "4 promised, not yet arrived" in client.get(where).content.decode()
    chain.schedule(pledge_id=pledge.pk, day=DAY, by=us, at=NOON)
    chain.deliver(pledge_id=pledge.pk, by=us, at=NOON)
    chain.confirm(pledge_id=pledge.pk, arrived=Decimal(3), condition="good", by=us, at=NOON)
    shown = Need.objects.get(pk=pledge.need_id)
    assert (shown.state, shown.percent, shown.percent_received, int(shown.awaited)) == (NeedState.OPEN.value, 30, 30, 0)
    page = client_of(us).get(where).content.decode()  # a signed-in reader gets no stored page
    assert "3 arrived" in page
    assert '<rect class="received" width="30"' in page
    assert "Arrived and counted" in client.get(page_of(pledge.offer)).content.decode()


@pytest.mark.parametrize("address", ["/en/needs/offer/?need=%00", "/en/needs/?province=%00", "/en/inquiries/?country=%00"])
def test_nul_in_an_address_reaches_no_query(address: str, client: Client) -> None:
    assert client.get(address).status_code < 500
