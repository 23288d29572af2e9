"""Writing the record: few statements, and no waiting between organisations."""

import threading
from typing import Any

import pytest
from django.db import OperationalError, connection, transaction

from saphan.audit.models import AuditEvent
from saphan.audit.services import record, record_denial
from saphan.audit.tests.test_verify import NOON, A, B, Worker, act
from saphan.audit.verify import verify


def test_two_statements_an_event(db: Any, django_assert_num_queries: Any) -> None:
    act()
    with django_assert_num_queries(2):
        act()


def test_an_act_that_is_rolled_back_leaves_no_event(db: Any) -> None:
    try:
        with transaction.atomic():
            act()
            raise RuntimeError
    except RuntimeError:
        pass
    assert not AuditEvent.objects.exists()


def test_a_denial_is_an_event_of_its_own(db: Any) -> None:
    event = record_denial(by=Worker(A), action="persons:read", kind="persons.person", target_id="7", at=NOON)
    assert (event.outcome, event.chain) == ("denied", A)
    assert record_denial(by=None, action="page:open", kind="", target_id="", at=NOON).chain == "system"


def test_long_lists_of_fields_are_cut_and_still_verify(db: Any) -> None:
    record(by=Worker(A), action="persons:read", target=("x", "1"), at=NOON, fields=[f"field_{n}" for n in range(200)])
    assert verify().whole


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer for the whole file")
def test_a_writer_of_one_organisation_does_not_wait_for_another() -> None:
    waited: dict[str, bool] = {}

    def write(chain: str) -> None:
        try:
            with transaction.atomic():
                with connection.cursor() as cursor:
                    cursor.execute("SET LOCAL lock_timeout = '500ms'")
                act(chain)
            waited[chain] = False
        except OperationalError:
            waited[chain] = True
        finally:
            connection.close()

    with transaction.atomic():
        act(A)
        for chain in (A, B):
            thread = threading.Thread(target=write, args=(chain,))
            thread.start()
            thread.join(10)
    assert waited == {A: True, B: False}


@pytest.mark.django_db(transaction=True)
def test_parallel_writers_of_one_chain_make_one_chain() -> None:
    def write() -> None:
        try:
            for number in range(10):
                act(A, number)
        finally:
            connection.close()

    if (connection.vendor == "sqlite" and ":memory:" in str(connection.settings_dict["NAME"])) or "mode=memory" in str(
        connection.settings_dict["NAME"]
    ):
        pytest.skip("a database in memory is not shared by threads")
    threads = [threading.Thread(target=write) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    report = verify()
    assert report.whole
    assert report.events == 40
