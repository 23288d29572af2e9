"""The ledger's screens and its receipts: the coordinator of the house, a second person, and those who see nothing."""

import io
import re
from decimal import Decimal

import pypdfium2
import pytest
from django.db import connection, transaction
from django.urls import reverse

from saphan.audit.models import AuditEvent
from saphan.core import paper
from saphan.core.errors import Invalid
from saphan.directory.seeds import load_reference
from saphan.portal.exchange import ledger, receipts
from saphan.portal.exchange.ledger import PostingFacts
from saphan.portal.exchange.ledger_models import Fund, Posting, Receipt, Verb
from saphan.portal.exchange.tests.exchanged import NOW, TODAY, a_need
from tests.people import client_of

DONOR = "Khun Canary สมหญิง ใจดี"


@pytest.fixture
def fund(people):
    load_reference()
    need = a_need(people, kind="cash", item="fund", unit="thb", quantity=Decimal(90_000), title_en="Sewing machines", title_th="จักรเย็บผ้า")
    return ledger.open_fund(need_id=need.pk, by=people.coordinator, at=NOW)


@pytest.fixture
def gift(people, fund):
    return ledger.post(fund_id=fund.pk, facts=PostingFacts(Verb.RECEIVE, Decimal(1250), TODAY, "canary-note"), by=people.coordinator, at=NOW)


@pytest.fixture
def browser(people):
    return client_of(people.coordinator)


def url(name, *args):
    return reverse(f"exchange_desk:{name}", args=args)


def test_a_fund_is_opened_filled_and_read(people, browser):
    load_reference()
    need = a_need(people, kind="cash", item="fund", unit="thb", title_en="Sewing machines")
    assert f"need:{need.pk}" in browser.get(url("fund_new")).text
    answer = browser.post(url("fund_new"), {"purpose": f"need:{need.pk}", "currency": "THB"}, follow=True)
    fund = Fund.objects.get(need=need)
    assert "Nothing is booked yet." in answer.text
    told = {"verb": "receive", "amount": "1250.50", "happened_on": TODAY.isoformat(), "note": "voucher 1"}
    answer = browser.post(url("fund_post", fund.pk), told, follow=True)
    assert "1,250.50\xa0THB" in answer.text
    assert "voucher 1" in answer.text
    assert "Sewing machines" in browser.get(url("funds")).text
    table = browser.get(url("fund_statement", fund.pk)).text
    assert '"receive","1250.50","THB","1250.50"' in table
    assert "voucher" not in table


def test_each_look_at_the_notes_of_a_fund_is_on_record(people, fund, browser):
    def looks() -> int:
        return AuditEvent.objects.filter(action="exchange:read_fund", target_id=str(fund.pk), fields="note").count()

    browser.get(url("fund", fund.pk))
    assert looks() == 0
    ledger.post(fund_id=fund.pk, facts=PostingFacts(Verb.RECEIVE, Decimal(5), TODAY, "canary-note"), by=people.coordinator, at=NOW)
    browser.get(url("fund", fund.pk))
    browser.get(url("fund", fund.pk))
    assert looks() == 2


def test_what_cannot_be_comes_back_with_the_reason_and_what_was_typed(fund, browser):
    answer = browser.post(url("fund_post", fund.pk), {"verb": "spend", "amount": "5", "happened_on": TODAY.isoformat(), "note": "kept words"})
    assert answer.status_code == 422
    assert "The fund does not hold so much." in answer.text
    assert "kept words" in answer.text
    answer = browser.post(url("fund_post", fund.pk), {"verb": "nonsense", "amount": "a lot", "happened_on": "never"})
    assert answer.status_code == 422


def test_a_second_person_confirms_on_the_same_page_and_then_sees_the_fund_no_more(people, fund, browser):
    browser.post(url("fund_post", fund.pk), {"verb": "receive", "amount": "60000", "happened_on": TODAY.isoformat(), "note": "large"})
    posting = Posting.objects.get(fund=fund)
    mine = browser.get(url("fund", fund.pk)).text
    assert url("posting_confirm", posting.pk) not in mine
    officer = client_of(people.exchange_officer)
    page = officer.get(url("fund", fund.pk))
    assert "large" in page.text
    answer = officer.post(url("posting_confirm", posting.pk), follow=True)
    assert "Booked." in answer.text
    assert officer.get(url("fund", fund.pk)).status_code == 404
    fund.refresh_from_db()
    assert fund.balance == 60_000


def test_strangers_find_nothing(people, fund, gift):
    for stranger, status in ((people.exchange_officer, 404), (people.editor, 403)):
        client = client_of(stranger)
        assert client.get(url("fund", fund.pk)).status_code == status
        assert client.get(url("fund_statement", fund.pk)).status_code == status
        assert client.post(url("posting_reverse", gift.pk)).status_code == status


