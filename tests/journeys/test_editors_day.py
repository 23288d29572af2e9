"""From an editor's draft with a PDF to a reader who finds it by a Thai phrase inside: two persons, two languages, the feed, and a move."""

import re
from collections.abc import Callable
from pathlib import Path

import feedparser
import httpx
import pytest
from playwright.sync_api import Browser, Page, expect

from tests.running import Site

PHRASE = "สะพานไม้เก่าริมแม่น้ำสายสีเงิน"  # stands in the PDF and nowhere else
ENGLISH, THAI = "Border teams share one checklist", "ทีมชายแดนใช้รายการตรวจสอบเดียวกัน"
SECONDS = 20_000

pytestmark = pytest.mark.journey


@pytest.fixture
def leaflet(browser: Browser, tmp_path: Path) -> Path:
    """A Thai PDF as an office prints it from its word processor."""
    page = browser.new_context().new_page()
    page.set_content(f"<h1>รายการตรวจสอบ</h1><p>ทีมพบกันที่{PHRASE}ทุกเช้าวันจันทร์</p>")
    path = tmp_path / "checklist.pdf"
    page.pdf(path=path)
    page.context.close()
    return path


def begin(page: Page, kind: str, parent: str) -> None:
    """Opens the form of a new page below the page of this address."""
    page.goto("/cms/pages/")
    page.goto(f"/cms/pages/add/{kind}/{parent}/")


def write(page: Page, **fields: str) -> None:
    """Types into the fields of a form in the editors' system; rich text is typed as one would."""
    for name, text in fields.items():
        rich = page.locator(f"[data-contentpath={name}] [contenteditable=true]")
        if rich.count():
            rich.first.click()
            page.keyboard.type(text)
            expect(page.locator(f"[name={name}]")).to_have_value(re.compile(re.escape(text.split()[-1])))  # the editor writes it down a moment later
        else:
            page.fill(f"[name={name}]", text)


def choose(page: Page, name: str, *labels: str) -> None:
    page.select_option(f"[name={name}]", label=list(labels))


def keep_draft(page: Page) -> str:
    """Saves, and answers the number of the page in the editors' system."""
    page.locator("button.action-save").first.click()
    expect(page).to_have_url(re.compile(r"/cms/pages/\d+/edit/"), timeout=SECONDS)
    assert page.locator(".messages .error").count() == 0, page.locator(".messages").inner_text()
    found = re.search(r"/pages/(\d+)/edit/", page.url)
    assert found
    return found[1]


def publish(page: Page, number: str) -> None:
    page.goto(f"/cms/pages/{number}/edit/")
    page.locator("footer .w-dropdown__toggle, footer [data-w-dropdown-target=toggle]").last.click()
    page.locator("button[name=action-publish]").click()
    page.wait_for_load_state()
    assert page.locator(".messages .success").count() == 1, page.locator(".messages").inner_text()


def parents(site: Site) -> dict[str, str]:
    told = site.run(
        "from wagtail.models import Page\nfor p in Page.objects.filter(depth=3, slug__in=['news','library']): print(p.locale.language_code + '/' + p.slug, p.pk)"
    )
    return dict(line.split() for line in told.splitlines())


def set_beside(page: Page, title: str) -> None:
    """Sets another page beside a document: the chooser of the editors' system, searched by title."""
    page.locator("#id_related_items-ADD").click()
    page.locator("#id_related_items-0-target-chooser").get_by_role("button", name="Choose a page", exact=False).click()
    dialogue = page.locator(".modal-content")
    dialogue.locator("[name=q]").fill(title)
    dialogue.get_by_role("link", name=title).first.click()
    expect(dialogue).to_have_count(0)


def test_from_draft_to_reader(signed_in: Callable[[str], Page], journey_site: Site, leaflet: Path, browser: Browser) -> None:
    editor, publisher, lists = signed_in("editor"), signed_in("publisher"), parents(journey_site)

    begin(editor, "portal_news/newsarticlepage", lists["en/news"])
    write(editor, title=ENGLISH, published_on="2026-11-20", introduction="One list for both sides of the river.", body="Both teams agreed on it.")
    choose(editor, "countries", "Thailand", "Laos")
    english = keep_draft(editor)

    editor.goto("/cms/translations/?language=th&state=missing")
    editor.get_by_role("button", name=f"{ENGLISH}, ไทย").click()
    editor.wait_for_load_state()
    thai = journey_site.run(f"from wagtail.models import Page\nprint(Page.objects.get(pk={english}).get_translations().get().pk)").strip()
    editor.goto(f"/cms/pages/{thai}/edit/")
    write(editor, title=THAI, introduction="รายการเดียวสำหรับทั้งสองฝั่งแม่น้ำ")
    keep_draft(editor)

    begin(editor, "portal_library/documentpage", lists["th/library"])
    write(editor, title="รายการตรวจสอบของทีม", introduction="รายการเดียวสำหรับทั้งสองฝั่ง", publisher="ทีมชายแดน", year="2026")
    editor.select_option("[name=document_type]", index=3)
    editor.select_option("[name=licence]", "cc-by")
    editor.locator("#id_versions-ADD").click()
    editor.set_input_files("[name=versions-0-file]", leaflet)
    editor.select_option("[name=versions-0-language]", "th")
    editor.fill("[name=versions-0-dated_on]", "2026-11-20")
    set_beside(editor, ENGLISH)
    document = keep_draft(editor)

    drafts = httpx.get(f"{journey_site.url}/th/search/", params={"q": PHRASE}).text
    assert "รายการตรวจสอบของทีม" not in drafts

    for number in (english, thai, document):
        publish(publisher, number)

    reader = browser.new_context(base_url=journey_site.url).new_page()
    reader.goto(f"/th/search/?q={PHRASE}")
    reader.get_by_role("link", name="รายการตรวจสอบของทีม").first.click()
    assert reader.locator("h1").inner_text() == "รายการตรวจสอบของทีม"
    reader.goto("/en/news/")
    reader.get_by_role("link", name=ENGLISH).first.click()
    before = reader.url
    expect(reader.get_by_role("link", name="รายการตรวจสอบของทีม")).to_be_visible()
    assert 'hreflang="th"' in reader.content()

    feed = feedparser.parse(httpx.get(f"{journey_site.url}/feeds/country/TH.rss?lang=en").content)
    assert not feed.bozo
    assert ENGLISH in [entry.title for entry in feed.entries]

    editor.goto(f"/cms/pages/{english}/edit/")
    editor.get_by_role("tab", name="Promote").click()
    editor.fill("[name=slug]", "one-checklist-for-both-sides")
    keep_draft(editor)
    publish(publisher, english)
    answer = httpx.get(before)
    assert (answer.status_code, answer.headers["location"]) == (301, "/en/news/one-checklist-for-both-sides/")
    reader.goto(before)
    assert reader.locator("h1").inner_text() == ENGLISH
    reader.context.close()
