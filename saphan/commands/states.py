"""`saphan states`: prints the life cycles for the handbook."""

from saphan.commands import app, start_django


@app.command()
def states() -> None:
    """Prints every life cycle as the table that stands in the handbook."""
    start_django()
    import typer

    from saphan.core.states import LIFE_CYCLES, describe

    typer.echo("\n\n".join(describe(life) for _name, life in sorted(LIFE_CYCLES.items())))
