import smtplib
from email import message_from_string

import pytest

from saphan.core import mail
from saphan.core.models import OutboxMessage
from saphan.core.outbox import enqueue_mail, run_once

pytestmark = pytest.mark.django_db


def send(**changes) -> OutboxMessage:
    enqueue_mail(**({"key": "referral-1", "to": "worker@example.org", "subject": "ข่าวใหม่", "body": "Sign in to read."} | changes))
    run_once()
    return OutboxMessage.objects.get()


def test_a_mail_reaches_the_server_once_with_a_stable_id(postbox):
    assert send().done_at
    OutboxMessage.objects.update(done_at=None)
    run_once()
    first, second = (message_from_string(text) for text in postbox.mails)
    assert first["Message-ID"] == second["Message-ID"] == mail.message_id("referral-1")
    assert first["Auto-Submitted"] == "auto-generated"
    assert "referral-1" not in first["Message-ID"]


def test_a_lasting_refusal_is_a_dead_letter_at_once(postbox):
    postbox.refuse["worker@example.org"] = "550 no such user"
    message = send()
    assert message.dead_at
    assert message.last_error == "SMTPRecipientsRefused"


def test_a_passing_refusal_is_tried_again(postbox):
    postbox.refuse["worker@example.org"] = "450 try later"
    message = send()
    assert message.dead_at is None
    postbox.refuse.clear()
    OutboxMessage.objects.update(available_at=message.created_at)
    run_once()
    assert len(postbox.mails) == 1


def test_a_server_that_is_away_is_tried_again(postbox, settings):
    settings.EMAIL_PORT = 1
    assert send().dead_at is None


def test_a_line_break_in_the_subject_is_never_sent(postbox):
    assert send(subject="a\nBcc: x@example.org").dead_at
    assert postbox.mails == []


@pytest.mark.parametrize(("error", "lasting"), [
    (smtplib.SMTPDataError(554, b""), True),
    (smtplib.SMTPDataError(451, b""), False),
    (smtplib.SMTPSenderRefused(530, b"", "x"), False),
    (smtplib.SMTPRecipientsRefused({"a": (550, b""), "b": (450, b"")}), False),
])  # fmt: skip
def test_which_refusals_last(error, lasting):
    assert mail.is_lasting(error) is lasting
