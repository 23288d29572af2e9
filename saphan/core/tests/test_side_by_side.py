"""Several at once, on an engine that lets them: the same key is begun once, a message is claimed once."""

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from functools import partial
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import connection, transaction

from saphan.core import outbox
from saphan.core.models import DataKey, OutboxMessage
from saphan.core.sealing import KeyMissing, rotate_data_keys, rotate_org_key, seal, share_keys, unseal
from saphan.core.tests.scratch import Note

NOON = datetime(2026, 11, 23, 5, 0, tzinfo=UTC)
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.skipif("connection.vendor != 'postgresql'", reason="SQLite has one writer")]


def together(acts: Sequence[Callable[[], Any]]) -> list[Any]:
    """Runs all acts at the same moment, each with a connection of its own; returns what they returned."""
    gate = threading.Barrier(len(acts))

    def run(act):
        try:
            gate.wait()
            return act()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as pool:
        return [done.result() for done in [pool.submit(run, act) for act in acts]]


def sealed_by(scope: UUID, org: UUID):
    def act() -> Note | None:
        note = Note(scope=scope)
        try:
            with transaction.atomic():
                seal(note, org=org, name="Malee")
        except KeyMissing:
            return None
        return note

    return act


def test_a_key_is_begun_once_whoever_races(org, partner):
    for _ in range(5):
        scope = uuid4()
        notes = together([sealed_by(scope, who) for who in (org, org, org, partner, partner, partner)])
        assert DataKey.objects.filter(scope=scope).count() == 1
        holder = DataKey.objects.get(scope=scope).org
        assert [note is not None for note in notes] == [who == holder for who in (org, org, org, partner, partner, partner)]
        assert all(unseal(note, "name", org=holder) == {"name": "Malee"} for note in notes if note)


def test_sharing_beside_a_new_generation_leaves_no_holder_without_it(org, partner):
    for _ in range(5):
        scope = uuid4()
        sealed_by(scope, org)()
        together([partial(share_keys, scope, ["identity"], from_org=org, to_org=partner), partial(rotate_data_keys, scope)])
        generations = [set(DataKey.objects.filter(scope=scope, org=who).values_list("generation", flat=True)) for who in (org, partner)]
        assert generations == [{1, 2}, {1, 2}]


def test_a_new_organisation_key_beside_new_files_loses_none(org):
    notes = [sealed_by(uuid4(), org)() for _ in range(5)]
    notes += together([*(sealed_by(uuid4(), org) for _ in range(6)), lambda: rotate_org_key(org)])
    assert all(unseal(note, "name", org=org) == {"name": "Malee"} for note in notes if isinstance(note, Note))


def test_a_message_is_claimed_once(monkeypatch):
    monkeypatch.setattr(outbox, "HANDLERS", {"bell": lambda payload, *, key: None})
    for number in range(40):
        OutboxMessage.objects.create(topic="bell", key=str(number), created_at=NOON, available_at=NOON)
    claimed = [message.pk for messages in together([lambda: outbox.claim(10, NOON)] * 4) for message in messages]
    assert len(claimed) == len(set(claimed)) == 40
