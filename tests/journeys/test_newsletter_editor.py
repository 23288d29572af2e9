"""An editor drafts, mends, previews and tries an issue; a publisher gives it its date; readers get it by real mail, in Thai and English."""

import re
from collections.abc import Callable, Iterator

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect

from tests.postbox import MailedSite, text_of

pytestmark = pytest.mark.journey
Look = Callable[[Page, str], None]
READERS = """
from saphan.core import clock
from saphan.portal.newsletter.models import Subscriber
from saphan.portal.newsletter.tests.readers import plant_readers
Subscriber.objects.all().delete()
plant_readers(2, at=clock.now(), languages=("en", "th"))
plant_readers(1, at=clock.now(), first=2, discreet=True)
"""
WORDS = "จดหมายถึงผู้อ่านทุกท่าน ขอบคุณที่ติดตาม"


@pytest.fixture(scope="module")
def enter(browser: Browser, mailed_site: MailedSite) -> Iterator[Callable[[str], Page]]:
    """The page of a demo person on the site with real mail."""
    pages: list[Page] = []

    def page_of(login: str) -> Page:
        page = browser.new_context(base_url=mailed_site.url, viewport={"width": 1280, "height": 900}).new_page()
        page.goto("/accounts/login/")
        page.fill("[name=login]", f"{login}@demo.example")
        page.fill("[name=password]", mailed_site.site.password)
        page.locator("form:has([name=password]) button.button").first.click()
        page.fill("[name=code]", page.locator(".note b").inner_text())
        page.locator("form:has([name=code]) button.button").first.click()
        expect(page).to_have_url(re.compile("/desk/$"))
        pages.append(page)
        return page

    yield page_of
    for page in pages:
        page.context.close()


def login_of(site: MailedSite, part: str) -> str:
    code = f"from saphan.access.seeds import people_as_planted\nprint(people_as_planted().{part}.email.partition('@')[0])"
    return site.site.run(code).split()[-1]


def test_an_issue_from_the_draft_to_the_readers(mailed_site: MailedSite, enter: Callable[[str], Page], looked_at: Look) -> None:
    mailed_site.site.run(READERS)
    editor = enter(login_of(mailed_site, "editor"))
    editor.goto("/desk/newsletter/")
    looked_at(editor, "newsletter-list")
    editor.get_by_role("button", name="Draft the issue").click()
    expect(editor.get_by_role("heading", name="Check list")).to_be_visible()
    looked_at(editor, "newsletter-issue")
    issue = editor.url

    editor.get_by_role("row").filter(has_text="ไทย").first.get_by_role("link").first.click()
    looked_at(editor, "newsletter-edition")
    editor.fill("[name=introduction]", WORDS)
    editor.get_by_role("button", name="Keep").last.click()
    expect(editor.locator("[name=introduction]")).to_have_value(WORDS)
    editor.get_by_role("button", name=re.compile("^Hide")).first.click()
    expect(editor.get_by_text("hidden", exact=True).first).to_be_visible()
    editor.get_by_role("button", name=re.compile("^Show")).first.click()

    editor.get_by_role("link", name="Preview and test").click()
    looked_at(editor, "newsletter-preview")
    light, dark = (editor.frame_locator("iframe").nth(n) for n in (0, 1))
    expect(light.get_by_text(WORDS)).to_be_visible()
    colours = [frame.locator("body").evaluate("b => getComputedStyle(b).backgroundColor") for frame in (light, dark)]
    assert colours == ["rgb(244, 241, 234)", "rgb(13, 21, 24)"]
    editor.get_by_role("button", name="Send a test letter to myself").click()
    tried = mailed_site.box.wait_for(f"{login_of(mailed_site, 'editor')}@demo.example")
    assert WORDS in text_of(tried)

    editor.goto(issue)
    editor.get_by_role("button", name="Call it ready").click()
    expect(editor.get_by_text("A publisher who did not write the last change gives it a date.")).to_be_visible()

    publisher = enter(login_of(mailed_site, "publisher"))
    publisher.goto(issue)
    looked_at(publisher, "newsletter-schedule")
    publisher.get_by_role("button", name="Schedule").click()
    looked_at(publisher, "newsletter-at-once")
    publisher.get_by_role("button", name="Send at once").click()
    letters = {n: mailed_site.box.wait_for(f"reader-{n}@example.net", seconds=150) for n in range(3)}
    assert WORDS in text_of(letters[1])
    assert WORDS in text_of(letters[1], "html")
    assert "จดหมายข่าว" in letters[1]["Subject"] or "Newsletter" in letters[1]["Subject"]
    assert "Saphan · Newsletter" in letters[0]["Subject"]
    assert letters[2]["Subject"].startswith("Your monthly reading")
    assert {letter["List-Unsubscribe-Post"] for letter in letters.values()} == {"List-Unsubscribe=One-Click"}
    publisher.goto(issue)
    expect(publisher.get_by_text("3 of 3 letters are settled")).to_be_visible(timeout=20_000)
    looked_at(publisher, "newsletter-sent")

    month = re.search(r"archive/([\d-]+)/", publisher.content())
    assert month
    page = httpx.get(f"{mailed_site.url}/th/newsletter/archive/{month[1]}/")
    assert WORDS in page.text
    publisher.goto(f"/en/newsletter/archive/{month[1]}/")
    looked_at(publisher, "newsletter-archive-issue")
    publisher.goto("/en/newsletter/archive/")
    looked_at(publisher, "newsletter-archive")


def test_the_desk_speaks_thai(enter: Callable[[str], Page], mailed_site: MailedSite, looked_at: Look) -> None:
    page = enter(login_of(mailed_site, "publisher"))
    page.goto("/desk/newsletter/")
    page.get_by_role("button", name="ไทย").first.click()
    page.goto("/desk/newsletter/")
    looked_at(page, "newsletter-list-thai")
    page.locator("tbody a").first.click()
    looked_at(page, "newsletter-issue-thai")
