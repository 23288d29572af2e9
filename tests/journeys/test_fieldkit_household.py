"""A form with needed answers, turns and a photo, filled without a network and sent while no page of the kit is open."""

import io
import re
import time
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.journeys.fieldkit import (
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
from tests.kit import KIT, PATIENCE, pass_the_check, prepared, until

pytestmark = pytest.mark.journey


BRING = """
from saphan.access.models import User
from saphan.care.fieldkit.tests.household import bring_household
from saphan.core import clock
bring_household(by=User.objects.get(email="malee@demo.example"), at=clock.now())
"""


TOLD = """
from saphan.care.screening.models import Reply
given = Reply.objects.filter(interview__submission__device__alias="red telephone", interview__version__instrument="household")
print(*sorted(f"{code}{'@' if turn else ''}{turn}" for code, turn in given.values_list("question__code", "instance")))
print(given.exclude(question__kind="image").values("at").distinct().count() > 3, given.filter(at__gt=given.first().interview.ended_at).exclude(question__kind="image").count())
"""


def test_a_form_with_needed_answers_turns_and_a_photo_sent_while_no_page_is_open(house: House, browser: Browser, tmp_path: Path) -> None:
    house.asked(BRING)
    context = browser.new_context(base_url=house.url, viewport=TELEPHONE, accept_downloads=True)
    page = signed_in(house, context, "somsri")
    failures: list[str] = []
    page.on("pageerror", lambda error: failures.append(str(error)))
    prepared(page, "", "red telephone", PASSPHRASE)
    heading(page, "คลังข้อมูลถูกล็อก")
    unlock(page)
    page.evaluate("navigator.serviceWorker.ready.then(() => 1)")
    the_household_is_begun(page)
    what_is_needed_or_does_not_fit_is_told_at_its_question(page)
    a_photo_answers(page)
    children_are_told_of_one_after_the_other(page)
    a_page_loaded_anew_asks_who_is_present(page)
    a_whole_part_on_one_page(page)
    the_network_is_cut(house, context)
    what_is_open_is_told_once_more_before_finishing(page)
    nothing_readable_is_kept(page)
    the_worker_sends_while_no_page_of_the_kit_is_open(house, context, page)
    assert house.asked(TOLD).splitlines() == ["free hours last nick@1 nick@2 paper part room school@2 town years@1 years@2", "True 0"]
    the_photo_is_read_from_its_interview(page)
    assert failures == []
    context.close()


def the_household_is_begun(page: Page) -> None:
    page.click("#new-interview")
    page.check("input[value=adult]")
    page.select_option("#language", "lo")
    household = page.locator("#version option", has_text="ครัวเรือน").get_attribute("value")
    page.select_option("#version", household)
    page.click("#go")
    pass_the_check(page)
    page.click("#go")


def write(page: Page, words: str) -> None:
    page.locator("#main > div textarea, #main > div input").first.fill(words)


def what_is_needed_or_does_not_fit_is_told_at_its_question(page: Page) -> None:
    heading(page, "คุณนอนห้องไหน")
    page.click("#next")
    expect(page.locator(".error", has_text="เขียนชื่อห้อง")).to_be_visible()
    heading(page, "คุณนอนห้องไหน")
    look(page, "needed")
    page.click("#languages [lang=en]")
    page.locator("section.card button", has_text="New person").click()
    page.click("#next")
    expect(page.locator(".error", has_text="Write the room")).to_be_visible()
    look(page, "needed-en")
    page.click("#languages [lang=th]")
    page.locator("section.card button", has_text=re.compile("[ก-๙].*1")).first.click()
    write(page, "ZEBRA-NOTE loft")
    page.click("#next")
    heading(page, "ทำงานวันละกี่ชั่วโมง")
    write(page, "25")
    page.click("#next")
    expect(page.locator(".error", has_text="24 ชั่วโมง")).to_be_visible()
    look(page, "unfit")
    write(page, "๑๒")
    page.click("#next")
    heading(page, "คุณออกจากบ้านได้ไหม")
    page.click("#next")
    expect(page.locator(".error").first).not_to_be_empty()
    page.check("input[value=declined]")
    page.click("#next")
    heading(page, "อยู่ภาคไหน")
    page.check("input[value=north]")
    page.click("#next")
    heading(page, "อยู่เมืองไหน")
    expect(page.locator("input[type=radio]")).to_have_count(1)
    page.check("input[value=mae_sot]")
    page.click("#next")


def a_photo_answers(page: Page) -> None:
    heading(page, "ภาพถ่ายสัญญา")
    out = io.BytesIO()
    Image.new("RGB", (40, 30), "teal").save(out, "JPEG")
    page.set_input_files("input[type=file]", {"name": "IMG_0001.jpg", "mimeType": "image/jpeg", "buffer": out.getvalue()})
    expect(page.locator("p.hint", has_text="ภาพ").last).to_be_visible()
    until(page, "document.querySelector('input[type=file]').value === ''")
    page.click("#next")


def children_are_told_of_one_after_the_other(page: Page) -> None:
    heading(page, "เรียกเด็กว่าอะไร")
    page.click("#next")
    expect(page.locator(".error").first).not_to_be_empty()
    page.click("#later")
    heading(page, "… อายุเท่าไร")
    write(page, "4")
    page.click("#next")
    heading(page, "เด็ก")
    look(page, "turns")
    page.click("button.add")
    heading(page, "เรียกเด็กว่าอะไร")
    write(page, "Lek")
    page.click("#next")
    heading(page, "Lek อายุเท่าไร")
    write(page, "9")
    page.click("#next")
    heading(page, "Lek ไปโรงเรียนไหม")
    look(page, "turn")
    page.check("input[value=yes]")
    page.click("#next")
    page.click("button.add")
    heading(page, "เรียกเด็กว่าอะไร")
    write(page, "Mistake")
    page.click("#next")
    heading(page, "Mistake อายุเท่าไร")
    write(page, "3")
    page.click("#next")
    heading(page, "เด็ก")
    page.locator("button.remove").nth(2).click()
    look(page, "turn-removed")
    page.locator("button.danger").click()
    expect(page.locator("button.danger")).to_have_count(0)
    expect(page.locator("button.remove")).to_have_count(2)


def a_page_loaded_anew_asks_who_is_present(page: Page) -> None:
    """Nobody knows how long it lay open, so it goes on as a new sitting, at the same question."""
    page.reload()
    unlock(page)
    page.locator("section.card button", has_text=re.compile("[ก-๙].*1")).first.click()
    expect(page.locator("h1")).not_to_have_text("เด็ก")
    page.check("input[value=no]")  # neither the place nor the interpreter is another
    page.click("#go")
    heading(page, "เด็ก")
    page.click("#next")


def a_whole_part_on_one_page(page: Page) -> None:
    heading(page, "เล่าถึงเด็ก 1 คน มีอะไรอีกไหม")
    write(page, "no")
    page.locator("#main p.acts button", has_text="ย้อนกลับ").click()
    heading(page, "เด็ก")
    page.click("#by-section")
    expect(page.locator("#by-question")).to_be_visible()
    look(page, "turns-section", 390, 1280)
    age = page.get_by_label("Lek อายุเท่าไร")
    age.fill("8")
    page.get_by_label("เรียกเด็กว่าอะไร").nth(1).fill("Lek")  # at once, before the first is kept by itself
    page.click("#by-question")
    page.click("#by-section")
    expect(age).to_have_value("8")
    page.click("#by-question")
    page.click("#all")


def what_is_open_is_told_once_more_before_finishing(page: Page) -> None:
    expect(page.locator("#against li")).to_have_count(1)
    look(page, "overview-needed")
    page.click("#finish")
    expect(page.locator("#against")).to_be_focused()
    page.locator("#against li button").click()
    heading(page, "เรียกเด็กว่าอะไร")
    write(page, "Noi")
    page.click("#all")
    expect(page.locator("#against")).to_have_count(0)
    page.click("#finish")
    expect(page.locator("#queue [data-state=waiting]")).to_have_count(1)


HERE = "from saphan.care.fieldkit.models import Submission; print(Submission.objects.filter(device__alias='red telephone').count())"


def the_worker_sends_while_no_page_of_the_kit_is_open(house: House, context: BrowserContext, page: Page) -> None:
    """Background Sync: the browser wakes the service worker, and no page of the kit is there that could send. It does so by itself, sooner or
    later; where it has not yet when the office is back, the event is fired through the developer's door."""
    devtools = context.new_cdp_session(page)
    found: list[str] = []

    def registered(event: dict[str, Any]) -> None:
        found.extend(one["registrationId"] for one in event["registrations"] if one["scopeURL"].endswith(KIT))

    devtools.on("ServiceWorker.workerRegistrationUpdated", registered)
    devtools.send("ServiceWorker.enable")
    until(page, "navigator.serviceWorker.ready.then((r) => r.sync.getTags()).then((tags) => tags.includes('send'))")
    page.goto("about:blank")
    assert house.asked(HERE) == "0"
    house.open()
    context.set_offline(False)
    if house.asked(HERE) == "0":
        devtools.send("ServiceWorker.dispatchSyncEvent", {"origin": house.url, "registrationId": found[0], "tag": "send", "lastChance": False})
    patience = time.monotonic() + PATIENCE / 1000
    while house.asked(HERE) == "0" and time.monotonic() < patience:
        time.sleep(1)
    assert house.asked(HERE) == "1"
    assert page.url == "about:blank"
    page.goto(KIT)
    unlock(page)
    expect(page.locator("#queue [data-state=received]")).to_have_count(1)


def the_photo_is_read_from_its_interview(page: Page) -> None:
    reference = page.locator("#queue [data-state=received] strong").inner_text()
    page.goto("/desk/screening/")
    page.locator("tr", has_text=reference).locator("a[href^='/desk/screening/']").first.click()
    expect(page.locator("#photos")).to_be_visible()
    look(page, "photos", 390, 1280)
    with page.expect_download() as download:
        page.locator("button[form=open-photo]").click()
    assert Image.open(download.value.path()).size == (40, 30)
