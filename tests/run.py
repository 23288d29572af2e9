"""The whole run: data tests on SQLite, the same on PostgreSQL, then what needs a browser or kills processes. Arguments go to pytest."""

import os
import subprocess
import sys
import time

from tests.postgres import postgres

DATA_TESTS = ["-m", "not journey and not kill and not installations", "-n", "2", "--dist", "worksteal", "--durations", "10"]


def pytest(title: str, arguments: list[str], **environment: str) -> int:
    """One run of pytest; says how long it took."""
    print(f"\n== {title}", flush=True)
    started = time.monotonic()
    code = subprocess.run([sys.executable, "-m", "pytest", *arguments], env=os.environ | environment, check=False).returncode
    print(f"== {title}: {time.monotonic() - started:.0f} s", flush=True)
    return code


def main() -> int:
    failed = pytest("every test but the journeys, on SQLite", DATA_TESTS)
    with postgres(durable=False) as address:
        failed |= pytest("the data tests again on PostgreSQL", DATA_TESTS, SAPHAN_DATABASE=address, SAPHAN_TEST_DATA_ONLY="1")
        failed |= pytest(
            "journeys in Chromium, whole installations, processes killed",
            ["-m", "journey or kill or installations", "-n", "2", "--dist", "loadfile", "--durations", "10"],
            SAPHAN_TEST_POSTGRES=address,
        )
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
