"""A real SMTP server on loopback that keeps what it gets and reads it as a mail program would."""

import re
import smtplib
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP, default
from email.utils import make_msgid, parseaddr
from pathlib import Path
from typing import Any

import httpx
from aiosmtpd.controller import Controller

from tests.running import ROOT, Site, free_port, running_site

SECONDS = 30


class Postbox:
    """The letters that arrived, in their order."""

    def __init__(self) -> None:
        self.raw: list[tuple[str, str, bytes]] = []
        self.port = free_port()
        self._controller = Controller(self, hostname="127.0.0.1", port=self.port, data_size_limit=20_000_000, decode_data=False)

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # the name that the library calls
        for to in envelope.rcpt_tos:
            self.raw.append((envelope.mail_from, to, envelope.content))
        return "250 2.0.0 Taken"

    def start(self) -> None:
        self._controller.start()

    def stop(self) -> None:
        self._controller.stop()

    def letters_to(self, address: str) -> list[EmailMessage]:
        """Everything that came for this address."""
        return [read(content) for _sender, to, content in list(self.raw) if to == address]

    def thread_of(self, letter: EmailMessage) -> list[EmailMessage]:
        """The letters that a mail program shows together with this one: those that name it, or that it names."""
        near = {str(letter["Message-ID"]), *named_by(letter)}
        return [found for _sender, _to, content in list(self.raw) if near & {str((found := read(content))["Message-ID"]), *named_by(found)}]

    def wait_for(self, address: str, count: int = 1, seconds: float = SECONDS) -> EmailMessage:
        """The newest letter for this address once there are `count` of them."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if len(found := self.letters_to(address)) >= count:
                return found[-1]
            time.sleep(0.1)
        raise AssertionError(f"{len(self.letters_to(address))} of {count} letters came within {seconds} s")


def read(content: bytes) -> EmailMessage:
    message = message_from_bytes(content, policy=default)
    assert isinstance(message, EmailMessage)
    return message


def named_by(message: EmailMessage) -> list[str]:
    """The Message-IDs of earlier letters that this one names."""
    return re.findall(r"<[^<>\s]+>", f"{message.get('References', '')} {message.get('In-Reply-To', '')}")


def text_of(message: EmailMessage, kind: str = "plain") -> str:
    """The text of a letter, its charset and coding undone."""
    body = message.get_body((kind,))
    assert body is not None, f"no {kind} part"
    return str(body.get_content()).replace("\r\n", "\n")


def link_in(message: EmailMessage, containing: str) -> str:
    """The first address in the plain text that holds these letters."""
    links = re.findall(r"https?://[^\s<>\"]+", text_of(message))
    found = [link for link in links if containing in link]
    assert found, f"no link with {containing} among {len(links)} links"
    return str(found[0])


def path_of(link: str) -> str:
    """A link without its host: a test's site answers under another port than the one it was told."""
    return re.sub(r"^https?://[^/]+", "", link)


def unsubscribe(message: EmailMessage, base: str) -> int:
    """Leaves as a mail program does (RFC 8058): one POST without cookies to the address in the head. Answers the status."""
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    address = re.findall(r"<(https?://[^>]+)>", str(message["List-Unsubscribe"]))[0]
    return httpx.post(base + path_of(address), data={"List-Unsubscribe": "One-Click"}, follow_redirects=False).status_code


@contextmanager
def postbox() -> Iterator[Postbox]:
    box = Postbox()
    box.start()
    try:
        yield box
    finally:
        box.stop()


@dataclass
class MailedSite:
    """A running site whose letters come to `box`, and which takes answers by SMTP at `inbound`."""

    site: Site
    box: Postbox
    inbound: int

    @property
    def url(self) -> str:
        return self.site.url

    def answer(self, letter: EmailMessage, text: str, *, sender: str, **head: str) -> str:
        """Answers a letter as a mail program does, through the site's listener. Answers the new Message-ID. A listener that says no raises SMTPException."""
        answer, own_id = EmailMessage(policy=SMTP), make_msgid(domain="example.org")
        to = parseaddr(str(letter["Reply-To"] or letter["From"]))[1]
        subject = str(letter["Subject"])
        lines = {
            "From": sender,
            "To": to,
            "Subject": subject if subject.lower().startswith("re:") else f"Re: {subject}",
            "Message-ID": own_id,
            "In-Reply-To": str(letter["Message-ID"]),
            "References": " ".join([*named_by(letter), str(letter["Message-ID"])]),
            **{name.replace("_", "-"): value for name, value in head.items()},
        }
        for name, value in lines.items():
            answer[name] = value
        answer.set_content(text)
        self.deliver(answer.as_bytes(), sender=sender, to=to)
        return own_id

    def deliver(self, content: bytes, *, sender: str, to: str) -> None:
        """Hands raw bytes to the site's listener, as the mail server of the machine does."""
        with smtplib.SMTP("127.0.0.1", self.inbound, timeout=SECONDS) as server:
            server.sendmail(parseaddr(sender)[1], [to], content)


@contextmanager
def mailed(data: Path, **extra: str) -> Iterator[MailedSite]:
    """A site with real mail both ways, inside the block."""
    inbound = free_port()
    with (
        postbox() as box,
        running_site(data, SAPHAN_SMTP_HOST="127.0.0.1", SAPHAN_SMTP_PORT=str(box.port), SAPHAN_DOORWAY_SECONDS="0", **extra) as site,
    ):
        command = [sys.executable, "-m", "saphan", "post", "listen", "--port", str(inbound)]
        with (data.parent / "listen.log").open("wb") as log:
            listener = subprocess.Popen(command, env=site.environment, cwd=ROOT, stdout=log, stderr=subprocess.STDOUT)
            try:
                wait_for_port(inbound, listener)
                yield MailedSite(site, box, inbound)
            finally:
                listener.terminate()
                listener.wait(timeout=SECONDS)


def wait_for_port(port: int, process: "subprocess.Popen[bytes]") -> None:
    """Waits until an SMTP server greets there."""
    end = time.monotonic() + SECONDS
    while time.monotonic() < end:
        assert process.poll() is None, "the listener ended"
        try:
            with smtplib.SMTP("127.0.0.1", port, timeout=SECONDS):
                return
        except OSError:
            time.sleep(0.1)
    raise AssertionError(f"no SMTP server on port {port}")
