"""Reads a letter that came in: what it answers, what its writer wrote, what only repeats ours, and whether a person wrote it at all."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from email import message_from_bytes
from email.message import EmailMessage, MIMEPart
from email.policy import default
from email.utils import getaddresses, parseaddr

from bs4 import BeautifulSoup

BYTES_AT_MOST = 10 * 1024 * 1024
PARTS_AT_MOST, DEEP_AT_MOST, LETTERS_AT_MOST, FILES_AT_MOST = 100, 10, 200_000, 10
REPEATS = re.compile(r"^(?:>|\|)")
INTRODUCES = re.compile(
    r"^(?:On\b.{0,200}\bwrote:|Le\b.{0,200}a écrit\s?:|Am\b.{0,200}schrieb.*:|เมื่อ.{0,200}เขียน(?:ว่า)?:?|Vào.{0,200}(?:đã viết|viết):|-{2,}\s*(?:Original Message|Forwarded message).*|_{10,})\s*$",
    re.IGNORECASE,
)
AUTO_SUBJECT = re.compile(
    r"^\s*(?:auto(?:matic)?[ -]?(?:reply|response)|out of (?:the )?office|away from (?:the )?office|vacation|ตอบกลับอัตโนมัติ|trả lời tự động|undeliverable|delivery status|mail delivery)",
    re.IGNORECASE,
)
BULK = {"bulk", "list", "junk", "auto_reply", "auto-reply"}


@dataclass(frozen=True)
class IncomingFile:
    """A file that came with a letter, as its sender called it."""

    name: str
    content: bytes = field(repr=False)


@dataclass(frozen=True)
class Incoming:
    """A letter as it came in. `text` is what its writer wrote, `history` what only repeats earlier letters."""

    message_id: str
    in_reply_to: str
    references: tuple[str, ...]
    sender: str = field(repr=False)
    subject: str = field(repr=False)
    text: str = field(repr=False)
    history: str = field(repr=False)
    language: str
    files: tuple[IncomingFile, ...]
    is_auto: bool
    received_at: datetime


class Unreadable(Exception):
    """A letter too large, too deep or in too many parts to be read."""


def parse(raw: bytes) -> EmailMessage:
    """The message. Raises Unreadable for one beyond the limits."""
    if len(raw) > BYTES_AT_MOST:
        raise Unreadable
    message = message_from_bytes(raw, policy=default)
    assert isinstance(message, EmailMessage)
    for count, (_part, depth) in enumerate(_walk(message)):
        if count >= PARTS_AT_MOST or depth > DEEP_AT_MOST:
            raise Unreadable
    return message


def _walk(message: EmailMessage, depth: int = 0) -> Iterator[tuple[EmailMessage, int]]:
    yield message, depth
    if depth > DEEP_AT_MOST:
        return
    if message.is_multipart():
        for part in message.iter_parts():
            if isinstance(part, EmailMessage):
                yield from _walk(part, depth + 1)


def incoming(message: EmailMessage, *, at: datetime) -> Incoming:
    """What the house wants to know of a letter."""
    written, history = _parted(_text_of(message).replace("\r\n", "\n").replace("\x00", ""))
    return Incoming(
        message_id=header(message, "Message-ID")[:250],
        in_reply_to=header(message, "In-Reply-To")[:250],
        references=tuple(re.findall(r"<[^<>\s]{1,250}>", header(message, "References")))[-20:],
        sender=parseaddr(header(message, "From"))[1].lower(),
        subject=header(message, "Subject")[:300],
        text=written,
        history=history,
        language=header(message, "Content-Language").partition(",")[0].strip()[:10],
        files=tuple(_files(message)),
        is_auto=is_auto(message),
        received_at=at,
    )


def recipients(message: EmailMessage) -> list[str]:
    """All addresses that the head names as receivers."""
    lines = [line for name in ("Delivered-To", "X-Original-To", "To", "Cc") for line in _lines(message, name)]
    return [address for _name, address in getaddresses(lines) if address]


def _lines(message: EmailMessage, name: str) -> list[str]:
    """The lines of the head with this name; as they came where one of them cannot be read."""
    try:
        return [str(value) for value in message.get_all(name, [])]
    except Exception:  # noqa: BLE001  # whatever the standard library stumbles over: no head keeps a letter out
        return [str(value) for key, value in message.raw_items() if key.lower() == name.lower()]


def is_auto(message: EmailMessage) -> bool:
    """Whether a program wrote this (RFC 3834): it must not be answered, and it is no word of the person."""
    submitted = header(message, "Auto-Submitted").lower().partition(";")[0].strip()
    return (
        submitted not in {"", "no"}
        or header(message, "Precedence").lower() in BULK
        or bool(header(message, "X-Autoreply") or header(message, "X-Autorespond") or header(message, "List-Id"))
        or header(message, "Return-Path").strip() == "<>"
        or bool(AUTO_SUBJECT.search(header(message, "Subject")))
    )


def header(message: EmailMessage, name: str) -> str:
    """A line of the head as text; what cannot be read is as good as absent."""
    try:
        return " ".join(str(message.get(name, "")).split())
    except Exception:  # noqa: BLE001  # the standard library stumbles over broken heads in many ways, UnboundLocalError among them
        return ""


def _text_of(message: EmailMessage) -> str:
    """The plain text; out of the HTML where there is no other."""
    body = message.get_body(("plain",))
    if body is not None:
        return _content(body)[:LETTERS_AT_MOST]
    body = message.get_body(("html",))
    if body is None:
        return ""
    soup = BeautifulSoup(_content(body)[: 4 * LETTERS_AT_MOST], "html.parser")
    for tag in soup(["script", "style", "head", "title"]):
        tag.decompose()
    for quote in soup.find_all("blockquote"):
        quote.insert_before("\n> ")
        quote.string = quote.get_text(" ", strip=True).replace("\n", " ")
    for tag in soup.find_all(["br", "p", "div", "li", "tr"]):
        tag.append("\n")
    return soup.get_text()[:LETTERS_AT_MOST]


def _content(part: MIMEPart) -> str:
    """The text of a part; a charset that nobody knows is read as UTF-8 with gaps."""
    try:
        return str(part.get_content())
    except (LookupError, KeyError, UnicodeError, ValueError):
        payload = part.get_payload(decode=True)
        return payload.decode("utf-8", "replace") if isinstance(payload, bytes) else ""


def _parted(text: str) -> tuple[str, str]:
    """What was written now, and the rest that only repeats: from the first line that introduces or quotes an earlier letter on."""
    lines = text.split("\n")
    for number, line in enumerate(lines):
        joined = " ".join(lines[number : number + 2]).strip()
        if INTRODUCES.match(line.strip()) or INTRODUCES.match(joined) or (REPEATS.match(line) and _only_repeats(lines[number:])):
            return "\n".join(lines[:number]).strip(), "\n".join(lines[number:]).strip()
    return text.strip(), ""


def _only_repeats(lines: list[str]) -> bool:
    """Whether nothing new stands below: someone may answer between the quoted lines, and such a letter is kept whole."""
    return all(not line.strip() or REPEATS.match(line) for line in lines)


def _files(message: EmailMessage) -> Iterator[IncomingFile]:
    found = 0
    for part in message.iter_attachments():
        if found >= FILES_AT_MOST or not isinstance(part, EmailMessage):
            return
        name, payload = part.get_filename(), part.get_payload(decode=True)
        if name and isinstance(payload, bytes):
            found += 1
            yield IncomingFile(name[:200], payload)
