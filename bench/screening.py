"""What screening costs: evaluations, the questions that could change a result, a page of a long questionnaire, an import; side by side in one run.

`saphan bench screening [--rounds N] [--questions N] [--form FILE] [--json]`. Beside ours stand the same rule evaluated by trying every way to answer the
open questions (what an exact answer costs without the table of combinations), and pyxform alone on the same workbook.
"""

import argparse
import json
import os
import random
import statistics
import sys
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from itertools import combinations, product
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "saphan.settings.test")

import django

django.setup()

from django.template.loader import render_to_string

from saphan.care.screening.instruments import FIVE_VALUED, InstrumentVersion
from saphan.care.screening.reference import combination_table
from saphan.care.screening.rules import Answer, Branch, Item, result_of
from saphan.care.screening.shipped import shipped_form
from saphan.care.screening.versions import rows_of_form
from saphan.xlsform.filling import Filling
from saphan.xlsform.forms import PageForm
from saphan.xlsform.reading import read_tables, read_workbook
from saphan.xlsform.writing import write_workbook

GOALS = {"questions that could change it, p95 ms": 5.0, "page of 200 questions, p95 ms": 50.0, "import of the given form, s": 1.0}
AT = datetime(2026, 11, 28, 9, 0, tzinfo=UTC)


def main() -> None:
    arguments = parser().parse_args()
    chance = random.Random(arguments.seed)
    figures = {
        "results": of_results(arguments.rounds, chance),
        "beside trying every way": beside_brute_force(chance),
        "pages": of_pages(arguments.questions),
        "import": of_import(arguments.form, arguments.questions),
        "goals": GOALS,
    }
    print(json.dumps(figures, indent=1) if arguments.json else table(figures))


def parser() -> argparse.ArgumentParser:
    made = argparse.ArgumentParser(prog="saphan bench screening")
    made.add_argument("--rounds", type=int, default=2_000, help="evaluations of random answers")
    made.add_argument("--questions", type=int, default=200, help="questions of the invented form")
    made.add_argument("--form", type=Path, default=None, help="a workbook to import as well, such as IOM's case data standard")
    made.add_argument("--seed", type=int, default=1)
    made.add_argument("--json", action="store_true")
    return made


def timed(act: Callable[[], Any], times: int) -> dict[str, float]:
    """Milliseconds of so many runs after one to warm up: on the wall, and of the processor alone where others use it too."""
    act()
    taken, worked = [], []
    for _ in range(times):
        began, busy = time.perf_counter(), time.process_time()
        act()
        taken.append((time.perf_counter() - began) * 1000)
        worked.append((time.process_time() - busy) * 1000)
    return spread(taken) | {"p95_processor_ms": round(sorted(worked)[int(0.95 * (len(worked) - 1))], 3)}


def spread(taken: Sequence[float]) -> dict[str, float]:
    ordered = sorted(taken)
    return {
        "median_ms": round(statistics.median(ordered), 3),
        "p95_ms": round(ordered[int(0.95 * (len(ordered) - 1))], 3),
        "worst_ms": round(ordered[-1], 3),
    }


def items_of(code: str) -> list[Item]:
    return [q.item for q in rows_of_form(InstrumentVersion(), shipped_form(code)) if q.kind == FIVE_VALUED]


def some_answers(items: Sequence[Item], chance: random.Random, share: float) -> dict[str, Answer]:
    """Answers to this share of the questions, one in three a yes, one in six not known or declined."""
    kinds = [Answer.YES, Answer.YES, Answer.NO, Answer.NO, Answer.NO, chance.choice([Answer.UNKNOWN, Answer.DECLINED])]
    return {item.code: chance.choice(kinds) for item in items if chance.random() < share}


def of_results(rounds: int, chance: random.Random) -> dict[str, Any]:
    items, combined = items_of("adult_labour"), combination_table()
    given = [some_answers(items, chance, chance.random()) for _ in range(rounds)]
    result_of(items, given[0], Branch.ADULT, combined)
    taken, unclear = [], []
    began = time.perf_counter()
    for answers in given:
        started = time.perf_counter()
        result = result_of(items, answers, Branch.ADULT, combined)
        spent = (time.perf_counter() - started) * 1000
        taken.append(spent)
        if not result.determined:
            unclear.append(spent)
    whole = time.perf_counter() - began
    return {
        "questions": len(items),
        "evaluations per second": round(rounds / whole),
        "every evaluation": spread(taken),
        "those that are not clear, with the questions that could change it": spread(unclear),
        "not clear": f"{len(unclear)} of {rounds}",
    }


def beside_brute_force(chance: random.Random) -> dict[str, Any]:
    """A part of the set small enough that trying every way ends: the same answer, and what each costs."""
    items = [item for n, item in enumerate(items_of("adult_labour")) if n % 6 == 0][:10]
    combined = combination_table()
    ours, theirs, same = [], [], True
    for _ in range(20):
        answers = some_answers(items, chance, 0.4)
        began = time.perf_counter()
        found = result_of(items, answers, Branch.ADULT, combined)
        between = time.perf_counter()
        fewest = by_every_way(items, answers)
        theirs.append((time.perf_counter() - between) * 1000)
        ours.append((between - began) * 1000)
        same = same and len(found.questions) == fewest
    return {
        "questions": len(items), "same number of questions": same, "ours": spread(ours), "every way": spread(theirs),
        "ratio of medians": round(statistics.median(theirs) / statistics.median(ours)),
    }  # fmt: skip


