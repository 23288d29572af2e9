"""The stored answers of one edition: the most asked in memory, all of them in files that every process of the machine shares.

A file's place follows from its address alone, so their number is bounded without counting: two addresses of one place take turns.
"""

import hashlib
import json
import logging
import os
import shutil
import threading
import zlib
from collections import OrderedDict
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

MEMORY = 12 * 1024 * 1024  # bytes of answers each process holds
LARGEST = 512 * 1024  # bytes of a page; larger ones are made anew each time
FREE = 500_000_000  # bytes of disk that are left to others

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Kept:
    """An answer as it left the house: its headers, a mark of its content, and the content in each coding."""

    address: str
    headers: tuple[tuple[str, str], ...]
    mark: str
    gzip: bytes
    brotli: bytes

    @property
    def size(self) -> int:
        return len(self.gzip) + len(self.brotli) + 1024


class Shelf:
    """Finds and keeps answers. Knows one edition at a time: what another one left is not found."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._edition = ""
        self._held: OrderedDict[str, Kept] = OrderedDict()
        self._size = 0

    def find(self, edition: str, address: str) -> Kept | None:
        """The answer for an address, if this edition has it."""
        with self._lock:
            if edition == self._edition and (held := self._held.get(address)):
                self._held.move_to_end(address)
                return held
        kept = _from_file(_place(edition, address), address)
        if kept is not None:
            self._hold(edition, kept)
        return kept

    def keep(self, edition: str, kept: Kept) -> None:
        """For this process at once, for the others in a file; a disk that is full or read-only loses nothing but time."""
        self._hold(edition, kept)
        place = _place(edition, kept.address)
        try:
            place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            if shutil.disk_usage(place.parent).free < FREE:
                return
            part = place.with_suffix(f".{os.getpid()}-{threading.get_ident()}.part")
            part.write_bytes(_packed(kept))
            part.replace(place)
        except OSError as error:
            log.warning("rendered: a page cannot be stored (%s)", type(error).__name__)

    def clear(self) -> None:
        """Forgets what this process holds."""
        with self._lock:
            self._edition, self._size = "", 0
            self._held.clear()

    def _hold(self, edition: str, kept: Kept) -> None:
        with self._lock:
            if edition != self._edition:
                self._edition, self._size = edition, 0
                self._held.clear()
            before = self._held.pop(kept.address, None)
            self._size += kept.size - (before.size if before else 0)
            self._held[kept.address] = kept
            while self._size > MEMORY:
                self._size -= self._held.popitem(last=False)[1].size


def folder() -> Path:
    """Where rendered pages lie. Only asked for where pages are stored at all."""
    if settings.RENDERED is None:
        raise RuntimeError("no pages are stored here")
    return settings.RENDERED


def _place(edition: str, address: str) -> Path:
    mark = hashlib.sha256(address.encode("utf-8", "surrogatepass")).hexdigest()
    return folder() / edition / mark[:2] / mark[2:4]


def _packed(kept: Kept) -> bytes:
    """A line that says what follows, then the content. Plain data: what is read back can only be shown."""
    told = {"address": kept.address, "headers": kept.headers, "mark": kept.mark, "gzip": len(kept.gzip), "sum": zlib.crc32(kept.gzip + kept.brotli)}
    return json.dumps(told).encode() + b"\n" + kept.gzip + kept.brotli


def _from_file(place: Path, address: str) -> Kept | None:
    """What a file holds, if it is whole and of this address; a file cut short by a power failure counts as none."""
    try:
        line, _, content = place.read_bytes().partition(b"\n")
        told = json.loads(line)
    except (OSError, ValueError):
        return None
    if told["address"] != address or zlib.crc32(content) != told["sum"]:
        return None
    headers = tuple((name, value) for name, value in told["headers"])
    return Kept(address, headers, told["mark"], content[: told["gzip"]], content[told["gzip"] :])
