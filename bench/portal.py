"""The public pages against a plain Wagtail site of the same thousand articles: requests per second, questions, kilobytes.

`saphan bench portal [--articles N] [--seconds N] [--rounds N] [--postgres] [--json]`. Three servers stand side by side under the same
web server with the same settings: ours, ours without its store (every request a miss), and plain Wagtail (bench/plain_wagtail).
They are asked one after the other, interleaved, over eight connections; each ratio is the median of the rounds. Nothing is asserted.
"""

import argparse
import json
import os
import signal
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from tests.running import free_port

ROOT = Path(__file__).resolve().parent.parent
CONNECTIONS = 8
ROTATED = 200  # different articles asked for in turn
LISTS = 20
SITES = ("ours", "ours, each time made anew", "plain Wagtail")
PAGES = ("article", "list", "home")
PREPARE = "-m saphan prepare --demo none"


def main() -> None:
    arguments = parser().parse_args()
    with ExitStack() as stack:
        address = stack.enter_context(databases()) if arguments.postgres else {"ours": "", "plain": ""}
        figures = measure(Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="saphan-bench-"))), address, arguments)
    print(json.dumps(figures, indent=1) if arguments.json else table(figures, arguments))


def parser() -> argparse.ArgumentParser:
    made = argparse.ArgumentParser(prog="saphan bench portal")
    made.add_argument("--articles", type=int, default=1000)
    made.add_argument("--seconds", type=float, default=4.0, help="of each turn")
    made.add_argument("--rounds", type=int, default=3)
    made.add_argument("--workers", type=int, default=1, help="web processes of each site")
    made.add_argument("--postgres", action="store_true", help="both sites on PostgreSQL")
    made.add_argument("--json", action="store_true")
    return made


@contextmanager
def databases() -> Iterator[dict[str, str]]:
    """Two databases on a PostgreSQL of the bench's own."""
    import psycopg

    from tests.postgres import postgres

    with postgres() as address:
        with psycopg.connect(address, autocommit=True) as connection:
            for name in ("bench_ours", "bench_plain"):
                connection.execute(f"CREATE DATABASE {name}")
        yield {"ours": address.replace("/postgres?", "/bench_ours?"), "plain": address.replace("/postgres?", "/bench_plain?")}


def measure(folder: Path, address: dict[str, str], arguments: Any) -> dict[str, Any]:
    """Plants both sites, starts three servers, asks them in turns, and looks inside."""
    ours = {"SAPHAN_DATA": str(folder / "ours"), "SAPHAN_DATABASE": address["ours"], "SAPHAN_SITE_URL": "http://localhost"}
    ours["DJANGO_SETTINGS_MODULE"] = "saphan.settings.all"
    plain = {"PLAIN_DATA": str(folder / "plain"), "PLAIN_DATABASE": address["plain"], "DJANGO_SETTINGS_MODULE": "bench.plain_wagtail.settings"}
    (folder / "plain").mkdir()
    run(PREPARE, ours)
    run(f"-m bench.serving.ours plant {arguments.articles}", ours)
    run(f"-m bench.serving.plain plant {arguments.articles}", plain)
    unstored = ours | {"DJANGO_SETTINGS_MODULE": "bench.serving.unstored"}
    paths = addresses(arguments.articles)
    with ExitStack() as stack:
        ports = {
            SITES[0]: stack.enter_context(server("saphan.settings.wsgi", ours, arguments.workers)),
            SITES[1]: stack.enter_context(server("saphan.settings.wsgi", unstored, arguments.workers)),
            SITES[2]: stack.enter_context(server("bench.plain_wagtail.wsgi", plain, arguments.workers)),
        }
        ceiling = stack.enter_context(emptiest_server())
        figures: dict[str, Any] = {"ceiling": ask(ceiling, ["/"], arguments.seconds)}
        for site, port in ports.items():
            for page in PAGES:
                warm(port, paths[site][page])
        figures["turns"] = turns(ports, paths, arguments)
    hit, miss = (say(f"-m bench.serving.ours count {' '.join(first(paths[SITES[0]]))}", e) for e in (ours, unstored))
    figures["questions"] = {SITES[0]: hit, SITES[1]: miss, SITES[2]: say(f"-m bench.serving.plain count {' '.join(first(paths[SITES[2]]))}", plain)}
    figures["unchanged"] = say(f"-m bench.serving.ours unchanged {paths[SITES[0]]['article'][0]}", ours)
    figures["first_view_kb"] = say("-m bench.serving.ours weigh", ours)
    figures["load"] = os.getloadavg()
    return figures


