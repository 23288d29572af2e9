"""Attachments: received through an allow-list, kept sealed, given back only as a download."""

import logging
import os
import secrets
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.files.base import File
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpResponse
from django.utils.translation import gettext as _

from saphan.core import clock, inspection, scanner
from saphan.core.errors import Invalid, WrongState
from saphan.core.faults import point
from saphan.core.ids import new_reference
from saphan.core.models import Attachment
from saphan.core.orgkeys import PUBLIC_SIDE
from saphan.core.outbox import enqueue, handler
from saphan.core.sealing import Broken, seal, seal_bytes, unseal_bytes
from saphan.core.states import LifeCycle, Move
from saphan.core.upkeep import chore

log = logging.getLogger(__name__)

BYTES_AT_MOST = 10 * 1024 * 1024
NAME_AT_MOST = 200
ORPHAN_AFTER = timedelta(days=1)
# Two surfaces may share a database but not their files: each asks the scanner about its own.
SCAN = "attachment.scan.public" if settings.SURFACE == "public" else "attachment.scan"
State = Attachment.State

LIFE = LifeCycle(
    "attachment", State, initial=State.QUARANTINED, final={State.CLEAN, State.UNSCANNED, State.REFUSED},
    moves={
        "clear": Move({State.QUARANTINED, State.UNSCANNED}, State.CLEAN, None),
        "go_unscanned": Move({State.QUARANTINED}, State.UNSCANNED, None),
        "refuse": Move({State.QUARANTINED, State.UNSCANNED}, State.REFUSED, None),
    },
)  # fmt: skip


class ScannerSilent(Exception):
    """The scanner is there but gave no answer; the outbox asks again."""


@dataclass(frozen=True)
class Inspected:
    """An upload that may be kept: its name, what it is, its content as it will be kept, and what the scanner said."""

    name: str
    kind: Attachment.Kind
    content: bytes
    finding: scanner.Finding


def inspect_upload(file: File[Any]) -> Inspected:
    """Checks and scans one file of at most 10 MB. Takes its time: call it before the transaction that keeps the file. Raises Invalid."""
    name = _clean_name(file.name or "")
    kind = inspection.kind_of(name)
    content = inspection.inspect(kind, _read(file))
    finding = scanner.scan(content)
    if finding is scanner.Finding.INFECTED:
        raise Invalid(_("The virus scanner found something in this file, so it was not kept."))
    return Inspected(name, kind, content, finding)


@transaction.atomic
def keep_upload(upload: Inspected, *, scope: UUID, sensitivity: str, org: UUID, by_id: UUID, at: datetime) -> Attachment:
    """Seals and keeps an inspected file. The caller has asked the policy and records the act."""
    attachment = Attachment(
        reference=new_reference("A"), scope=scope, sensitivity=sensitivity, org=org, kind=upload.kind, size=len(upload.content),
        stored_as=secrets.token_hex(16), received_at=at, received_by=by_id,
    )  # fmt: skip
    _settle(attachment, upload.finding, at)
    seal(attachment, org=org, name=upload.name)
    _keep(attachment, seal_bytes(upload.content, scope=scope, sensitivity=sensitivity, org=org, binding=_binding(attachment)))
    attachment.save(force_insert=True)
    if attachment.state == State.QUARANTINED:
        enqueue(SCAN, key=str(attachment.pk), payload={"id": str(attachment.pk)})
    return attachment


def accept_upload(file: File[Any], *, scope: UUID, sensitivity: str, org: UUID, by_id: UUID, at: datetime) -> Attachment:
    """Inspects and keeps one file in one go. Raises Invalid."""
    return keep_upload(inspect_upload(file), scope=scope, sensitivity=sensitivity, org=org, by_id=by_id, at=at)


def open_attachment(attachment: Attachment, *, org: UUID) -> bytes:
    """The content, with the keys `org` holds. The caller has asked the policy and records the read. Raises WrongState, KeyMissing or Broken."""
    if attachment.state == State.QUARANTINED:
        raise WrongState(_("This file still waits for the virus scan. Try again in a few minutes."))
    if attachment.state == State.REFUSED:
        raise WrongState(_("This file was refused by the virus scan and is not kept."))
    return _unsealed(attachment, org)


def attachment_response(attachment: Attachment, content: bytes) -> HttpResponse:
    """The download: never shown inside the site, never kept by a browser's cache, under a name that says nothing."""
    kind = Attachment.Kind(attachment.kind)
    return HttpResponse(
        content, content_type=inspection.CONTENT_TYPES[kind],
        headers={
            "Content-Disposition": f'attachment; filename="{attachment.reference}.{kind.value}"',
            "X-Content-Type-Options": "nosniff",
            "Content-Security-Policy": "sandbox; default-src 'none'",
            "Cross-Origin-Resource-Policy": "same-origin",
            "Cache-Control": "no-store, private",
        },
    )  # fmt: skip


