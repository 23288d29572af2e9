"""Which edition of the public pages is the present one.

The truth is a row of the database, written in the transaction that changes a public page. Beside it lies a stamp: a small file that
all processes of a machine look at, so that a stored page costs no question. After the commit the stamp is renewed at once; when the
process dies between the two, the outbox does it; and a stamp that nobody has compared with the row for a minute is not believed.
"""

import contextlib
import fcntl
import hashlib
import logging
import os
import secrets
import shutil
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import django
import wagtail
from django.conf import settings
from django.db import Error as StoreError
from django.db import connection, transaction
from django.db.models import Count, Max
from django.utils import timezone

from saphan import __version__
from saphan.core import clock
from saphan.core.faults import point
from saphan.core.milestones import Milestone, reach
from saphan.core.outbox import enqueue, handler
from saphan.core.upkeep import chore
from saphan.portal.rendered.shelf import folder
from saphan.releases.models import Release

ROW = "public pages, edition"
TOPIC = "rendered"
DUE = 30.0  # seconds after which the stamp is compared again, once the reader has been answered
BELIEVED = 60.0  # seconds after which it is compared before a reader is answered
PATIENCE = 15 * 60.0  # a database that does not answer is no reason to take Get help now away; for so long stored pages stand in
PAUSE = 5.0  # and so long passes between two attempts to ask it
SECRET = ("KEY", "PASSWORD", "DATABASE", "TOKEN")

log = logging.getLogger(__name__)
_resting = {"until": 0.0}


@dataclass(frozen=True)
class Stamp:
    """What the file said, and when somebody last compared it with the database."""

    token: str
    confirmed_at: float

    @property
    def age(self) -> float:
        """Seconds since then; a stamp from the future comes from a clock that ran wrong and counts as old."""
        age = time.time() - self.confirmed_at
        return age if age > -PAUSE else PATIENCE + 1


def present() -> str | None:
    """The name of the present edition; None when nobody can say, and nothing stored may be shown. No question while the stamp is believed."""
    stamp = _read()
    token = stamp.token if stamp and stamp.age < BELIEVED else _asked(stamp)
    return f"{token}-{fingerprint()}-{timezone.localdate():%Y%m%d}" if token else None


def is_due() -> bool:
    """Whether the stamp should be compared soon; done after an answer has left."""
    stamp = _read()
    return stamp is not None and stamp.age >= DUE


def renew() -> None:
    """What is stored is void from the commit of this transaction on. Called wherever something changes that a public page shows."""
    if settings.RENDERED is None or _is_renewed():
        return
    token = secrets.token_hex(8)
    with transaction.atomic():
        reach(ROW, token)
        enqueue(TOPIC, key=token, payload={})
        transaction.on_commit(_renewed, robust=True)


def confirm() -> str | None:
    """Makes the stamp say what the database says; answers it. None when the stamp cannot be written: then nothing stored is shown."""
    folder().mkdir(parents=True, exist_ok=True, mode=0o700)
    with _alone():
        stamp, token = _read(), _token()
        try:
            if stamp is not None and stamp.token == token:
                os.utime(_path())
            else:
                _write(token)
        except OSError as error:
            log.warning("rendered: the stamp cannot be written (%s)", type(error).__name__)
            _path().unlink(missing_ok=True)
            return None
    return token


@handler(TOPIC)
def after_a_crash(payload: dict[str, Any], *, key: str) -> None:  # noqa: ARG001  # a handler's shape
    """The worker's part: where the publishing process died after its commit, the stamp is renewed here."""
    if settings.RENDERED is not None:
        confirm()
        sweep(clock.now())


@chore("rendered pages")
def sweep(at: datetime) -> int:  # noqa: ARG001  # a chore's shape
    """Throws away the folders of earlier editions and days; answers how many."""
    if settings.RENDERED is None or not settings.RENDERED.exists():
        return 0
    token, _, rest = (present() or "").partition("-")
    day = rest.rpartition("-")[2]
    folders = [path for path in settings.RENDERED.iterdir() if path.is_dir()]
    old = [path for path in folders if path.name.partition("-")[0] != token or path.name.rpartition("-")[2] != day]
    for path in old:
        shutil.rmtree(path, ignore_errors=True)
    return len(old)


@cache
def fingerprint() -> str:
    """Changes with the program, its templates, catalogues and static files, and with every setting of the environment but secrets."""
    total = hashlib.sha256(f"{__version__} {django.VERSION} {wagtail.VERSION} {settings.SURFACE}".encode())
    for path in sorted(p for p in settings.PACKAGE.rglob("*") if p.suffix in {".py", ".html", ".mo", ".toml", ".css", ".js", ".svg"}):
        looked = path.stat()
        total.update(f"{path.relative_to(settings.PACKAGE)} {looked.st_size} {looked.st_mtime_ns}\n".encode())
    with contextlib.suppress(OSError):
        total.update((Path(settings.STATIC_ROOT) / "staticfiles.json").read_bytes())
    for name in sorted(name for name in os.environ if name.startswith("SAPHAN_") and not any(part in name for part in SECRET)):
        total.update(f"{name}={os.environ[name]}\n".encode("utf-8", "surrogateescape"))
    return total.hexdigest()[:12]


def _asked(stamp: Stamp | None) -> str | None:
    """The database's word, before a reader is answered. While it is away, what was believed last stands in for a quarter of an hour."""
    fallback = stamp.token if stamp and stamp.age < PATIENCE else None
    if time.monotonic() < _resting["until"]:
        return fallback
    try:
        return confirm()
    except (StoreError, OSError) as error:
        log.warning("rendered: the edition cannot be asked for (%s)", type(error).__name__)
        _resting["until"] = time.monotonic() + PAUSE
        return fallback


def _token() -> str:
    """The row's word, and the newest release: another surface may share the database, and publish there without knowing of pages."""
    row, _made = Milestone.objects.get_or_create(name=ROW, defaults={"version": secrets.token_hex(8), "at": clock.now()})
    releases = Release.objects.aggregate(Count("pk"), Max("published_at"), Max("received_at"))
    return hashlib.sha256(f"{row.version} {sorted(releases.items())}".encode()).hexdigest()[:16]


def _renewed() -> None:
    """After the commit."""
    point("rendered:after_commit")
    confirm()


def _is_renewed() -> bool:
    """Whether this transaction has done it already; a savepoint that was rolled back has taken its call with it."""
    return any(call[1] is _renewed for call in connection.run_on_commit)


def _path() -> Path:
    return folder() / "stamp"


def _read() -> Stamp | None:
    try:
        return _remembered(os.stat(_path()), _path())
    except OSError:
        return None


_last: dict[str, Any] = {"mark": None, "stamp": None}


def _remembered(looked: os.stat_result, path: Path) -> Stamp:
    """The stamp as read before, unless the file is another or was touched since."""
    mark = (str(path), looked.st_ino, looked.st_mtime_ns)
    known: Stamp | None = _last["stamp"] if _last["mark"] == mark else None
    if known is None:
        known = Stamp(path.read_text(), looked.st_mtime)
        _last.update(mark=None)
        _last.update(stamp=known)
        _last.update(mark=mark)
    return known


def _write(token: str) -> None:
    part = _path().with_suffix(f".{os.getpid()}.part")
    part.write_text(token)
    part.replace(_path())


@contextlib.contextmanager
def _alone() -> Iterator[None]:
    """One at a time on this machine: who reads the row inside reads a commit that no earlier holder has missed."""
    with (folder() / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
