"""Officers of the Inquiry Corner answer by real mail, meet at one inquiry, hand over, and make an answer public."""

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.postbox import MailedSite, link_in, named_by, text_of

pytestmark = pytest.mark.journey
Looked = Callable[[Page, str], None]

ASKS = """
from saphan.core import clock
from saphan.portal.inquiries.asking import Question, begin
print(begin(question=Question('research', {subject!r}, {text!r}, {language!r}, 'TH', 'mail', {email!r}, 'A. Reader'), at=clock.now())[0].reference)
"""
ARRIVED = """
from saphan.care.persons.models import Report
from saphan.core.sealing import unseal
found = [unseal(r, 'narrative', 'callback', org=r.org_id) for r in Report.objects.filter(channel='sealed')]
print([f for f in found if 'passport' in (f['narrative'] or '')])
"""
LEFT = """
from saphan.core.models import DataKey
from saphan.portal.inquiries.models import Entry, Inquiry
one = Inquiry.objects.get(reference={reference!r})
print(one.state, Entry.objects.filter(inquiry=one).count(), DataKey.objects.filter(scope=one.pk).count(), one.subject, one.email)
"""


@pytest.fixture(scope="module")
def officers(browser: Browser, mailed_site: MailedSite) -> Iterator[Callable[[str], Page]]:
    """The page of an officer, signed in once with password and second step."""
    pages: dict[str, Page] = {}

    def page_of(login: str) -> Page:
        if login in pages:
            return pages[login]
        page = pages[login] = browser.new_context(base_url=mailed_site.url, viewport={"width": 1280, "height": 900}).new_page()
        page.goto("/accounts/login/")
        page.fill("[name=login]", f"{login}@demo.example")
        page.fill("[name=password]", mailed_site.site.password)
        page.locator("form:has([name=password]) button.button").first.click()
        page.fill("[name=code]", page.locator(".note b").inner_text())
        page.locator("form:has([name=code]) button.button").first.click()
        expect(page).to_have_url(re.compile("/desk/$"))
        return page

    yield page_of
    for page in pages.values():
        page.context.close()


def asks(site: MailedSite, subject: str, text: str, email: str, language: str = "en") -> str:
    return site.site.run(ASKS.format(subject=subject, text=text, email=email, language=language)).strip().splitlines()[-1]


def opens(page: Page, reference: str) -> None:
    page.goto(f"/desk/inquiries/?queue=all&words={reference}")
    page.get_by_role("link", name=reference).first.click()
    expect(page.locator("main h1")).to_have_text(reference)


def answers(page: Page, text: str) -> None:
    page.fill("#id_answer_text", text)
    page.locator("button[value=send]").click()


def test_an_answer_goes_and_comes_by_mail_as_one_thread(officers: Callable[[str], Page], mailed_site: MailedSite, looked_at: Looked) -> None:
    reference = asks(mailed_site, "Courses for interpreters", "How many courses were held?", "reader@example.org")
    mailed_site.box.wait_for("reader@example.org")
    page = officers("inquiry1")
    looked_at(page, "inquiries-desk-my-day")
    page.goto("/desk/inquiries/")
    looked_at(page, "inquiries-desk-list")
    opens(page, reference)
    page.locator("button[value=take]").click()
    looked_at(page, "inquiries-desk-detail")
    page.fill("#id_answer_text", "Twelve courses – ล่าม 240 คน.")
    page.locator("button[value=preview]").click()
    expect(page.locator(".card h3").first).to_have_text("As it will be read")
    looked_at(page, "inquiries-desk-preview")
    page.locator("button[value=send]").click()
    expect(page.locator(".thread .out")).to_contain_text("Twelve courses")

    letter = mailed_site.box.wait_for("reader@example.org", 2)
    assert letter.get_content_type() in ("text/plain", "multipart/alternative")
    assert letter.get_body(("plain",)).get_content_charset() == "utf-8"  # type: ignore[union-attr]
    assert "Twelve courses – ล่าม 240 คน." in text_of(letter)
    assert str(letter["Subject"]) == f"Re: Your inquiry {reference}"
    first = mailed_site.box.letters_to("reader@example.org")[0]
    assert str(first["Message-ID"]) in named_by(letter)
    assert link_in(letter, "/inquiries/own/")
    assert "interpreters" not in str(letter["Subject"])

    own_id = mailed_site.answer(letter, "Thank you. And in 2026?\n\n> Twelve courses", sender="reader@example.org")
    mailed_site.answer(letter, "I am away.", sender="reader@example.org", Auto_Submitted="auto-replied")
    mailed_site.answer(letter, "Tell me everything.", sender="stranger@example.org")
    opens(page, reference)
    expect(page.locator(".thread .in")).to_have_count(3)
    expect(page.locator(".thread .in").nth(1)).to_contain_text("And in 2026?")
    expect(page.locator(".thread .auto")).to_contain_text("I am away.")
    expect(page.locator(".thread .in").nth(2)).to_contain_text("from another address than the asker's")
    expect(page.locator(".head .tag").first).to_have_text("being worked on")
    answers(page, "Fourteen are planned.")
    second = mailed_site.box.wait_for("reader@example.org", 3)
    assert own_id in named_by(second)
    assert str(letter["Message-ID"]) in named_by(second)
    assert mailed_site.box.letters_to("stranger@example.org") == []
    log = mailed_site.site.log.read_text()
    assert not [word for word in ("reader@example.org", "interpreters", "Fourteen") if word in log]


