"""The inward door: what somebody told the public side is sealed there, opened here, and handed to the room that receives it."""

import base64
import binascii
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from cryptography.exceptions import InvalidSignature
from django.conf import settings
from django.db import transaction
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from saphan.access.rowlock import as_system
from saphan.audit.services import record
from saphan.core.errors import DomainError, Invalid
from saphan.core.ids import new_id
from saphan.core.outbox import enqueue
from saphan.releases import keys
from saphan.releases.canonical import canonical
from saphan.releases.kinds import REPORT_RECEIVERS, REPORT_SHAPES, shaped_report
from saphan.releases.models import ReportReceipt, SealedReport
from saphan.releases.sealing import CIPHERTEXT_SIZES, Unopened, close, open_sealed

COLLECT = "releases.collect"
RECEIVED, FAILED = ReportReceipt.Outcome.RECEIVED, ReportReceipt.Outcome.FAILED
ACKNOWLEDGEMENT = b"saphan acknowledgement v1\n"
MOST_AT_ONCE = 50


@dataclass(frozen=True)
class Parcel:
    """A sealed report on its way."""

    id: UUID
    kind: str
    created_at: datetime
    ciphertext: bytes


@transaction.atomic
def seal_report(*, kind: str, body: dict[str, Any], at: datetime) -> SealedReport:
    """Seals what somebody told to the casework's key and keeps only that. Raises Invalid for an unknown kind, a wrong shape or too long a text.

    In one process with the casework it is collected in the background; else it waits until the casework comes for it.
    """
    report_id = new_id()
    statement = {"v": 1, "kind": kind, "id": str(report_id), "at": at.astimezone(UTC).isoformat(), "body": shaped_report(kind, body)}
    report = SealedReport.objects.create(id=report_id, kind=kind, ciphertext=close(kind, report_id, statement), created_at=at)
    if settings.SURFACE == "all":
        enqueue(COLLECT, key=str(report_id), payload={"report": str(report_id)})
    return report


def collect(*, at: datetime) -> list[ReportReceipt]:
    """The casework takes every waiting report out of the shared store; each in a transaction of its own."""
    waiting = SealedReport.objects.filter(collected_at=None).order_by("created_at").values_list("pk", flat=True)
    return [receipt for report_id in list(waiting) if (receipt := collect_one(report_id=report_id, at=at))]


@transaction.atomic
def collect_one(*, report_id: UUID, at: datetime) -> ReportReceipt | None:
    """Opens one waiting report, hands it over, and deletes its sealed content: all of it or nothing. None when it is no longer waiting."""
    report = SealedReport.objects.select_for_update().filter(pk=report_id, collected_at=None).first()
    if report is None or report.ciphertext is None:
        return None
    receipt = receive_report(parcel=Parcel(report.pk, report.kind, report.created_at, bytes(report.ciphertext)), at=at)
    _empty([report.pk], at)
    return receipt


@transaction.atomic
def receive_report(*, parcel: Parcel, at: datetime) -> ReportReceipt:
    """Takes one sealed report. Once only: a second delivery gets the first receipt. One that fails is kept sealed with the reason."""
    known = ReportReceipt.objects.select_for_update().filter(pk=parcel.id).first()
    if known:
        return known
    with as_system():
        reason = _handed_over(parcel)
    receipt = ReportReceipt(id=parcel.id, kind=parcel.kind, received_at=at, created_at=parcel.created_at)
    return _settled(receipt, parcel.ciphertext, reason, at)


@transaction.atomic
def retry_failed(*, at: datetime) -> list[ReportReceipt]:
    """Tries the kept reports again, for example after the key or the receiving room has come back."""
    failed = ReportReceipt.objects.select_for_update().filter(outcome=FAILED).order_by("received_at")
    return [_retried(receipt, at) for receipt in failed]


def _retried(receipt: ReportReceipt, at: datetime) -> ReportReceipt:
    ciphertext = bytes(receipt.ciphertext or b"")
    with as_system():
        reason = _handed_over(Parcel(receipt.pk, receipt.kind, receipt.created_at, ciphertext))
    return _settled(receipt, ciphertext, reason, at)


