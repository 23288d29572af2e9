"""`saphan procedures`: reads, checks, compiles and tries procedures in files. Needs no database and starts no Django.

Ends with 0 where nothing is wrong, 1 where a rule finds an error, 2 where the file cannot be read or the command is wrong.
"""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from saphan.commands import app

if TYPE_CHECKING:
    from saphan.agreements.procedures.findings import Finding
    from saphan.agreements.procedures.loading import Loaded

UNREADABLE = 2
procedures = typer.Typer(no_args_is_help=True, help="Procedures in files: lint, digest, compile, simulate, compare.")
app.add_typer(procedures, name="procedures")

File = Annotated[Path, typer.Argument(help="A procedure, in YAML or JSON.")]
AsJson = Annotated[bool, typer.Option("--json", help="Prints JSON.")]


@procedures.callback()
def group() -> None:
    """Procedures in files: lint, digest, compile, simulate, compare."""


@procedures.command()
def lint(
    file: File,
    as_json: AsJson = False,
    signing: Annotated[bool, typer.Option("--signing", help="Adds what only a text that is to be signed must have.")] = False,
    floors: Annotated[Path | None, typer.Option(help="A folder of minimum rules instead of the shipped ones.")] = None,
    key: Annotated[Path | None, typer.Option(help="The Ed25519 public key (PEM) by which that folder's packs must be signed.")] = None,
) -> None:
    """Says what is wrong, by article, with the minimum rules that bind the parties. Ends with 1 where there is an error."""
    from saphan.agreements.procedures import linting
    from saphan.agreements.procedures.floors import floors_for

    loaded = _loaded(file, as_json)
    packs = floors_for(loaded.procedure, _packs(floors, key))
    found = linting.lint(loaded.procedure, loaded.lines, floors=packs, signing=signing)
    wrong = linting.errors(found)
    if as_json:
        _print({"file": file.name, "errors": len(wrong), "findings": [f.plain() for f in found], "floors": [f"{f.id} {f.version}" for f in packs]})
    else:
        _tell(found)
        typer.echo(f"{file.name}: {len(wrong)} errors, {len(found) - len(wrong)} warnings.")
    raise typer.Exit(1 if wrong else 0)


@procedures.command()
def digest(file: File, as_json: AsJson = False) -> None:
    """Prints the digest that two parties sign: SHA-256 over the canonical JSON (RFC 8785)."""
    from saphan.agreements.procedures.canonical import digest_of

    procedure = _loaded(file, as_json).procedure
    value = digest_of(procedure)
    if as_json:
        _print({"id": procedure.id, "version": procedure.version, "digest": value})
    else:
        typer.echo(value)


@procedures.command(name="compile")
def compiled(file: File, as_json: AsJson = False) -> None:
    """Prints each stage with what holds there. Ends with 1 where the procedure has errors."""
    from saphan.agreements.procedures import linting
    from saphan.agreements.procedures.compiling import compile_procedure

    loaded = _loaded(file, as_json)
    wrong = linting.errors(linting.lint(loaded.procedure, loaded.lines))
    if wrong:
        _fail(wrong, as_json, 1)
    result = compile_procedure(loaded.procedure)
    stages = [_stage(name, rules) for name, rules in result.stages.items()]
    if as_json:
        _print({"id": loaded.procedure.id, "version": loaded.procedure.version, "digest": result.digest, "first": result.first, "stages": stages})
        return
    for stage in stages:
        typer.echo(f"{stage['stage']} (Art. {stage['article']}) → {', '.join(stage['next']) or 'the end'}{' [lasting]' if stage['lasting'] else ''}")
        for part in ("must_enter", "must_leave", "checks", "consents", "documents", "sends", "promises", "blocks"):
            if stage[part]:
                typer.echo(f"  {part.replace('_', ' ')}: {', '.join(stage[part])}")


@procedures.command()
def simulate(
    file: File,
    as_json: AsJson = False,
    script: Annotated[
        Path | None, typer.Option(help="What the invented subject does, in YAML or JSON; without one it does what each stage asks.")
    ] = None,
) -> None:
    """Takes an invented subject through the procedure, step by step. Ends with 1 where the procedure has errors."""
    from saphan.agreements.procedures import linting
    from saphan.agreements.procedures.compiling import compile_procedure
    from saphan.agreements.procedures.simulating import simulate as run

    loaded = _loaded(file, as_json)
    wrong = linting.errors(linting.lint(loaded.procedure, loaded.lines))
    if wrong:
        _fail(wrong, as_json, 1)
    try:
        told = run(compile_procedure(loaded.procedure), _script(script, as_json))
    except ValueError as error:
        typer.echo(f"The script cannot be played: {error}", err=True)
        raise typer.Exit(UNREADABLE) from None
    if as_json:
        _print(told)
        return
    for place, row in enumerate(told["steps"]):
        typer.echo(_step(place, row))


