"""The claims of the foundation, measured in one run: an audited, sealed, policy-checked write against the bare ORM write;
the case list at 100,000 cases on SQLite and on PostgreSQL; start-up time and memory of web and worker.

`saphan bench core [--cases N] [--json]`. Ratios are of medians of interleaved pairs. Nothing is asserted.
"""

import argparse
import json
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

PAIRS = 300
REQUESTS = 200


def main() -> None:
    arguments = parser().parse_args()
    if arguments.inside:
        print(json.dumps(measure_inside(arguments.cases)))
        return
    figures: dict[str, Any] = {"process": measure_process()}
    figures["sqlite"] = run_inside("", arguments.cases)
    from tests.postgres import postgres

    with postgres() as address:
        figures["postgresql"] = run_inside(unprivileged(address), arguments.cases)
    print(json.dumps(figures, indent=1) if arguments.json else table(figures, arguments.cases))


def parser() -> argparse.ArgumentParser:
    made = argparse.ArgumentParser(prog="saphan bench core")
    made.add_argument("--cases", type=int, default=100_000)
    made.add_argument("--json", action="store_true")
    made.add_argument("--inside", action="store_true", help=argparse.SUPPRESS)
    return made


def unprivileged(address: str) -> str:
    """A database owned by a role that row-level security binds, as an installation would have it."""
    import psycopg

    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute("CREATE ROLE saphan_bench LOGIN NOSUPERUSER NOBYPASSRLS")
        connection.execute("CREATE DATABASE saphan_bench OWNER saphan_bench")
    return address.replace("postgres:@", "saphan_bench:@").replace("/postgres?", "/saphan_bench?")


def run_inside(address: str, cases: int) -> dict[str, Any]:
    """Measures in a process of its own on a fresh data directory."""
    with tempfile.TemporaryDirectory(prefix="saphan-bench-") as folder:
        environment = os.environ | {
            "SAPHAN_DATA": folder,
            "SAPHAN_DATABASE": address,
            "DJANGO_SETTINGS_MODULE": "saphan.settings.all",
            "SAPHAN_DEMO": "1",
        }
        subprocess.run([sys.executable, "-m", "saphan", "prepare", "--demo", "small"], env=environment, check=True, stdout=subprocess.DEVNULL)
        done = subprocess.run(
            [sys.executable, __file__, "--inside", "--cases", str(cases)], env=environment, check=True, stdout=subprocess.PIPE, text=True
        )
        return dict(json.loads(done.stdout.strip().splitlines()[-1]))


def measure_inside(cases: int) -> dict[str, Any]:
    import django

    django.setup()
    from saphan.access.rowlock import as_system
    from saphan.care.cases.seeds import plant_many

    with as_system():
        plant_many(cases)
    analyse()
    return {"write": measure_write(), "list": dict(measure_list())}


