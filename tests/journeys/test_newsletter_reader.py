"""A reader from the first request to the last letter, with real mail, in English and in Thai; and the desk that counts the readers."""

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect

from tests.postbox import MailedSite, link_in, path_of, text_of, unsubscribe

pytestmark = pytest.mark.journey
Look = Callable[[Page, str], None]
SECONDS = 30_000
ISSUE = """
from saphan.access.seeds import people_as_planted
from saphan.core import clock
from saphan.portal.newsletter.issues import Issue
from saphan.portal.newsletter.scheduling import wake
from saphan.portal.newsletter.tests.made import an_edition, on_its_way
Issue.objects.filter(month="2026-10-01").update(month="2026-09-01")
issue = on_its_way(people_as_planted(), clock.now())
an_edition(issue, "en")
an_edition(issue, "th")
wake(issue, clock.now())
"""
FIND = """
from saphan.portal.newsletter.models import Departed, Subscriber
from saphan.portal.newsletter.subscribing import mark_for
found = Subscriber.objects.filter(mark=mark_for("%s")).first()
print(found and found.state, found and found.language, Departed.objects.filter(mark=mark_for("%s")).exists())
"""


@pytest.fixture
def reader(browser: Browser, mailed_site: MailedSite) -> Iterator[Page]:
    """A reader without account, on a page of her own."""
    page = browser.new_context(base_url=mailed_site.url, viewport={"width": 1280, "height": 900}).new_page()
    yield page
    page.context.close()


def standing(site: MailedSite, address: str) -> list[str]:
    """State, language, and whether a mark of its leaving is kept."""
    return site.site.run(FIND % (address, address)).split()


def asks(page: Page, language: str, address: str) -> None:
    page.goto(f"/{language}/newsletter/")
    page.fill("[name=email]", address)
    page.check("[name=consent]")
    page.locator("form:has([name=consent]) button.button").click()
    expect(page).to_have_url(re.compile(f"/{language}/newsletter/asked/"), timeout=SECONDS)


def test_a_reader_asks_confirms_reads_changes_and_leaves_as_a_mail_program_does(mailed_site: MailedSite, reader: Page, looked_at: Look) -> None:
    address = "jane@readers.example.org"
    reader.goto("/en/newsletter/")
    looked_at(reader, "newsletter-ask-en")
    asks(reader, "en", address)
    looked_at(reader, "newsletter-asked-en")
    letter = mailed_site.box.wait_for(address)
    assert "newsletter" not in str(letter["Subject"]).lower()
    link = path_of(link_in(letter, "/confirm/"))
    assert httpx.get(mailed_site.url + link).status_code == 200  # a program that follows links
    assert standing(mailed_site, address) == ["asked", "en", "False"]
    reader.goto(link)
    looked_at(reader, "newsletter-confirm-en")
    reader.locator("main form button.button").click()
    expect(reader.locator("h1")).to_have_text("You are on the list")
    looked_at(reader, "newsletter-confirmed-en")
    assert standing(mailed_site, address) == ["confirmed", "en", "False"]

    mailed_site.site.run(ISSUE)
    issue = mailed_site.box.wait_for(address, 2, seconds=90)
    assert "News en0" in text_of(issue)
    reader.goto(path_of(link_in(issue, "/own/")))
    looked_at(reader, "newsletter-own-en")
    reader.check("[name=discreet]")
    reader.locator("main form button.button", has_text="Save").click()
    expect(reader.locator(".note")).to_contain_text("Your choices are saved")
    with reader.expect_download() as taken:
        reader.locator("button", has_text="Download what is kept about me").click()
    assert json.loads(Path(taken.value.path()).read_text())["email"] == address

    assert unsubscribe(issue, mailed_site.url) == 200
    assert standing(mailed_site, address) == ["None", "None", "True"]
    assert unsubscribe(issue, mailed_site.url) == 200


