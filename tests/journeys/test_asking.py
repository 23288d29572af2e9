"""Somebody asks without account and name: with a return code in Thai, with words of danger, and by e-mail."""

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.postbox import MailedSite, link_in, path_of, text_of

pytestmark = pytest.mark.journey
Looked = Callable[[Page, str], None]

ANSWER = """
from saphan.access.models import User
from saphan.core import clock
from saphan.portal.inquiries.answering import reply
from saphan.portal.inquiries.models import Inquiry
one = Inquiry.objects.get(reference={reference!r})
reply(inquiry_id=one.pk, text={text!r}, version=one.version, by=User.objects.get(email='inquiry1@demo.example'), at=clock.now())
"""


@pytest.fixture
def asker(browser: Browser, mailed_site: MailedSite) -> Iterator[Page]:
    """A person at a device of her own, in Thailand."""
    context = browser.new_context(base_url=mailed_site.url, viewport={"width": 390, "height": 844}, locale="th-TH")
    yield context.new_page()
    context.close()


def reference_on(page: Page) -> str:
    return page.locator("main strong", has_text=re.compile("^IQ-")).first.inner_text()


def fill(page: Page, subject: str, text: str, way: str) -> None:
    page.fill("[name=subject]", subject)
    page.fill("[name=text]", text)
    page.check(f"[name=way][value={way}]")


def go(page: Page) -> None:
    page.locator("main form:has([name=subject]) .acts button").click()


def send_words_back(page: Page, words: list[str]) -> None:
    """Types the two words that the page asks for."""
    for name in ("first", "second"):
        place = re.findall(r"\d+", page.locator(f"label[for=id_{name}]").inner_text())[0]
        page.fill(f"[name={name}]", words[int(place) - 1])
    page.locator("form:has([name=first]) .acts button").click()


def test_an_asker_keeps_seven_thai_words_and_comes_back_for_the_answer(asker: Page, mailed_site: MailedSite, looked_at: Looked) -> None:
    asker.goto("/th/inquiries/")
    looked_at(asker, "inquiries-home")
    asker.goto("/th/inquiries/answers/")
    looked_at(asker, "inquiries-answers")
    asker.goto("/th/inquiries/ask/")
    fill(asker, "กฎหมายค้ามนุษย์", "ขอทราบว่ากฎหมายไทยกล่าวถึงล่ามอย่างไร", "code")
    expect(asker.locator("[data-found] li").first).to_be_visible(timeout=15_000)
    expect(asker.locator("[data-by-mail]")).to_be_hidden()
    looked_at(asker, "inquiries-ask")
    go(asker)
    expect(asker.locator(".code-words li")).to_have_count(7, timeout=60_000)
    words = asker.locator(".code-words li").all_inner_texts()
    assert all(any("\u0e00" <= letter <= "\u0e7f" for letter in word) for word in words)
    assert not any(word in asker.title() or word in asker.url for word in words)
    looked_at(asker, "inquiries-code")
    send_words_back(asker, ["ผิด"] * 7)
    expect(asker.locator(".summary")).to_be_visible()
    assert asker.locator(".code-words li").all_inner_texts() == words
    send_words_back(asker, words)
    reference = reference_on(asker)
    looked_at(asker, "inquiries-sent")
    mailed_site.site.run(ANSWER.format(reference=reference, text="ล่ามได้รับการรับรองตามระเบียบ"))

    other = asker.context.browser.new_context(base_url=mailed_site.url, viewport={"width": 390, "height": 844}).new_page()
    other.goto("/th/inquiries/answer/")
    looked_at(other, "inquiries-come-back")
    other.fill("[name=code]", "".join(words))  # Thai is written without spaces
    other.locator("form:has([name=code]) .acts button").click()
    expect(other.locator(".thread .out")).to_contain_text("ล่ามได้รับการรับรองตามระเบียบ", timeout=60_000)
    looked_at(other, "inquiries-thread")
    other.check("[name=satisfaction][value='5']")
    other.locator("form:has([name=satisfaction]) .acts button").click()
    expect(other.locator("[role=status]")).to_be_visible()
    other.fill("[name=text]", "ขอบคุณค่ะ")
    other.locator("form:has([name=text]) .acts button").click()
    expect(other.locator(".thread li")).to_have_count(3)
    other.locator("button[value=erase]").click()
    looked_at(other, "inquiries-erase")
    other.locator("button[value=erase_now]").click()
    expect(other.locator("main h1")).to_be_visible()
    assert (
        mailed_site.site.run(
            f"from saphan.portal.inquiries.models import Inquiry; print(Inquiry.objects.filter(reference={reference!r}).count())"
        ).strip()
        == "0"
    )
    other.context.close()


