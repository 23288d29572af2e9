"""`saphan audit ...`: check the record, and give a partner a signed head to keep."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

audit = typer.Typer(no_args_is_help=True, help="The append-only record: verify it, export a signed head.")


@audit.command()
def verify(
    head: Annotated[
        list[Path] | None, typer.Option(help="A head that a partner kept; may be given several times.", exists=True, dir_okay=False)
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="The report as JSON.")] = False,
) -> None:
    """Walks every chain. Exit code 0: whole; 1: something was changed; 2: a head file cannot be read."""
    from saphan.audit.heads import NotAHead, read_head
    from saphan.audit.verify import verify as look

    try:
        copies = [read_head(path.read_text()) for path in head or []]
    except (NotAHead, UnicodeDecodeError, OSError) as error:
        typer.echo(f"Not a head of an audit: {error}", err=True)
        raise typer.Exit(2) from None
    report = look(heads=copies)
    if as_json:
        typer.echo(json.dumps({**asdict(report), "whole": report.whole, "outside_heads": len(copies)}))
    else:
        typer.echo(f"{report.events} events in {report.chains} chains, {report.heads} own heads, {len(copies)} heads from outside.")
        for finding in report.findings:
            typer.echo(f"  {finding.chain} #{finding.seq}: {finding.what}", err=True)
        typer.echo("The record is whole." if report.whole else "The record was changed.")
        if not copies:
            typer.echo("Without a head kept elsewhere, a cut or a full rewrite by someone who also holds the signing key stays unseen.")
    raise typer.Exit(0 if report.whole else 1)


@audit.command()
def head(out: Annotated[Path | None, typer.Option(help="The file to write; without it the head is printed.")] = None) -> None:
    """Signs the ends of all chains. Give the file to a partner, who keeps it outside this installation."""
    from saphan.audit.heads import export_head
    from saphan.core import clock

    text = export_head(clock.now())
    if out is None:
        typer.echo(text)
    else:
        out.write_text(text + "\n")
        typer.echo(f"Written: {out}")
