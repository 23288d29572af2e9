"""What executable agreements cost: lint and compile of forty articles, the question at a button, the replay of closed cases; beside SpiffWorkflow on stages alone.

`saphan bench procedures [--articles N] [--events N] [--cases N] [--json]`. The comparison gives both engines the same stages and the same way through
them and nothing else, for SpiffWorkflow knows no consents, articles, promises or calendars; ours asks `may_enter` before each step, as a button does.
"""

import argparse
import json
import statistics
import sys
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from saphan.agreements.procedures.articles import Procedure
from saphan.agreements.procedures.calendars import Calendars
from saphan.agreements.procedures.canonical import digest_of
from saphan.agreements.procedures.compiling import Compiled, compile_procedure
from saphan.agreements.procedures.entering import may_enter
from saphan.agreements.procedures.events import Event, event_from
from saphan.agreements.procedures.floors import floors_for
from saphan.agreements.procedures.following import after, follow
from saphan.agreements.procedures.linting import lint
from saphan.agreements.procedures.loading import load, load_plain
from saphan.agreements.procedures.simulating import BEGIN, simulate
from saphan.agreements.procedures.standing import Standing

RETURN = ROOT / "seeds" / "reference" / "procedures" / "th-la-return.yaml"
GOALS = {"lint_and_compile_ms": 5.0, "may_enter_ms": 0.2, "replay_100000_s": 2.0}


def main() -> None:
    arguments = parser().parse_args()
    figures = {
        "text": of_the_text(arguments.articles),
        "engine": of_the_engine(arguments.events),
        "beside SpiffWorkflow": beside_spiff(arguments.cases),
        "goals": GOALS,
    }
    print(json.dumps(figures, indent=1) if arguments.json else table(figures))


def parser() -> argparse.ArgumentParser:
    made = argparse.ArgumentParser(prog="saphan bench procedures")
    made.add_argument("--articles", type=int, default=40)
    made.add_argument("--events", type=int, default=100_000)
    made.add_argument("--cases", type=int, default=2_000, help="cases that walk through the stages in both engines")
    made.add_argument("--json", action="store_true")
    return made


def timed(act: Callable[[], Any], times: int = 60) -> dict[str, float]:
    """Milliseconds of so many runs, after one to warm up: by the clock on the wall, and of the processor alone where others use it too."""
    act()
    taken, worked = [], []
    for _ in range(times):
        began, busy = time.perf_counter(), time.process_time()
        act()
        taken.append((time.perf_counter() - began) * 1000)
        worked.append((time.process_time() - busy) * 1000)
    return {
        "median_ms": round(statistics.median(taken), 3),
        "worst_ms": round(max(taken), 3),
        "median_processor_ms": round(statistics.median(worked), 3),
    }


