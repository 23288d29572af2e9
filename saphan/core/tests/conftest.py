import socket
import threading
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from aiosmtpd.controller import Controller

from saphan.core import orgkeys
from saphan.core.tests import scratch
from tests.database import AFTER_LAYING


@pytest.fixture(autouse=True)
def own_directories(settings, tmp_path: Path) -> None:
    """Every test has its own keys and files."""
    settings.KEYS = tmp_path / "keys"
    settings.ATTACHMENTS = tmp_path / "attachments"
    settings.CLAMD_SOCKET = ""
    orgkeys._held.clear()


@pytest.fixture(scope="session")
def scratch_tables(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock():
        scratch.make_tables()
    AFTER_LAYING.append(scratch.make_tables)
    yield
    AFTER_LAYING.remove(scratch.make_tables)
    with django_db_blocker.unblock():
        scratch.drop_tables()


@pytest.fixture
def notes(scratch_tables, db) -> None:
    scratch.Note.objects.all().delete()


@pytest.fixture
def org() -> UUID:
    return uuid4()


@pytest.fixture
def partner() -> UUID:
    return uuid4()


class Postbox:
    """A mail server on loopback; `refuse` names its answer to recipients."""

    def __init__(self) -> None:
        self.mails: list[str] = []
        self.refuse: dict[str, str] = {}
        self.lock = threading.Lock()

    async def handle_RCPT(self, server, session, envelope, address, rcpt_options):
        if address in self.refuse:
            return self.refuse[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        with self.lock:
            self.mails.append(envelope.content.decode())
        return "250 OK"


@pytest.fixture
def postbox(settings):
    box = Postbox()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = Controller(box, hostname="127.0.0.1", port=port)
    server.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST = "127.0.0.1"
    settings.EMAIL_PORT = port
    yield box
    server.stop()
