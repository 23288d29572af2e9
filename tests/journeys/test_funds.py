"""Money of a fund in a browser: a gift, a receipt as PDF, a large gift that a second person confirms, a reversal; each screen as a reader of any size has it."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.journey
Look = Callable[[Page, str], None]


def write_down(page: Page, amount: str, note: str) -> None:
    form = page.locator("form[action$='/post/']")
    form.locator("[name=verb]").select_option("receive")
    form.locator("[name=amount]").fill(amount)
    form.locator("[name=note]").fill(note)
    form.get_by_role("button", name="Write it down").click()


def test_a_gift_its_receipt_and_a_second_person(signed_in: Callable[[str], Page], looked_at: Look) -> None:
    page = signed_in("coordinator")
    page.goto("/desk/exchange/funds/")
    looked_at(page, "exchange-funds")
    page.get_by_role("link", name=re.compile("^F-")).first.click()
    looked_at(page, "exchange-fund")

    write_down(page, "1500", "voucher 11")
    expect(page.get_by_text("Booked.")).to_be_visible()
    line = page.locator("li.item", has_text="voucher 11")
    line.get_by_role("link", name=re.compile("Give a receipt")).click()
    page.fill("[name=name]", "สมหญิง ใจดี")
    looked_at(page, "exchange-receipt")
    page.get_by_role("button", name="Give the receipt").click()
    with page.expect_download() as waiting:
        page.locator("li.item", has_text="voucher 11").get_by_role("button", name=re.compile("PDF")).click()
    assert waiting.value.suggested_filename.endswith(".pdf")
    assert waiting.value.path().read_bytes().startswith(b"%PDF")

    write_down(page, "75000", "voucher 12")
    expect(page.get_by_text("Written down. It counts when a second person has confirmed it.")).to_be_visible()
    fund = page.url
    other = signed_in("exchange1")
    other.goto("/desk/")
    expect(other.get_by_text("Money that waits for a second person")).to_be_visible()
    other.goto(fund)
    looked_at(other, "exchange-fund-second")
    while other.url == fund:  # the demonstration has one that waits already
        other.get_by_role("button", name="It is right").first.click()
    expect(other.get_by_text("Booked.")).to_be_visible()

    page.goto(fund)
    line = page.locator("li.item", has_text="voucher 11")
    line.get_by_text(re.compile("^Reverse")).first.click()
    line.get_by_role("button", name="Reverse it").click()
    expect(page.locator("li.item", has_text="voucher 11").get_by_text("reversed")).to_be_visible()
    expect(page.locator("li.item", has_text="voucher 11").get_by_text("void")).to_be_visible()
