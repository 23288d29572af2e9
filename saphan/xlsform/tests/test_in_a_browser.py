"""Pages of a questionnaire in a real browser, wide and narrow, in one and two languages, judged by the accessibility rules."""

import pytest
from playwright.sync_api import Browser, Page
from pytest_django.live_server_helper import LiveServer

from tests.judging import Fault, at_each_screen, judged

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True), pytest.mark.urls("saphan.xlsform.tests.screens")]
SMALL = """() => [...document.querySelectorAll('main button, main select, main input:not([type=radio], [type=checkbox], [type=hidden]), main textarea, main label:has(input), main summary')]
  .filter(e => e.getBoundingClientRect().height < 43.5).map(e => e.outerHTML.slice(0, 90))"""


def wrong_with(page: Page, name: str) -> list[Fault]:
    """A page of a form is touched by fingers: each control must be as large as one."""
    return [*judged(page, name), *((name, "smaller than a finger", [each]) for each in page.evaluate(SMALL))]


@at_each_screen
def test_every_kind_of_question_can_be_read_and_reached(browser: Browser, live_server: LiveServer, width: int, language: str) -> None:
    page = browser.new_context(viewport={"width": width, "height": 900}, locale=language).new_page()
    wrong: list[Fault] = []
    for second in ("", "&and=lo"):
        for key in ("from-hello", "child"):
            page.goto(f"{live_server.url}/form/{key}/?in={language}{second}")
            wrong += wrong_with(page, f"{language}{second[-2:]}-{key}")
    page.goto(f"{live_server.url}/form/from-hello/?in={language}&and=lo")
    page.fill("[name=x-hours]", "25")
    page.fill("[name=x-since]", "31/2/2569")
    page.click("main .acts button")
    assert page.locator(".error").count() == 3
    assert page.input_value("[name=x-since]") == "31/2/2569"
    wrong += wrong_with(page, f"{language}-mistakes")
    page.locator(".summary a").nth(1).click()
    assert page.evaluate("document.activeElement.name") == "x-hours"
    assert wrong == []
    page.context.close()
