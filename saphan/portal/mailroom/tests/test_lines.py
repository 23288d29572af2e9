"""Lines to servers that ask for encryption and a password, and to servers that hang up."""

import datetime
import ipaddress
import smtplib
import socket
import ssl
import threading
from contextlib import closing

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from saphan.portal.mailroom.bulk import Piece, State, open_line
from saphan.portal.mailroom.tests.test_bulk import line_to
from tests.running import free_port

PIECE = Piece("1", "bounce@example.org", "a@example.org", b"Subject: x\r\n\r\nx\r\n")


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    """Of 127.0.0.1, vouched for by itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.datetime.now(datetime.UTC)
    made = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key()).serial_number(1)
        .not_valid_before(now - datetime.timedelta(days=1)).not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    path = tmp_path_factory.mktemp("certificate") / "both.pem"
    plain = serialization.NoEncryption()
    path.write_bytes(
        made.public_bytes(serialization.Encoding.PEM) + key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain)
    )
    return path


class Keeper:
    def __init__(self):
        self.taken = []

    async def handle_DATA(self, server, session, envelope):
        self.taken.append((session.ssl is not None, session.authenticated))
        return "250 OK"


@pytest.fixture
def strict_server(certificate, settings):
    """Takes letters only over TLS and after a password."""

    def ask(server, session, envelope, mechanism, data):
        return AuthResult(success=(data.login, data.password) == (b"saphan", b"right"), handled=False)

    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    controller = Controller(
        Keeper(), hostname="127.0.0.1", port=free_port(), tls_context=context, require_starttls=True, auth_required=True, authenticator=ask
    )
    controller.start()
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_USE_TLS = "127.0.0.1", controller.port, True
    settings.EMAIL_HOST_USER, settings.EMAIL_HOST_PASSWORD = "saphan", "right"
    yield controller
    controller.stop()


def test_a_line_is_encrypted_and_signed_in_where_the_settings_say_so(strict_server, certificate, monkeypatch):
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    line = open_line()
    assert [outcome.state for outcome in line.send([PIECE], lambda _key: None)] == [State.SENT]
    line.close()
    assert strict_server.handler.taken == [(True, True)]


def test_a_server_that_nobody_vouches_for_gets_no_password(strict_server):
    with pytest.raises(ssl.SSLCertVerificationError):
        open_line()


def test_a_wrong_password_opens_no_line(strict_server, certificate, settings, monkeypatch):
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    settings.EMAIL_HOST_PASSWORD = "wrong"
    with pytest.raises(smtplib.SMTPAuthenticationError):
        open_line()


def test_nobody_there_opens_no_line(settings):
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", free_port()
    with pytest.raises(OSError, match="refused"):
        open_line()


def played(*script, ahead=True):
    """A server that answers each thing it hears by the next line of a script, and hangs up at its end. Answers its port."""
    server = socket.create_server(("127.0.0.1", 0))

    def play():
        with closing(server), closing(server.accept()[0]) as talk:
            talk.sendall(b"220 hello\r\n")
            talk.recv(100)
            talk.sendall(b"250-hello\r\n250 PIPELINING\r\n" if ahead else b"250 hello\r\n")
            for line in script:
                if not talk.recv(10000):
                    return
                talk.sendall(line)

    threading.Thread(target=play, daemon=True).start()
    return server.getsockname()[1]


GO_ON = b"250 ok\r\n250 ok\r\n354 go on\r\n"


@pytest.mark.parametrize(
    ("script", "states", "told"),
    [
        ([b"421 closing\r\n"], [(State.DEFERRED, 0)], []),
        ([GO_ON, b"421 closing\r\n"], [(State.DEFERRED, 421), (State.DEFERRED, 0)], ["1"]),
        ([GO_ON], [(State.UNCERTAIN, 0)], ["1"]),
        ([GO_ON, b"nonsense\r\n"], [(State.UNCERTAIN, 0)], ["1"]),
        ([b"250 ok\r\n250 ok\r\n451 later\r\n", b"250 reset\r\n", GO_ON, b"250 taken\r\n"], [(State.DEFERRED, 451), (State.SENT, 250)], ["2"]),
        ([b"550 no\r\n503 first MAIL\r\n503 first RCPT\r\n", b"250 reset\r\n"], [(State.REFUSED, 550), (State.DEFERRED, 0)], []),
        ([b"250 ok\r\n550 no\r\n354 go on\r\n", b"554 no valid recipients\r\n"], [(State.REFUSED, 550), (State.DEFERRED, 0)], []),
    ],
    ids=["421 at once", "421 after the message", "silence after the message", "nonsense", "later", "sender refused", "recipient refused, 354"],
)
def test_whatever_a_server_does_a_message_has_the_state_that_is_proved(script, states, told):
    heard: list[str] = []
    second = Piece("2", PIECE.sender, PIECE.recipient, PIECE.content)
    outcomes = [(outcome.state, outcome.code) for outcome in line_to(played(*script)).send([PIECE, second], heard.append)]
    assert outcomes == states
    assert heard == told


@pytest.mark.parametrize("address", ["a@example.org>\r\nRCPT TO:<b@example.org", "a b@example.org", "nobody", "ก@example.org", "<a@example.org>"])
def test_an_address_that_could_end_its_command_is_not_spoken(address):
    port = played(GO_ON, b"250 taken\r\n")
    pieces = [Piece("1", PIECE.sender, address, b"x"), Piece("2", address, PIECE.recipient, b"x"), PIECE]
    assert [outcome.code for outcome in line_to(port).send(pieces, lambda _key: None)] == [553, 553, 250]


def test_a_line_that_breaks_within_a_message_has_not_sent_it():
    """The dot is the last that leaves: what breaks before is no message."""
    large = Piece("1", PIECE.sender, PIECE.recipient, b"x" * 50_000_000)
    server = socket.create_server(("127.0.0.1", 0))

    def play():
        with closing(server), closing(server.accept()[0]) as talk:
            for line in (b"220 hello\r\n", b"250 hello\r\n", b"250 ok\r\n", b"250 ok\r\n", b"354 go on\r\n"):
                talk.sendall(line)
                talk.recv(100)
            talk.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")

    threading.Thread(target=play, daemon=True).start()
    assert [outcome.state for outcome in line_to(server.getsockname()[1]).send([large], lambda _key: None)] == [State.DEFERRED]
