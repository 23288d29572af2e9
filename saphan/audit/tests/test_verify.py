"""The record is append-only, and every way of changing it is found (R6). Run on both engines by SAPHAN_DATABASE."""

import json
from collections.abc import Callable, Iterator
from dataclasses import asdict, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from hypothesis import given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from saphan.audit import triggers
from saphan.audit.commands import audit
from saphan.audit.heads import copy_of, export_head, read_head, sign_heads
from saphan.audit.models import AuditEvent, AuditHead
from saphan.audit.services import GENESIS, digest, record
from saphan.audit.verify import verify

NOON = datetime(2026, 11, 23, 5, 0, tzinfo=UTC)
A, B = "11111111-1111-4111-8111-111111111111", "22222222-2222-4222-8222-222222222222"


class Worker:
    """An actor without a database row: the record knows strings only."""

    def __init__(self, org: str) -> None:
        self.actor_id, self.acting_org = "99999999-9999-4999-8999-999999999999", org


def act(org: str = A, number: int = 1, at: datetime = NOON) -> AuditEvent:
    return record(by=Worker(org), action="persons:read", target=("persons.person", str(number)), at=at, subject=number, fields=["given_name"])


@pytest.fixture
def events(db: Any) -> list[AuditEvent]:
    return [act(org, n, NOON + timedelta(seconds=n)) for n in range(1, 6) for org in (A, B)]


@pytest.fixture
def intruder(db: Any) -> Iterator[Callable[..., int]]:
    """Somebody with the rights of the database's owner: drops the triggers and writes as she likes. Says how many rows she really changed."""
    triggers.lift(connection)

    def write(sql: str, *values: Any) -> int:
        before = list(AuditEvent.objects.order_by("id").values_list())
        with connection.cursor() as cursor:
            cursor.execute(sql, values)
        changed = len(set(before) ^ set(AuditEvent.objects.values_list()))
        assert changed, "the bytes did not change"
        return changed

    yield write
    if connection.vendor == "sqlite":
        triggers.lay(connection)


def rewrite(chain: str) -> None:
    """Gives every event of a chain a fresh, fitting hash, as a clever intruder would."""
    prev = GENESIS
    for seq, event in enumerate(AuditEvent.objects.filter(chain=chain).order_by("seq"), start=1):
        event.seq, event.prev_hash = seq, prev
        event.hash = prev = digest(event)
        event.save()


def test_an_untouched_record_is_whole(events: list[AuditEvent]) -> None:
    head = copy_of(sign_heads(NOON))
    act()
    report = verify(heads=[head])
    assert report.whole, report.findings
    assert (report.chains, report.events, report.heads) == (2, 11, 1)


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE audit_auditevent SET action = 'x'",
        "DELETE FROM audit_auditevent",
        "UPDATE audit_audithead SET signature = ''",
        "DELETE FROM audit_audithead",
    ],
)
def test_the_database_refuses_to_change_the_record(sql: str, events: list[AuditEvent]) -> None:
    sign_heads(NOON)
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)
    assert AuditEvent.objects.count() == 10
    assert AuditHead.objects.count() == 1


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has no TRUNCATE")
def test_the_database_refuses_to_empty_the_record(events: list[AuditEvent]) -> None:
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("TRUNCATE audit_auditevent")


@pytest.mark.parametrize(
    ("column", "value"),
    [("actor", "x"), ("action", "x"), ("outcome", "denied"), ("target_id", "x"), ("fields", ""), ("purpose", "x"), ("hash", "0" * 64)],
)
def test_an_edit_is_found(column: str, value: str, events: list[AuditEvent], intruder: Callable[..., int]) -> None:
    intruder(f"UPDATE audit_auditevent SET {column} = %s WHERE chain = %s AND seq = 3", value, A)
    assert not verify().whole


def test_another_time_is_found(events: list[AuditEvent], intruder: Callable[..., int]) -> None:
    intruder("UPDATE audit_auditevent SET at = %s WHERE chain = %s AND seq = 3", NOON - timedelta(days=1), A)
    assert {f.seq for f in verify().findings} == {3}


def test_a_deletion_is_found(events: list[AuditEvent], intruder: Callable[..., int]) -> None:
    intruder("DELETE FROM audit_auditevent WHERE chain = %s AND seq = 3", A)
    assert next((f.chain, f.seq) for f in verify().findings) == (A, 4)


