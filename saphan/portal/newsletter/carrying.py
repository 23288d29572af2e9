"""Carries letters to the mail server over a few lines at once. What is heard comes back to the one thread that writes the database."""

import queue
import smtplib
import threading
from collections.abc import Callable, Iterator
from types import TracebackType
from typing import Protocol, Self

from django.conf import settings

from saphan.portal.mailroom.bulk import Line, Outcome, Piece, State, open_line

LISTEN = 0.3  # seconds after which silence is told
BREAKS = 3  # lines that broke one after the other with nothing taken: the server is away


class Carrier(Protocol):
    """Sends letters and tells what was answered."""

    failed: bool  # the server cannot be reached now

    def __enter__(self) -> Self: ...
    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None: ...
    def send(self, pieces: Iterator[Piece], before: Callable[[str], None]) -> Iterator[Outcome | None]:
        """The outcomes as they are heard, None after a moment of silence. `before` hears each key when its last byte is about to leave."""


class Lines:
    """Several connections, each in a thread of its own. They share the letters, one at a time."""

    def __init__(self, count: int | None = None, opener: Callable[[], Line] = open_line) -> None:
        self.count, self.opener = count or settings.NEWSLETTER_LINES, opener
        self.failed = False
        self._idle: list[Line] = []
        self._taken = self._broken = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None) -> None:
        while self._idle:
            self._idle.pop().close()

    def send(self, pieces: Iterator[Piece], before: Callable[[str], None]) -> Iterator[Outcome | None]:
        """As the protocol says. Returns when all lines have stopped; what was not begun then was not sent."""
        self._taken = self._broken = 0
        heard: queue.SimpleQueue[Outcome | BaseException | None] = queue.SimpleQueue()
        shared = _Shared(pieces)
        threads = [threading.Thread(target=self._work, args=(shared, before, heard), daemon=True) for _n in range(self.count)]
        for thread in threads:
            thread.start()
        at_work = len(threads)
        fault: BaseException | None = None
        while at_work:
            try:
                told = heard.get(timeout=LISTEN)
            except queue.Empty:
                yield None
                continue
            if told is None:
                at_work -= 1
            elif isinstance(told, BaseException):
                fault = fault or told
                shared.close()
            else:
                yield told
        if fault is not None:
            raise fault
        self.failed = not shared.is_over or bool(self._broken and not self._taken)

    def _work(self, shared: "_Shared", before: Callable[[str], None], heard: "queue.SimpleQueue[Outcome | BaseException | None]") -> None:
        """One thread: opens a line when it needs one, and another when that broke."""
        breaks = 0
        try:
            while not shared.is_over and breaks < BREAKS:
                line = self._line()
                if line is None:
                    break
                answers, broken = 0, False
                for outcome in line.send(shared, before):
                    heard.put(outcome)
                    broken = outcome.code == 0 and outcome.state in (State.DEFERRED, State.UNCERTAIN)
                    answers += not broken
                self._taken += answers
                if broken:
                    line.close()
                    self._broken += 1
                    breaks = 0 if answers else breaks + 1
                else:
                    self._idle.append(line)
        except BaseException as error:  # noqa: BLE001  # a thread's edge: raised again where the database is written
            heard.put(error)
        finally:
            heard.put(None)

    def _line(self) -> Line | None:
        try:
            return self._idle.pop() if self._idle else self.opener()
        except (OSError, smtplib.SMTPException):
            return None


class _Shared:
    """Letters that several threads take from one iterator."""

    def __init__(self, pieces: Iterator[Piece]) -> None:
        self._pieces, self._lock = pieces, threading.Lock()
        self.is_over = False

    def __iter__(self) -> Iterator[Piece]:
        return self

    def __next__(self) -> Piece:
        with self._lock:
            if self.is_over:
                raise StopIteration
            try:
                return next(self._pieces)
            except StopIteration:
                self.is_over = True
                raise

    def close(self) -> None:
        """Gives no more letters away."""
        self.is_over = True
