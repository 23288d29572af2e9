"""`saphan outbox`: what could not be delivered, and another try."""

from typing import Annotated

import typer

from saphan.commands import app, start_django

outbox = typer.Typer(no_args_is_help=True, help="What could not be delivered.")
app.add_typer(outbox, name="outbox")


@outbox.callback()
def group() -> None:
    """What could not be delivered."""


@outbox.command("list-dead")
def list_dead() -> None:
    """Lists the dead letters: number, topic, when, kind of error; never what they say or to whom. Exit code 1 when there are any."""
    start_django()
    from saphan.core.models import OutboxMessage

    dead = list(OutboxMessage.objects.exclude(dead_at=None).order_by("dead_at", "id"))
    for message in dead:
        typer.echo(f"{message.pk}  {message.topic}  {message.dead_at:%Y-%m-%d %H:%M}  {message.last_error}")
    if dead:
        raise typer.Exit(1)


@outbox.command()
def requeue(topic: Annotated[str, typer.Option("--topic", help="Only this topic, for example mail.")] = "") -> None:
    """Gives dead letters all their attempts again."""
    start_django()
    from saphan.core.outbox import requeue_dead

    typer.echo(f"{requeue_dead(topic)} messages wait again.")