def analyse() -> None:
    """As a server's own upkeep does now and then."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def measure_write() -> dict[str, float]:
    """Adding a note to a case: the service, against the ORM alone writing a row of the same shape."""
    from saphan.access.models import User
    from saphan.access.rowlock import as_user
    from saphan.care.cases.models import Case, CaseNote
    from saphan.care.cases.services import write_note
    from saphan.core import clock
    from saphan.core.sealed_field import Sealed

    worker = User.objects.get(email="somsri@demo.example")
    with as_user(worker):
        case = Case.objects.filter(lead=worker).order_by("opened_at").first()
        assert case is not None
        text = "Went with her to the clinic. She wants to learn to sew." * 4
        first = write_note(case_id=case.pk, kind="contact", by=worker, at=clock.now(), text=text)
        row = CaseNote.objects.get(pk=first.pk)

    def bare() -> None:
        with as_user(worker):
            CaseNote.objects.create(**{f.attname: getattr(row, f.attname) for f in CaseNote._meta.concrete_fields if not f.primary_key})

    def kept() -> None:
        with as_user(worker):
            write_note(case_id=case.pk, kind="contact", by=worker, at=clock.now(), text=text)

    assert isinstance(row.text, Sealed)
    return paired(bare, kept)


def paired(bare: Callable[[], None], kept: Callable[[], None]) -> dict[str, float]:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    for _ in range(20):
        bare(), kept()
    times: dict[str, list[float]] = {"bare": [], "kept": []}
    for _ in range(PAIRS):
        for name, act in (("bare", bare), ("kept", kept)):
            started = time.perf_counter()
            act()
            times[name].append((time.perf_counter() - started) * 1000)
    with CaptureQueriesContext(connection) as queries:
        kept()
    middle = {name: statistics.median(values) for name, values in times.items()}
    return {"bare_ms": middle["bare"], "kept_ms": middle["kept"], "ratio": middle["kept"] / middle["bare"], "statements": len(queries)}


def measure_list() -> Iterator[tuple[str, dict[str, float]]]:
    """The case list as a supervisor and as a case worker: first page, filtered, and deep pages."""
    from django.conf import settings

    from saphan.access.models import User

    settings.ALLOWED_HOSTS = ["*"]
    for part, email in (("supervisor", "malee@demo.example"), ("case worker", "somsri@demo.example")):
        yield part, measure_pages(User.objects.get(email=email))


def measure_pages(user: Any) -> dict[str, float]:
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    from tests.counting import questions

    client = Client()
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    page, queries, times = "/desk/cases/", 0, []
    for turn in range(REQUESTS):
        address = page if turn % 4 else ("/desk/cases/", "/desk/cases/?state=assistance", "/desk/cases/?find=Lotus", "/desk/cases/")[(turn // 4) % 4]
        with CaptureQueriesContext(connection) as seen:
            started = time.perf_counter()
            reply = client.get(address)
            times.append((time.perf_counter() - started) * 1000)
        assert reply.status_code == 200, reply.status_code
        queries = max(queries, len(questions(seen)))
        page = "/desk/cases/" + next_page(reply.content.decode())
    times.sort()
    return {"queries": queries, "p50_ms": times[len(times) // 2], "p95_ms": times[int(len(times) * 0.95)], "max_ms": times[-1]}


def next_page(html: str) -> str:
    """The address behind "Next page", or nothing on the last one."""
    found = re.search(r'href="([^"]*)" rel="next"', html)
    return found.group(1).replace("&amp;", "&") if found else ""


def measure_process() -> dict[str, float]:
    """First start, second start, and the memory of all processes of a running site after some requests."""
    import httpx
    import psutil

    from tests.running import start

    with tempfile.TemporaryDirectory(prefix="saphan-bench-") as folder:
        figures: dict[str, float] = {}
        for turn in ("first_start_s", "second_start_s"):
            started = time.perf_counter()
            site = start(Path(folder) / "data")
            site.wait_until_ready()
            figures[turn] = time.perf_counter() - started
            if turn == "second_start_s":
                for address in ("/en/", "/th/", "/accounts/login/", "/en/search/?q=MOU", "/feeds/news.rss") * 20:
                    httpx.get(site.url + address, timeout=30)
                main_process = psutil.Process(site.process.pid)
                family = [main_process, *main_process.children(recursive=True)]
                figures["memory_rss_mb"] = sum(p.memory_info().rss for p in family) / 1e6
                figures["memory_pss_mb"] = sum(getattr(p.memory_full_info(), "pss", 0) for p in family) / 1e6
                figures["processes"] = len(family)
            site.stop()
        return figures


def table(figures: dict[str, Any], cases: int) -> str:
    lines = ["| measured | SQLite | PostgreSQL |", "|---|---|---|"]
    both = [figures["sqlite"], figures["postgresql"]]
    for label, key in (
        ("bare ORM write, ms", "bare_ms"),
        ("audited, sealed, policy-checked write, ms", "kept_ms"),
        ("ratio", "ratio"),
        ("statements of the write", "statements"),
    ):
        lines.append(f"| {label} | " + " | ".join(f"{e['write'][key]:.2f}" for e in both) + " |")
    for part in figures["sqlite"]["list"]:
        for label, key in (("queries", "queries"), ("p50, ms", "p50_ms"), ("p95, ms", "p95_ms"), ("slowest, ms", "max_ms")):
            lines.append(f"| case list at {cases:,} cases, {part}: {label} | " + " | ".join(f"{e['list'][part][key]:.1f}" for e in both) + " |")
    lines += ["", "| process (SQLite) | |", "|---|---|"]
    lines += [f"| {name.replace('_', ' ')} | {value:.1f} |" for name, value in figures["process"].items()]
    return "\n".join(lines)


if __name__ == "__main__":
    main()
