"""The claim of the search, measured in one run: documents in six languages with known word boundaries, questions of one to
three words, and how well they are answered by ours, by SQLite's FTS5 with its own tokenizers and by Wagtail's own backend, on
SQLite and on PostgreSQL. Beside it how well words are found, by ICU alone and by ours.

`saphan bench search [--documents N] [--questions N] [--only sqlite] [--gold km=FILE] [--json]`. Nothing is asserted.
"""

import argparse
import json
import multiprocessing
import os
import pickle
import random
import subprocess
import sys
import tempfile
import threading
import time
from collections import defaultdict
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
SETTINGS = "bench.retrieval.settings"
PATIENCE = 60  # seconds for all questions to one engine: some need a second for each
LONGEST = 5  # seconds for one question, and some minutes


def main() -> None:
    arguments = parser().parse_args()
    sys.path.insert(0, str(ROOT))
    if arguments.inside:
        print(json.dumps(measure_inside(Path(arguments.inside))))
        return
    with tempfile.TemporaryDirectory(prefix="saphan-bench-") as folder:
        figures = measure_all(arguments, Path(folder), Path(arguments.keep or folder) / "prepared")
    print(json.dumps(figures, indent=1, ensure_ascii=False) if arguments.json else table(figures))


def parser() -> argparse.ArgumentParser:
    made = argparse.ArgumentParser(prog="saphan bench search")
    made.add_argument("--documents", type=int, default=100_000)
    made.add_argument("--questions", type=int, default=600)
    made.add_argument("--seed", type=int, default=3)
    made.add_argument("--only", choices=["sqlite", "postgresql"], help="One engine instead of both.")
    made.add_argument("--gold", action="append", default=[], metavar="LANGUAGE=FILE", help="A text cut into words by hand, for the word breaking.")
    made.add_argument("--keep", metavar="FOLDER", help="Keeps the cut documents there, and takes those that are there.")
    made.add_argument("--json", action="store_true")
    made.add_argument("--inside", help=argparse.SUPPRESS)
    return made


def measure_all(arguments: argparse.Namespace, folder: Path, prepared: Path) -> dict[str, Any]:
    os.environ |= {"SAPHAN_DATA": str(folder / "compose"), "SAPHAN_DEMO": "1", "DJANGO_SETTINGS_MODULE": SETTINGS}
    figures = pickle.loads(prepared.with_suffix(".figures").read_bytes()) if prepared.exists() else prepare(arguments, prepared)  # noqa: S301  # ours
    figures["engines"] = {}
    if arguments.only != "postgresql":
        figures["engines"]["sqlite"] = run_inside("", prepared, folder / "sqlite")
    if arguments.only != "sqlite":
        from tests.postgres import postgres

        with postgres() as address:
            figures["engines"]["postgresql"] = run_inside(address, prepared, folder / "postgresql")
    return figures


def prepare(arguments: argparse.Namespace, prepared: Path) -> dict[str, Any]:
    """Composes documents and questions, and cuts the words as the product does; kept in a file for both engines."""
    import django

    django.setup()
    from bench.retrieval import breaking, compose

    chance = random.Random(arguments.seed)
    tongues = {language: compose.tongue(language, chance) for language in compose.SHARES}
    gold = {name: Path(path) for name, _is, path in (given.partition("=") for given in arguments.gold)}
    held_out = compose.hold_out(tongues, chance)
    texts = list(compose.documents(arguments.documents, tongues, chance))
    asked = compose.questions(texts, arguments.questions, tongues, chance)
    compose.judge(asked, texts)
    found = {"documents": len(texts), "questions": len(asked), "held_out": held_out, "breaking": breaking.figures(texts, gold)}
    began = time.perf_counter()
    with multiprocessing.get_context("fork").Pool(2) as pool:
        entries = pool.map(entry, texts, chunksize=500)
    found["cutting_s"] = time.perf_counter() - began
    found["megabytes"] = sum(len((text["title"] + text["body"]).encode()) for text in entries) / 1e6
    with prepared.open("wb") as file:
        pickle.dump({"seed": arguments.seed, "entries": entries, "asked": asked}, file)
    prepared.with_suffix(".figures").write_bytes(pickle.dumps(found))
    return found


def entry(text: Any) -> dict[str, Any]:
    from bench.retrieval.compose import written
    from saphan.portal.search.naming import Names
    from saphan.portal.search.services import prepared
    from saphan.portal.search.sources import Row

    chance = random.Random(text.number)
    title, body = written(text.title, text.language, chance), written(text.body, text.language, chance)
    row = Row(key=f"bench:{text.number}", kind="news", url=str(text.number), language=text.language, title=title, summary="", text=body)
    return {"number": text.number, "title": title, "body": body, "entry": prepared(row, Names())}


def run_inside(address: str, prepared: Path, folder: Path) -> dict[str, Any]:
    """Measures one database in a process of its own on a fresh data directory."""
    folder.mkdir()
    environment = os.environ | {"SAPHAN_DATA": str(folder), "SAPHAN_DATABASE": address}
    command = [sys.executable, __file__, "--inside", str(prepared)]
    done = subprocess.run(command, env=environment, check=True, stdout=subprocess.PIPE, text=True)
    return dict(json.loads(done.stdout.strip().splitlines()[-1]))


