"""`saphan site`: what outlives the one who keeps the site."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

site = typer.Typer(no_args_is_help=True, help="The public site as a whole.")


@site.callback()
def room() -> None:
    """The public site as a whole."""


@site.command()
def export(
    folder: Annotated[Path, typer.Argument(help="Where the copy is written: a new or empty folder, or an earlier copy.")],
    base_url: Annotated[
        str, typer.Option("--base-url", help="Where the copy will live, for feeds and search engines, for example https://example.org.")
    ] = "",
    as_json: Annotated[bool, typer.Option("--json", help="As JSON.")] = False,
) -> None:
    """Writes the whole public site as files, with search and open data; 1 when a link inside leads nowhere, 2 when the folder is refused."""
    from saphan.core.errors import Invalid
    from saphan.portal.site.export import write_site

    try:
        report = write_site(folder.resolve(), base_url.rstrip("/"))
    except Invalid as fault:
        typer.echo(fault.sentence, err=True)
        raise typer.Exit(2) from None
    if as_json:
        typer.echo(json.dumps(asdict(report), ensure_ascii=False))
    else:
        found = ", ".join(f"{code} {count}" for code, count in report.findable.items())
        typer.echo(f"{report.files} files, {report.bytes / 1e6:.1f} MB, {report.pages} pages in {report.seconds} s. Findable: {found}.")
        typer.echo(f"Open {folder / 'index.html'} in a browser, or put the folder on any web server.")
        for address, by in report.broken.items():
            typer.echo(f"leads nowhere: {address} (named by {by or 'the index'})", err=True)
    if report.broken:
        raise typer.Exit(1)