def test_another_order_is_found(events: list[AuditEvent], intruder: Callable[..., int]) -> None:
    for old, new in ((3, 99), (4, 3), (99, 4)):
        intruder("UPDATE audit_auditevent SET seq = %s WHERE chain = %s AND seq = %s", new, A, old)
    assert not verify().whole


def test_a_cut_is_found_with_a_head_only(events: list[AuditEvent], intruder: Callable[..., int]) -> None:
    head = copy_of(sign_heads(NOON))
    triggers.lift(connection)
    intruder("DELETE FROM audit_auditevent WHERE chain = %s AND seq > 3", A)
    AuditHead.objects.all().delete()
    assert verify().whole, "a chain alone cannot see that it was cut"
    assert any("cut" in f.what for f in verify(heads=[head]).findings)


def test_a_whole_chain_taken_away_is_found(events: list[AuditEvent], intruder: Callable[..., int]) -> None:
    head = copy_of(sign_heads(NOON))
    intruder("DELETE FROM audit_auditevent WHERE chain = %s", B)
    assert any("whole chain" in f.what for f in verify(heads=[head]).findings)


def test_a_full_rewrite_with_new_hashes_is_found_with_the_partners_head(events: list[AuditEvent], intruder: Callable[..., int]) -> None:
    head = copy_of(sign_heads(NOON))
    intruder("UPDATE audit_auditevent SET action = 'x' WHERE chain = %s AND seq = 2", A)
    rewrite(A)
    AuditHead.objects.all().delete()
    assert verify().whole, "a perfect rewrite looks whole from inside"
    assert any("rewritten" in f.what for f in verify(heads=[head]).findings)
    sign_heads(NOON)  # even when the intruder also holds the signing key
    assert any("rewritten" in f.what for f in verify(heads=[head]).findings)


def test_own_heads_hang_together(events: list[AuditEvent], intruder: Callable[..., int]) -> None:
    for _ in range(3):
        sign_heads(NOON)
        act()
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM audit_audithead WHERE id = (SELECT min(id) + 1 FROM audit_audithead)")
        assert cursor.rowcount == 1
    assert any(f.chain == "heads" for f in verify().findings)


def test_a_forged_head_is_found(events: list[AuditEvent]) -> None:
    head = copy_of(sign_heads(NOON))
    forged = replace(head, heads=head.heads | {A: (1, "0" * 64)})
    assert any(f.chain == "heads" for f in verify(heads=[forged]).findings)


def test_an_exported_head_reads_back(events: list[AuditEvent]) -> None:
    head = read_head(export_head(NOON))
    assert head.problems() == []
    assert head.heads[A][0] == 5
    assert json.loads(json.dumps(asdict(head)))["key_id"] == head.key_id


def test_one_chain_can_be_looked_at_alone(events: list[AuditEvent], intruder: Callable[..., int]) -> None:
    intruder("UPDATE audit_auditevent SET action = 'x' WHERE chain = %s AND seq = 2", A)
    assert verify(chains=[B]).whole
    assert not verify(chains=[A]).whole


def test_the_commands_answer_with_exit_codes(events: list[AuditEvent], tmp_path: Path, intruder: Callable[..., int]) -> None:
    run, file = CliRunner(), tmp_path / "head.json"
    assert run.invoke(audit, ["head", "--out", str(file)]).exit_code == 0
    assert run.invoke(audit, ["verify", "--head", str(file)]).exit_code == 0
    intruder("DELETE FROM audit_auditevent WHERE chain = %s AND seq = 5", A)
    done = run.invoke(audit, ["verify", "--json", "--head", str(file)])
    assert done.exit_code == 1
    assert json.loads(done.stdout)["whole"] is False
    file.write_text("{}")
    assert run.invoke(audit, ["verify", "--head", str(file)]).exit_code == 2


def test_the_signing_key_is_for_its_owner_only(events: list[AuditEvent]) -> None:
    from saphan.audit.signing import key_file

    sign_heads(NOON)
    assert key_file().stat().st_mode & 0o077 == 0


@given(at=st.datetimes(timezones=st.sampled_from([UTC])), words=st.text(max_size=40).filter(lambda t: "\0" not in t and t.isprintable()))
@settings(max_examples=30)
def test_what_was_written_verifies_whatever_the_time_and_the_words(db: Any, at: datetime, words: str) -> None:
    record(by=Worker(A), action="persons:read", target=("x", words), at=at)
    assert verify(chains=[A]).whole
