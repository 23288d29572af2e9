"""The one source of time. Code asks `clock.now()` at the edge and passes `at=` inward."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime

_fixed: ContextVar[datetime | None] = ContextVar("fixed_clock", default=None)


def now() -> datetime:
    """The present instant in UTC."""
    return _fixed.get() or datetime.now(UTC)


@contextmanager
def stopped_at(instant: datetime) -> Iterator[None]:
    """Within this block the clock stands still at `instant` (tests, simulations, demo seeds)."""
    token = _fixed.set(instant)
    try:
        yield
    finally:
        _fixed.reset(token)
