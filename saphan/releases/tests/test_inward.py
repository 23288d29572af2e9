"""The inward door in one process: sealed at once, opened once, deleted after."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection

from saphan.audit.models import AuditEvent
from saphan.core.errors import Invalid, NotFound
from saphan.core.outbox import run_once
from saphan.releases import keys
from saphan.releases.kinds import REPORT_RECEIVERS
from saphan.releases.models import ReportReceipt, SealedReport
from saphan.releases.reports import (
    Parcel,
    acknowledge,
    collect,
    parcel_from,
    receive_report,
    retry_failed,
    seal_report,
    signed_acknowledgement,
    waiting_parcels,
)
from saphan.releases.sealing import CIPHERTEXT_SIZES, open_sealed
from tests.people import NOON

pytestmark = pytest.mark.django_db
CANARY = "canary-7F3A"
BODY = {"text": f"Somebody is locked in. {CANARY}", "language": "lo", "about": "other"}
Taken = list[tuple[dict[str, Any], datetime]]


@pytest.fixture(autouse=True)
def taken() -> Iterator[Taken]:
    """A receiver of our own stands in for the room below the wall."""
    earlier, got = REPORT_RECEIVERS.get("concern"), Taken()
    REPORT_RECEIVERS["concern"] = lambda body, at: got.append((body, at))
    yield got
    REPORT_RECEIVERS.pop("concern")
    if earlier:
        REPORT_RECEIVERS["concern"] = earlier


def test_a_report_reaches_its_room_once(taken: Taken) -> None:
    report = seal_report(kind="concern", body=BODY, at=NOON)
    assert [receipt.outcome for receipt in collect(at=NOON)] == ["received"]
    assert collect(at=NOON) == []
    assert taken == [(BODY, NOON)]
    report.refresh_from_db()
    assert (report.ciphertext, report.collected_at) == (None, NOON)


def test_the_worker_collects_it_in_one_process(taken: Taken) -> None:
    seal_report(kind="concern", body=BODY, at=NOON)
    run_once()
    assert taken == [(BODY, NOON)]


def test_the_stored_report_does_not_hold_what_was_written() -> None:
    seal_report(kind="concern", body=BODY, at=NOON)
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM releases_sealedreport")
        assert CANARY.encode() not in repr(cursor.fetchall()).encode()


def test_the_length_tells_little() -> None:
    sizes = {len(bytes(seal_report(kind="concern", body={"text": "x" * n}, at=NOON).ciphertext or b"")) for n in (1, 20, 300, 700, 2000, 3500, 7900)}
    assert sizes < CIPHERTEXT_SIZES
    assert len(sizes) == 3


@pytest.mark.parametrize("body", [{}, {"text": 1}, {"text": "a", "name": "b"}, {"text": "a", "country": "Laos"}, {"text": "x" * 8001}])
def test_nothing_but_the_agreed_shape_is_sealed(body: dict[str, Any]) -> None:
    with pytest.raises(Invalid):
        seal_report(kind="concern", body=body, at=NOON)
    with pytest.raises(Invalid):
        seal_report(kind="gossip", body=BODY, at=NOON)
    assert not SealedReport.objects.exists()


def test_without_the_caseworks_key_the_public_side_seals_nothing(settings: Any) -> None:
    settings.SURFACE = "public"
    with pytest.raises(keys.KeysMissing):
        seal_report(kind="concern", body=BODY, at=NOON)
    assert not SealedReport.objects.exists()


def test_the_public_side_cannot_open_it(settings: Any) -> None:
    parcel = parcel_of(seal_report(kind="concern", body=BODY, at=NOON))
    settings.SURFACE = "public"
    with pytest.raises(keys.KeysMissing):
        open_sealed(parcel.kind, parcel.id, parcel.ciphertext)


def test_another_casework_cannot_open_it_and_keeps_it_sealed(settings: Any, tmp_path: Any, taken: Taken) -> None:
    parcel = parcel_of(seal_report(kind="concern", body=BODY, at=NOON))
    settings.KEYS, right = tmp_path / "other", settings.KEYS
    receipt = receive_report(parcel=parcel, at=NOON)
    assert (receipt.outcome, receipt.reason, bytes(receipt.ciphertext or b"")) == ("failed", "wrong_key", parcel.ciphertext)
    settings.KEYS = right
    assert [receipt.outcome for receipt in retry_failed(at=NOON)] == ["received"]
    assert taken == [(BODY, NOON)]


@pytest.mark.parametrize("part", [0, 9, 1200, -1])
def test_a_damaged_report_is_kept_with_its_reason(part: int, taken: Taken) -> None:
    parcel = parcel_of(seal_report(kind="concern", body=BODY, at=NOON))
    damaged = bytearray(parcel.ciphertext)
    damaged[part] ^= 1
    assert bytes(damaged) != parcel.ciphertext
    receipt = receive_report(parcel=Parcel(parcel.id, parcel.kind, NOON, bytes(damaged)), at=NOON)
    assert (receipt.outcome, receipt.reason) == ("failed", "broken")
    assert taken == []


def test_a_report_given_another_id_or_kind_does_not_open(taken: Taken) -> None:
    parcel = parcel_of(seal_report(kind="concern", body=BODY, at=NOON))
    REPORT_RECEIVERS["other"] = REPORT_RECEIVERS["concern"]
    moved = receive_report(parcel=Parcel(uuid4(), parcel.kind, NOON, parcel.ciphertext), at=NOON)
    renamed = receive_report(parcel=Parcel(parcel.id, "other", NOON, parcel.ciphertext), at=NOON)
    del REPORT_RECEIVERS["other"]
    assert {moved.reason, renamed.reason} == {"broken"}
    assert taken == []


def test_a_room_that_refuses_leaves_nothing_half_done(taken: Taken) -> None:
    def refuses(body: dict[str, Any], at: datetime) -> None:
        SealedReport.objects.create(kind="trace", ciphertext=b"x", created_at=at)
        raise NotFound

    REPORT_RECEIVERS["concern"] = refuses
    seal_report(kind="concern", body=BODY, at=NOON)
    assert [(receipt.outcome, receipt.reason) for receipt in collect(at=NOON)] == [("failed", "not_received")]
    assert not SealedReport.objects.filter(kind="trace").exists()


def test_a_crash_of_the_room_leaves_the_report_waiting() -> None:
    def crashes(body: dict[str, Any], at: datetime) -> None:
        raise ZeroDivisionError

    REPORT_RECEIVERS["concern"] = crashes
    seal_report(kind="concern", body=BODY, at=NOON)
    with pytest.raises(ZeroDivisionError):
        collect(at=NOON)
    assert SealedReport.objects.filter(collected_at=None).count() == 1
    assert not ReportReceipt.objects.exists()


def test_a_kind_without_a_room_is_kept() -> None:
    report = seal_report(kind="concern", body=BODY, at=NOON)
    REPORT_RECEIVERS["other"] = REPORT_RECEIVERS.pop("concern")
    receipt = collect(at=NOON)[0]
    REPORT_RECEIVERS["concern"] = REPORT_RECEIVERS.pop("other")
    assert (receipt.pk, receipt.reason) == (report.pk, "unknown_kind")


def test_collecting_is_in_the_audit() -> None:
    report = seal_report(kind="concern", body=BODY, at=NOON)
    collect(at=NOON)
    assert AuditEvent.objects.get(action="reports:collect").target_id == str(report.pk)


def test_only_a_signed_acknowledgement_deletes(settings: Any) -> None:
    report = seal_report(kind="concern", body=BODY, at=NOON)
    receipt = receive_report(parcel=parcel_of(report), at=NOON)
    signed = signed_acknowledgement([receipt])
    for forged in (signed | {"signature": "00" * 64}, signed | {"ids": [str(uuid4())]}, signed | {"key_id": "0" * 16}, {}, None, {"ids": ["x"]}):
        with pytest.raises(Invalid):
            acknowledge(wire=forged, at=NOON)
    assert waiting_parcels() != []
    assert acknowledge(wire=signed, at=NOON) == 1
    assert acknowledge(wire=signed, at=NOON) == 0
    assert waiting_parcels() == []


@pytest.mark.parametrize(
    "change", [{"id": "x"}, {"kind": "gossip"}, {"created_at": "now"}, {"created_at": "2026-11-23"}, {"ciphertext": "%%"}, {"ciphertext": "eHh4"}]
)
def test_what_is_no_parcel_is_refused(change: dict[str, Any]) -> None:
    seal_report(kind="concern", body=BODY, at=NOON)
    wire = waiting_parcels()[0]
    assert parcel_from(wire).kind == "concern"
    malformed: Any
    for malformed in (wire | change, {}, None, []):
        with pytest.raises(Invalid):
            parcel_from(malformed)


def parcel_of(report: SealedReport) -> Parcel:
    return Parcel(report.pk, report.kind, report.created_at, bytes(report.ciphertext or b""))