def _settled(receipt: ReportReceipt, ciphertext: bytes, reason: str, at: datetime) -> ReportReceipt:
    receipt.outcome, receipt.reason = (FAILED, reason) if reason else (RECEIVED, "")
    receipt.ciphertext = ciphertext if reason else None
    receipt.received_at = at
    receipt.save()
    record(by=None, action="reports:collect", target=receipt, at=at, outcome="denied" if reason else "done", purpose=reason)
    return receipt


def _handed_over(parcel: Parcel) -> str:
    """Opens the report and gives it to its room. The answer is empty, or the code of why it failed; then nothing of it was written."""
    receiver = REPORT_RECEIVERS.get(parcel.kind)
    if receiver is None:
        return "unknown_kind"
    try:
        body, told_at = _opened(parcel)
        with transaction.atomic():
            receiver(body, told_at)
    except Unopened as error:
        return error.reason
    except Invalid:
        return "wrong_shape"
    except DomainError:
        return "not_received"
    return ""


def _opened(parcel: Parcel) -> tuple[dict[str, Any], datetime]:
    statement = open_sealed(parcel.kind, parcel.id, parcel.ciphertext)
    told_at = parse_datetime(str(statement.get("at", "")) if isinstance(statement, dict) else "")
    if told_at is None or statement.get("v") != 1 or statement.get("id") != str(parcel.id) or statement.get("kind") != parcel.kind:
        raise Unopened("broken")
    return shaped_report(parcel.kind, statement.get("body")), told_at


# Between two machines.


def waiting_parcels(most: int = MOST_AT_ONCE) -> list[dict[str, str]]:
    """The oldest reports that wait, as they travel."""
    waiting = SealedReport.objects.filter(collected_at=None).order_by("created_at", "id")[:most]
    return [_as_wire(report) for report in waiting]


def _as_wire(report: SealedReport) -> dict[str, str]:
    ciphertext = base64.b64encode(bytes(report.ciphertext or b"")).decode()
    return {"id": str(report.pk), "kind": report.kind, "created_at": report.created_at.astimezone(UTC).isoformat(), "ciphertext": ciphertext}


def parcel_from(wire: Any) -> Parcel:
    """The parcel that a wire form tells of. Raises Invalid when it is none or of a kind that nobody knows."""
    try:
        ciphertext = base64.b64decode(wire["ciphertext"], validate=True)
        parcel = Parcel(UUID(wire["id"]), str(wire["kind"]), datetime.fromisoformat(wire["created_at"]), ciphertext)
    except (KeyError, TypeError, ValueError, AttributeError, binascii.Error) as error:
        raise Invalid(_("This is not a sealed report.")) from error
    if parcel.kind not in REPORT_SHAPES or parcel.created_at.tzinfo is None or len(ciphertext) not in CIPHERTEXT_SIZES:
        raise Invalid(_("This is not a sealed report."))
    return parcel


def signed_acknowledgement(receipts: Iterable[ReportReceipt]) -> dict[str, Any]:
    """What the casework answers: the ids it holds safely, signed with its key."""
    ids = sorted(str(receipt.pk) for receipt in receipts)
    signature = keys.signing_key().sign(ACKNOWLEDGEMENT + canonical(ids))
    return {"ids": ids, "key_id": keys.own_public_keys().key_id, "signature": signature.hex()}


@transaction.atomic
def acknowledge(*, wire: Any, at: datetime) -> int:
    """The public side deletes the sealed content of what the casework holds. Raises Invalid unless a pinned key signed. Repeating it is harmless."""
    ids = _acknowledged_ids(wire)
    return _empty(ids, at)


def _acknowledged_ids(wire: Any) -> list[UUID]:
    try:
        ids = [UUID(text) for text in wire["ids"]]
        signer = keys.trusted_signer(wire["key_id"])
        if signer is None or len(ids) > 10000:
            raise ValueError
        signer.verify(bytes.fromhex(wire["signature"]), ACKNOWLEDGEMENT + canonical(wire["ids"]))
    except (KeyError, TypeError, ValueError, AttributeError, InvalidSignature) as error:
        raise Invalid(_("This is not an acknowledgement signed by the casework.")) from error
    return ids


def _empty(ids: list[UUID], at: datetime) -> int:
    return SealedReport.objects.filter(pk__in=ids, collected_at=None).update(ciphertext=None, collected_at=at)
