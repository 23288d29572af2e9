from email import message_from_bytes
from email.policy import default

import pytest
from django.core import mail

from saphan.core import outbox
from saphan.core.models import OutboxMessage
from saphan.portal.mailroom import posting, refusals
from saphan.portal.mailroom.addresses import bounce_address, read_address, reply_address
from saphan.portal.mailroom.letters import Letter, LetterFile, compose
from tests.people import NOON
from tests.postbox import postbox, read, text_of

THAI = Letter("a@example.org", "เรื่องทดสอบ", "สวัสดีครับ\nบรรทัดที่สอง", html="<p>สวัสดี</p>", language="th", references=("<1@x>", "<2@x>"))


def test_a_letter_in_thai_survives_the_wire_as_text_and_html():
    wire = compose(THAI).as_bytes()
    assert wire.isascii()
    found = message_from_bytes(wire, policy=default)
    assert found["Subject"] == "เรื่องทดสอบ"
    assert found.get_content_type() == "multipart/alternative"
    assert text_of(found).strip().replace("\r\n", "\n") == "สวัสดีครับ\nบรรทัดที่สอง"
    assert "สวัสดี" in text_of(found, "html")
    assert (found["References"], found["Auto-Submitted"], found["Content-Language"]) == ("<1@x> <2@x>", "auto-generated", "th")


def test_a_file_goes_along():
    found = message_from_bytes(
        compose(Letter("a@example.org", "s", "t", files=(LetterFile("a.pdf", "application/pdf", b"%PDF"),))).as_bytes(), policy=default
    )
    assert [(f.get_filename(), f.get_content()) for f in found.iter_attachments()] == [("a.pdf", b"%PDF")]


@pytest.mark.parametrize("letter", [Letter("a@example.org\r\nBcc: b@example.org", "s", "t"), Letter("a@example.org", "s\nX: y", "t")])
def test_nobody_adds_a_line_to_the_head(letter):
    with pytest.raises(ValueError, match=r"."):
        compose(letter)


def test_our_addresses_are_signed():
    address = reply_address("inquiries", "4f3k")
    found = read_address(address)
    assert found
    assert (found.kind, found.room, found.token) == ("reply", "inquiries", "4f3k")
    assert read_address(address.replace("4f3k", "4f3j")) is None
    assert read_address("someone@elsewhere.example") is None
    bounced = read_address(bounce_address("a@example.org"))
    assert bounced
    assert bounced.token == refusals.mark_of_address("a@example.org")
    assert "example" not in bounce_address("a@example.org")[:60].partition("@")[0]


@pytest.fixture
def kind(monkeypatch):
    monkeypatch.setattr(posting, "MAKERS", {"test": lambda reference: Letter("a@example.org", "Subject", "Words") if reference == "1" else None})
    return "test"


@pytest.mark.django_db
def test_a_letter_waits_as_a_reference_and_is_made_when_it_is_sent(kind):
    identity = posting.post(kind, "1")
    posting.post(kind, "1")
    waiting = OutboxMessage.objects.get(topic="letter")
    assert waiting.payload == {"kind": "test", "reference": "1", "key": "1"}
    outbox.run_once()
    assert [m.message()._message["Message-ID"] for m in mail.outbox] == [identity]


@pytest.mark.django_db
def test_a_letter_that_is_no_longer_wanted_is_not_sent(kind):
    posting.post(kind, "2")
    outbox.run_once()
    assert mail.outbox == []


@pytest.mark.django_db
def test_an_address_that_refuses_letters_is_not_written_to(kind):
    refusals.note("A@example.org", "hard", NOON)
    told = []
    posting.SETTLED["test"] = lambda *what: told.append(what[2])
    posting.post(kind, "1")
    outbox.run_once()
    del posting.SETTLED["test"]
    assert (mail.outbox, told) == ([], ["suppressed"])


@pytest.mark.django_db
def test_a_real_server_gets_the_letter_under_a_sender_that_knows_its_bounces(kind, settings):
    with postbox() as box:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", box.port
        posting.post(kind, "1")
        outbox.run_once()
        sender, to, content = box.raw[0]
    assert (sender, to) == (bounce_address("a@example.org"), "a@example.org")
    assert text_of(read(content)).strip() == "Words"


@pytest.mark.django_db
def test_five_failures_within_a_month_count_as_one_for_good():
    from datetime import timedelta

    from saphan.core import clock

    heard = []
    refusals.ON_REFUSAL.append(lambda mark, kind, at: heard.append(kind))
    with clock.stopped_at(NOON):
        for days in range(5):
            assert not refusals.is_refused("a@example.org")
            refusals.note("a@example.org", "soft", NOON - timedelta(days=days))
        assert refusals.is_refused("a@example.org")
    refusals.ON_REFUSAL.pop()
    assert heard == ["soft"]


@pytest.mark.django_db
def test_the_room_hears_when_a_letter_is_given_up(kind, settings, monkeypatch):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1  # nobody there
    told: list[str] = []
    monkeypatch.setitem(posting.SETTLED, kind, lambda reference, identity, outcome: told.append(outcome))
    posting.post(kind, "1")
    outbox.run_once(limit=1)
    assert told == []
    OutboxMessage.objects.update(attempts=outbox.ATTEMPTS_AT_MOST - 1, available_at=NOON)
    outbox.run_once(limit=1)
    assert told == ["given up"]
    assert OutboxMessage.objects.get(topic="letter").dead_at