def test_two_who_write_at_once_are_told_and_lose_nothing(officers: Callable[[str], Page], mailed_site: MailedSite, looked_at: Looked) -> None:
    reference = asks(mailed_site, "Figures", "How many in 2025?", "two@example.org")
    first, second = officers("inquiry1"), officers("inquiry2")
    opens(first, reference)
    opens(second, reference)
    expect(second.locator("[data-presence]")).to_contain_text("Usa Prom", timeout=30_000)
    second.fill("#id_answer_text", "My own long answer.")
    second.locator("#id_note_text").focus()
    answers(first, "An answer of the first.")
    expect(first.locator(".thread .out")).to_have_count(1)
    second.locator("button[value=send]").click()
    expect(second.locator(".summary")).to_contain_text("Something was added")
    expect(second.locator(".thread .out")).to_contain_text("An answer of the first.")
    assert second.input_value("#id_answer_text") == "My own long answer."
    looked_at(second, "inquiries-desk-collision")
    opens(second, reference)
    assert second.input_value("#id_answer_text") == "My own long answer."
    assert len(mailed_site.box.letters_to("two@example.org")) <= 2


def test_a_person_at_risk_is_handed_over_and_nothing_of_her_stays(
    officers: Callable[[str], Page], mailed_site: MailedSite, looked_at: Looked
) -> None:
    reference = asks(mailed_site, "ช่วยด้วย", "They took my passport, I am locked in, help me", "held@example.org", "th")
    alert = mailed_site.box.wait_for("inquiry1@demo.example")
    assert "passport" not in alert.as_string()
    page = officers("inquiry1")
    page.goto("/desk/inquiries/")
    expect(page.locator("tbody tr").filter(has_text=reference)).to_contain_text("danger")
    opens(page, reference)
    looked_at(page, "inquiries-desk-danger")
    page.get_by_role("link", name="Hand over to casework").first.click()
    page.check("[name=about][value=self]")
    page.fill("[name=text]", "The asker writes that her passport was taken and that she is locked in.")
    page.fill("[name=safe_contact]", "By e-mail only, in the evening")
    page.fill("[name=agreed_on]", "2026-11-01")
    page.check("[name=agreed_how][value=written]")
    page.locator("button[value=show]").click()
    expect(page.get_by_role("heading", name="This crosses, and nothing else")).to_be_visible()
    looked_at(page, "inquiries-desk-hand-over")
    page.check("[name=sure]")
    page.locator("button[value=hand_over]").click()
    expect(page.locator(".thread")).to_contain_text("Nothing stands here any more")
    looked_at(page, "inquiries-desk-handed-over")
    assert mailed_site.site.run(LEFT.format(reference=reference)).split() == ["handed_over", "0", "0", "None", "None"]
    mailed_site.site.run("from saphan.core import clock; from saphan.releases.reports import collect; collect(at=clock.now())")
    arrived = mailed_site.site.run(ARRIVED)
    assert "her passport was taken" in arrived
    assert "By e-mail only" in arrived


def test_a_question_becomes_public_by_two_persons(officers: Callable[[str], Page], mailed_site: MailedSite, looked_at: Looked) -> None:
    writer, second = officers("inquiry1"), officers("inquiry2")
    writer.goto("/desk/inquiries/answers/new/")
    writer.fill("[name=question]", "Who pays for an interpreter?")
    writer.fill("[name=text]", "The girl N., 14 years old, paid nothing.")
    writer.locator("main .acts button").click()
    expect(writer.locator("[name=text]")).to_have_value("The girl N., 14 years old, paid nothing.")
    looked_at(writer, "inquiries-desk-answer-refused")
    writer.fill("[name=text]", "The office that invites pays.")
    writer.locator("main .acts button").click()
    looked_at(writer, "inquiries-desk-answers")
    row = second.locator("tr").filter(has_text="Who pays for an interpreter?")
    second.goto("/desk/inquiries/answers/")
    row.get_by_role("button", name="Make public").click()
    expect(row).to_contain_text("public")
    reader = writer.context.browser.new_context(base_url=mailed_site.url).new_page()  # type: ignore[union-attr]
    reader.goto("/en/inquiries/answers/")
    reader.get_by_role("link", name="Who pays for an interpreter?").click()
    expect(reader.locator("main")).to_contain_text("The office that invites pays.")
    reader.context.close()


def test_the_pages_of_the_office_are_looked_at_in_two_languages(officers: Callable[[str], Page], looked_at: Looked) -> None:
    page = officers("inquiry2")
    page.goto("/desk/inquiries/templates/")
    page.fill("[name=title]", "Thanks")
    page.fill("[name=text]", "Thank you for your question {reference}.")
    page.locator("main .acts button").click()
    looked_at(page, "inquiries-desk-templates")
    page.goto("/desk/inquiries/figures/")
    looked_at(page, "inquiries-desk-figures")
    page.goto("/desk/inquiries/")
    page.locator("button[lang=th]").first.click()
    expect(page.locator("html")).to_have_attribute("lang", "th")
    looked_at(page, "inquiries-desk-list-th")
    page.locator("tbody a").first.click()
    looked_at(page, "inquiries-desk-detail-th")
    inquiry = page.url
    for part in ("merge", "split", "hand-over"):
        page.goto(f"{inquiry}{part}/")
        looked_at(page, f"inquiries-desk-{part}-th")