def test_words_of_danger_bring_the_hotlines_at_once_and_again_before_sending(asker: Page, looked_at: Looked) -> None:
    asker.goto("/th/inquiries/ask/")
    fill(asker, "ช่วยด้วย", "เพื่อนถูกขังอยู่ในโรงงาน", "none")
    expect(asker.locator("[data-danger] a[href^='tel:']").first).to_be_visible(timeout=15_000)
    box = asker.locator("[data-danger]").bounding_box()
    assert box is not None
    assert box["y"] >= 0
    looked_at(asker, "inquiries-danger-typing")
    go(asker)
    expect(asker.locator("main h1")).to_be_visible()
    expect(asker.locator(".urgent a[href='tel:1300']")).to_be_visible(timeout=60_000)
    looked_at(asker, "inquiries-danger-before")
    asker.locator("button[value=send]").click()
    assert reference_on(asker).startswith("IQ-")


def test_without_script_nothing_is_missing(browser: Browser, mailed_site: MailedSite) -> None:
    page = browser.new_context(base_url=mailed_site.url, java_script_enabled=False).new_page()
    page.goto("/en/inquiries/ask/")
    fill(page, "help me", "I am locked in", "none")
    added = [int(number) for number in re.findall(r"\d+", page.locator("label[for^=sum-]").inner_text())]
    page.fill("[name=sum]", str(sum(added)))
    go(page)
    expect(page.locator(".urgent a[href='tel:1300']")).to_be_visible()
    page.locator("button[value=send]").click()
    assert reference_on(page).startswith("IQ-")
    page.context.close()


def test_an_asker_by_mail_gets_neutral_letters_and_erases_from_a_link(asker: Page, mailed_site: MailedSite, looked_at: Looked) -> None:
    asker.goto("/en/inquiries/ask/")
    fill(asker, "Figures of 2025", "How many courses for interpreters were held?", "mail")
    asker.fill("[name=email]", "asker@example.org")
    looked_at(asker, "inquiries-ask-mail")
    go(asker)
    expect(asker.locator(".summary")).to_be_visible(timeout=60_000)  # the risk was not ticked yet
    assert asker.input_value("[name=text]") == "How many courses for interpreters were held?"
    asker.check("[name=understood]")
    go(asker)
    expect(asker.locator("main strong").first).to_be_visible(timeout=60_000)
    reference = reference_on(asker)
    first = mailed_site.box.wait_for("asker@example.org")
    assert str(first["Subject"]) == f"Your inquiry {reference}"
    assert "interpreters" not in first.as_string()
    mailed_site.site.run(ANSWER.format(reference=reference, text="Twelve courses – ล่าม 240 คน."))
    second = mailed_site.box.wait_for("asker@example.org", 2)
    assert "Twelve courses – ล่าม 240 คน." in text_of(second)
    assert second in mailed_site.box.thread_of(first) or str(first["Message-ID"]) in str(second["References"])
    asker.goto(path_of(link_in(second, "/inquiries/own/")))
    expect(asker.locator("main")).not_to_contain_text("interpreters")
    looked_at(asker, "inquiries-own")
    asker.check("[name=satisfaction][value='4']")
    asker.locator("form:has([name=satisfaction]) .acts button").click()
    asker.locator("button[value=copy]").click()
    copy = mailed_site.box.wait_for("asker@example.org", 3)
    assert "How many courses for interpreters were held?" in text_of(copy)
    asker.locator("button[value=erase]").click()
    asker.locator("button[value=erase_now]").click()
    expect(asker.locator("main h1")).to_have_text("Everything is deleted")
    log = mailed_site.site.log.read_text()
    assert "interpreters" not in log
    assert "asker@example.org" not in log
