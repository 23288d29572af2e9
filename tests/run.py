"""A run of the tests: on SQLite, the data tests again on PostgreSQL, then what needs a browser or kills processes. What failed is told last, stage by stage.

`python -m tests.run` is the run of each change. `python -m tests.run whole`, for the night and before a release, adds what is marked `long` and repeats the
screens on PostgreSQL.
"""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from xml.etree.ElementTree import Element, parse

from tests.postgres import postgres

BOTH_CORES = ["-n", "2", "--durations", "10"]
IN_A_PROCESS_OF_ITS_OWN = "journey or kill or installations"
LINES = 60  # of the story of a failed test; the whole of it stands further up


def pytest(title: str, arguments: list[str], report: Path, **environment: str) -> list[str]:
    """One run of pytest; says how long it took. Answers what failed, in words: nothing when all went well."""
    print(f"\n== {title}", flush=True)
    started = time.monotonic()
    command = [sys.executable, "-m", "pytest", *arguments, f"--junitxml={report}"]
    code = subprocess.run(command, env=os.environ | environment, check=False).returncode
    print(f"== {title}: {time.monotonic() - started:.0f} s", flush=True)
    told = list(failures(report)) if report.exists() else []
    return [f"{title}: {one}" for one in told] or ([f"{title}: ended with {code}"] if code else [])


def failures(report: Path) -> Iterator[str]:
    """The failed tests of a JUnit report, each with the end of its story."""
    for case in parse(report).getroot().iter("testcase"):  # noqa: S314 - our own report
        for outcome in [*case.findall("failure"), *case.findall("error")]:
            yield f"{named(case)}\n" + "\n".join((outcome.text or outcome.get("message") or "").splitlines()[-LINES:])


def named(case: Element) -> str:
    return f"{case.get('classname', '')}::{case.get('name', '')}"


def main() -> int:
    is_whole = sys.argv[1:] == ["whole"]
    short = "" if is_whole else " and not long"
    data_tests = ["-m", f"not ({IN_A_PROCESS_OF_ITS_OWN}){short}", *BOTH_CORES, "--dist", "worksteal"]
    journeys = ["-m", f"({IN_A_PROCESS_OF_ITS_OWN}){short}", *BOTH_CORES, "--dist", "loadfile"]
    repeated = "asking" if is_whole else "data"
    with tempfile.TemporaryDirectory() as folder, postgres(durable=False) as address:
        reports = Path(folder)
        failed = pytest("every test but the journeys, on SQLite", data_tests, reports / "sqlite.xml")
        failed += pytest(
            "the data tests again on PostgreSQL", data_tests, reports / "postgresql.xml", SAPHAN_DATABASE=address, SAPHAN_TEST_REPEATED=repeated
        )
        failed += pytest(
            "journeys in Chromium, whole installations, processes killed", journeys, reports / "journeys.xml", SAPHAN_TEST_POSTGRES=address
        )
    for number, one in enumerate(failed, start=1):
        print(f"\n== failed {number} of {len(failed)}: {one}", flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
