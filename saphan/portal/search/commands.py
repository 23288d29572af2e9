"""`saphan search`: builds the index anew, and proves that it equals the pages."""

import json
import time
from dataclasses import asdict
from typing import Annotated

import typer
from rich.console import Console

search = typer.Typer(no_args_is_help=True, help="The search index of the public pages.")
AsJson = Annotated[bool, typer.Option("--json", help="As JSON.")]


@search.command()
def rebuild(as_json: AsJson = False) -> None:
    """Writes the whole index anew, a batch at a time; publishing goes on beside it."""
    from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    from saphan.portal.search import services

    began = time.perf_counter()
    columns = (SpinnerColumn(), TextColumn("{task.completed} entries"), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), disable=as_json, transient=True) as progress:
        task = progress.add_task("", total=None)
        count = services.rebuild(lambda done: progress.update(task, completed=done))
    seconds = round(time.perf_counter() - began, 2)
    typer.echo(json.dumps({"pages": count, "seconds": seconds}) if as_json else f"{count} entries indexed in {seconds} s.")


@search.command()
def check(as_json: AsJson = False) -> None:
    """Compares the index with everything published in every room; exit code 1 when they differ."""
    from saphan.portal.search import services, vocabulary

    found, words = services.check(), vocabulary.differences()
    if as_json:
        typer.echo(json.dumps({**asdict(found), "words": words, "whole": found.whole and not words}))
    elif found.whole and not words:
        Console().print(f"[green]The index equals the {found.pages} published entries.[/green]")
    else:
        for name in ("missing", "surplus", "stale"):
            for key in getattr(found, name):
                typer.echo(f"{name}: {key}")
        if found.engine:
            typer.echo(f"engine: {found.engine}")
        if words:
            typer.echo(f"words counted wrongly: {words}")
        typer.echo("Mend it with: saphan search rebuild")
    if not found.whole or words:
        raise typer.Exit(1)