def test_a_thai_reader_leaves_by_the_button_and_comes_back_by_the_form(mailed_site: MailedSite, reader: Page, looked_at: Look) -> None:
    address = "malee@readers.example.org"
    asks(reader, "th", address)
    letter = mailed_site.box.wait_for(address)
    assert letter["Content-Language"] == "th"
    reader.goto(path_of(link_in(letter, "/confirm/")))
    looked_at(reader, "newsletter-confirm-th")
    reader.locator("main form button.button").click()
    expect(reader).to_have_url(re.compile("/th/newsletter/confirmed/"))
    mailed_site.site.run(ISSUE)
    issue = mailed_site.box.wait_for(address, 2, seconds=90)
    assert "การคุ้มครอง" in text_of(issue)
    reader.goto(path_of(link_in(issue, "/leave/")))
    looked_at(reader, "newsletter-leave-th")
    assert standing(mailed_site, address)[0] == "confirmed"
    reader.locator("main form button.danger").click()
    looked_at(reader, "newsletter-left-th")
    assert standing(mailed_site, address) == ["None", "None", "True"]
    reader.goto(path_of(link_in(issue, "/own/")))
    expect(reader.locator("a[href='/th/newsletter/own/']")).to_be_visible()
    asks(reader, "th", address)
    back = mailed_site.box.wait_for(address, 3)
    reader.goto(path_of(link_in(back, "/confirm/")))
    reader.locator("main form button.button").click()
    expect(reader).to_have_url(re.compile("/th/newsletter/confirmed/"))
    assert standing(mailed_site, address) == ["confirmed", "th", "False"]


def test_without_script_a_small_sum_opens_the_form(mailed_site: MailedSite, browser: Browser) -> None:
    address = "noscript@readers.example.org"
    page = browser.new_context(base_url=mailed_site.url, java_script_enabled=False).new_page()
    page.goto("/en/newsletter/")
    page.fill("[name=email]", address)
    page.check("[name=consent]")
    first, second = re.findall(r"\d+", page.locator("label[for^=sum-]").inner_text())
    page.fill("[name=sum]", str(int(first) + int(second)))
    page.locator("form:has([name=consent]) button.button").click()
    expect(page).to_have_url(re.compile("/en/newsletter/asked/"))
    mailed_site.box.wait_for(address)
    page.context.close()


def test_the_desk_counts_brings_a_list_in_and_lets_it_out_by_two_persons(
    mailed_site: MailedSite, browser: Browser, looked_at: Look, tmp_path: Path
) -> None:
    page = signed_in(browser, mailed_site, "publisher")
    page.goto("/desk/newsletter/subscribers/")
    looked_at(page, "newsletter-subscribers-en")
    assert "@readers" not in page.content()
    page.fill("main [name=email]", "reader-1@readers.demo.example")
    page.locator("main button", has_text="Look it up").click()
    expect(page.locator("h1")).to_have_text("A subscription")
    looked_at(page, "newsletter-subscription-en")
    assert "reader-1" not in page.content()

    page.goto("/desk/newsletter/subscribers/import/")
    looked_at(page, "newsletter-import-en")
    bad, good = tmp_path / "bad.csv", tmp_path / "good.csv"
    bad.write_text("address,language,consent,consent_on\nnobody,xx,,2026-13-01\n")
    good.write_text(
        "address,language,countries,consent,consent_on\nnew@readers.example.org,th,TH,Signed sheet at the training,2026-10-01\n"
        "asked-by-letter@readers.example.org,en,,,\nreader-2@readers.demo.example,en,,,\n"
    )
    page.set_input_files("main [name=file]", bad)
    page.locator("main button", has_text="Look at the file").click()
    expect(page.locator("main")).to_contain_text("Nothing is brought in")
    looked_at(page, "newsletter-import-faults-en")
    page.set_input_files("main [name=file]", good)
    page.locator("main button", has_text="Look at the file").click()
    looked_at(page, "newsletter-import-look-en")
    page.locator("main button", has_text="Bring in 2 addresses").click()
    expect(page.locator(".note.success")).to_contain_text("Receive from now on: 1. Asked by letter: 1.")
    mailed_site.box.wait_for("asked-by-letter@readers.example.org")

    page.goto("/desk/newsletter/subscribers/exports/")
    looked_at(page, "newsletter-exports-en")
    page.locator(".languages button[lang=th]").first.click()
    for name in ("subscribers", "import", "exports"):
        page.goto("/desk/newsletter/subscribers/" + ("" if name == "subscribers" else f"{name}/"))
        looked_at(page, f"newsletter-{name}-th")
    page.context.close()


def signed_in(browser: Browser, mailed_site: MailedSite, login: str) -> Page:
    """The page of a demo person."""
    page = browser.new_context(base_url=mailed_site.url, viewport={"width": 1280, "height": 900}).new_page()
    page.goto("/accounts/login/")
    page.fill("[name=login]", f"{login}@demo.example")
    page.fill("[name=password]", mailed_site.site.password)
    page.locator("form:has([name=password]) button.button").first.click()
    page.fill("[name=code]", mailed_site.site.code_for(f"{login}@demo.example"))
    page.locator("form:has([name=code]) button.button").first.click()
    expect(page).to_have_url(re.compile("/desk/$"))
    return page
