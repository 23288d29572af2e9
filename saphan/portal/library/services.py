"""Files come in, are looked at, kept under the SHA-256 of their bytes, and can be destroyed when they must not exist."""

import hashlib
import logging
import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files.base import File
from django.db import transaction
from django.utils.translation import gettext as _

from saphan.audit.services import record
from saphan.core import inspection, scanner
from saphan.core.errors import Invalid, NotFound
from saphan.core.faults import point
from saphan.core.upkeep import chore
from saphan.portal.library.apart import extract
from saphan.portal.library.extracting import Extract
from saphan.portal.library.models import DocumentPage, FileText, StoredFile
from saphan.portal.library.terms import FileKind
from saphan.portal.pages import AFTER_WRITE

log = logging.getLogger(__name__)

BYTES_AT_MOST = 20 * 1024 * 1024
ORPHAN_AFTER = timedelta(days=1)


def receive(file: File[Any], at: datetime) -> StoredFile:
    """Looks a sent file through, reads it and keeps it; the same bytes a second time are the same file. Raises Invalid with the reason.

    Takes its time (up to half a minute for a large scan). Nothing in the file is changed: what cannot be kept as it is, is refused.
    """
    kind = _kind_of(file.name or "")
    content = _read(file)
    digest = hashlib.sha256(content).hexdigest()
    known = StoredFile.objects.filter(pk=digest).first()
    if known is not None and known.destroyed_at:
        raise Invalid(_("This very file was destroyed here before, because it must not be public. It is not taken again."))
    if known is not None:
        return known
    inspection.inspect(inspection.kind_of(f"x.{kind}"), content)
    _scan(content)
    return keep(digest=digest, kind=kind, content=content, found=extract(kind, content), at=at)


@transaction.atomic
def keep(*, digest: str, kind: str, content: bytes, found: Extract, at: datetime) -> StoredFile:
    """Writes the bytes, then the record of them with its words: a crash between leaves bytes that no record knows, and these are swept."""
    _write(path_of(digest, kind), content)
    if found.cover:
        _write(path_of(digest, "webp"), found.cover)
    point("library:after_write")
    stored, made = StoredFile.objects.get_or_create(
        digest=digest,
        defaults={
            "kind": kind, "size": len(content), "pages": found.pages, "letters": len(found.text), "partly": found.partly,
            "has_cover": bool(found.cover), "stored_at": at,
        },
    )  # fmt: skip
    if made:
        FileText.objects.create(file=stored, text=found.text)
    return stored


@transaction.atomic
def destroy(*, digest: str, at: datetime) -> StoredFile:
    """The operator takes bytes, cover and words of a file away for good, from every page and every older version. The same bytes never return.

    For a file that shows who a protected person is. The record stays, so that pages can say that a file was removed. Raises NotFound.
    """
    found = list(StoredFile.objects.select_for_update().filter(digest__startswith=digest)[:2]) if len(digest) >= 12 else []
    if len(found) != 1:
        raise NotFound(_("No file of the library has this name."))
    (stored,) = found
    FileText.objects.filter(file=stored).delete()
    StoredFile.objects.filter(pk=stored.pk).update(destroyed_at=stored.destroyed_at or at, letters=0, has_cover=False)
    record(by=None, action="library:destroy", target=stored, at=at)
    keys = DocumentPage.objects.filter(versions__file=stored).values("translation_key")
    for page_id in DocumentPage.objects.filter(translation_key__in=keys).values_list("pk", flat=True):
        for call in AFTER_WRITE:
            call(page_id)
    transaction.on_commit(partial(_remove, [path_of(stored.pk, stored.kind), path_of(stored.pk, "webp")]))
    stored.refresh_from_db()
    return stored


@dataclass(frozen=True)
class Sweep:
    """What a sweep found: bytes without a record (removed), records without their bytes, bytes that are not what they were."""

    removed: int
    missing: list[str]
    changed: list[str]

    @property
    def whole(self) -> bool:
        return not (self.missing or self.changed)


def sweep(at: datetime, *, deeply: bool = False) -> Sweep:
    """Removes what a crash left behind a day ago, and names files that are gone; `deeply` also reads each file and compares it with its name."""
    kept = dict(StoredFile.objects.filter(destroyed_at=None).values_list("digest", "kind"))
    removed = 0
    for file in _stored_paths():
        if file.stem not in kept and datetime.fromtimestamp(file.stat().st_mtime, tz=at.tzinfo) < at - ORPHAN_AFTER:
            file.unlink(missing_ok=True)
            removed += 1
    paths = {digest: path_of(digest, kind) for digest, kind in kept.items()}
    missing = sorted(digest for digest, path in paths.items() if not path.is_file())
    there = paths.keys() - set(missing) if deeply else set()
    return Sweep(removed, missing, sorted(digest for digest in there if hashlib.sha256(paths[digest].read_bytes()).hexdigest() != digest))


@chore("library")
def sweep_daily(at: datetime) -> str:
    """The sweep of each day; files that are gone are counted in the log."""
    found = sweep(at)
    if found.missing:
        log.warning("library: %s files are gone", len(found.missing))
    return f"{found.removed} files without a record removed, {len(found.missing)} records without a file"


def path_of(digest: str, ending: str) -> Path:
    """Where bytes lie: under their digest, in a folder of its first two letters."""
    return Path(settings.MEDIA_ROOT) / "library" / digest[:2] / f"{digest}.{ending}"


def _kind_of(name: str) -> str:
    ending = name.rpartition(".")[2].lower() if "." in name else ""
    if ending not in FileKind.values:
        raise Invalid(_("The library keeps PDF and Word files (.pdf, .docx). Save the document as one of these, and send that."))
    return ending


def _read(file: File[Any]) -> bytes:
    """The whole content, counted: what the sender declares is not believed."""
    content = bytearray()
    for chunk in file.chunks():
        content += chunk
        if len(content) > BYTES_AT_MOST:
            raise Invalid(_("This file is too large: at most 20 MB. Make its pictures smaller, or part it."))
    if not content:
        raise Invalid(_("This file is empty."))
    return bytes(content)


def _scan(content: bytes) -> None:
    finding = scanner.scan(content)
    if finding is scanner.Finding.INFECTED:
        raise Invalid(_("The virus scanner found something in this file, so it was not kept."))
    if finding is scanner.Finding.SILENT:
        raise Invalid(_("The virus scanner gives no answer now, so the file was not kept. Send it again in some minutes."))


def _write(target: Path, content: bytes) -> None:
    """Whole or not at all."""
    target.parent.mkdir(parents=True, exist_ok=True)
    temporary = target.with_name(f"{target.name}.{os.getpid()}.new")
    with temporary.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    os.replace(temporary, target)


def _remove(files: list[Path]) -> None:
    for file in files:
        file.unlink(missing_ok=True)


def _stored_paths() -> Iterator[Path]:
    return (Path(settings.MEDIA_ROOT) / "library").glob("??/*.*")
