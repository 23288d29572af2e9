"""One letter to many: rendered once, filled in by replacing bytes, sent over a few lines that do not wait for each answer before they speak on.

Django composes and encodes each message anew and waits five times for each; that is what this spares (decision 0026).
"""

import quopri
import re
import smtplib
import ssl
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from email.message import EmailMessage
from enum import StrEnum

from django.conf import settings

from saphan.portal.mailroom.letters import WIRE, Letter, compose

SLOT = "SLOT{}TOLS"
SAFE = re.compile(rb"[\x21-\x7e ]*")
MAILBOX = re.compile(r"[\x21-\x3b\x3d\x3f-\x7e]+@[\x21-\x3b\x3d\x3f-\x7e]+")  # nothing that could end the command it stands in
NOT_ALLOWED = 553  # what a server says to such a name (RFC 5321, section 4.2.3)
TIMEOUT = 30  # seconds without an answer
PATIENCE = 100  # seconds for the answer to a whole message: some servers look at it first, and who gives up early is left uncertain
GOOD = (2, 2, 3)  # how the answers to MAIL, RCPT and DATA begin when they are good
_UNFOLDED = WIRE.clone(max_line_length=0)  # a line of the head that holds a slot is not folded: a value may be longer than its slot


class State(StrEnum):
    """What became of one message."""

    SENT = "sent"  # the server has taken it over
    REFUSED = "refused"  # for good (5xx)
    DEFERRED = "deferred"  # for now (4xx), or it never reached the server
    UNCERTAIN = "uncertain"  # the line broke after the last byte and before the answer: it may have been taken


@dataclass(frozen=True)
class Piece:
    """One message for one recipient."""

    key: str
    sender: str
    recipient: str = field(repr=False)
    content: bytes = field(repr=False)


@dataclass(frozen=True)
class Outcome:
    """What the server said to one message. `code` is 0 where it said nothing."""

    key: str
    state: State
    code: int = 0


class Master:
    """A letter composed once. `slots` are names whose places in head, text and HTML are filled in for each recipient.

    Write a slot into the letter with `slot(name)`. Values are plain ASCII on one line.
    """

    def __init__(self, letter: Letter, slots: Iterable[str]) -> None:
        self.slots = tuple(slots)
        message = compose(letter)
        _lay_open(message, [slot(name) for name in self.slots])
        wire = message.as_bytes(policy=_UNFOLDED)
        marks = {slot(name).encode(): name for name in self.slots}
        pattern = b"|".join(re.escape(mark) for mark in marks) or b"(?!)"
        dotted = re.sub(rb"(?m)^\.", b"..", wire)
        pieces = re.split(b"(" + pattern + b")", dotted)
        self._fixed = pieces[0::2]
        self._order = [marks[mark] for mark in pieces[1::2]]
        head = 1 + next((n for n, fixed in enumerate(self._fixed) if b"\r\n\r\n" in fixed), len(self._order))
        self._in_body = [n >= head - 1 for n in range(len(self._order))]
        missing = set(self.slots) - set(self._order)
        if missing:
            raise ValueError(f"no place for {sorted(missing)}: the letter does not hold it")

    def filled(self, **values: str) -> bytes:
        """The message for one recipient, ready for the wire. Raises ValueError for a value that could break out of its line."""
        ready = {name: value.encode("ascii") for name, value in values.items()}
        if not all(SAFE.fullmatch(value) for value in ready.values()):
            raise ValueError("a value holds more than one line of plain letters")
        coded = {name: _coded(value) for name, value in ready.items()}
        parts = [self._fixed[0]]
        for name, in_body, fixed in zip(self._order, self._in_body, self._fixed[1:], strict=True):
            parts += (coded[name] if in_body else ready[name], fixed)
        return b"".join(parts)


def _lay_open(message: EmailMessage, marks: Iterable[str]) -> None:
    """Codes texts that hold slots so that each slot stands on a line of its own, whatever the script around it: quoted-printable with soft breaks."""
    pattern = re.compile("(" + "|".join(map(re.escape, marks)) + ")")
    for part in message.walk():
        if part.get_content_maintype() != "text" or part.is_attachment():
            continue
        pieces = pattern.split(str(part.get_content()))
        if len(pieces) > 1:
            coded = (piece if n % 2 else quopri.encodestring(piece.encode()).decode() for n, piece in enumerate(pieces))
            part.set_payload("=\n".join(coded))
            part.replace_header("Content-Transfer-Encoding", "quoted-printable")


def _coded(value: bytes) -> bytes:
    """A value in quoted-printable, on lines of the length that mail allows."""
    lines = [value[n : n + 72] for n in range(0, len(value), 72)]
    return b"=\r\n".join((b"." if line.startswith(b".") else b"") + line.replace(b"=", b"=3D") for line in lines)


def slot(name: str) -> str:
    """What stands in the letter where the value of a slot will be."""
    return SLOT.format(name)


