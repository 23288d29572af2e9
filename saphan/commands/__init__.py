"""The saphan command: one entry for whoever installs, runs and keeps the platform."""

import os
import sys

import typer

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False, help="Saphan: cooperation against human trafficking.")


@app.command(context_settings={"allow_extra_args": True, "ignore_unknown_options": True})
def manage(context: typer.Context) -> None:
    """Runs one of Django's own commands, for example `saphan manage migrate`."""
    from django.core.management import execute_from_command_line

    execute_from_command_line(["saphan manage", *context.args])


def main() -> None:
    """Runs the command with the settings of the surface named in SAPHAN_SURFACE (public, casework or all)."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", f"saphan.settings.{os.environ.get('SAPHAN_SURFACE', 'all')}")
    app(prog_name="saphan", args=sys.argv[1:])
