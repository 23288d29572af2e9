"""A shelter's coordinator and a donor, start to end, with real mail; and two donors who promise the last item at once."""

import re
from collections.abc import Callable, Iterator

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect

from tests.postbox import MailedSite, link_in, path_of, text_of

pytestmark = pytest.mark.journey
Look = Callable[[Page, str], None]
SECONDS = 30_000
PLACE = "canary-hub-place-51F3"
LAST = """
from decimal import Decimal
from saphan.access.seeds import people_as_planted
from saphan.core import clock
from saphan.portal.exchange import needs
from saphan.portal.exchange.codes import Question
from saphan.portal.exchange.needs import NeedFacts
who = people_as_planted()
facts = NeedFacts(alias="a house in the north", kind="goods", item="bedding", quantity=Decimal(1), unit="piece", province_id="TH-57", urgency=4,
    words={"title_en": "One last mattress", "title_th": "ที่นอนชิ้นสุดท้าย"})
need = needs.write_need(facts=facts, by=who.coordinator, at=clock.now())
needs.submit_need(need_id=need.pk, by=who.coordinator, at=clock.now())
needs.pass_need(need_id=need.pk, answers=Question.values, by=who.exchange_officer, at=clock.now())
print(need.reference)
"""
COUNT = """
from saphan.portal.exchange.models import Need, Pledge
need = Need.objects.get(reference="%s")
print(Pledge.objects.filter(need=need).counted().count(), sum(p.quantity for p in need.pledges.counted()), need.state)
"""


@pytest.fixture(scope="module")
def desk(browser: Browser, mailed_site: MailedSite) -> Iterator[Callable[[str], Page]]:
    """The desk of a demo person on the site with mail."""
    pages: dict[str, Page] = {}

    def page_of(login: str) -> Page:
        if login not in pages:
            page = browser.new_context(base_url=mailed_site.url, viewport={"width": 1280, "height": 900}).new_page()
            page.goto("/accounts/login/")
            page.fill("[name=login]", f"{login}@demo.example")
            page.fill("[name=password]", mailed_site.site.password)
            page.locator("form:has([name=password]) button.button").first.click()
            page.fill("[name=code]", page.locator(".note b").inner_text())
            page.locator("form:has([name=code]) button.button").first.click()
            expect(page).to_have_url(re.compile("/desk/$"))
            pages[login] = page
        return pages[login]

    yield page_of
    for page in pages.values():
        page.context.close()


def donor(browser: Browser, site: MailedSite) -> Page:
    return browser.new_context(base_url=site.url, viewport={"width": 1280, "height": 900}).new_page()


def press(page: Page) -> None:
    """The one button of the form in the middle of the page."""
    page.locator("main form .acts button.button:not(.quiet)").first.click()


def offers(page: Page, path: str, quantity: str, address: str, look: Look | None = None) -> None:
    """The three steps, as far as the page that says: look into your letters."""
    page.goto(path)
    page.fill("[name=quantity]", quantity)
    if look:
        look(page, "exchange-offer-1")
    press(page)
    page.fill("[name=name]", "Jane Doe")
    page.fill("[name=email]", address)
    page.fill("[name=phone]", "+66 81 000 0000")
    page.select_option("[name=province]", "TH-57")
    page.locator("[name=languages]").first.check()
    if look:
        look(page, "exchange-offer-2")
    press(page)
    page.check("[name=agreed]")
    if look:
        look(page, "exchange-offer-3")
    expect(page.locator("[name=answer]")).not_to_have_value("", timeout=SECONDS)
    press(page)
    expect(page).to_have_url(re.compile("/offer/sent/"), timeout=SECONDS)


def confirm_page(site: MailedSite, page: Page, address: str) -> None:
    link = path_of(link_in(site.box.wait_for(address), "/confirm/"))
    assert httpx.get(site.url + link).status_code == 200  # a program that follows links
    page.goto(link)


def a_need_is_written(house: Page, look: Look) -> None:
    """What could name a person is refused at its field; the second try goes to the review."""
    house.goto("/desk/exchange/hubs/new/")
    house.fill("[name=alias]", "hub of the journey")
    house.select_option("[name=province]", "TH-57")
    house.fill("[name=place]", PLACE)
    press(house)
    house.goto("/desk/exchange/needs/new/")
    look(house, "exchange-need-form")
    house.select_option("[name=thing]", "goods:kitchen")
    house.fill("[name=quantity]", "10")
    house.fill("[name=alias]", "a house by the river")
    house.fill("[name=title_en]", "Pots for a girl, 15, from Laos")
    house.fill("[name=title_th]", "หม้อหุงข้าว")
    house.select_option("[name=province]", "TH-57")
    house.select_option("[name=hub]", label="hub of the journey")
    press(house)
    expect(house.locator("#id_title_en_error")).to_contain_text("single person")
    house.fill("[name=title_en]", "Rice cookers")
    press(house)
    expect(house.locator("h1")).to_have_text("Rice cookers")
    house.get_by_role("button", name="Send to the safety review").click()
    expect(house.locator(".head .tag")).to_have_text("in safety review")


def a_second_person_makes_it_public(officer: Page, look: Look) -> None:
    officer.goto("/desk/exchange/reviews/")
    look(officer, "exchange-reviews")
    officer.get_by_role("link", name=re.compile("Rice cookers")).click()
    look(officer, "exchange-need-in-review")
    for box in officer.locator("[name=answers]").all():
        box.check()
    officer.get_by_role("button", name=re.compile("make it public")).click()