@procedures.command()
def compare(before: File, after: File, as_json: AsJson = False) -> None:
    """Says what changed from one version to another, by article and clause."""
    from dataclasses import asdict

    from saphan.agreements.procedures import comparing

    changes = comparing.compare(_loaded(before, as_json).procedure, _loaded(after, as_json).procedure)
    if as_json:
        _print([asdict(change) | {"sentence": change.sentence} for change in changes])
    else:
        typer.echo("\n".join(change.sentence for change in changes) or "Nothing changed.")


@procedures.command()
def schema(out: Annotated[Path | None, typer.Option(help="Writes it into this file.")] = None) -> None:
    """Prints the JSON Schema of a procedure, as it is published in docs/develop/procedure.schema.json."""
    from saphan.agreements.procedures.schema import schema_text

    _write(schema_text(), out)


@procedures.command()
def rules(out: Annotated[Path | None, typer.Option(help="Writes it into this file.")] = None) -> None:
    """Prints the page of the handbook with every rule of the linter and the minimum rules."""
    from saphan.agreements.procedures.rule_pages import rules_page

    _write(rules_page(), out)


def _loaded(file: Path, as_json: bool) -> "Loaded":
    """The procedure of a file; ends the command with 2 where there is none."""
    from saphan.agreements.procedures.findings import Unreadable
    from saphan.agreements.procedures.loading import load_file

    try:
        return load_file(file)
    except OSError as error:
        typer.echo(f"{file.name} cannot be opened: {error.strerror}.", err=True)
        raise typer.Exit(UNREADABLE) from None
    except Unreadable as refused:
        _fail(refused.faults, as_json, UNREADABLE)
        raise AssertionError from refused  # _fail has ended the command


def _fail(found: Iterable["Finding"], as_json: bool, code: int) -> None:
    if as_json:
        _print({"errors": len(list(found)), "findings": [f.plain() for f in found]})
    else:
        _tell(found)
    raise typer.Exit(code)


def _tell(found: Iterable["Finding"]) -> None:
    for finding in found:
        typer.echo(str(finding))


def _packs(folder: Path | None, key: Path | None) -> Any:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
    from cryptography.hazmat.primitives.serialization import load_pem_public_key

    from saphan.agreements.procedures import floors
    from saphan.agreements.procedures.findings import Unreadable

    try:
        if key is not None:
            opened = load_pem_public_key(key.read_bytes())
            if not isinstance(opened, Ed25519PublicKey):
                raise ValueError("it is no Ed25519 key")
            return floors.load_signed_floors(folder or floors.FOLDER, opened)
        return None if folder is None else [floors.load_floor(file.read_bytes()) for file in sorted(folder.glob("*.yaml"))]
    except (OSError, ValueError, Unreadable, floors.Forged) as error:
        typer.echo(f"The minimum rules cannot be used: {error}", err=True)
        raise typer.Exit(UNREADABLE) from None


def _script(file: Path | None, as_json: bool) -> dict[str, Any] | None:
    from saphan.agreements.procedures.findings import Unreadable
    from saphan.agreements.procedures.reading import read

    if file is None:
        return None
    try:
        return read(file.read_bytes()).value
    except OSError as error:
        typer.echo(f"{file.name} cannot be opened: {error.strerror}.", err=True)
        raise typer.Exit(UNREADABLE) from None
    except Unreadable as refused:
        _fail(refused.faults, as_json, UNREADABLE)
        raise AssertionError from refused


def _stage(name: str, rules: Any) -> dict[str, Any]:
    parts = {part: [rule.id for rule in getattr(rules, part)] for part in ("checks", "consents", "documents", "sends", "promises")}
    return {
        "stage": name, "article": rules.article, "by": rules.stage.by, "next": list(rules.stage.next), "due": str(rules.stage.due or ""),
        "final": rules.stage.final, "lasting": rules.lasting, "must_enter": [rules.must_enter] * bool(rules.must_enter),
        "must_leave": [rules.must_leave] * bool(rules.must_leave), **parts, "blocks": [block.say for block in rules.blocks],
    }  # fmt: skip


def _step(place: int, row: dict[str, Any]) -> str:
    """One step of a simulation in a line, and under it what stands in the way of the stages that follow."""
    step = row["step"]
    act = f"enters {step['enter']}" if "enter" in step else f"{step['kind']} {step.get('name', '')}".strip()
    told = [f"{place:3} {row['at'][:16]} {row['stage']}: {act.replace('_', ' ')}"]
    for stage, hindered in row.get("next", {}).items() if "enter" in step or place == 0 else ():
        told += [f"      not yet {stage}: Art. {reason['article']}: {reason['sentence']}" for reason in hindered]
    told += [f"      refused: Art. {reason['article']}: {reason['sentence']}" for reason in row.get("refused", ())]
    return "\n".join(told)


def _write(text: str, out: Path | None) -> None:
    if out is None:
        typer.echo(text, nl=False)
    else:
        out.write_text(text, encoding="utf-8")


def _print(value: Any) -> None:
    typer.echo(json.dumps(value, indent=1, ensure_ascii=False))