def invented(articles: int) -> dict[str, Any]:
    """A long bilateral procedure in plain values: per stage an article of its own, one of messages and promises, one for what only some need."""
    stages = max(2, (articles - 3) // 3)
    fields = {f"group{n}": [f"field{n}_{part}" for part in range(6)] for n in range(stages)}
    made: list[dict[str, Any]] = []

    def article(**rows: Any) -> None:
        number = str(len(made) + 1)
        made.append(
            {
                "art": number,
                "prose": {"en": f"What Article {number} says in the working language. " * 4, "th": "ข้อความของข้อนี้ในภาษาที่ผูกพันคู่ภาคี " * 4},
                **rows,
            }
        )

    for n in range(stages):
        later = [f"stage{n + 1}" if n + 1 < stages else "closed", "elsewhere"]
        consent = {"id": f"c{n}", "to": f"share group {n}", "covers": [f"group{n}"], "form": "written", "guardian_if": "child"}
        article(
            stage={"id": f"stage{n}", "by": "worker", "next": later, "due": "30d"},
            check=[f"told{n}", {"id": f"guardian{n}", "if": "child"}],
            consent=[consent],
            document=[{"id": f"record{n}", "by": "worker", "signed_by": ["worker", "head"]}],
        )
        article(
            send=[
                {"id": f"request{n}", "at": f"stage{n}", "from": "H", "to": "O", "fields": [f"group{n}"], "needs": [f"c{n}"], "keep": "365d"},
                {"id": f"report{n}", "at": f"stage{n}", "from": "O", "to": "H", "keep": "365d"},
            ],
            oblige=[promise(f"ob{n}", f"stage{n}", f"report{n}", "20wd")],
        )
        article(
            when="urgent",
            send=[{"id": f"urgent{n}", "at": f"stage{n}", "from": "O", "to": "H", "keep": "90d"}],
            oblige=[promise(f"quick{n}", f"stage{n}", f"urgent{n}", "2wd")],
        )
    article(stage={"id": "elsewhere", "by": "worker", "next": ["closed"], "due": "180d", "lasting": True})
    article(
        stage={"id": "closed", "by": "worker", "final": True}, lifecycle={"suspend": "30d", "amend": "both_sign", "running_cases": "keep_version"}
    )
    article(depart={"allow": ["due"], "approve": ["focal"], "reason": "required", "tell": "2wd"})
    while len(made) < articles - 1:
        article()
    article(score={"every": "quarter", "over": [f"{kind}{n}" for n in range(stages) for kind in ("ob", "quick")], "target": 0.9, "publish_min": 5})
    return {
        "saphan_sop": 1, "id": "th-la/long", "version": "1.0.0", "parties": {"H": {"name": "Host", "country": "TH"}, "O": {"name": "Origin", "country": "LA"}},
        "languages": {"authoritative": ["th"], "working": "en"}, "effective": "2027-01-01", "review": "24mo",
        "roles": {"worker": "H", "focal": "H", "officer": "O", "head": "O"}, "facts": {"child": "age under 18", "urgent": "it is urgent"}, "fields": fields,
        "never": ["testimony"], "articles": made,
    }  # fmt: skip


def promise(id: str, at: str, kept_by: str, due: str) -> dict[str, Any]:
    return {
        "id": id, "party": "O", "by": "officer", "at": at, "due": due, "kept_by": kept_by, "late_to": "head", "very_late": "45wd", "very_late_to": "focal",
    }  # fmt: skip


def of_the_text(articles: int) -> dict[str, Any]:
    plain = invented(articles)
    text = json.dumps(plain, ensure_ascii=False, indent=1)
    procedure = load_plain(plain)
    shipped = load(RETURN.read_bytes()).procedure

    def lint_and_compile(read: Procedure) -> None:
        compiled = compile_procedure(read)
        lint(read, compiled=compiled, floors=floors_for(read))

    findings = lint(procedure)
    return {
        "articles": len(procedure.articles),
        "kilobytes": round(len(text.encode()) / 1024, 1),
        "findings": len(findings),
        "read and load": timed(lambda: load(text), 20),
        "lint and compile": timed(lambda: lint_and_compile(procedure)),
        "digest": timed(lambda: digest_of(procedure)),
        "lint and compile, the shipped return under its four floors": timed(lambda: lint_and_compile(shipped)),
    }


def closed_case(compiled: Compiled) -> list[Event]:
    """The events of one case that does what each stage asks and is closed."""
    told = simulate(compiled)
    events = [Event(1, BEGIN, "bound", compiled.digest)]
    for row in told["steps"][1:]:
        step = row["step"]
        kind = {"kind": "entered", "name": step["enter"]} if "enter" in step else step
        events.append(event_from({**kind, "seq": len(events) + 1, "at": row["at"]}))
    return events


def of_the_engine(wanted: int) -> dict[str, Any]:
    compiled = compile_procedure(load(RETURN.read_bytes()).procedure)
    calendars, events = Calendars(), closed_case(compiled)
    cases = max(1, wanted // len(events))
    standings = [follow(compiled, events[: place + 1], calendars=calendars) for place in range(len(events))]
    asked = [(standing, stage) for standing in standings for stage in compiled.stages]
    began = time.perf_counter()
    for standing, stage in asked:
        may_enter(standing, stage, now=BEGIN)
    each = (time.perf_counter() - began) * 1000 / len(asked)
    histories = [[event._replace(at=event.at + timedelta(days=case % 250)) for event in events] for case in range(cases)]
    began, busy = time.perf_counter(), time.process_time()
    for history in histories:
        follow(compiled, history, calendars=calendars)
    taken, worked = time.perf_counter() - began, time.process_time() - busy
    return {
        "events of a case": len(events),
        "may_enter_ms": round(each, 4),
        "worst may_enter": timed(lambda: [may_enter(standing, stage, now=BEGIN) for standing, stage in asked[-len(compiled.stages) :]], 20),
        "replayed events": cases * len(events),
        "replay_s": round(taken, 3),
        "replay_of_100000_processor_s": round(worked * 100_000 / (cases * len(events)), 3),
        "replay_of_100000_s": round(taken * 100_000 / (cases * len(events)), 3),
    }


WAY = ("recovery", "tracing", "decision", "preparation", "handover", "reintegration", "closed")


def stages_alone() -> Compiled:
    """The stages of the return and nothing else."""
    plain = load(RETURN.read_bytes()).procedure.plain()
    for article in plain["articles"]:
        for row in [word for word in article if word not in ("art", "prose", "stage")]:
            del article[row]
        article.get("stage", {}).pop("needs_message", None)
    return compile_procedure(load_plain(plain))


def beside_spiff(cases: int) -> dict[str, Any]:
    compiled, calendars = stages_alone(), Calendars()

    def ours() -> str:
        standing = after(Standing(compiled, calendars), Event(1, BEGIN, "bound", compiled.digest))
        for place, stage in enumerate(WAY[1:], 2):
            if may_enter(standing, stage, now=BEGIN):
                raise AssertionError(stage)
            standing = after(standing, Event(place, BEGIN, "entered", stage))
        return standing.stage

    ways: dict[str, Callable[[], str]] = {"ours": ours}
    try:
        ways["SpiffWorkflow"] = spiff(compiled)
    except ImportError:
        print("SpiffWorkflow is not installed: pip install -r requirements-dev.txt", file=sys.stderr)
    figures: dict[str, Any] = {"cases": cases, "steps of a case": len(WAY) - 1}
    for name, walk in ways.items():
        if walk() != "closed":
            raise AssertionError(f"{name} did not come to the end")
        began, busy = time.perf_counter(), time.process_time()
        for _ in range(cases):
            walk()
        figures[name] = {
            "ms_per_case": round((time.perf_counter() - began) * 1000 / cases, 4),
            "processor_ms_per_case": round((time.process_time() - busy) * 1000 / cases, 4),
        }
    return figures


def spiff(compiled: Compiled) -> Callable[[], str]:
    """The same stages as a specification of SpiffWorkflow: each a choice of the next one by what the case wants."""
    from importlib.metadata import version

    from SpiffWorkflow import Workflow
    from SpiffWorkflow.operators import Attrib, Equal
    from SpiffWorkflow.specs.ExclusiveChoice import ExclusiveChoice
    from SpiffWorkflow.specs.Simple import Simple
    from SpiffWorkflow.specs.WorkflowSpec import WorkflowSpec
    from SpiffWorkflow.util.task import TaskState

    print(f"SpiffWorkflow {version('SpiffWorkflow')}", file=sys.stderr)
    spec = WorkflowSpec(name="stages", addstart=True)
    made: dict[str, Any] = {}
    for name, following in compiled.following.items():
        made[name] = ExclusiveChoice(spec, name) if len(following) > 1 else Simple(spec, name, manual=True)
    for name, following in compiled.following.items():
        if len(following) > 1:
            for later in following[:-1]:
                made[name].connect_if(Equal(Attrib("to"), later), made[later])
            made[name].connect(made[following[-1]])
        elif following:
            made[name].connect(made[following[0]])
    spec.start.connect(made[compiled.first])

    def walk() -> str:
        workflow = Workflow(spec)
        workflow.run_next()
        stood = ""
        for place, stage in enumerate(WAY):
            task = next(task for task in workflow.get_tasks(state=TaskState.READY) if task.task_spec.name == stage)
            task.set_data(to=WAY[place + 1] if place + 1 < len(WAY) else "")
            task.run()
            stood = stage
        return stood

    return walk


def table(figures: dict[str, Any]) -> str:
    lines = []
    for part, rows in figures.items():
        lines.append(f"{part}:")
        for name, value in rows.items():
            told = ", ".join(f"{word} {number}" for word, number in value.items()) if isinstance(value, dict) else value
            lines.append(f"  {name:60} {told}")
    return "\n".join(lines)


if __name__ == "__main__":
    main()
