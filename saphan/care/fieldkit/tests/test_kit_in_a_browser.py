"""The kit in Chromium against the site: the telephone's own Back, a refusal of consent that leaves its trace, an interview of two days."""

import re
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from saphan.access.seeds import People
from saphan.care.screening.models import Interview
from saphan.care.screening.seeds import load_instruments
from tests import kit
from tests.judging import judged, signed_in
from tests.kit import KIT, pass_the_check

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]
PASSPHRASE = "five boats cross the wide river"


@pytest.fixture(autouse=True)
def noon() -> None:
    """The site answers in its own thread, by the real clock: people sign in by it too."""


def test_back_stays_in_the_kit_and_every_safety_check_reaches_the_office(live_server: Any, browser: Browser, people: People) -> None:
    load_instruments()
    page = signed_in(browser, live_server.url, people.owner, width=390)
    failures: list[str] = []
    page.on("pageerror", lambda error: failures.append(str(error)))
    page.clock.install()
    kit.prepared(page, live_server.url, "yellow telephone", PASSPHRASE)
    unlock(page)
    a_refusal_of_consent_leaves_its_trace(page)
    stopped = Interview.objects.get()
    assert (stopped.state, stopped.stop_reason, stopped.sittings.count()) == ("stopped", "wish", 0)
    assert list(stopped.checks.values_list("private_place", "consent", "person_risk", "passed")) == [("yes", "no", "", False)]
    an_interview_of_two_days(page)
    asked = Interview.objects.get(state="completed")
    assert list(asked.checks.values_list("seq", "sitting", "person_risk", "passed")) == [(1, 1, "some", True), (2, 2, "high", True)]
    assert asked.sittings.count() == 2
    page.go_back()  # on the first screen it leaves
    expect(page).not_to_have_url(re.compile(f"{KIT}$"))
    assert failures == []
    page.context.close()


def unlock(page: Page) -> None:
    kit.unlock(page, PASSPHRASE)


def heading(page: Page, words: str) -> None:
    expect(page.locator("h1")).to_have_text(words)


def begun(page: Page) -> None:
    page.click("#new-interview")
    page.check("input[value=adult]")
    page.select_option("#language", "lo")
    page.click("#go")
    heading(page, "Safety check")


def go_on(page: Page) -> None:
    page.locator("section.card button", has_text="New person").click()


def a_refusal_of_consent_leaves_its_trace(page: Page) -> None:
    begun(page)
    page.go_back()
    heading(page, "Interviews without a network")
    go_on(page)
    heading(page, "Safety check")
    page.locator("fieldset").nth(0).locator("input[value=yes]").check()
    page.locator("fieldset").nth(2).locator("input[value=no]").check()
    page.locator("button", has_text="Stop the interview").click()
    heading(page, "Stop the interview")
    page.go_back()
    heading(page, "Safety check")
    expect(page.locator("fieldset").nth(2).locator("input[value=no]")).to_be_checked()
    page.locator("button", has_text="Stop the interview").click()
    page.check("input[value=wish]")
    page.click("button.danger")
    expect(page.locator("#queue [data-state=received]")).to_have_count(1)


def another_place(page: Page) -> None:
    """The check is asked for on the same day too, where the place is another; going back from it changes nothing."""
    go_on(page)
    heading(page, "Who is present?")
    page.click("#go")
    expect(page.locator(".field.wrong .error")).to_be_visible()
    assert judged(page, "kit-resume") == []
    page.check("input[value=yes]")
    page.click("#go")
    heading(page, "Safety check")
    expect(page.locator("fieldset")).to_have_count(5)
    page.go_back()
    heading(page, "Interviews without a network")


def an_interview_of_two_days(page: Page) -> None:
    begun(page)
    pass_the_check(page)
    heading(page, "Who is present?")
    page.go_back()
    heading(page, "Safety check")
    page.click("#go")
    heading(page, "Who is present?")
    page.click("#go")
    expect(page.locator("#question")).to_be_visible()
    first = page.locator("#question").inner_text()
    page.check("input[value=yes]")
    page.click("#next")
    expect(page.locator("#question")).not_to_have_text(first)
    page.click("#all")
    heading(page, "Everything that was said")
    page.go_back()
    expect(page.locator("#question")).to_be_visible()
    page.locator("#by-section").wait_for()
    page.go_back()
    expect(page.locator("#question")).to_be_visible()
    page.click("#pause")
    another_place(page)
    page.click("#lock")
    page.clock.fast_forward("24:00:00")
    expect(page.locator("input[type=password]")).to_be_visible()
    unlock(page)
    go_on(page)
    heading(page, "Safety check")
    expect(page.locator(".note.warning", has_text="of another day")).to_be_visible()
    assert judged(page, "kit-another-day") == []
    page.locator("fieldset").nth(0).locator("input[value=yes]").check()
    page.go_back()
    heading(page, "Interviews without a network")
    go_on(page)
    expect(page.locator("fieldset").nth(0).locator("input[value=yes]")).to_be_checked()
    pass_the_check(page, ("yes", "not_needed", "yes", "high", "low"))
    heading(page, "Who is present?")
    page.click("#go")
    expect(page.locator("#question")).to_be_visible()
    page.click("#all")
    page.click("#finish")
    expect(page.locator("#queue [data-state=received]")).to_have_count(2)
