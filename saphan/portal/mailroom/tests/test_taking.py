import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from saphan.core.mail import message_id
from saphan.portal.mailroom import refusals, taking
from saphan.portal.mailroom.addresses import bounce_address, reply_address
from saphan.portal.mailroom.letters import Letter, compose
from saphan.portal.mailroom.models import Refusal, TakenLetter
from tests.people import NOON

pytestmark = pytest.mark.django_db

REPORT = """From: MAILER-DAEMON@mx.example
To: {to}
Subject: Undelivered Mail
Message-ID: <{n}@mx.example>
MIME-Version: 1.0
Content-Type: multipart/report; report-type={kind}; boundary=b

--b
Content-Type: text/plain

Sorry.

--b
Content-Type: message/{part}

{fields}

--b--
"""
FAILED = "Reporting-MTA: dns; mx.example\n\nFinal-Recipient: rfc822; a@example.org\nAction: {action}\nStatus: {status}"


@pytest.fixture
def taken(monkeypatch):
    found = []
    monkeypatch.setattr(taking, "TAKERS", {"inquiries": lambda token, letter: found.append((token, letter))})
    return found


def answer(text="Thank you", html="", **head):
    lines = {"From": "Anna <anna@example.org>", "Message-ID": "<7@example.org>", "Subject": "Re: x", **head}
    message = compose(Letter(reply_address("inquiries", "4f3k"), "x", text, html=html, auto=False))
    for name, value in lines.items():
        del message[name]
        message[name] = value
    return message.as_bytes()


def report(to="a@example.org", kind="delivery-status", action="failed", status="5.1.1", n=1):
    part = "feedback-report" if kind == "feedback-report" else "delivery-status"
    fields = "Feedback-Type: abuse" if kind == "feedback-report" else FAILED.format(action=action, status=status)
    return REPORT.format(to=bounce_address(to), kind=kind, part=part, fields=fields, n=n).replace("\n", "\r\n").encode()


def test_an_answer_comes_to_its_room_once(taken):
    assert [taking.receive(answer(), at=NOON) for _ in range(2)] == ["taken", "twice"]
    [(token, letter)] = taken
    assert (token, letter.sender, letter.text, letter.is_auto) == ("4f3k", "anna@example.org", "Thank you", False)


def test_what_only_repeats_our_letter_is_put_aside(taken):
    taking.receive(answer("Yes, please.\n\nOn Mon, 1 Dec 2026 at 10:00, Saphan <a@b> wrote:\n> Shall we?\n> Yes or no"), at=NOON)
    assert (taken[0][1].text, taken[0][1].history.startswith("On Mon")) == ("Yes, please.", True)


def test_an_answer_between_quoted_lines_is_kept_whole(taken):
    taking.receive(answer("> Shall we?\nYes\n> When?\nTomorrow"), at=NOON)
    assert taken[0][1].text == "> Shall we?\nYes\n> When?\nTomorrow"


def test_html_alone_is_read_as_text(taken):
    message = b"From: a@example.org\r\nTo: %s\r\nMessage-ID: <9@x>\r\nContent-Type: text/html; charset=utf-8\r\n\r\n<style>x</style><p>One</p><p>Two</p><script>no</script>"
    taking.receive(message % reply_address("inquiries", "4f3k").encode(), at=NOON)
    assert taken[0][1].text.split() == ["One", "Two"]


@pytest.mark.parametrize(
    "head",
    [{"Auto-Submitted": "auto-replied"}, {"Precedence": "bulk"}, {"X-Autoreply": "yes"}, {"Subject": "Out of office: x"}, {"Return-Path": "<>"}],
)
def test_a_letter_that_a_program_wrote_is_marked(taken, head):
    taking.receive(answer(**head), at=NOON)
    assert taken[0][1].is_auto


BROKEN = ["<", "<>", "a@", '"', "a <b@[", "<a@[", "=?utf-8?q?a=0D=0Ab?= <x@y>"]  # each of them the standard library stumbles over somewhere


@pytest.mark.parametrize("name", ["Message-ID", "Cc", "From", "Subject", "References"])
@pytest.mark.parametrize("value", BROKEN)
def test_no_broken_line_of_the_head_keeps_a_letter_out(taken, name, value):
    raw = f"To: {reply_address('inquiries', '4f3k')}\r\n{name}: {value}\r\n\r\nGood day\r\n".encode()
    assert [taking.receive(raw, at=NOON) for _ in range(2)] == ["taken", "twice"]
    assert taken[0][1].text == "Good day"


