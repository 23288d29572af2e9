"""`saphan newsletter`: sends what is due, for whoever keeps the system."""

from typing import Annotated

import typer

newsletter = typer.Typer(no_args_is_help=True, help="The monthly newsletter.")


@newsletter.callback()
def room() -> None:
    """The monthly newsletter."""


@newsletter.command()
def send(
    seconds: Annotated[float, typer.Option(help="How long it stays with one issue before it looks at the others.")] = 20.0,
) -> None:
    """Begins the issues whose moment has come and sends until nothing is left to send now. A worker does the same by itself."""
    from saphan.core import clock
    from saphan.portal.newsletter.begin import begin_what_is_due
    from saphan.portal.newsletter.issue_states import IssueState
    from saphan.portal.newsletter.issues import Issue
    from saphan.portal.newsletter.sending import Left, send_slice

    begin_what_is_due(clock.now())
    waiting = list(Issue.objects.filter(state=IssueState.SENDING).order_by("begun_at").values_list("pk", flat=True))
    while waiting:
        lefts = {issue_id: send_slice(issue_id, seconds=seconds) for issue_id in waiting}
        if Left.BUSY in lefts.values():
            typer.echo("Another sender is at work.", err=True)
            raise typer.Exit(3)
        waiting = [issue_id for issue_id, left in lefts.items() if left is Left.MORE]
    for issue in Issue.objects.filter(state=IssueState.SENDING):
        typer.echo(f"{issue.slug}: letters still wait (put off, or the mail server is away).")
