"""`saphan accounts`: the first accounts of an empty house; all later ones are invited on screen."""

from typing import Annotated

import typer

from saphan.commands import app, start_django

accounts = typer.Typer(no_args_is_help=True, help="The first accounts of an empty house.")
app.add_typer(accounts, name="accounts")


@accounts.callback()
def group() -> None:
    """The first accounts of an empty house."""


@accounts.command()
def first(
    email: Annotated[str, typer.Option(prompt=True, help="The address to sign in with.")],
    name: Annotated[str, typer.Option(prompt=True, help="The person's name.")],
    organisation: Annotated[str, typer.Option(prompt=True, help="The organisation that keeps this installation.")],
    role: Annotated[str, typer.Option(help="administrator or org_administrator")] = "administrator",
    password: Annotated[
        str, typer.Option(prompt=True, hide_input=True, confirmation_prompt=True, help="At least 12 characters; asked for when not given.")
    ] = "",
) -> None:
    """Makes one of the founding accounts; refused once the house has three administrators. The second step is set up at the first sign-in."""
    start_django()
    from saphan.access.founding import found_account
    from saphan.core import clock
    from saphan.core.errors import DomainError, Invalid

    try:
        user = found_account(email=email, name=name, organisation=organisation, role=role, password=password, at=clock.now())
    except DomainError as error:
        reasons = [error.sentence, *(error.fields.values() if isinstance(error, Invalid) else [])]
        typer.echo(" ".join(r for r in reasons if r), err=True)
        raise typer.Exit(2) from None
    typer.echo(f"{user.email} can sign in now and is asked to set up the second step.")
