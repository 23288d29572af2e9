"""Letters go out through a real mail server and answers come back through the listener."""

import smtplib

import pytest

from tests.postbox import MailedSite

pytestmark = pytest.mark.journey


def test_the_listener_takes_only_letters_to_addresses_that_we_have_made(mailed_site: MailedSite) -> None:
    bounce = mailed_site.site.run("from saphan.portal.mailroom.addresses import bounce_address as b; print(b('a@example.org'))").strip()
    with smtplib.SMTP("127.0.0.1", mailed_site.inbound, timeout=30) as server:
        server.ehlo()
        server.mail("someone@example.org")
        assert server.rcpt(bounce)[0] == 250
        assert server.rcpt("reply+inquiries.invented.0123456789@localhost")[0] == 550
        assert server.rcpt("somebody@elsewhere.example")[0] == 550


def test_a_report_of_failure_stops_letters_to_that_address(mailed_site: MailedSite) -> None:
    bounce = mailed_site.site.run("from saphan.portal.mailroom.addresses import bounce_address as b; print(b('gone@example.org'))").strip()
    report = (
        f"From: MAILER-DAEMON@mx.example\r\nTo: {bounce}\r\nMessage-ID: <1@mx.example>\r\nMIME-Version: 1.0\r\n"
        "Content-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n"
        "--b\r\nContent-Type: text/plain\r\n\r\nSorry.\r\n--b\r\nContent-Type: message/delivery-status\r\n\r\n"
        "Reporting-MTA: dns; mx.example\r\n\r\nFinal-Recipient: rfc822; gone@example.org\r\nAction: failed\r\nStatus: 5.1.1\r\n\r\n--b--\r\n"
    )
    mailed_site.deliver(report.encode(), sender="", to=bounce)
    told = mailed_site.site.run("from saphan.portal.mailroom.refusals import is_refused as r; print(r('gone@example.org'), r('a@example.org'))")
    assert told.split() == ["True", "False"]


def test_a_mail_of_the_house_arrives_whole(mailed_site: MailedSite) -> None:
    mailed_site.site.run("from saphan.core.outbox import enqueue_mail; enqueue_mail(key='j1', to='t@example.org', subject='ทดสอบ', body='สวัสดี')")
    letter = mailed_site.box.wait_for("t@example.org")
    assert str(letter["Subject"]) == "ทดสอบ"
    assert letter.get_content().strip() == "สวัสดี"
