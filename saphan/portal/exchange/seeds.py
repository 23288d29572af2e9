"""The invented story of the exchange: a house asks for mattresses, rice and lessons; donors answer; one gift has arrived and was thanked for."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from saphan.core import clock
from saphan.directory.models import Province
from saphan.portal.exchange import campaigns, chain, hubs, ledger, matching_runs, needs, offers, pledging, receipts, thanks
from saphan.portal.exchange.campaigns import CampaignFacts
from saphan.portal.exchange.codes import Question
from saphan.portal.exchange.hubs import HubFacts
from saphan.portal.exchange.ledger import PostingFacts
from saphan.portal.exchange.ledger_models import Posting, Verb
from saphan.portal.exchange.models import Campaign, Hub, Need, Offer
from saphan.portal.exchange.needs import NeedFacts
from saphan.portal.exchange.offers import OfferFacts

if TYPE_CHECKING:
    from saphan.access.seeds import People

ALL = tuple(Question.values)
WORDS = dict[str, str]
BLANKETS: WORDS = {
    "title_en": "Warm blankets for the cool season", "text_en": "Blankets, new or washed, for the cold months in the north.",
    "title_th": "ผ้าห่มกันหนาว", "text_th": "ผ้าห่มใหม่หรือซักสะอาด สำหรับหน้าหนาวทางภาคเหนือ",
}  # fmt: skip
MATTRESSES: WORDS = {
    "title_en": "Single mattresses", "text_en": "Single mattresses, new or clean, 90 by 200 cm.",
    "title_th": "ที่นอนเดี่ยว", "text_th": "ที่นอนเดี่ยว ใหม่หรือสะอาด ขนาด 90 คูณ 200 เซนติเมตร",
}  # fmt: skip
RICE: WORDS = {"title_en": "Rice, each month", "text_en": "Jasmine rice in bags of 5 or 10 kg.", "title_th": "ข้าวสารทุกเดือน"}
LESSONS: WORDS = {
    "title_en": "Lessons in computing", "text_en": "Two hours a week for ten weeks: word processing and spreadsheets, for adults.",
    "title_th": "สอนคอมพิวเตอร์", "text_th": "สัปดาห์ละสองชั่วโมง สิบสัปดาห์ สำหรับผู้ใหญ่",
}  # fmt: skip
SEWING: WORDS = {
    "title_en": "Money for sewing machines",
    "text_en": "For a workshop in which a livelihood is learned.",
    "title_th": "เงินสำหรับจักรเย็บผ้า",
}
SEASON: WORDS = {
    "title_en": "A warm cool season", "text_en": "The nights in the north are cold from December on. These needs belong together.",
    "title_th": "หนาวนี้อุ่นใจ", "text_th": "กลางคืนทางเหนือหนาวตั้งแต่เดือนธันวาคม",
}  # fmt: skip


def plant(people: "People") -> None:
    """Needs in every state that a visitor should see, through the acts of invented coordinators and donors."""
    if not Province.objects.filter(pk="TH-57").exists():
        return
    now = clock.now()
    begun = now - timedelta(days=12)
    hub = hubs.make_hub(
        facts=HubFacts("hub north", "TH-57", "An invented place, behind the invented market", "9-16"), by=people.coordinator, at=begun
    )
    season = _campaign(people, begun)
    day = now.date()
    blankets = _need(people, _facts(hub, BLANKETS, "bedding", 60, urgency=3, needed_by=day + timedelta(days=25), campaign_id=season.pk), begun)
    mattresses = _need(people, _facts(hub, MATTRESSES, "bedding", 10, urgency=4, needed_by=day + timedelta(days=10), campaign_id=season.pk), begun)
    _need(people, _facts(hub, RICE, "food", 200, unit="kg", urgency=2, allow_overflow=True), begun)
    sewing = _need(people, _facts(hub, SEWING, "fund", 45_000, kind="cash", unit="thb", urgency=1, hub_id=None), begun)
    lessons = _need(people, _facts(hub, LESSONS, "teaching", 20, kind="skill", unit="hour", tier=3, meets_survivors=True, languages=["th"]), begun)
    waiting = _facts(hub, {"title_en": "School bags", "title_th": "กระเป๋านักเรียน"}, "school", 15, urgency=2)
    needs.submit_need(need_id=needs.write_need(facts=waiting, by=people.coordinator, at=now).pk, by=people.coordinator, at=now)
    _given_and_thanked(people, blankets, begun)
    _promised(mattresses, "A donor of mattresses", 7, now - timedelta(days=1))
    _volunteer(people, lessons, now)
    _money(people, sewing, begun, now)
    _proposed(people, mattresses, now)


def _facts(hub: Hub, words: WORDS, item: str, quantity: int, **more: object) -> NeedFacts:
    plain = NeedFacts(
        alias="a house in the north", kind="goods", item=item, quantity=Decimal(quantity), unit="piece", province_id="TH-57", urgency=2, words=words,
        hub_id=hub.pk,
    )  # fmt: skip
    return replace(plain, **more)  # type: ignore[arg-type]  # the caller names fields of the facts


def _campaign(people: "People", at: datetime) -> Campaign:
    campaign = campaigns.write_campaign(facts=CampaignFacts(alias="houses in the north", words=SEASON), by=people.coordinator, at=at)
    campaigns.steer_campaign(campaign_id=campaign.pk, verb="submit", by=people.coordinator, at=at)
    return campaigns.pass_campaign(campaign_id=campaign.pk, answers=ALL, by=people.exchange_officer, at=at)


def _need(people: "People", facts: NeedFacts, at: datetime) -> Need:
    need = needs.write_need(facts=facts, by=people.coordinator, at=at)
    needs.submit_need(need_id=need.pk, by=people.coordinator, at=at)
    return needs.pass_need(need_id=need.pk, answers=ALL, by=people.exchange_officer, at=at)


def _offer(need: Need, name: str, quantity: int, at: datetime, *, languages: Sequence[str] = ("th",), meets: bool = False) -> Offer:
    facts = OfferFacts(
        donor_kind="person", name=name, email="", phone="", kind=need.kind, item=need.item, quantity=Decimal(quantity), unit=need.unit,
        province_id="TH-57", from_on=at.date(), language="th", reach_km=100, languages=languages, meets=meets, need_id=need.pk,
    )  # fmt: skip
    # Without an address no letter leaves the demonstration: the offers stand as if a coordinator had confirmed them.
    asked = offers.ask(facts=facts, at=at)
    return offers.confirm_address(offer_id=asked.pk, at=at)


def _promised(need: Need, name: str, quantity: int, at: datetime) -> None:
    offer = _offer(need, name, quantity, at)
    pledging.pledge_from_offer(offer_id=offer.pk, need_id=need.pk, at=at)


def _given_and_thanked(people: "People", need: Need, at: datetime) -> None:
    offer = _offer(need, "A company of invented weavers", 25, at)
    pledge = pledging.pledge_from_offer(offer_id=offer.pk, need_id=need.pk, at=at)
    steps = [at + timedelta(days=days) for days in (1, 3, 4, 5)]
    chain.schedule(pledge_id=pledge.pk, day=steps[1].date(), by=people.coordinator, at=steps[0])
    chain.deliver(pledge_id=pledge.pk, by=people.coordinator, at=steps[1])
    chain.confirm(pledge_id=pledge.pk, arrived=Decimal(25), condition="good", by=people.coordinator, at=steps[2])
    chain.thank(pledge_id=pledge.pk, by=people.coordinator, at=steps[3])
    named = thanks.ask_for_thanks(offer_id=offer.pk, name="Weavers from the north", at=steps[3])
    thanks.show(thanks_id=named.pk, by=people.exchange_officer, at=steps[3])


def _proposed(people: "People", need: Need, at: datetime) -> None:
    """Two offers that may be matched, and what the matching proposes for them."""
    for name, quantity, reach, province in (("An invented hotel", 20, 100, "TH-57"), ("An invented school", 6, 250, "TH-50")):
        facts = OfferFacts(
            donor_kind="organisation", name=name, email="", phone="", kind=need.kind, item=need.item, quantity=Decimal(quantity), unit=need.unit,
            province_id=province, from_on=at.date(), language="th", reach_km=reach, languages=("th", "en"),
        )  # fmt: skip
        asked = offers.confirm_address(offer_id=offers.ask(facts=facts, at=at).pk, at=at)
        offers.vet(offer_id=asked.pk, tier=0, by=people.coordinator, at=at)
        offers.open_offer(offer_id=asked.pk, by=people.exchange_officer, at=at)
    matching_runs.propose(by=people.exchange_officer, at=at)


def _money(people: "People", need: Need, at: datetime, now: datetime) -> None:
    """A fund for sewing machines: a gift with its receipt, a promise, a machine bought, and a large gift that waits for a second person."""
    fund = ledger.open_fund(need_id=need.pk, by=people.coordinator, at=at)

    def post(verb: str, amount: int, days: int, note: str) -> Posting:
        day = at + timedelta(days=days)
        facts = PostingFacts(verb, Decimal(amount), day.date(), note)
        return ledger.post(fund_id=fund.pk, facts=facts, by=people.coordinator, at=day)

    gift = post(Verb.RECEIVE, 12_000, 2, "invented transfer, voucher 1")
    receipts.issue(posting_id=gift.pk, name="Invented Weavers Co., Ltd.", language="th", by=people.coordinator, at=at + timedelta(days=2))
    post(Verb.PROMISE, 8_000, 3, "told at the market")
    post(Verb.SPEND, 7_450, 6, "one machine, voucher 2")
    facts = PostingFacts(Verb.RECEIVE, Decimal(60_000), now.date(), "invented foundation, voucher 3")
    ledger.post(fund_id=fund.pk, facts=facts, by=people.coordinator, at=now)


def _volunteer(people: "People", need: Need, at: datetime) -> None:
    offer = _offer(need, "An invented teacher", 20, at - timedelta(days=2), meets=True)
    found = offers.record_check(
        offer_id=offer.pk,
        kind="identity",
        result="passed",
        done_on=at.date(),
        expires_on=at.date() + timedelta(days=1825),
        by=people.coordinator,
        at=at,
    )
    offers.confirm_check(check_id=found.pk, by=people.exchange_officer, at=at)