def addresses(articles: int) -> dict[str, dict[str, list[str]]]:
    """What is asked of each site: many articles, the first pages of the list, the home page."""
    numbers = range(0, articles, max(1, articles // ROTATED))
    lists = ["", *(f"?page={n}" for n in range(2, min(LISTS, articles // 12) + 1))]
    found = {
        SITES[0]: {"article": [f"/en/news/a{n}/" for n in numbers], "list": [f"/en/news/{tail}" for tail in lists], "home": ["/en/"]},
        SITES[2]: {"article": [f"/news/a{n}/" for n in numbers], "list": [f"/news/{tail}" for tail in lists], "home": ["/"]},
    }
    return found | {SITES[1]: found[SITES[0]]}


def first(paths: dict[str, list[str]]) -> list[str]:
    """One address of each kind, in the order of PAGES."""
    return [paths[page][0] for page in PAGES]


def turns(ports: dict[str, int], paths: dict[str, dict[str, list[str]]], arguments: Any) -> dict[str, dict[str, list[dict[str, float]]]]:
    """Each round asks every page of every site once; the sites change places from turn to turn."""
    found: dict[str, dict[str, list[dict[str, float]]]] = {site: {page: [] for page in PAGES} for site in SITES}
    for number in range(arguments.rounds):
        for page in PAGES:
            for place in range(len(SITES)):
                site = SITES[(number + place) % len(SITES)]
                found[site][page].append(ask(ports[site], paths[site][page], arguments.seconds))
    return found


def ask(port: int, paths: list[str], seconds: float) -> dict[str, float]:
    return say(f"-m bench.serving.client {port} {seconds} {CONNECTIONS} {' '.join(paths)}", {})


def warm(port: int, paths: list[str]) -> None:
    """Asks for everything once: templates, the database's cache, and our store; what is measured then is a site that is read."""
    for path in paths:
        request = urllib.request.Request(f"http://127.0.0.1:{port}{path}", headers={"Host": "localhost", "Accept-Language": "en"})
        with urllib.request.urlopen(request, timeout=60) as answer:  # noqa: S310  # loopback
            answer.read()


def run(words: str, environment: dict[str, str]) -> None:
    subprocess.run([sys.executable, *words.split()], cwd=ROOT, env=os.environ | environment, check=True, stdout=subprocess.DEVNULL)


def say(words: str, environment: dict[str, str]) -> Any:
    """What a process of ours prints as JSON."""
    done = subprocess.run([sys.executable, *words.split()], cwd=ROOT, env=os.environ | environment, check=True, stdout=subprocess.PIPE, text=True)
    return json.loads(done.stdout.strip().splitlines()[-1])


@contextmanager
def server(module: str, environment: dict[str, str], workers: int) -> Iterator[int]:
    """The web server that `saphan up` starts, with the same words, for any of the sites."""
    from saphan.commands.up import commands

    port = free_port()
    words = [f"{module}:application" if part.endswith(":application") else part for part in commands("127.0.0.1", port, workers)["web"]]
    process = subprocess.Popen(words, cwd=ROOT, env=os.environ | environment)
    try:
        wait(port)
        yield port
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=20)


@contextmanager
def emptiest_server() -> Iterator[int]:
    port = free_port()
    process = subprocess.Popen([sys.executable, "-m", "bench.serving.client", "echo", str(port)], cwd=ROOT)
    try:
        wait(port)
        yield port
    finally:
        process.terminate()
        process.wait(timeout=10)


def wait(port: int) -> None:
    """Until something answers, be it 404."""
    for _ in range(600):
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/nothing/", timeout=30).close()
            return
        except urllib.error.HTTPError:
            return
        except OSError:
            time.sleep(0.1)
    raise RuntimeError("the server did not start")


def middle(found: list[dict[str, float]], name: str) -> float:
    return statistics.median(turn[name] for turn in found)


def ratio(figures: dict[str, Any], page: str, ours: str) -> float:
    """The median of the rounds' own ratios, so that a busy minute weighs on both sides of it."""
    pairs = zip(figures["turns"][ours][page], figures["turns"][SITES[2]][page], strict=True)
    return statistics.median(a["per_second"] / b["per_second"] for a, b in pairs)


def table(figures: dict[str, Any], arguments: Any) -> str:
    """What was measured, as it stands in docs/performance.md."""
    lines = [
        "| page | site | requests/s | p50 ms | p99 ms | ratio to plain Wagtail | questions | ms in the process | bytes |",
        "|---|---|---|---|---|---|---|---|---|",
    ]
    for number, page in enumerate(PAGES):
        for site in SITES:
            turns_of, inside = figures["turns"][site][page], list(figures["questions"][site].values())[number]
            beside = f"{ratio(figures, page, site):.1f}" if site != SITES[2] else "1"
            cells = [
                page,
                site,
                f"{middle(turns_of, 'per_second'):,.0f}",
                f"{middle(turns_of, 'p50_ms'):.1f}",
                f"{middle(turns_of, 'p99_ms'):.1f}",
                beside,
            ]
            cells += [f"{inside['queries']}", f"{inside['ms']:.2f}", f"{middle(turns_of, 'bytes'):,.0f}"]
            lines.append("| " + " | ".join(cells) + " |")
    wrong = sum(turn["wrong"] for site in SITES for page in PAGES for turn in figures["turns"][site][page])
    unchanged, ceiling = figures["unchanged"], figures["ceiling"]
    lines += [
        "",
        f"Ceiling of the client against the emptiest server: {ceiling['per_second']:,.0f} requests/s. Answers that were not 200: {wrong}.",
        f"A 304 in the process: p50 {unchanged['p50_ms']:.3f} ms, p99 {unchanged['p99_ms']:.3f} ms. Load of the machine at the end: {figures['load'][0]:.1f}.",
        f"{arguments.articles} articles, {arguments.workers} web process(es) of four threads each, {CONNECTIONS} connections, {arguments.rounds} rounds of {arguments.seconds} s.",
        "",
        "| first view, KB | " + " | ".join(figures["first_view_kb"]) + " |",
        "|---|" + "---|" * len(figures["first_view_kb"]),
    ]
    for page in ("home", "list", "article", "help"):
        lines.append(
            f"| {page} | " + " | ".join(f"{weights[page]:.1f}" if page in weights else "" for weights in figures["first_view_kb"].values()) + " |"
        )
    return "\n".join(lines)


if __name__ == "__main__":
    main()
