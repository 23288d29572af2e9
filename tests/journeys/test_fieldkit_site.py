"""A labour inspector with twelve workers on a site: the network is cut in the middle and comes back, the server dies between deed and answer."""

import re
import time
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests import kit
from tests.journeys.fieldkit import (
    CANARIES,
    PASSPHRASE,
    TELEPHONE,
    House,
    heading,
    look,
    nothing_readable_is_kept,
    signed_in,
    the_network_is_cut,
    unlock,
)
from tests.kit import KIT, PATIENCE, pass_the_check

pytestmark = pytest.mark.journey


def test_twelve_workers_on_a_site_and_the_network_cut_in_the_middle(house: House, browser: Browser) -> None:
    context = browser.new_context(base_url=house.url, viewport=TELEPHONE, locale="th-TH")
    page = signed_in(house, context, "somsri")
    failures: list[str] = []
    page.on("pageerror", lambda error: failures.append(str(error)))
    the_device_is_prepared(page)
    the_site_is_described(page)
    interview(page, 1)
    expect(page.locator("#queue [data-state=received]")).to_have_count(1)
    the_network_is_cut(house, context)
    for number in range(2, 8):
        interview(page, number)
    the_page_is_loaded_again_without_a_network(page)
    for number in range(8, 13):
        interview(page, number)
    expect(page.locator("#queue [data-state=waiting]")).to_have_count(11)
    look(page, "waiting")
    nothing_readable_is_kept(page)
    the_network_is_back_and_the_server_dies_now_and_then(house, context, page)
    nothing_readable_is_kept(page)
    assert house.asked(COUNTED) == "12 12 12 1 12"
    a_second_browser_finds_nothing(house, browser)
    the_office_ends_the_device(house, browser, page)
    assert failures == []
    context.close()


COUNTED = """
from saphan.care.fieldkit.models import SiteVisit, Submission, VisitPerson
from saphan.care.screening.models import Interview
sent = Submission.objects.filter(device__alias="โทรศัพท์สีน้ำเงิน")
print(sent.count(), sent.values("source_id").distinct().count(), Interview.objects.filter(submission__in=sent).count(),
      SiteVisit.objects.filter(pk__in=sent.values("visit")).count(), VisitPerson.objects.filter(visit__in=sent.values("visit")).values("person").distinct().count())
"""


def the_device_is_prepared(page: Page) -> None:
    page.goto(f"{KIT}prepare/")
    page.fill("[name=alias]", "โทรศัพท์สีน้ำเงิน")
    page.fill("#passphrase", "short")
    page.click("#prepare button.button")
    expect(page.locator("#wrong")).to_be_visible()
    page.fill("#passphrase", PASSPHRASE)
    page.fill("#passphrase-again", PASSPHRASE)
    page.check("#understood")
    look(page, "prepare")
    page.click("#prepare button.button")
    expect(page).to_have_url(re.compile(f"{KIT}$"))
    expect(page.locator("html")).to_have_attribute("lang", "th")  # the language of the session that prepared it
    heading(page, "คลังข้อมูลถูกล็อก")
    page.click("#languages [lang=en]")
    expect(page.locator("html")).to_have_attribute("lang", "en")
    page.click("#languages [lang=th]")
    expect(page.locator("html")).to_have_attribute("lang", "th")
    page.fill("input[type=password]", "five small wrong words here")
    page.click("#open")
    expect(page.locator(".field .error")).to_be_visible()
    look(page, "locked")
    unlock(page)
    page.evaluate("navigator.serviceWorker.ready.then(() => 1)")
    look(page, "home")


def the_site_is_described(page: Page) -> None:
    page.click("#new-visit")
    page.locator("input[type=text]").fill("ZEBRA-PLACE โรงงานริมคลอง")
    page.locator("select").nth(0).select_option("factory")
    page.locator("select").nth(1).select_option("manufacture")
    page.locator("select").nth(2).select_option("TH-57")
    page.locator("textarea").fill("ZEBRA-CONDITIONS ประตูปิดตอนกลางคืน")
    look(page, "visit-form")
    page.click("#go")
    expect(page.locator("#add-person")).to_be_visible()