def a_donor_promises(jane: Page, site: MailedSite, look: Look) -> str:
    """From the list to the confirmed offer; answers the donor's own link."""
    jane.goto("/en/needs/")
    look(jane, "exchange-list")
    jane.get_by_role("link", name="Rice cookers").click()
    look(jane, "exchange-need-public")
    jane.get_by_role("link", name="Help with this").click()
    offers(jane, jane.url, "5", "jane@donor.example.org", look)
    look(jane, "exchange-offer-sent")
    confirm_page(site, jane, "jane@donor.example.org")
    look(jane, "exchange-confirm")
    press(jane)
    expect(jane.locator(".note")).to_contain_text("It is promised")
    look(jane, "exchange-follow")
    return path_of(link_in(site.box.wait_for("jane@donor.example.org", 2), "/follow/"))


def it_arrives_at_the_hub(house: Page, site: MailedSite, look: Look) -> None:
    """The place of the hub is told by telephone: it stands in no letter and on no slip."""
    house.goto("/desk/exchange/pledges/")
    look(house, "exchange-pledges")
    house.get_by_role("row", name=re.compile("Rice cookers")).get_by_role("link").click()
    pledge = house.url
    look(house, "exchange-pledge")
    house.fill("[name=day]", house.evaluate("new Date(Date.now() + 864e5).toISOString().slice(0, 10)"))
    house.get_by_role("button", name="The day is agreed").click()
    house.get_by_role("button", name="Open the place").click()
    expect(house.locator(".told")).to_contain_text(PLACE)
    look(house, "exchange-told")
    house.goto(pledge + "slip/")
    look(house, "exchange-slip")
    assert PLACE not in house.content()
    scheduled = site.box.wait_for("jane@donor.example.org", 3)
    assert PLACE not in scheduled.as_string() + text_of(scheduled)
    house.goto(pledge)
    house.get_by_role("button", name="It has arrived").click()
    house.fill("[name=arrived]", "4")
    house.get_by_role("button", name="Counted").click()
    house.get_by_role("button", name="Send thanks").click()
    assert "4" in text_of(site.box.wait_for("jane@donor.example.org", 4))


def test_from_a_need_to_the_thanks(browser: Browser, mailed_site: MailedSite, desk: Callable[[str], Page], looked_at: Look) -> None:
    house, officer, jane = desk("coordinator"), desk("exchange1"), donor(browser, mailed_site)
    a_need_is_written(house, looked_at)
    a_second_person_makes_it_public(officer, looked_at)
    jane_link = a_donor_promises(jane, mailed_site, looked_at)
    it_arrives_at_the_hub(house, mailed_site, looked_at)
    jane.goto(jane_link)
    jane.locator("form:has([value=thanks]) [name=name]").fill("A friend from Nan")
    jane.locator("form:has([value=thanks]) [name=agreed]").check()
    jane.get_by_role("button", name="Ask for this name").click()
    officer.goto("/desk/exchange/thanks/")
    looked_at(officer, "exchange-thanks-desk")
    officer.locator("article:has-text('A friend from Nan')").get_by_role("button", name="Show it", exact=True).click()
    jane.goto("/en/needs/thanks/")
    expect(jane.locator(".wall")).to_contain_text("A friend from Nan")
    looked_at(jane, "exchange-thanks")
    logs = mailed_site.site.log.read_text()
    assert PLACE not in logs
    assert "jane@donor" not in logs


def test_two_donors_promise_the_last_item_at_once(browser: Browser, mailed_site: MailedSite) -> None:
    reference = mailed_site.site.run(LAST).split()[-1]
    donors = [donor(browser, mailed_site) for _n in range(2)]
    for n, page in enumerate(donors):
        address = f"last{n}@donor.example.org"
        offers(page, f"/en/needs/offer/?need={reference}", "1", address)
        confirm_page(mailed_site, page, address)
    for page in donors:  # both buttons before either answer
        page.evaluate("setTimeout(() => document.querySelector('main form').requestSubmit(), 50)")
    said = []
    for page in donors:
        page.wait_for_url("**/follow/**", timeout=SECONDS)
        said.append(page.locator(".note").first.inner_text())
    assert sorted("It is promised" in words for words in said) == [False, True]
    assert sorted("Somebody was faster" in words for words in said) == [False, True]
    assert mailed_site.site.run(COUNT % reference).split() == ["1", "1.00", "met"]


@pytest.mark.parametrize("language", ["en", "th"])
def test_the_screens_of_the_desk_in_both_languages(desk: Callable[[str], Page], looked_at: Look, language: str) -> None:
    page = desk("coordinator")
    page.goto("/desk/exchange/")
    if page.evaluate("document.documentElement.lang") != language:
        page.locator(f"button[name=language][value={language}]").first.click()
    for name in (
        "",
        "offers/",
        "matches/",
        "matches/new/",
        "pledges/?state=all",
        "campaigns/",
        "campaigns/new/",
        "hubs/",
        "hubs/new/",
        "offers/new/",
    ):
        page.goto(f"/desk/exchange/{name}")
        looked_at(page, f"exchange-desk-{re.sub('[^a-z]+', '-', name) or 'needs'}-{language}")
    page.goto("/desk/exchange/offers/")
    page.locator("tbody a").first.click()
    looked_at(page, f"exchange-desk-offer-{language}")
    page.goto("/desk/exchange/campaigns/")
    page.locator("main .item a").first.click()
    looked_at(page, f"exchange-desk-campaign-{language}")


@pytest.mark.parametrize("language", ["th", "my"])
def test_public_pages_in_other_languages(browser: Browser, mailed_site: MailedSite, looked_at: Look, language: str) -> None:
    page = donor(browser, mailed_site)
    page.goto(f"/{language}/needs/")
    looked_at(page, f"exchange-list-{language}")
    page.locator("main .needs a").first.click()
    looked_at(page, f"exchange-need-{language}")
    page.goto(f"/{language}/needs/offer/")
    looked_at(page, f"exchange-offer-{language}")
