"""`saphan exchange`: what the exchange tells to the outside, and what it proposes."""

from pathlib import Path
from typing import Annotated

import typer

exchange = typer.Typer(no_args_is_help=True, help="Linking needs with resources.")


@exchange.callback()
def group() -> None:
    """Linking needs with resources."""


@exchange.command()
def iati(file: Annotated[Path, typer.Argument(help="Where the file is written.")]) -> None:
    """Writes the publishable money as activities of the International Aid Transparency Initiative (2.03)."""
    from saphan.core import clock
    from saphan.portal.exchange.iati import exported

    try:
        content = exported(clock.now())
    except ValueError as error:
        typer.echo(f"Nothing was written: {error}.", err=True)
        raise typer.Exit(2) from None
    file.write_bytes(content)
    typer.echo(f"{content.count(b'<iati-activity ')} activities in {file}")
