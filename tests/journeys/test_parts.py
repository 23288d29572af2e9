"""The parts and the pages that stop one, judged by the accessibility rules in a real browser: wide and narrow, English and Thai."""

from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from tests.judging import at_each_screen, judged

PAGES = ["/parts/", "/desk/stop/403_csrf/", "/en/stop/404/", "/th/stop/503/", "/en/"]

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True), pytest.mark.urls("saphan.core.tests.parts_urls")]


@pytest.fixture
def site(live_server: Any, settings: Any) -> str:
    settings.DEMO = True
    return str(live_server.url)


def opened(browser: Browser, site: str, path: str, language: str, width: int) -> Page:
    context = browser.new_context(viewport={"width": width, "height": 900})
    context.add_cookies([{"name": "django_language", "value": language, "url": site}])
    page = context.new_page()
    page.goto(site + path)
    return page


@at_each_screen
@pytest.mark.parametrize("path", PAGES)
def test_every_part_keeps_the_rules_of_accessibility(browser: Browser, site: str, path: str, language: str, width: int) -> None:
    page = opened(browser, site, path, language, width)
    assert judged(page, f"part-{path.strip('/').replace('/', '-')}-{language}") == []
    page.context.close()


def test_every_control_is_large_enough_to_touch(browser: Browser, site: str) -> None:
    page = opened(browser, site, "/parts/", "en", 390)
    heights = page.eval_on_selector_all(
        "main :is(.button, .answers label, select, .field > input:not([type=hidden]), .tabs a)",
        "all => all.map(e => e.getBoundingClientRect().height)",
    )
    assert heights
    assert min(heights) >= 44
    page.context.close()


def test_the_menu_folds_on_a_telephone_and_opens_without_script(browser: Browser, site: str) -> None:
    context = browser.new_context(viewport={"width": 390, "height": 900}, java_script_enabled=False)
    page = context.new_page()
    page.goto(site + "/en/")
    menu = page.get_by_role("link", name="News & Updates")
    assert not menu.is_visible()
    page.locator(".menu summary").click()
    assert menu.is_visible()
    context.close()


def test_three_times_escape_leaves_and_takes_the_place_in_the_history(browser: Browser, site: str, settings: Any) -> None:
    settings.EXIT_URL = f"{site}/parts/"
    page = opened(browser, site, "/en/", "en", 1280)
    before = page.evaluate("history.length")
    for _ in range(3):
        page.keyboard.press("Escape")
    page.wait_for_url("**/parts/")
    assert page.evaluate("history.length") == before
    page.context.close()


def test_changing_the_language_keeps_a_half_filled_form(browser: Browser, site: str) -> None:
    page = opened(browser, site, "/parts/", "en", 1280)
    page.fill("#id_line", "Mae Sai office")
    page.check("#id_papers_1")
    page.get_by_role("button", name="ไทย").click()
    page.wait_for_selector("html[lang=th]")
    assert page.input_value("#id_line") == "Mae Sai office"
    assert page.is_checked("#id_papers_1")
    page.context.close()
