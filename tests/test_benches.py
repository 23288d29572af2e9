"""Every bench starts, and what it takes from the tests can be taken before Django is set up."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
BENCHES = sorted(path.name for path in (ROOT / "bench").glob("*.py"))

pytestmark = pytest.mark.once


def said(*words: str) -> str:
    bare = {name: value for name, value in os.environ.items() if not name.startswith(("SAPHAN_", "DJANGO_"))}
    done = subprocess.run([sys.executable, *words], cwd=ROOT, env=bare | {"PYTHONPATH": str(ROOT)}, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.parametrize("name", BENCHES)
def test_each_bench_says_what_it_takes(name: str) -> None:
    assert f"saphan bench {name.removesuffix('.py')}" in said(f"bench/{name}", "--help")


def test_what_a_bench_takes_from_the_tests_needs_no_django() -> None:
    said("-c", "import tests.counting, tests.postgres, tests.running")
