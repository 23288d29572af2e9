"""`saphan upkeep`: does the daily chores now."""

import typer

from saphan.commands import app, start_django


@app.command()
def upkeep() -> None:
    """Does the chores that a worker does once a day: throws away what has had its time. Exit code 1 when one of them failed."""
    start_django()
    from saphan.core import clock
    from saphan.core.upkeep import FAILED, run_all

    said = run_all(clock.now())
    for name, answer in said.items():
        typer.echo(f"{name}: {'done' if answer is None else answer}")
    if FAILED in said.values():
        raise typer.Exit(1)