@handler(SCAN)
@transaction.atomic
def scan_again(payload: dict[str, Any], *, key: str) -> None:  # noqa: ARG001  # the shape of a handler
    """Asks the scanner about a file in quarantine; what it finds infected is refused and destroyed."""
    attachment = Attachment.objects.select_for_update().filter(pk=payload["id"], state=State.QUARANTINED).first()
    if attachment is None:
        return
    finding = scanner.scan(_unsealed(attachment, attachment.org))
    if finding is scanner.Finding.SILENT:
        raise ScannerSilent
    _settle(attachment, finding, clock.now())
    attachment.save(update_fields=["state", "settled_at"])
    if attachment.state == State.REFUSED:
        transaction.on_commit(partial(_remove, [path_of(attachment)]))


@transaction.atomic
def destroy_attachments(scope: UUID) -> int:
    """Removes the files of an erased scope; the bytes go after the commit. Returns how many."""
    files = [path_of(attachment) for attachment in Attachment.objects.filter(scope=scope)]
    Attachment.objects.filter(scope=scope).delete()
    transaction.on_commit(partial(_remove, files))
    return len(files)


@dataclass(frozen=True)
class Sweep:
    """What a sweep found: files without a record (removed) and records without a file (by id)."""

    removed: int
    missing: list[UUID]


def sweep(at: datetime) -> Sweep:
    """Removes files that no record knows (their transaction was rolled back) after a day, and names records whose file is gone."""
    kept = dict(_of_this_surface().exclude(state=State.REFUSED).values_list("stored_as", "pk"))
    removed, seen = 0, set()
    for file in _stored_files():
        if file.stem in kept:
            seen.add(file.stem)
        elif datetime.fromtimestamp(file.stat().st_mtime, tz=at.tzinfo) < at - ORPHAN_AFTER:
            file.unlink(missing_ok=True)
            removed += 1
    return Sweep(removed, [pk for stored_as, pk in kept.items() if stored_as not in seen])


@chore("attachments")
def sweep_daily(at: datetime) -> str:
    """The sweep of each day; records whose file is gone are counted in the log."""
    found = sweep(at)
    if found.missing:
        log.warning("attachments: %s records have no file", len(found.missing))
    return f"{found.removed} files without a record removed, {len(found.missing)} records without a file"


def path_of(attachment: Attachment) -> Path:
    """Where the sealed bytes lie: a random name in a folder of its first two letters."""
    return Path(settings.ATTACHMENTS) / attachment.stored_as[:2] / f"{attachment.stored_as}.sealed"


def _read(file: File[Any]) -> bytes:
    """The whole content, counted: what the sender declares is not believed."""
    too_large = Invalid(_("This file is too large: at most 10 MB. Send a smaller one, or several."))
    if (file.size or 0) > BYTES_AT_MOST:
        raise too_large
    content = bytearray()
    for chunk in file.chunks():
        content += chunk
        if len(content) > BYTES_AT_MOST:
            raise too_large
    if not content:
        raise Invalid(_("This file is empty."))
    return bytes(content)


def _clean_name(name: str) -> str:
    """The last part of the name without control and format characters."""
    last = name.replace("\\", "/").rpartition("/")[2]
    shown = "".join(letter for letter in last if unicodedata.category(letter) not in {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"}).strip()
    return shown[-NAME_AT_MOST:]


def _settle(attachment: Attachment, finding: scanner.Finding, at: datetime) -> None:
    verbs = {scanner.Finding.CLEAN: "clear", scanner.Finding.ABSENT: "go_unscanned", scanner.Finding.INFECTED: "refuse"}
    if verb := verbs.get(finding):
        attachment.state = LIFE.target(verb, attachment.state)
        attachment.settled_at = at


def _binding(attachment: Attachment) -> list[str]:
    return ["attachment", str(attachment.pk), attachment.stored_as]


def _unsealed(attachment: Attachment, org: UUID) -> bytes:
    try:
        sealed = path_of(attachment).read_bytes()
    except FileNotFoundError:
        raise Broken(_("This file is missing from the store. Ask the person who looks after the system.")) from None
    return unseal_bytes(sealed, scope=attachment.scope, sensitivity=attachment.sensitivity, org=org, binding=_binding(attachment))


def _keep(attachment: Attachment, sealed: bytes) -> None:
    """Writes the sealed bytes whole or not at all, and only then lets the record be saved."""
    target = path_of(attachment)
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    temporary = target.with_suffix(".new")
    with open(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(sealed)
        file.flush()
        os.fsync(file.fileno())
    point("attachment:before_rename")
    os.replace(temporary, target)
    folder = os.open(target.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
    point("attachment:after_rename")


def _remove(files: list[Path]) -> None:
    for file in files:
        file.unlink(missing_ok=True)


def _of_this_surface() -> QuerySet[Attachment]:
    """The records whose files lie in this installation's directory: what outsiders sent lies with the public surface, all else with the casework."""
    rows = Attachment.objects.all()
    if settings.SURFACE == "public":
        return rows.filter(org=PUBLIC_SIDE)
    return rows.exclude(org=PUBLIC_SIDE) if settings.SURFACE == "casework" else rows


def _stored_files() -> Iterator[Path]:
    return Path(settings.ATTACHMENTS).glob("??/*.*")
