"""A labour inspector with twelve workers on a site: the network is cut in the middle and comes back, the server dies between deed and answer."""

import io
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from axe_core_python.sync_playwright import Axe
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser import picture
from tests.running import ROOT, Site, bare, free_port, lay_out

pytestmark = pytest.mark.journey

PASSPHRASE = "ห้าเรือเล็กข้ามแม่น้ำ five boats"
CANARIES = ("ZEBRA-NOTE", "ZEBRA-PLACE", "ZEBRA-PRESENT", "ZEBRA-CONDITIONS")
PICTURES = ROOT / "data" / "pictures"
TELEPHONE = {"width": 390, "height": 844}
KIT = "/desk/screening/kit/"
EVERYTHING = """async () => {
  const text = (v) => v instanceof ArrayBuffer || ArrayBuffer.isView(v) ? new TextDecoder("latin1").decode(v) + new TextDecoder().decode(v)
    : v && typeof v === "object" ? Object.entries(v).map(([k, x]) => k + ":" + text(x)).join(" ") : String(v);
  const kept = [];
  for (const {name} of await indexedDB.databases()) {
    const db = await new Promise((done) => { const r = indexedDB.open(name); r.onsuccess = () => done(r.result); });
    for (const store of db.objectStoreNames)
      kept.push(...await new Promise((done) => { const r = db.transaction(store).objectStore(store).getAll(); r.onsuccess = () => done(r.result.map((v) => store + " " + text(v))); }));
    db.close();
  }
  for (const name of await caches.keys()) {
    const cache = await caches.open(name);
    for (const request of await cache.keys()) kept.push(request.url + " " + await (await cache.match(request)).text());
  }
  return kept.concat([JSON.stringify(localStorage), JSON.stringify(sessionStorage), document.cookie]);
}"""


@dataclass
class House:
    """The office's server on one address: it can be stopped, and started again where it was."""

    data: Path
    port: int
    site: Site | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def open(self, **extra: str) -> None:
        log = self.data.with_suffix(".log")
        environment = bare() | extra
        process = subprocess.Popen(
            [sys.executable, "-m", "saphan", "up", "--port", str(self.port), "--data", str(self.data), "--demo", "small"],
            env=environment, cwd=ROOT, stdout=log.open("ab"), stderr=subprocess.STDOUT,
        )  # fmt: skip
        inside = environment | {"SAPHAN_DATA": str(self.data), "SAPHAN_DEMO": "1", "SAPHAN_SITE_URL": self.url}
        self.site = Site(self.url, self.data, process, inside, log)
        self.site.wait_until_ready()

    def close(self) -> None:
        if self.site and self.site.process.poll() is None:
            self.site.stop()

    def asked(self, code: str) -> str:
        assert self.site
        return self.site.run(code).strip()


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    data = tmp_path_factory.mktemp("fieldkit") / "data"
    lay_out(data)
    house = House(data, free_port())
    house.open()
    yield house
    house.close()


def signed_in(house: House, context: BrowserContext, login: str) -> Page:
    assert house.site
    page = context.new_page()
    page.goto("/accounts/login/")
    page.fill("[name=login]", f"{login}@demo.example")
    page.fill("[name=password]", house.site.password)
    page.locator("form:has([name=password]) button.button").first.click()
    page.fill("[name=code]", page.locator(".note b").inner_text())
    page.locator("form:has([name=code]) button.button").first.click()
    expect(page).to_have_url(re.compile("/desk/$"))
    context.add_cookies([{"name": "django_language", "value": "th", "url": house.url}])
    return page


def look(page: Page, name: str, *widths: int) -> None:
    PICTURES.mkdir(parents=True, exist_ok=True)
    for width in widths or (390,):
        page.set_viewport_size(TELEPHONE | {"width": width})
        picture(page, PICTURES / f"fieldkit-{name}-{width}.png")
        found = Axe().run(page)["violations"]
        assert [(v["id"], [n["html"][:160] for n in v["nodes"][:3]]) for v in found] == [], name
        assert page.evaluate("document.documentElement.scrollWidth") <= width, name
    page.set_viewport_size(TELEPHONE)


def test_twelve_workers_on_a_site_and_the_network_cut_in_the_middle(house: House, browser: Browser) -> None:
    context = browser.new_context(base_url=house.url, viewport=TELEPHONE, locale="th-TH")
    page = signed_in(house, context, "somsri")
    failures: list[str] = []
    page.on("pageerror", lambda error: failures.append(str(error)))
    the_device_is_prepared(page)
    the_site_is_described(page)
    interview(page, 1)
    expect(page.locator("#queue [data-state=received]")).to_have_count(1, timeout=15_000)
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


