"""`saphan library`: looks after the files of the library."""

import json
from dataclasses import asdict
from typing import Annotated

import typer

library = typer.Typer(no_args_is_help=True, help="The files of the library.")


@library.callback()
def room() -> None:
    """The files of the library."""


@library.command()
def check(as_json: Annotated[bool, typer.Option("--json", help="As JSON.")] = False) -> None:
    """Reads every file and compares it with its name; exit code 1 when one is gone or is not what it was."""
    from saphan.core import clock
    from saphan.portal.library.services import sweep

    found = sweep(clock.now(), deeply=True)
    if as_json:
        typer.echo(json.dumps(asdict(found)))
    else:
        typer.echo(f"{len(found.missing)} files are gone, {len(found.changed)} are not what they were, {found.removed} without a record removed.")
        for digest in (*found.missing, *found.changed):
            typer.echo(f"  {digest}")
    raise typer.Exit(0 if found.whole else 1)


@library.command()
def destroy(
    name: Annotated[str, typer.Argument(help="The name of the file as in its address: the twelve letters before .pdf, or more of them.")],
    yes: Annotated[bool, typer.Option("--yes", help="Do it without asking.")] = False,
) -> None:
    """Takes a file away for good from every page and every older version, with its words and its cover. It cannot be brought back.

    For a file that shows who a protected person is. Backups made before still hold it: see the operator's guide.
    """
    from saphan.core import clock
    from saphan.core.errors import NotFound
    from saphan.portal.library import services

    if not yes:
        typer.confirm("Destroy this file, its words and its cover for good?", abort=True)
    try:
        services.destroy(digest=name, at=clock.now())
    except NotFound as fault:
        typer.echo(fault.sentence, err=True)
        raise typer.Exit(2) from None
    typer.echo("Destroyed. Take the version from its page as well, and write down who decided it and why.")
