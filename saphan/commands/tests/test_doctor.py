"""What the doctor says of the database's role and of the mailbox."""

from typing import Any

import pytest
from django.db import connection

from saphan.commands import doctor

pytestmark = pytest.mark.django_db


class Asked:
    """A cursor that answers one row."""

    def __init__(self, row: tuple[str, bool, bool]) -> None:
        self.row = row

    def __enter__(self) -> "Asked":
        return self

    def __exit__(self, *_error: object) -> None: ...

    def execute(self, _statement: str) -> None: ...

    def fetchone(self) -> tuple[str, bool, bool]:
        return self.row


@pytest.mark.parametrize(
    ("is_superuser", "passes_by", "word"),
    [(True, True, "is a superuser"), (False, True, "has BYPASSRLS"), (False, False, "holds for the role saphan")],
)
def test_a_role_that_passes_the_row_lock_is_told(monkeypatch: pytest.MonkeyPatch, is_superuser: bool, passes_by: bool, word: str) -> None:
    monkeypatch.setattr(connection, "vendor", "postgresql")
    monkeypatch.setattr(connection, "cursor", lambda: Asked(("saphan", is_superuser, passes_by)))
    well, says = doctor.row_security()
    assert (well, word in says) == (not (is_superuser or passes_by), True)


@pytest.mark.skipif("connection.vendor != 'postgresql'", reason="roles are PostgreSQL's")
def test_the_role_of_this_database_is_asked(db: Any) -> None:
    """The tests' own role may be a superuser or an ordinary one: the doctor says which."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT NOT (rolsuper OR rolbypassrls) FROM pg_roles WHERE rolname = current_user")
        ordinary = cursor.fetchone()[0]
    well, says = doctor.row_security()
    assert well == ordinary, says


def test_a_mailbox_that_does_not_open_needs_a_hand_and_none_needs_none(settings: Any) -> None:
    settings.IMAP_HOST = ""
    assert doctor.incoming_mail()[0]
    settings.IMAP_HOST, settings.IMAP_PORT, settings.IMAP_TLS = "127.0.0.1", 1, False
    assert doctor.incoming_mail() == (False, "the mailbox at 127.0.0.1:1 does not open (ConnectionRefusedError)")
