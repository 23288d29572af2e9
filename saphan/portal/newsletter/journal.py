"""What a sender writes down before it acts: a file in which `S key` stands before the last byte of a letter may leave, and `D key code` after the answer.

Each line is handed to the operating system at once, so it outlives the process, however it ends. It need not outlive a power cut: the
first line names the boot, and after another boot the file proves nothing but the answers in it. A lock on the file tells whether its
writer lives: it cannot be forgotten by a process that died, nor taken from one that only stood still.
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from uuid import UUID

from django.conf import settings

BOOT = Path("/proc/sys/kernel/random/boot_id")


class StillAlive(Exception):
    """The writer of a journal has not ended: nobody takes its work."""


@dataclass(frozen=True)
class Told:
    """What a journal says. `answered` holds codes by key; `begun` what was handed over and not answered. `whole`: nothing can be missing in it."""

    whole: bool = False
    answered: dict[int, int] = field(default_factory=dict)
    begun: frozenset[int] = frozenset()


def folder() -> Path:
    """Where the journals of this installation lie."""
    return Path(settings.DATA) / "newsletter"


def path_of(run: UUID) -> Path:
    return folder() / f"{run}.journal"


def boot() -> str:
    """The name of the present boot of this machine; empty where it has none."""
    try:
        return BOOT.read_text().strip()
    except OSError:
        return ""


class Journal:
    """The journal of a running sender. Held open with a lock for as long as the sender lives."""

    def __init__(self, run: UUID) -> None:
        folder().mkdir(mode=0o700, parents=True, exist_ok=True)
        self._file = os.open(path_of(run), os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_EXCL, 0o600)
        fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        self._write(f"B {boot()}")

    def sending(self, key: int) -> None:
        """The letter of this key may be taken by the mail server from now on."""
        self._write(f"S {key}")

    def answered(self, key: int, code: int) -> None:
        """The mail server has answered; code 0: it is certain that the letter was not taken."""
        self._write(f"D {key} {code}")

    def _write(self, line: str) -> None:
        os.write(self._file, f"{line}\n".encode())

    def __enter__(self) -> "Journal":
        return self

    def __exit__(self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None) -> None:
        os.close(self._file)


@contextmanager
def taken_over(run: UUID) -> Iterator[Told]:
    """What the journal of an ended sender says, held until the block ends. Raises StillAlive while its writer lives; an absent one says nothing."""
    try:
        file = os.open(path_of(run), os.O_RDWR)
    except FileNotFoundError:
        yield Told()
        return
    try:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise StillAlive from None
        yield read(path_of(run).read_bytes())
    finally:
        os.close(file)


def read(content: bytes) -> Told:
    """Reads a journal. A line that broke off at the end is as if it were not written."""
    lines = content.decode("ascii", "replace").split("\n")[:-1]
    begun: set[int] = set()
    answered: dict[int, int] = {}
    for mark, _space, rest in (line.partition(" ") for line in lines[1:]):
        key, _space, code = rest.partition(" ")
        if mark == "S":
            begun.add(int(key))
            answered.pop(int(key), None)  # a second attempt within one run
        elif mark == "D":
            answered[int(key)] = int(code)
    here = boot()
    return Told(whole=bool(lines) and bool(here) and lines[0] == f"B {here}", answered=answered, begun=frozenset(begun - answered.keys()))


def forget(run: UUID) -> None:
    """Removes the journal of a run that is settled."""
    path_of(run).unlink(missing_ok=True)