def by_every_way(items: Sequence[Item], answers: dict[str, Answer]) -> int:
    """How many questions at least must be answered, found by answering every set of them in every way."""
    combined = combination_table()
    unanswered = [i.code for i in items if answers.get(i.code, Answer.NOT_ASKED) not in (Answer.YES, Answer.NO)]

    def possible(known: dict[str, Answer]) -> set[str]:
        rest = [c for c in unanswered if known.get(c) not in (Answer.YES, Answer.NO)]
        ways = product((Answer.YES, Answer.NO), repeat=len(rest))
        return {result_of(items, known | dict(zip(rest, way, strict=True)), Branch.ADULT, combined).classification for way in ways}

    if len(possible(answers)) == 1:
        return 0
    for size in range(1, len(unanswered) + 1):
        for chosen in combinations(unanswered, size):
            for way in product((Answer.YES, Answer.NO), repeat=size):
                if len(possible(answers | dict(zip(chosen, way, strict=True)))) == 1:
                    return size
    raise AssertionError("nothing settles it")


def invented(questions: int) -> dict[str, list[dict[str, str]]]:
    """A long form with skip logic, constraints and calculations, ten questions to a group."""
    survey: list[dict[str, str]] = []
    for n in range(questions):
        if n % 10 == 0:
            survey.append(
                {"type": "begin_group", "name": f"part{n // 10}", "label::English (en)": f"Part {n // 10}", "label::Thai (th)": f"ตอนที่ {n // 10}"}
            )
        survey.append(
            {
                "type": ("select_one answer5", "integer", "text", "select_multiple kinds", "date")[n % 5], "name": f"q{n}",
                "label::English (en)": f"Question number {n} of a long form", "label::Thai (th)": f"คำถามข้อที่ {n} ของแบบสอบถามยาว",
                "why::English (en)": "It helps to understand.", "why::Thai (th)": "ช่วยให้เข้าใจ",
                "relevant": f"${{q{n - n % 5}}} = 'yes'" if n % 5 and n % 3 == 0 else "",
                "constraint": ". >= 0 and . < 120" if n % 5 == 1 else "",
                "constraint_message::English (en)": "Between 0 and 119." if n % 5 == 1 else "",
                "constraint_message::Thai (th)": "ระหว่าง 0 ถึง 119" if n % 5 == 1 else "",
            }
        )  # fmt: skip
        if n % 10 == 9:
            sums = " + ".join(f"coalesce(${{q{m}}}, 0)" for m in range(n - 8, n + 1, 5))
            survey += [{"type": "calculate", "name": f"sum{n}", "calculation": sums}, {"type": "end_group"}]
    choices = [{"list_name": "answer5", "name": n, "label::English (en)": n, "label::Thai (th)": n} for n in ("yes", "no", "unknown", "declined")]
    choices += [{"list_name": "kinds", "name": f"k{n}", "label::English (en)": f"Kind {n}", "label::Thai (th)": f"ชนิด {n}"} for n in range(6)]
    return {
        "survey": survey,
        "choices": choices,
        "settings": [{"form_id": "long", "form_title": "Long", "version": "1", "default_language": "English (en)"}],
    }


def of_pages(questions: int) -> dict[str, Any]:
    form = read_tables(invented(questions)).form
    if form is None:
        raise SystemExit("the invented form cannot be read")
    values = {f"q{n}": ("yes", "30", "words", "k1 k2", "2026-11-01")[n % 5] for n in range(questions)}

    def shown() -> str:
        filling = Filling(form, values, at=AT)
        page = filling.pages(by="section")[len(filling.pages(by="section")) // 2]
        return render_to_string("xlsform/page.html", {"form": PageForm(None, filling=filling, page=page, language="th", second_language="en")})

    def kept() -> Any:
        filling = Filling(form, values, at=AT)
        page = filling.pages(by="section")[len(filling.pages(by="section")) // 2]
        return PageForm({f"x-{place}": value for place, value in values.items()}, filling=filling, page=page, language="th").is_valid()

    return {"questions": questions, "a page is shown": timed(shown, 40), "a page is checked": timed(kept, 40)}


def of_import(file: Path | None, questions: int) -> dict[str, Any]:
    from pyxform.xls2xform import convert

    long = write_workbook(invented(questions))
    found: dict[str, Any] = {f"the invented form of {questions} questions": timed(lambda: read_workbook(long, "long.xlsx"), 5)}
    if file:
        content = file.read_bytes()
        found[file.name] = timed(lambda: read_workbook(content, file.name), 10)
        found[f"{file.name}, pyxform alone"] = timed(lambda: convert(content, file_type=".xlsx"), 10)
    return found


def table(figures: dict[str, Any], indent: str = "") -> str:
    lines = []
    for name, value in figures.items():
        if isinstance(value, dict):
            lines += [f"{indent}{name}", table(value, indent + "  ")]
        else:
            lines.append(f"{indent}{name}: {value}")
    return "\n".join(lines)


if __name__ == "__main__":
    main()
