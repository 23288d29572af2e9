"""Which errors mean that the store is full, read-only, busy or away: nothing was saved, and nobody did anything wrong."""

import errno

from django.db import DatabaseError, InterfaceError, OperationalError

SQLITE_SAYS = (
    "database or disk is full", "attempt to write a readonly database", "disk i/o error", "unable to open database file",
    "database is locked", "database table is locked",
)  # fmt: skip
POSTGRESQL_CLASSES = ("08", "53", "57P", "58")  # connection lost, no room left, shutting down, errors of the system below
POSTGRESQL_CODES = ("25006", "55P03", "40P01", "40001")  # read-only, lock not free, two acts in each other's way
SYSTEM_CODES = {errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EIO, errno.EACCES, errno.EFBIG, errno.EMFILE}


def is_storage_failure(error: BaseException | None) -> bool:
    """Whether this error, or one that caused it, comes from the store and not from the act."""
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        if _speaks_of_the_store(error):
            return True
        seen.add(id(error))
        error = error.__cause__ or error.__context__
    return False


def _speaks_of_the_store(error: BaseException) -> bool:
    if isinstance(error, InterfaceError):
        return True
    if isinstance(error, DatabaseError):
        state = getattr(error.__cause__, "sqlstate", None)
        if state:
            return str(state).startswith(POSTGRESQL_CLASSES) or state in POSTGRESQL_CODES
        text = str(error).lower()
        unreachable = isinstance(error, OperationalError) and "connect" in text
        return unreachable or any(phrase in text for phrase in SQLITE_SAYS)
    return isinstance(error, OSError) and error.errno in SYSTEM_CODES
