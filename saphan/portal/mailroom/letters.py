"""A letter and its form on the wire: UTF-8, plain text beside HTML, headers by which a mail program threads it and a server knows what wrote it."""

import re
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr

from django.conf import settings

from saphan.core.mail import address_in

# Long headers (References) stay readable, text stays within what every server takes: base64 or quoted-printable, never bare 8 bit.
WIRE = SMTP.clone(max_line_length=78, cte_type="7bit")
FILES_AT_MOST = 10


@dataclass(frozen=True)
class LetterFile:
    """A file that goes along with a letter."""

    name: str
    content_type: str
    content: bytes = field(repr=False)


@dataclass(frozen=True)
class Letter:
    """One letter to one person. `auto` marks what no person has written (RFC 3834); `headers` are further lines of the head."""

    to: str = field(repr=False)
    subject: str = field(repr=False)
    text: str = field(repr=False)
    html: str = field(default="", repr=False)
    language: str = "en"
    sender_name: str = ""
    reply_to: str = ""
    message_id: str = ""
    in_reply_to: str = ""
    references: tuple[str, ...] = ()
    headers: tuple[tuple[str, str], ...] = ()
    auto: bool = True
    files: tuple[LetterFile, ...] = ()
    written_at: datetime | None = None


def own_address() -> str:
    """The address that letters of this installation come from."""
    return address_in(settings.DEFAULT_FROM_EMAIL)


def own_domain() -> str:
    """The domain of our addresses, also of those to which answers are sent."""
    return settings.POST_DOMAIN or own_address().rpartition("@")[2] or "localhost"


def compose(letter: Letter) -> EmailMessage:
    """The letter as a message ready for the wire. Raises ValueError for an address or a header that holds a line break."""
    message = EmailMessage(policy=WIRE)
    name = letter.sender_name or parseaddr(settings.DEFAULT_FROM_EMAIL)[0]
    message["From"] = Address(display_name=name, addr_spec=own_address())
    message["To"] = _one_line(letter.to)
    message["Subject"] = _one_line(letter.subject)
    message["Date"] = format_datetime(letter.written_at or datetime.now(UTC))
    for header, value in _threading(letter):
        message[header] = value
    if letter.auto:
        message["Auto-Submitted"] = "auto-generated"
        message["X-Auto-Response-Suppress"] = "All"
    for header, value in letter.headers:
        message[header] = _one_line(value)
    message.set_content(letter.text, cte=_coding(letter.text))
    if letter.html:
        message.add_alternative(letter.html, subtype="html", cte=_coding(letter.html))
    for file in letter.files[:FILES_AT_MOST]:
        main, _, sub = file.content_type.partition("/")
        message.add_attachment(file.content, maintype=main, subtype=sub or "octet-stream", filename=file.name)
    message["Content-Language"] = letter.language  # last: making the parts moves earlier lines of this name into one of them
    return message


def _threading(letter: Letter) -> list[tuple[str, str]]:
    lines = [
        ("Message-ID", letter.message_id),
        ("Reply-To", letter.reply_to),
        ("In-Reply-To", letter.in_reply_to),
        ("References", " ".join(letter.references[-20:])),
    ]
    return [(header, _one_line(value)) for header, value in lines if value]


def _one_line(value: str) -> str:
    if re.search(r"[\r\n]", value):
        raise ValueError("a header holds a line break")
    return value


def _coding(text: str) -> str:
    """Mostly Latin letters stay readable on the wire, other scripts are shorter in base64."""
    return "base64" if sum(letter > "\x7f" for letter in text) > len(text) / 4 else "quoted-printable"
