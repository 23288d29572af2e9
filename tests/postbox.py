"""A real SMTP server on loopback that keeps what it gets and reads it as a mail program would."""

import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any

import httpx
from aiosmtpd.controller import Controller

from tests.running import free_port

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


def text_of(message: EmailMessage, kind: str = "plain") -> str:
    """The text of a letter, its charset and coding undone."""
    body = message.get_body((kind,))
    assert body is not None, f"no {kind} part"
    return str(body.get_content()).replace("\r\n", "\n")


def link_in(message: EmailMessage, containing: str) -> str:
    """The first address in the plain text that holds these letters."""
    links = re.findall(r"https?://[^\s<>\"]+", text_of(message))
    return next(link for link in links if containing in link)


def unsubscribe(message: EmailMessage, base: str) -> int:
    """Leaves as a mail program does (RFC 8058): one POST without cookies to the address in the head. Answers the status."""
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    address = re.findall(r"<(https?://[^>]+)>", str(message["List-Unsubscribe"]))[0]
    path = re.sub(r"^https?://[^/]+", "", address)
    return httpx.post(base + path, data={"List-Unsubscribe": "One-Click"}, follow_redirects=False).status_code


@contextmanager
def postbox() -> Iterator[Postbox]:
    box = Postbox()
    box.start()
    try:
        yield box
    finally:
        box.stop()
