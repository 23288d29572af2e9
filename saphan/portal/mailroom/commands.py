"""`saphan post`: brings letters in, and lets them go out again to an address that had refused them."""

import json
import signal
import threading
from typing import Annotated

import typer

post = typer.Typer(no_args_is_help=True, help="Letters that come in, and addresses that refuse ours.")


@post.command()
def fetch(as_json: Annotated[bool, typer.Option("--json", help="As JSON.")] = False) -> None:
    """Looks into the mailbox of SAPHAN_IMAP_HOST once. The worker does the same once a minute."""
    from django.conf import settings

    from saphan.core import clock
    from saphan.portal.mailroom import fetching

    if not settings.IMAP_HOST:
        typer.echo("No mailbox is named: set SAPHAN_IMAP_HOST.", err=True)
        raise typer.Exit(2)
    counts = fetching.fetch(at=clock.now())
    told = ", ".join(f"{count} {outcome}" for outcome, count in sorted(counts.items())) or "nothing new"
    typer.echo(json.dumps(counts) if as_json else told)


@post.command()
def lift() -> None:
    """Lets letters go again to an address that refused them: asks for it, so that it stands in no history. A complaint stays."""
    from saphan.portal.mailroom import refusals

    address = typer.prompt("Address", hide_input=True)
    removed = refusals.lift(address)
    typer.echo("Still refused: its owner marked our letters as unwanted." if refusals.is_refused(address) else f"{removed} signs removed.")
    raise typer.Exit(1 if refusals.is_refused(address) else 0)


@post.command()
def listen(
    host: Annotated[str, typer.Option(help="The address to listen on; leave it on this machine.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="The port.", min=1, max=65535)] = 2525,
) -> None:
    """Takes letters that the mail server of this machine hands over by SMTP, until told to stop."""
    from saphan.portal.mailroom import fetching

    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    controller = fetching.listen(host, port)
    typer.echo(f"Listening on {host}:{port}.")
    stop.wait()
    controller.stop()