def interview(page: Page, number: int) -> None:
    page.click("#add-person")
    page.check("input[value=adult]" if number % 3 else "input[value=doubt]")
    page.select_option("#language", "my")
    if number == 1:
        page.select_option("#second", "en")
        look(page, "begin")
    page.click("#go")
    expect(page.locator("fieldset")).to_have_count(7)
    if number == 1:
        page.click("#go")
        expect(page.locator(".summary")).to_be_visible()
        look(page, "safety")
    pass_the_check(page)
    page.locator("textarea").fill("ZEBRA-PRESENT")
    page.click("#go")
    page.check("input[value=yes]")
    page.locator("details.sealednote summary").click()
    page.locator("details.sealednote textarea").fill("ZEBRA-NOTE")
    if number == 1:
        look(page, "question")
    first = page.locator("#question").inner_text()
    page.click("#next")
    expect(page.locator("#question")).not_to_have_text(first)
    page.check("input[value=unknown]")
    if number == 1:
        page.click("#by-section")
        look(page, "section")
        page.click("#pause")
        page.locator("ol.people li button").click()
        it_goes_on_here_after_the_check_made_again(page)
    page.click("#all")
    if number == 1:
        look(page, "overview")
    page.click("#finish")
    expect(page.locator("#add-person")).to_be_visible()
    expect(page.locator("ol.people li")).to_have_count(number)


def it_goes_on_here_after_the_check_made_again(page: Page) -> None:
    """Place or interpreter another: the check again, briefly, and what was typed of who is present is still there."""
    page.locator("textarea").fill("ZEBRA-PRESENT again")
    page.click("#go")
    expect(page.locator(".field.wrong .error")).to_be_visible()
    look(page, "resume")
    page.check("input[value=yes]")
    page.click("#go")
    expect(page.locator("fieldset")).to_have_count(5)
    page.click("#go")
    expect(page.locator(".summary")).to_be_visible()
    look(page, "safety-again")
    check_again(page)
    expect(page.locator("fieldset")).to_have_count(0)
    expect(page.locator("textarea")).to_have_value("ZEBRA-PRESENT again")
    page.click("#go")


def check_again(page: Page) -> None:
    pass_the_check(page, ("yes", "not_needed", "yes", "some", "low"))


def the_page_is_loaded_again_without_a_network(page: Page) -> None:
    page.reload()
    expect(page.locator(".note.warning").first).to_be_visible()
    look(page, "locked-waiting")
    unlock(page)
    page.locator("section.card button", has_text="ZEBRA-PLACE").click()
    expect(page.locator("ol.people li")).to_have_count(7)


def the_network_is_back_and_the_server_dies_now_and_then(house: House, context: BrowserContext, page: Page) -> None:
    """Each fourth answer of a process is lost after its deed is committed: the process is killed between the two."""
    house.open(SAPHAN_FAULT="fieldkit:before_answer@4")
    context.set_offline(False)
    expect(page.locator("#queue [data-state=received]").nth(1)).to_be_visible(timeout=PATIENCE)  # by itself
    patience = time.monotonic() + PATIENCE / 1000  # a killed process needs seconds to come back, more on a busy machine
    while page.locator("#queue [data-state=received]").count() < 12 and time.monotonic() < patience:
        page.click("#send-now")
        page.click("#send-now")
        page.wait_for_timeout(700)
    expect(page.locator("#queue [data-state=received]")).to_have_count(12, timeout=PATIENCE)
    expect(page.locator("#queue [data-state=waiting]")).to_have_count(0)
    look(page, "received")
    house.close()
    house.open()


def a_second_browser_finds_nothing(house: House, browser: Browser) -> None:
    other = browser.new_context(base_url=house.url, viewport=TELEPHONE)
    page = other.new_page()
    page.goto(KIT)
    expect(page).to_have_url(re.compile("/accounts/login"))
    other.close()