def unlock(page: Page) -> None:
    page.fill("input[type=password]", PASSPHRASE)
    page.click("#open")
    expect(page.locator("#new-visit")).to_be_visible(timeout=15_000)


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
    page.locator("select").nth(1).select_option("my")
    if number == 1:
        page.locator("select").nth(3).select_option("en")
        look(page, "begin")
    page.click("#go")
    if number == 1:
        page.click("#go")
        expect(page.locator(".summary")).to_be_visible()
        look(page, "safety")
    for group, answer in enumerate(["yes", "not_needed", "yes", "yes", "yes", "some", "low"]):
        page.locator("fieldset").nth(group).locator(f"input[value={answer}]").check()
    page.click("#go")
    page.locator("textarea").fill("ZEBRA-PRESENT")
    page.click("#go")
    page.check("input[value=yes]")
    page.locator("details.sealednote summary").click()
    page.locator("details.sealednote textarea").fill("ZEBRA-NOTE")
    if number == 1:
        look(page, "question")
    page.click("#next")
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
    for group, answer in enumerate(["yes", "not_needed", "yes", "some", "low"]):
        page.locator("fieldset").nth(group).locator(f"input[value={answer}]").check()
    page.click("#go")


def the_network_is_cut(house: House, context: BrowserContext) -> None:
    """Both ends: the browser is offline, and nobody listens on the port."""
    context.set_offline(True)
    house.close()


def the_page_is_loaded_again_without_a_network(page: Page) -> None:
    page.reload()
    expect(page.locator(".note.warning").first).to_be_visible()
    look(page, "locked-waiting")
    unlock(page)
    page.locator("section.card button", has_text="ZEBRA-PLACE").click()
    expect(page.locator("ol.people li")).to_have_count(7)


def nothing_readable_is_kept(page: Page) -> None:
    kept = page.evaluate(EVERYTHING)
    assert len(kept) > 30
    assert [canary for canary in CANARIES for part in kept if canary in part] == []
    assert [part[:80] for part in kept if part.startswith("records ") and ("answers" in part or "โรงงาน" in part or "reading_token" in part)] == []


def the_network_is_back_and_the_server_dies_now_and_then(house: House, context: BrowserContext, page: Page) -> None:
    """Each fourth answer of a process is lost after its deed is committed: the process is killed between the two."""
    house.open(SAPHAN_FAULT="fieldkit:before_answer@4")
    context.set_offline(False)
    expect(page.locator("#queue [data-state=received]").nth(1)).to_be_visible(timeout=20_000)  # by itself
    patience = time.monotonic() + 120  # a killed process needs seconds to come back, more on a busy machine
    while page.locator("#queue [data-state=received]").count() < 12 and time.monotonic() < patience:
        page.click("#send-now")
        page.click("#send-now")
        page.wait_for_timeout(700)
    expect(page.locator("#queue [data-state=received]")).to_have_count(12, timeout=30_000)
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
    assert [part for part in page.evaluate(EVERYTHING) if part.startswith(("records ", "outbox "))] == []
    assert page.evaluate("kitStore.get('meta', 'device').then((d) => d === undefined)")
    desk.goto(f"{KIT}devices/")
    look(desk, "device-emptied")
    office.close()


def test_a_file_by_usb_a_store_that_locks_and_visits_at_the_desk(house: House, browser: Browser, tmp_path: Path) -> None:
    context = browser.new_context(base_url=house.url, viewport=TELEPHONE, accept_downloads=True)
    page = signed_in(house, context, "anong")
    page.clock.install()
    page.goto(f"{KIT}prepare/")
    page.fill("[name=alias]", "laptop")
    page.fill("#passphrase", PASSPHRASE)
    page.fill("#passphrase-again", PASSPHRASE)
    page.check("#understood")
    page.click("#prepare button.button")
    expect(page).to_have_url(re.compile(f"{KIT}$"))
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
    expect(page.locator("#queue [data-state=received]")).to_have_count(1, timeout=15_000)
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
    page.goto(f"{KIT}prepare/")
    page.fill("[name=alias]", "red telephone")
    for field in ("#passphrase", "#passphrase-again"):
        page.fill(field, PASSPHRASE)
    page.check("#understood")
    page.click("#prepare button.button")
    expect(page).to_have_url(re.compile(f"{KIT}$"))
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
    page.locator("select").nth(1).select_option("lo")
    household = page.locator("select").nth(2).locator("option", has_text="ครัวเรือน").get_attribute("value")
    page.locator("select").nth(2).select_option(household)
    page.click("#go")
    for group, answer in enumerate(["yes", "not_needed", "yes", "yes", "yes", "some", "low"]):
        page.locator("fieldset").nth(group).locator(f"input[value={answer}]").check()
    page.click("#go")
    page.click("#go")


def heading(page: Page, words: str) -> None:
    expect(page.locator("h1")).to_have_text(words)


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


def until(page: Page, true: str, seconds: int = 20) -> None:
    """Waits for what a script answers. Asked from outside: the page's own policy lets nobody evaluate a string in it."""
    for _turn in range(seconds * 10):
        if page.evaluate(true):
            return
        page.wait_for_timeout(100)
    raise AssertionError(f"never true: {true}")


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
    patience = time.monotonic() + 60
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