class Line:
    """One connection to the mail server. Speaks ahead (RFC 2920) where the server offers it."""

    def __init__(self, connection: smtplib.SMTP) -> None:
        self._smtp = connection
        self._ahead = connection.has_extn("pipelining")
        self._socket = connection.sock

    def send(self, pieces: Iterable[Piece], before: Callable[[str], None]) -> Iterator[Outcome]:
        """Sends one after the other. `before` hears each key when its last byte is about to leave. Ends after a broken line: the rest was not sent."""
        for piece in pieces:
            try:
                yield self._sent(piece, before)
            except Unspoken:
                yield Outcome(piece.key, State.DEFERRED)
                return
            except Broken:
                yield Outcome(piece.key, State.UNCERTAIN)
                return

    def _sent(self, piece: Piece, before: Callable[[str], None]) -> Outcome:
        if not (MAILBOX.fullmatch(piece.sender) and MAILBOX.fullmatch(piece.recipient)):
            return Outcome(piece.key, State.REFUSED, NOT_ALLOWED)
        greetings = [f"MAIL FROM:<{piece.sender}>", f"RCPT TO:<{piece.recipient}>", "DATA"]
        codes = self._asked(greetings)
        refused = next((code for code, good in zip(codes, GOOD, strict=False) if code // 100 != good), 0)
        if len(codes) == 3 and codes[2] // 100 == 3 and refused:
            return self._taken_back(piece, refused)
        if refused:
            self._reset()
            return Outcome(piece.key, State.REFUSED if refused // 100 == 5 else State.DEFERRED, refused)
        before(piece.key)
        self._say(piece.content + (b".\r\n" if piece.content.endswith(b"\r\n") else b"\r\n.\r\n"))
        code = self._heard()
        return Outcome(piece.key, {2: State.SENT, 5: State.REFUSED}.get(code // 100, State.DEFERRED), code)

    def _asked(self, lines: list[str]) -> list[int]:
        """The answers to these lines; spoken in one breath where the server allows, else as far as it agrees."""
        try:
            codes = self._asked_at_once(lines) if self._ahead else self._asked_in_turn(lines)
        except (OSError, smtplib.SMTPException) as error:
            raise Unspoken from error
        if not all(200 <= code < 600 for code in codes):
            raise Unspoken
        return codes

    def _asked_at_once(self, lines: list[str]) -> list[int]:
        self._smtp.send("".join(f"{line}\r\n" for line in lines).encode("ascii"))
        return [self._smtp.getreply()[0] for _line in lines]

    def _asked_in_turn(self, lines: list[str]) -> list[int]:
        codes: list[int] = []
        for line, good in zip(lines, GOOD, strict=True):
            codes.append(self._smtp.docmd(line)[0])
            if codes[-1] // 100 != good:
                break
        return codes

    def _say(self, content: bytes) -> None:
        """The message with the dot that ends it. When this fails the dot has not left: without it no server takes a message (RFC 5321, section 4.1.1.4)."""
        try:
            self._smtp.send(content)
        except (OSError, smtplib.SMTPException) as error:
            raise Unspoken from error

    def _heard(self) -> int:
        """The answer to the message. What is no answer to it (RFC 5321, section 4.2.1) proves nothing."""
        try:
            self._wait_for(PATIENCE)
            code = self._smtp.getreply()[0]
            self._wait_for(TIMEOUT)
        except (OSError, smtplib.SMTPException) as error:
            raise Broken from error
        if code // 100 not in {2, 4, 5}:
            raise Broken
        return code

    def _wait_for(self, seconds: float) -> None:
        if self._socket is not None:
            self._socket.settimeout(seconds)

    def _taken_back(self, piece: Piece, refused: int) -> Outcome:
        """The server waits for content although it refused the recipient: an empty message ends that without harm (RFC 2920, section 3.1)."""
        try:
            self._smtp.send(b".\r\n")
            self._smtp.getreply()
        except (OSError, smtplib.SMTPException) as error:
            raise Unspoken from error
        return Outcome(piece.key, State.REFUSED if refused // 100 == 5 else State.DEFERRED, refused)

    def _reset(self) -> None:
        try:
            self._smtp.rset()
        except (OSError, smtplib.SMTPException) as error:
            raise Unspoken from error

    def close(self) -> None:
        """Says goodbye where the server still listens."""
        try:
            self._smtp.quit()
        except (OSError, smtplib.SMTPException):
            self._smtp.close()


class Unspoken(Exception):
    """The line broke before the dot that ends the message had left: it was surely not taken."""


class Broken(Exception):
    """The line broke after the dot and before the answer."""


def open_line(address: Mapping[str, object] | None = None) -> Line:
    """A line to the mail server of the settings. Raises OSError or SMTPException when it does not answer."""
    told = address or {}
    smtp = smtplib.SMTP(str(told.get("host") or settings.EMAIL_HOST), int(str(told.get("port") or settings.EMAIL_PORT)), timeout=TIMEOUT)
    smtp.ehlo_or_helo_if_needed()
    if settings.EMAIL_USE_TLS and not told:
        smtp.starttls(context=ssl.create_default_context())
        smtp.ehlo()
    if settings.EMAIL_HOST_USER and not told:
        smtp.login(settings.EMAIL_HOST_USER, settings.EMAIL_HOST_PASSWORD)
    return Line(smtp)
