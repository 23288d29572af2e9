"""How many questions a page asks the database. The frame of a transaction is not a question."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection
from django.test.utils import CaptureQueriesContext

FRAME = ("BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE", "SELECT coalesce(current_setting")


def questions(seen: CaptureQueriesContext) -> list[str]:
    """The statements that read or write rows."""
    return [query["sql"] for query in seen.captured_queries if not query["sql"].startswith(FRAME)]


@contextmanager
def at_most(most: int) -> Iterator[None]:
    """Inside, no more than this many questions are asked, on either engine."""
    with CaptureQueriesContext(connection) as seen:
        yield
    asked = questions(seen)
    assert len(asked) <= most, "\n".join(sql[:160] for sql in asked)
