"""The browser lets the data block of a page pass: the strict policy forbids scripts inside pages, and this is none."""

import json

import pytest
from playwright.sync_api import Browser

from tests.running import Site

pytestmark = pytest.mark.journey
LISTEN = "window.broken = []; document.addEventListener('securitypolicyviolation', e => window.broken.push(e.violatedDirective + ' ' + e.sample))"


@pytest.mark.parametrize("path", ["/en/news/2007-08-08-ministry-and-iom-sign-a-pact/", "/th/", "/th/feeds/", "/en/data/"])
def test_no_page_breaks_its_policy(browser: Browser, journey_site: Site, path: str) -> None:
    context = browser.new_context(base_url=journey_site.url)
    page = context.new_page()
    said: list[str] = []
    page.on("console", lambda line: said.append(line.text))
    page.add_init_script(LISTEN)
    page.goto(path)
    assert page.evaluate("window.broken") == []
    assert said == []
    for block in page.locator("script[type='application/ld+json']").all():
        assert json.loads(block.text_content() or "")["@context"] == "https://schema.org"
    context.close()
