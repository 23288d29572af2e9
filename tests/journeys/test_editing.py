"""An editor's words meet the check, another person's eye, the translation board; the screens are clean at both widths."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.running import Site

pytestmark = pytest.mark.journey

WRITE = """
from saphan.access.models import User
from saphan.portal.editors.tests.writing import draft
editor = User.objects.get(email="editor@demo.example")
print(draft("<p>A 17-year-old N. was found. Call 02 123 4567.</p>", by=editor, title="On the river").pk)
"""
MEND = """
from saphan.access.models import User
from saphan.portal.news.models import NewsArticlePage
page = NewsArticlePage.objects.get(pk={pk})
page.body = "<p>Somebody was found. Call 02 123 4567.</p>"
page.save_revision(user=User.objects.get(email="editor@demo.example"))
"""


def test_the_check_stops_a_publisher_explains_and_lets_pass_what_has_a_reason(signed_in, journey_site: Site, looked_at) -> None:
    pk = journey_site.run(WRITE).strip()
    page: Page = signed_in("publisher")
    page.goto(f"/cms/pages/{pk}/edit/")
    publish(page)
    expect(page).to_have_url(re.compile(f"/cms/check/{pk}/$"))
    expect(page.get_by_text("Not published: 2 passages could give a person away")).to_be_visible()
    expect(page.locator("mark").first).to_have_text("17-year-old N.")
    page.reload()  # without the editors' system's own message, whose colours are not ours
    looked_at(page, "check")
    journey_site.run(MEND.format(pk=pk))
    page.goto(f"/cms/check/{pk}/")
    page.get_by_label("Reason for publishing this passage").fill("The ministry's own switchboard")
    page.get_by_role("button", name="Keep the reasons").click()
    expect(page.get_by_text("Nothing stops publication")).to_be_visible()
    page.goto(f"/cms/pages/{pk}/edit/")
    publish(page)
    expect(page.get_by_text("has been published")).to_be_visible()
    reader = page.context.browser.new_page()  # type: ignore[union-attr]  # a page of a running browser has one
    reader.goto(f"{journey_site.url}/en/news/on-the-river/")
    expect(reader.get_by_role("heading", name="On the river", level=1)).to_be_visible()
    reader.close()


def test_the_board_begins_a_translation_and_its_screens_are_clean(signed_in, looked_at) -> None:
    page: Page = signed_in("editor")
    page.goto("/cms/translations/?language=vi&state=missing")
    looked_at(page, "translation-board")
    page.locator("button.begin").first.click()
    expect(page).to_have_url(re.compile(r"/cms/pages/\d+/edit/$"))
    page = signed_in("publisher")  # the demonstration's editor planted the pages, and so approves none of them
    page.goto("/cms/translations/?language=lo&state=needs_review")
    page.locator("td.needs_review a").first.click()
    expect(page.get_by_role("button", name="Approve")).to_be_visible()
    looked_at(page, "translation")
    page.goto("/cms/translations/strings/lo/")
    looked_at(page, "translation-strings")
    page.goto("/cms/links/")
    looked_at(page, "broken-links")


def publish(page: Page) -> None:
    """The button in the menu of the editors' system's bar of acts."""
    page.locator("footer [data-w-dropdown-target=toggle], footer .w-dropdown__toggle, .footer__container button[aria-expanded]").first.click()
    page.locator("[name=action-publish]").click()
