"""`saphan screen`: evaluates answers to an instrument, and looks at an XLSForm, in files. Needs no database.

Ends with 0 where all is well, 1 where answers or a form are wrong, 2 where a file cannot be read or an instrument is not known.
"""

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer

from saphan.commands import app, start_files

if TYPE_CHECKING:
    from saphan.xlsform.definition import Form

WRONG, UNREADABLE = 1, 2
screen = typer.Typer(no_args_is_help=True, help="Screening in files: evaluate, instruments, check.")
app.add_typer(screen, name="screen")

AsJson = Annotated[bool, typer.Option("--json", help="Prints JSON.")]


@screen.callback()
def group() -> None:
    """Screening in files: evaluate, instruments, check."""
    start_files()


@screen.command()
def evaluate(
    answers: Annotated[Path, typer.Argument(help="A JSON file {code: yes|no|unknown|not_asked|declined}; - reads standard input.")],
    instrument: Annotated[str, typer.Option(help="A shipped instrument, such as adult_labour.")] = "",
    form: Annotated[Path | None, typer.Option(help="An XLSForm workbook instead of a shipped instrument.")] = None,
    child: Annotated[bool | None, typer.Option("--child/--adult", help="The branch; without it the instrument says.")] = None,
    as_json: AsJson = False,
) -> None:
    """Prints the result with its reasons and the fewest questions that could change it."""
    from saphan.care.screening.evaluating import evaluate_form
    from saphan.core.errors import Invalid

    given, asked = _answers(answers, as_json), _form(instrument, form, as_json)
    try:
        result = evaluate_form(asked, given, child=child)
    except Invalid as error:
        _fail({"error": error.sentence or "These answers cannot be evaluated.", "fields": error.fields}, as_json, WRONG)
    if as_json:
        _print(result)
        return
    for sentence in result["sentences"]:
        typer.echo(sentence)
    if result["questions"]:
        typer.echo(f"Ask only: {', '.join(result['questions'])}")


@screen.command()
def instruments(as_json: AsJson = False) -> None:
    """Lists the shipped instruments."""
    from saphan.care.screening.heads import head_of
    from saphan.care.screening.shipped import shipped_codes, shipped_form

    rows = []
    for code in shipped_codes():
        form = shipped_form(code)
        head = head_of(form)
        rows.append({"code": code, "version": form.version, "kind": head.kind, "state": head.state, "questions": len(form.questions())})
    if as_json:
        _print(rows)
        return
    for row in rows:
        typer.echo(f"{row['code']}  version {row['version']}  {row['kind']}, {row['state']}, {row['questions']} questions")


@screen.command()
def check(file: Annotated[Path, typer.Argument(help="An XLSForm workbook.")], as_json: AsJson = False) -> None:
    """Says by sheet, row and column what is wrong in an XLSForm. Ends with 1 where it cannot be taken."""
    from saphan.xlsform.reading import read_workbook

    reading = read_workbook(_bytes(file, as_json), file.name)
    told = [
        {"sheet": one.sheet, "row": one.row, "column": one.column, "error": wrong, "sentence": str(one.sentence)}
        for wrong, found in ((True, reading.problems), (False, reading.warnings))
        for one in found
    ]
    questions = len(reading.form.questions()) if reading.form else 0
    if as_json:
        _print({"file": file.name, "questions": questions, "errors": len(reading.problems), "findings": told})
    else:
        for one in told:
            typer.echo(f"{'error' if one['error'] else 'note'}: {one['sheet']} {one['row'] or ''} {one['column']}: {one['sentence']}")
        typer.echo(f"{file.name}: {questions} questions, {len(reading.problems)} errors, {len(reading.warnings)} notes.")
    raise typer.Exit(WRONG if reading.problems else 0)


def _form(instrument: str, file: Path | None, as_json: bool) -> "Form":
    from saphan.care.screening.shipped import shipped_codes, shipped_form
    from saphan.xlsform.reading import read_workbook

    if bool(instrument) == bool(file):
        _fail({"error": "Name either --instrument or --form."}, as_json, UNREADABLE)
    if file:
        found = read_workbook(_bytes(file, as_json), file.name).form
        if found is None:
            _fail({"error": f"{file.name} is not an XLSForm that can be taken; `saphan screen check` says why."}, as_json, UNREADABLE)
        return found
    if instrument not in shipped_codes():
        _fail({"error": f"There is no instrument “{instrument}”. There are: {', '.join(shipped_codes())}."}, as_json, UNREADABLE)
    return shipped_form(instrument)


def _answers(path: Path, as_json: bool) -> dict[str, str]:
    try:
        found = json.loads(sys.stdin.read() if str(path) == "-" else path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        _fail({"error": "The answers cannot be read: a JSON object {code: answer} is needed."}, as_json, UNREADABLE)
    if not isinstance(found, dict) or not all(isinstance(value, str) for value in found.values()):
        _fail({"error": "The answers must be one JSON object {code: answer}, each answer a word."}, as_json, UNREADABLE)
    return found


def _bytes(path: Path, as_json: bool) -> bytes:
    try:
        return path.read_bytes()
    except OSError:
        _fail({"error": f"{path.name} cannot be read."}, as_json, UNREADABLE)


def _fail(told: dict[str, Any], as_json: bool, code: int) -> NoReturn:
    if as_json:
        _print(told)
    else:
        typer.echo(told["error"], err=True)
        for name, sentence in told.get("fields", {}).items():
            typer.echo(f"  {name}: {sentence}", err=True)
    raise typer.Exit(code)


def _print(value: Any) -> None:
    typer.echo(json.dumps(value, ensure_ascii=False, indent=1, default=str))