def test_a_receipt_is_given_once_numbered_and_printed_in_thai(fund, gift, browser):
    answer = browser.post(url("receipt_new", gift.pk), {"name": DONOR, "language": "th"}, follow=True)
    receipt = Receipt.objects.get(posting=gift)
    assert str(receipt) in answer.text
    assert DONOR not in answer.text
    answer = browser.post(url("receipt_print", receipt.pk))
    assert answer["Content-Type"] == "application/pdf"
    assert "no-store" in answer["Cache-Control"]
    text = pypdfium2.PdfDocument(io.BytesIO(answer.content))[0].get_textpage().get_text_bounded()
    assert str(receipt) in text
    assert receipt.reference in text
    assert "1,250.00" in text
    assert "Khun Canary" in text
    assert AuditEvent.objects.filter(action="exchange:print_receipt", fields="name").exists()
    assert browser.post(url("receipt_new", gift.pk), {"name": DONOR, "language": "th"}).status_code == 422


def test_the_name_lies_sealed(people, fund, gift):
    receipts.issue(posting_id=gift.pk, name=DONOR, language="en", by=people.coordinator, at=NOW)
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM portal_exchange_receipt")
        assert "Canary" not in "".join(
            bytes(cell).decode("latin-1") if isinstance(cell, bytes | memoryview) else str(cell) for row in cursor for cell in row
        )


def test_numbers_have_no_gap_though_some_receipts_fail(people, fund):
    given = []
    for amount in range(1, 7):
        facts = PostingFacts(Verb.RECEIVE, Decimal(amount), TODAY)
        posting = ledger.post(fund_id=fund.pk, facts=facts, by=people.coordinator, at=NOW)
        if amount % 2:
            with transaction.atomic():
                receipts.issue(posting_id=posting.pk, name="A", language="en", by=people.coordinator, at=NOW)
                transaction.set_rollback(True)
        with pytest.raises(Invalid):
            receipts.issue(posting_id=posting.pk, name=" ", language="en", by=people.coordinator, at=NOW)
        given.append(receipts.issue(posting_id=posting.pk, name="A", language="en", by=people.coordinator, at=NOW).number)
    assert given == list(range(given[0], given[0] + 6))


def test_a_reversed_gift_makes_its_receipt_void_and_gives_no_other(people, fund, gift, browser):
    receipt = receipts.issue(posting_id=gift.pk, name=DONOR, language="en", by=people.coordinator, at=NOW)
    browser.post(url("posting_reverse", gift.pk), {"note": "typed twice"})
    receipt.refresh_from_db()
    assert receipt.state == "void"
    assert "VOID" in receipts.sheet(receipt, DONOR)
    assert re.search(r"void</span>", browser.get(url("fund", fund.pk)).text)


def test_where_pdf_files_cannot_be_made_the_page_says_so(people, gift, browser, monkeypatch):
    receipt = receipts.issue(posting_id=gift.pk, name=DONOR, language="en", by=people.coordinator, at=NOW)

    def missing(name):
        raise ImportError(name)

    monkeypatch.setattr(paper, "import_module", missing)
    answer = browser.post(url("receipt_print", receipt.pk), follow=True)
    assert "PDF files cannot be made here" in answer.text


def test_words_of_a_thai_name_stand_apart(people, gift):
    """The fonts of these scripts hold no space: it is set in the Latin one, or it would be lost."""
    receipt = receipts.issue(posting_id=gift.pk, name="สมหญิง ใจดี", language="th", by=people.coordinator, at=NOW)
    assert 'สมหญิง<span class="space"> </span>ใจดี' in receipts.sheet(receipt, "สมหญิง ใจดี")


def test_a_receipt_reads_no_file_and_no_address(people, gift):
    """A name that is written as a page's code stays a name."""
    receipt = receipts.issue(posting_id=gift.pk, name='<img src="file:///etc/passwd">', language="en", by=people.coordinator, at=NOW)
    assert "<img" not in receipts.sheet(receipt, '<img src="file:///etc/passwd">')
    assert receipts.printed(receipt_id=receipt.pk, by=people.coordinator, at=NOW).startswith(b"%PDF")


def test_a_remainder_is_decided_and_the_fund_closed_by_another(people, fund, gift, browser):
    told = {"will": "give_back", "amount": "1250", "told_on": TODAY.isoformat(), "note": "by telephone"}
    answer = browser.post(url("fund_decide", fund.pk), told, follow=True)
    assert "by telephone" in answer.text
    assert browser.post(url("fund_close", fund.pk)).status_code == 403
    answer = client_of(people.exchange_officer).post(url("fund_close", fund.pk), follow=True)
    assert "The fund is closed." in answer.text
    fund.refresh_from_db()
    assert (fund.state, fund.balance) == ("closed", 0)
