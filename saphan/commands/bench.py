"""`saphan bench`: runs one of the files in bench/, each of which measures one claim, side by side in one run."""

import runpy
import sys
from pathlib import Path
from typing import Annotated

import typer

from saphan.commands import app

BENCH = Path(__file__).resolve().parent.parent.parent / "bench"


@app.command(context_settings={"allow_extra_args": True, "ignore_unknown_options": True})
def bench(context: typer.Context, name: Annotated[str, typer.Argument(help="For example core.")]) -> None:
    """Measures: `saphan bench core` prints writes, lists, start-up and memory. Needs the packages of requirements-dev.txt."""
    script = BENCH / f"{name}.py"
    known = sorted(p.stem for p in BENCH.glob("*.py") if not p.stem.startswith("_"))
    if name not in known:
        typer.echo(f"There is no bench “{name}”. There are: {', '.join(known)}.", err=True)
        raise typer.Exit(2)
    sys.path.insert(0, str(BENCH.parent))
    sys.argv = [str(script), *context.args]
    runpy.run_path(str(script), run_name="__main__")
