"""`saphan manage`: Django's own commands."""

import typer

from saphan.commands import app


@app.command(context_settings={"allow_extra_args": True, "ignore_unknown_options": True, "help_option_names": []})
def manage(context: typer.Context) -> None:
    """Runs one of Django's own commands, for example `saphan manage migrate`."""
    from django.core.management import execute_from_command_line

    execute_from_command_line(["saphan manage", *context.args])