def the_office_ends_the_device(house: House, browser: Browser, page: Page) -> None:
    office = browser.new_context(base_url=house.url, viewport=TELEPHONE)
    desk = signed_in(house, office, "malee")
    desk.goto(f"{KIT}devices/")
    look(desk, "devices", 390, 1280)
    mine = desk.locator("tbody tr", has_text="โทรศัพท์สีน้ำเงิน")
    mine.locator("form[action$='/expire/'] button").click()
    expect(mine.locator(".tag.warm")).to_be_visible()
    page.click("#send-now")
    expect(page.locator("a.button")).to_be_visible(timeout=15_000)  # "prepare this device": the store is empty
    assert [part for part in kit.kept(page) if part.startswith(("records ", "outbox "))] == []
    assert page.evaluate("kitStore.get('meta', 'device').then((d) => d === undefined)")
    desk.goto(f"{KIT}devices/")
    look(desk, "device-emptied")
    office.close()


def test_a_file_by_usb_a_store_that_locks_and_visits_at_the_desk(house: House, browser: Browser, tmp_path: Path) -> None:
    context = browser.new_context(base_url=house.url, viewport=TELEPHONE, accept_downloads=True)
    page = signed_in(house, context, "anong")
    page.clock.install()
    kit.prepared(page, "", "laptop", PASSPHRASE)
    unlock(page)
    the_site_is_described(page)
    context.set_offline(True)
    interview(page, 1)
    with page.expect_download() as download:
        page.locator("#queue button", has_text=re.compile("USB|ยูเอสบี")).click()
    bundle = tmp_path / "kit.json"
    download.value.save_as(bundle)
    assert [canary for canary in CANARIES if canary in bundle.read_text()] == []
    the_store_locks_by_itself_and_refuses_guesses(page)
    the_desk_brings_the_file_in(house, browser, bundle)
    context.set_offline(False)
    page.clock.run_for(2 * 3_600_000)
    unlock(page)
    page.click("#send-now")
    expect(page.locator("#queue [data-state=received]")).to_have_count(1)
    assert house.asked("from saphan.care.fieldkit.models import Submission as S; print(S.objects.filter(device__alias='laptop').count())") == "1"
    context.close()


def the_store_locks_by_itself_and_refuses_guesses(page: Page) -> None:
    """Five idle minutes lock; ten wrong guesses make the eleventh wait, be it the right one."""
    page.clock.run_for(5 * 60_000 + 1_000)
    expect(page.locator("input[type=password]")).to_be_visible()
    assert "ZEBRA" not in page.content()
    for _guess in range(10):
        page.fill("input[type=password]", "a wrong guess of it")
        page.click("#open")
        expect(page.locator(".field .error")).to_be_visible(timeout=10_000)
        page.evaluate("document.querySelector('.field .error').remove()")
    page.fill("input[type=password]", PASSPHRASE)
    page.click("#open")
    expect(page.locator(".field .error")).to_be_visible(timeout=10_000)
    look(page, "wait")


def the_desk_brings_the_file_in(house: House, browser: Browser, bundle: Path) -> None:
    office = browser.new_context(base_url=house.url, viewport=TELEPHONE)
    desk = signed_in(house, office, "malee")
    for _time in range(2):
        desk.goto(f"{KIT}bring-in/")
        desk.set_input_files("[name=bundle]", bundle)
        desk.locator("main form button.button").click()
        expect(desk.locator("tbody tr")).to_have_count(1)
        expect(desk.locator("tbody td").nth(1)).to_have_text(re.compile("S-"))
    look(desk, "bring-in", 390, 1280)
    desk.goto(f"{KIT}visits/")
    look(desk, "visits", 390, 1280)
    desk.locator("tbody th a").first.click()
    expect(desk.locator("main")).to_contain_text("ZEBRA-PLACE")
    look(desk, "visit", 390, 1280)
    desk.goto(f"{KIT}visits/new/")
    look(desk, "visit-new", 390, 1280)
    office.add_cookies([{"name": "django_language", "value": "en", "url": house.url}])
    desk.goto(f"{KIT}devices/")
    look(desk, "devices-en", 390, 1280)
    desk.locator("details.card summary").click()
    desk.fill("[name=alias]", "green telephone")
    desk.locator("details.card form button.button").click()
    look(desk, "connected", 390, 1280)
    office.close()
