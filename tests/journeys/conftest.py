"""One running site for the journeys, and one signed-in page for each person who walks."""

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys.fieldkit import House
from tests.judging import judged
from tests.postbox import MailedSite, mailed
from tests.running import Site, free_port, lay_out, running_site


@pytest.fixture(scope="session")
def journey_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with running_site(tmp_path_factory.mktemp("journey") / "data") as started:
        yield started


@pytest.fixture(scope="module")
def mailed_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[MailedSite]:
    """A site of this file's own with real mail: `mailed_site.box` gets its letters, `mailed_site.answer(…)` answers them."""
    with mailed(tmp_path_factory.mktemp("mailed") / "data") as started:
        yield started


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """The office of a journey of the field kit: a server of this file's own, which is closed, killed and opened again."""
    data = tmp_path_factory.mktemp("fieldkit") / "data"
    lay_out(data)
    house = House(data, free_port())
    try:
        house.open()
        yield house
    finally:
        house.close()


@pytest.fixture(scope="session")
def signed_in(browser: Browser, journey_site: Site) -> Iterator[Callable[[str], Page]]:
    """The page of a demo person, in English; each signs in once with password and second step."""
    pages: dict[str, Page] = {}

    def page_of(login: str) -> Page:
        if login not in pages:
            page = browser.new_context(base_url=journey_site.url, viewport={"width": 1280, "height": 900}).new_page()
            page.goto("/accounts/login/")
            page.fill("[name=login]", f"{login}@demo.example")
            page.fill("[name=password]", journey_site.password)
            page.locator("form:has([name=password]) button.button").first.click()
            page.fill("[name=code]", page.locator(".note b").inner_text())
            page.locator("form:has([name=code]) button.button").first.click()
            expect(page).to_have_url(re.compile("/desk/$"))
            pages[login] = page
        pages[login].context.add_cookies([{"name": "django_language", "value": "en", "url": journey_site.url}])  # a walk in Thai leaves it behind
        return pages[login]

    yield page_of
    for page in pages.values():
        page.context.close()


@pytest.fixture
def looked_at() -> Callable[[Page, str], None]:
    """Looks at a screen at telephone and desktop width: no axe violation, nothing wider than the screen."""

    def look(page: Page, name: str) -> None:
        for width, height in ((390, 844), (1280, 900)):
            page.set_viewport_size({"width": width, "height": height})
            assert judged(page, name) == [], f"at {width}"

    return look
