"""A real mailbox, served by IMAP from a process of its own."""

import imaplib
import subprocess
import sys
import time
from pathlib import Path

import pytest

from saphan.portal.mailroom import fetching, refusals, taking
from saphan.portal.mailroom.tests.test_taking import answer, report
from tests.people import NOON
from tests.running import free_port

pytestmark = pytest.mark.django_db
USER, PASSWORD = "post", "try"
SERVER = Path(sys.executable).parent / "pymap"


@pytest.fixture(scope="module")
def server():
    port = free_port()
    command = [str(SERVER), "--host", "127.0.0.1", "--port", str(port), "--no-tls", "--no-service", "managesieve", "--no-service", "admin"]
    process = subprocess.Popen([*command, "dict", "--demo-data", "--demo-user", USER, "--demo-password", PASSWORD], stderr=subprocess.DEVNULL)
    end = time.monotonic() + 30
    while time.monotonic() < end:
        try:
            imaplib.IMAP4("127.0.0.1", port).logout()
            break
        except OSError:
            time.sleep(0.1)
    yield port
    process.terminate()
    process.wait(timeout=10)


@pytest.fixture
def mailbox(server, settings):
    settings.IMAP_HOST, settings.IMAP_PORT, settings.IMAP_TLS = "127.0.0.1", server, False
    settings.IMAP_USER, settings.IMAP_PASSWORD = USER, PASSWORD
    with imaplib.IMAP4("127.0.0.1", server) as box:
        box.login(USER, PASSWORD)
        box.select("INBOX")
        for uid in box.uid("SEARCH", "UNSEEN")[1][0].split():
            box.uid("STORE", uid, "+FLAGS", "(\\Seen)")
        yield box


def unread(box):
    box.noop()
    return len(box.uid("SEARCH", "UNSEEN")[1][0].split())


def count_in(box, folder):
    count = int(box.select(folder, readonly=True)[1][0])
    box.select("INBOX")
    return count


@pytest.fixture
def taken(monkeypatch):
    found = []
    monkeypatch.setattr(taking, "TAKERS", {"inquiries": lambda token, letter: found.append((token, letter))})
    return found


def test_letters_are_taken_moved_and_not_taken_twice(mailbox, taken):
    for raw in (answer("สวัสดี", **{"Message-ID": "<imap1@x>"}), report("imap@example.org", n=71), b"To: somebody@localhost\r\n\r\nHello\r\n"):
        mailbox.append("INBOX", "", None, raw)
    assert fetching.waiting() == 3
    assert fetching.fetch(at=NOON) == {"taken": 1, "bounce": 1, "not_ours": 1}
    assert [(token, letter.text) for token, letter in taken] == [("4f3k", "สวัสดี")]
    assert refusals.is_refused("imap@example.org")
    assert unread(mailbox) == 0
    assert count_in(mailbox, fetching.TAKEN_FOLDER) == 2
    assert fetching.fetch(at=NOON) == {}


def test_a_letter_that_its_room_cannot_take_waits_unread_and_keeps_no_other_out(mailbox, monkeypatch):
    found: list[str] = []

    def take(token, letter):
        if not found and letter.text == "first":
            found.append("failed")
            raise RuntimeError
        found.append(letter.text)

    monkeypatch.setattr(taking, "TAKERS", {"inquiries": take})
    mailbox.append("INBOX", "", None, answer("first", **{"Message-ID": "<imap2@x>"}))
    mailbox.append("INBOX", "", None, answer("second", **{"Message-ID": "<imap3@x>"}))
    assert fetching.fetch(at=NOON) == {"failed": 1, "taken": 1}
    assert unread(mailbox) == 1
    assert fetching.fetch(at=NOON) == {"taken": 1}
    assert found == ["failed", "second", "first"]


def test_letters_that_cannot_be_taken_do_not_fill_the_place_of_others(mailbox, monkeypatch):
    def take(token, letter):
        if letter.text == "broken":
            raise RuntimeError

    monkeypatch.setattr(taking, "TAKERS", {"inquiries": take})
    monkeypatch.setattr(fetching, "AT_ONCE", 2)
    for n, text in enumerate(("broken", "broken", "broken", "good", "good", "good")):
        mailbox.append("INBOX", "", None, answer(text, **{"Message-ID": f"<imap-place-{n}@x>"}))
    assert fetching.fetch(at=NOON) == {"failed": 3, "taken": 2}
    assert fetching.fetch(at=NOON) == {"failed": 3, "taken": 1}


def test_a_mailbox_that_does_not_open_says_so(mailbox, settings):
    settings.IMAP_PASSWORD = "wrong"
    with pytest.raises(imaplib.IMAP4.error):
        fetching.waiting()


def test_an_address_is_lifted_by_typing_it():
    from typer.testing import CliRunner

    from saphan.portal.mailroom.commands import post

    refusals.note("lift@example.org", "hard", NOON)
    told = CliRunner().invoke(post, ["lift"], input="lift@example.org\n")
    assert (told.exit_code, "1 signs removed" in told.output, "lift@" in told.output) == (0, True, False)
    assert not refusals.is_refused("lift@example.org")
    refusals.note("lift@example.org", "complaint", NOON)
    assert CliRunner().invoke(post, ["lift"], input="lift@example.org\n").exit_code == 1


def test_the_minutes_chore_is_quiet_without_a_mailbox(settings):
    settings.IMAP_HOST = ""
    assert fetching.fetch_when_configured(NOON) == "no mailbox"