def measure_inside(prepared: Path) -> dict[str, Any]:
    import django
    from django.core.management import call_command

    django.setup()
    for room in ("contenttypes", "wagtailsearch", "portal_search"):
        call_command("migrate", room, verbosity=0)
    from bench.retrieval import compose, engines

    with prepared.open("rb") as file:
        given = pickle.load(file)  # noqa: S301  # written by this run a minute ago
    chance = random.Random(given["seed"])
    compose.hold_out({language: compose.tongue(language, chance) for language in compose.SHARES}, chance)
    folder = Path(os.environ["SAPHAN_DATA"])
    rivals: list[engines.Engine] = [engines.Ours(), engines.Wagtail()]
    if engines.on_sqlite():
        rivals += [engines.Fts5("unicode61", folder), engines.Fts5("trigram", folder)]
    return {rival.name: measure(rival, given["entries"], given["asked"]) for rival in rivals}


def measure(engine: Any, entries: list[dict[str, Any]], asked: list[Any]) -> dict[str, Any]:
    from django.db import connection

    from bench.retrieval.engines import timed_build

    built = timed_build(engine, entries)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")  # without it Wagtail's questions on SQLite take ten times as long
        if connection.vendor == "postgresql":
            cursor.execute(f"SET statement_timeout = '{LONGEST}s'")
    for question in asked[:30]:
        patiently(engine, question)
    marks: dict[str, list[tuple[float, float, bool]]] = defaultdict(list)
    times, own = [], []
    started = time.perf_counter()
    for question in asked:
        if time.perf_counter() - started > PATIENCE:
            break  # the questions come in no order: those asked stand for all
        began, busy = time.perf_counter(), time.thread_time()
        found = patiently(engine, question)
        times.append((time.perf_counter() - began) * 1000)
        own.append((time.thread_time() - busy) * 1000)
        mark = judged(found, question.relevant)
        for group in ("all", question.language, f"{len(question.words)} words", *(["two characters"] if len(question.text) == 2 else [])):
            marks[group].append(mark)
    times.sort()
    own.sort()
    return {
        "asked": len(times),
        "build_s": built,
        "index_mb": engine.size() / 1e6,
        "p50_ms": times[len(times) // 2],
        "p95_ms": times[int(len(times) * 0.95)],
        "p95_own_ms": own[int(len(own) * 0.95)],
        "groups": {group: averaged(some) for group, some in sorted(marks.items())},
    }


def patiently(engine: Any, question: Any) -> list[int]:
    """What the engine finds, nothing when it has found nothing after `LONGEST` seconds."""
    from django.db import connection
    from django.db.utils import OperationalError

    stop = threading.Timer(LONGEST, connection.connection.interrupt) if connection.vendor == "sqlite" else threading.Timer(LONGEST, str)
    stop.start()
    try:
        return list(engine.ask(question.text, question.language))
    except OperationalError:
        return []
    finally:
        stop.cancel()


def judged(found: list[int], relevant: set[int]) -> tuple[float, float, bool]:
    """Precision among those shown, recall among those that could be shown, and whether nothing was shown."""
    right = len(relevant.intersection(found))
    return (right / len(found) if found else 0.0, right / min(20, len(relevant)), not found)


def averaged(marks: list[tuple[float, float, bool]]) -> dict[str, float]:
    count = len(marks)
    names = ("precision", "recall", "empty")
    return {"questions": count} | {name: sum(mark[place] for mark in marks) / count for place, name in enumerate(names)}


def table(figures: dict[str, Any]) -> str:
    lines = [
        f"{figures['documents']:,} documents, {figures['megabytes']:.0f} MB; {figures['questions']} questions; "
        f"words taken from the lists: {figures['held_out']}; cutting words and letters in two processes: {figures['cutting_s']:.0f} s",
        "",
        "| engine | asked | precision@20 | recall@20 | no hit | p50 ms | p95 ms | p95 own CPU ms | index MB | build s |",
        "|---|---|---|---|---|---|---|---|---|---|",
    ]
    for database, engines in figures["engines"].items():
        for name, one in engines.items():
            whole = one["groups"]["all"]
            shown = f"{whole['precision']:.3f} | {whole['recall']:.3f} | {whole['empty']:.1%} | {one['p50_ms']:.1f} | {one['p95_ms']:.1f} | {one['p95_own_ms']:.1f}"
            lines.append(f"| {name}, {database} | {one['asked']} | {shown} | {one['index_mb']:.0f} | {one['build_s']:.0f} |")
    lines += ["", "| recall@20 (precision@20) | " + " | ".join(names(figures)) + " |", "|---|" + "---|" * len(names(figures))]
    for group in next(iter(next(iter(figures["engines"].values())).values()))["groups"]:
        cells = [one["groups"].get(group) for engines in figures["engines"].values() for one in engines.values()]
        lines.append(f"| {group} | " + " | ".join(f"{cell['recall']:.2f} ({cell['precision']:.2f})" if cell else "" for cell in cells) + " |")
    lines += ["", "| words found whole, F1 | ICU alone | ours |", "|---|---|---|"]
    lines += [f"| {name} | {one['icu']:.3f} | {one['ours']:.3f} |" for name, one in figures["breaking"].items()]
    return "\n".join(lines)


def names(figures: dict[str, Any]) -> list[str]:
    return [f"{name}, {database}" for database, engines in figures["engines"].items() for name in engines]


if __name__ == "__main__":
    main()
