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
    """Writes the whole index anew."""
    from saphan.portal.search import services

    began = time.perf_counter()
    count = services.rebuild()
    seconds = round(time.perf_counter() - began, 2)
    typer.echo(json.dumps({"pages": count, "seconds": seconds}) if as_json else f"{count} pages indexed in {seconds} s.")


@search.command()
def check(as_json: AsJson = False) -> None:
    """Compares the index with the published pages; exit code 1 when they differ."""
    from saphan.portal.search import services

    found = services.check()
    if as_json:
        typer.echo(json.dumps({**asdict(found), "whole": found.whole}))
    elif found.whole:
        Console().print(f"[green]The index equals the {found.pages} published pages.[/green]")
    else:
        for name in ("missing", "surplus", "stale"):
            for key in getattr(found, name):
                typer.echo(f"{name}: {key}")
        if found.engine:
            typer.echo(f"engine: {found.engine}")
        typer.echo("Mend it with: saphan search rebuild")
    if not found.whole:
        raise typer.Exit(1)
