"""Spoiled procedures: nearly every defect is told by a rule that names the right article, and sound procedures are left in peace. `python -m` this file prints."""

from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import typer

from saphan.agreements.procedures.articles import Procedure
from saphan.agreements.procedures.compiling import compile_procedure
from saphan.agreements.procedures.findings import Finding, Unreadable
from saphan.agreements.procedures.floors import floors_for
from saphan.agreements.procedures.linting import lint
from saphan.agreements.procedures.loading import load, load_plain
from saphan.agreements.procedures.tests.mutants import Mutant
from saphan.agreements.procedures.tests.mutators import MUTATORS, mutants

EXAMPLE = Path(__file__).with_name("th-la-return.yaml")
SHIPPED = sorted((Path(__file__).resolve().parents[4] / "seeds" / "reference" / "procedures").glob("*.yaml"))
FILES = [EXAMPLE, *SHIPPED]
ENOUGH = 0.98


def findings_of(mutant: Mutant) -> tuple[Finding, ...]:
    try:
        procedure = load_plain(mutant.value)
    except Unreadable as refused:
        return refused.faults
    return lint(procedure, floors=floors_for(procedure))


def meaning(procedure: Procedure) -> object:
    """What runs, without the words of the file: two procedures that mean the same are no defect of each other (`at` written out, or left to its stage)."""
    compiled = compile_procedure(procedure)

    def told(rule: Any) -> object:
        parts = {name: getattr(rule, name) for name in rule.__dataclass_fields__}
        if "clause" in parts:
            parts["clause"] = {name: part for name, part in parts["clause"].model_dump().items() if name not in ("at", "kept_by")}
        return str(parts)

    kinds = ("checks", "consents", "documents", "sends", "promises")
    stages = {
        name: [
            str(rules.stage.model_dump(exclude={"lasting"})),
            [rules.article, rules.lasting, str(rules.when), rules.must_enter, rules.must_leave, rules.blocks],
            [[told(rule) for rule in getattr(rules, kind)] for kind in kinds],
        ]
        for name, rules in compiled.stages.items()
    }
    outside = procedure.model_dump(mode="json", exclude={"articles"})
    rest = [(a.art, a.prose, str(a.depart), str(a.lifecycle), str(a.score), [f"{b.when}" for b in a.block]) for a in procedure.articles]
    return stages, outside, rest


@dataclass
class Count:
    made: Counter[str] = field(default_factory=Counter)
    same: Counter[str] = field(default_factory=Counter)
    caught: Counter[str] = field(default_factory=Counter)
    right: Counter[str] = field(default_factory=Counter)
    exact: Counter[str] = field(default_factory=Counter)
    missed: list[str] = field(default_factory=list)
    elsewhere: list[str] = field(default_factory=list)

    def add(self, file: Path, mutant: Mutant, sound: object) -> None:
        found = findings_of(mutant)
        if not found and meaning(load_plain(mutant.value)) == sound:
            self.same[mutant.way] += 1
            return
        named = {finding.article for finding in found}
        self.made[mutant.way] += 1
        self.caught[mutant.way] += bool(found)
        self.right[mutant.way] += bool(named & mutant.tied)
        self.exact[mutant.way] += bool(named & mutant.touched)
        told = f"{file.parent.name}/{file.stem} {mutant.way}: {mutant.place}"
        if not found:
            self.missed.append(told)
        elif not named & mutant.tied:
            self.elsewhere.append(f"{told} -> {[(f.rule, f.article) for f in found]}")


def counted(files: list[Path]) -> Count:
    count = Count()
    for file in files:
        procedure = load(file.read_bytes()).procedure
        sound = meaning(procedure)
        for mutant in mutants(procedure.plain()):
            count.add(file, mutant, sound)
    return count


@pytest.fixture(scope="module")
def count() -> Count:
    return counted(FILES)


@pytest.mark.parametrize("file", FILES, ids=lambda file: f"{file.parent.name}/{file.stem}")
def test_a_sound_procedure_is_left_in_peace(file: Path) -> None:
    loaded = load(file.read_bytes())
    assert [str(finding) for finding in lint(loaded.procedure, loaded.lines, floors=floors_for(loaded.procedure))] == []


def test_nearly_every_defect_is_told_with_the_right_article(count: Count) -> None:
    assert count.made.total() >= 200
    assert count.right.total() / count.made.total() >= ENOUGH, "\n".join(count.missed + count.elsewhere)


def test_every_way_to_spoil_a_procedure_was_tried(count: Count) -> None:
    assert set(count.made) == {mutator.__name__ for mutator in MUTATORS}


def main() -> None:
    count = counted(FILES)
    typer.echo(f"{'way':22} {'made':>6} {'caught':>7} {'right':>6} {'exact':>6}")
    for way in count.made:
        typer.echo(f"{way:22} {count.made[way]:6} {count.caught[way]:7} {count.right[way]:6} {count.exact[way]:6}")
    made = count.made.total()
    typer.echo(f"{'all':22} {made:6} {count.caught.total():7} {count.right.total():6} {count.exact.total():6}")
    typer.echo(
        f"caught {count.caught.total() / made:.2%}, right article {count.right.total() / made:.2%}, the very article {count.exact.total() / made:.2%}"
    )
    typer.echo(f"left out because they mean the same as the sound one: {count.same.total()}")
    typer.echo("\n".join(["", "not caught:", *count.missed, "", "caught elsewhere:", *count.elsewhere]))


if __name__ == "__main__":
    main()