@pytest.mark.parametrize("value", BROKEN)
def test_a_receiver_that_cannot_be_read_hides_no_other(taken, value):
    ours = reply_address("inquiries", "4f3k")
    raw = f"To: {value}\r\nMessage-ID: <1@x>\r\n\r\nGood day\r\n".encode()
    assert taking.receive(raw, at=NOON) == "not_ours"
    assert taking.receive(raw, envelope_to=ours, at=NOON) == "taken"
    assert taking.receive(f"To: {ours}\r\nTo: {value}\r\n\r\nGood day\r\n".encode(), at=NOON) == "taken"


def test_two_programs_that_answer_each_other_are_stopped(taken):
    outcomes = [taking.receive(answer(**{"Message-ID": f"<{n}@x>"}), at=NOON) for n in range(taking.A_DAY + 2)]
    assert outcomes.count("taken") == taking.A_DAY
    assert outcomes[-1] == "loop"


def test_a_report_of_failure_suppresses_the_address_it_speaks_of(taken):
    assert taking.receive(report(), at=NOON) == "bounce"
    assert refusals.is_refused("a@example.org")
    assert not refusals.is_refused("b@example.org")


def test_a_failure_for_now_or_a_delay_does_not(taken):
    assert taking.receive(report(status="4.2.2", n=2), at=NOON) == "bounce"
    assert taking.receive(report(action="delayed", status="4.4.1", n=3), at=NOON) == "not_ours"
    assert not refusals.is_refused("a@example.org")


def test_a_complaint_suppresses_for_good(taken):
    assert taking.receive(report(kind="feedback-report"), at=NOON) == "complaint"
    refusals.lift("a@example.org")
    assert refusals.is_refused("a@example.org")


def test_a_forged_report_suppresses_nobody(taken):
    forged = report().replace(bounce_address("a@example.org").encode(), b"bounce+0123.0123456789@localhost")
    assert taking.receive(forged, at=NOON) == "not_ours"
    assert not refusals.is_refused("a@example.org")


def test_a_complaint_to_another_address_of_ours_is_known_by_the_signed_sender_inside(taken):
    raw = report(kind="feedback-report").replace(b"To: " + bounce_address("a@example.org").encode(), b"To: abuse@localhost")
    assert taking.receive(raw, at=NOON) == "not_ours"
    named = b"Feedback-Type: abuse\r\nOriginal-Mail-From: <%s>" % bounce_address("a@example.org").encode()
    assert taking.receive(raw.replace(b"Feedback-Type: abuse", named), at=NOON) == "complaint"
    assert refusals.is_refused("a@example.org")


def test_our_own_letter_that_comes_back_is_nobodys_word(taken):
    assert taking.receive(answer(**{"Message-ID": message_id("x")}), at=NOON) == "loop"
    assert taken == []


def test_nothing_of_a_letter_stands_in_the_log_or_in_the_tables(taken, caplog):
    with caplog.at_level("DEBUG"):
        taking.receive(answer("Canary-8f2c", **{"From": "canary@example.org", "Subject": "Canary-8f2c"}), at=NOON)
        taking.receive(report("canary@example.org"), at=NOON)
    kept = caplog.text + repr(list(TakenLetter.objects.values_list())) + repr(list(Refusal.objects.values_list())) + repr(taken)
    assert "a letter was taken in" in caplog.text
    assert "canary" not in kept.lower()


def test_a_letter_to_somebody_else_is_left(taken):
    assert taking.receive(b"To: someone@localhost\r\n\r\nHello", at=NOON) == "not_ours"


def test_too_large_or_too_deep_is_not_read(taken):
    assert taking.receive(b"x" * (10 * 1024 * 1024 + 1), at=NOON) == "unreadable"
    deep = b"".join(b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (n, n) for n in range(40))
    assert taking.receive(b"To: x@y\r\n" + deep, at=NOON) == "unreadable"


def test_a_charset_that_nobody_knows_is_read_as_far_as_it_can_be(taken):
    head = (
        f"From: a@example.org\r\nTo: {reply_address('inquiries', '4f3k')}\r\nMessage-ID: <c@x>\r\nContent-Type: text/plain; charset=x-unknown\r\n\r\n"
    )
    taking.receive(head.encode() + b"abc \xff def", at=NOON)
    assert taken[0][1].text.startswith("abc")


@settings(max_examples=60)
@given(st.binary(max_size=400))
def test_no_bytes_break_the_reading(taken, body):
    head = f"To: {reply_address('inquiries', '4f3k')}\r\n".encode()
    assert taking.receive(head + body, at=NOON) in {"taken", "twice", "not_ours", "bounce", "complaint", "loop", "unreadable"}
