"""`saphan doctor`: looks at an installation and says what is not as it should be."""

import json
import os
import shutil
import stat
from collections.abc import Callable
from typing import Annotated

import typer

from saphan.commands import app, start_django

Finding = tuple[bool, str]


@app.command()
def doctor(as_json: Annotated[bool, typer.Option("--json", help="As JSON.")] = False) -> None:
    """Looks at data directory, keys, database, mail and settings; exit code 1 when something needs a hand."""
    start_django()
    findings = {name: look() for name, look in CHECKS.items()}
    if as_json:
        typer.echo(json.dumps({name: {"ok": ok, "says": says} for name, (ok, says) in findings.items()}, indent=1))
    else:
        for name, (ok, says) in findings.items():
            typer.echo(f"{'✓' if ok else '✗'} {name}: {says}")
    if not all(ok for ok, _says in findings.values()):
        raise typer.Exit(1)


def data_directory() -> Finding:
    from django.conf import settings

    if not os.access(settings.DATA, os.W_OK):
        return False, f"{settings.DATA} cannot be written"
    free = shutil.disk_usage(settings.DATA).free // 1_000_000
    return free > 500, f"{settings.DATA}, {free} MB free"


def keys() -> Finding:
    from django.conf import settings

    open_to_others = [
        p.name for p in settings.KEYS.rglob("*") if p.is_file() and not p.name.endswith(".pub") and p.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO)
    ]
    if open_to_others:
        return False, f"{len(open_to_others)} key files can be read by others than their owner (chmod 600)"
    beside = settings.DATABASES["default"]["ENGINE"].endswith("sqlite3") and settings.KEYS.is_relative_to(settings.DATA)
    return True, f"{settings.KEYS}" + (", in the data directory: keep them on another medium when you can (SAPHAN_KEYS)" if beside else "")


def database() -> Finding:
    from django.db import DatabaseError, connection
    from django.db.migrations.executor import MigrationExecutor

    try:
        executor = MigrationExecutor(connection)
        waiting = len(executor.migration_plan(executor.loader.graph.leaf_nodes()))
    except DatabaseError as error:
        return False, f"cannot be reached ({type(error).__name__})"
    return waiting == 0, f"{connection.vendor}, " + (f"{waiting} changes wait: saphan prepare" if waiting else "up to date")


def row_security() -> Finding:
    """Whether the second lock holds for this program's role of the database: a superuser or BYPASSRLS passes it by."""
    from django.db import DatabaseError, connection

    if connection.vendor != "postgresql":
        return True, "none on SQLite: whoever reads the file reads what is not sealed"
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT current_user, rolsuper, rolbypassrls FROM pg_roles WHERE rolname = current_user")
            role, is_superuser, passes_by = cursor.fetchone()
    except DatabaseError as error:
        return False, f"cannot be asked ({type(error).__name__})"
    if is_superuser or passes_by:
        why = "is a superuser" if is_superuser else "has BYPASSRLS"
        return False, f"the role {role} {why}, so row-level security does not hold for it: give the program a role without"
    return True, f"holds for the role {role}"


def outbox() -> Finding:
    from saphan.core.models import OutboxMessage

    dead = OutboxMessage.objects.filter(dead_at__isnull=False).count()
    return dead == 0, f"{dead} messages could not be delivered" if dead else "nothing undeliverable"


def mail() -> Finding:
    from django.conf import settings

    return (
        True,
        f"by {settings.EMAIL_HOST}:{settings.EMAIL_PORT}"
        if settings.EMAIL_HOST
        else f"no SAPHAN_SMTP_HOST: letters are written to {settings.EMAIL_FILE_PATH}",
    )


def incoming_mail() -> Finding:
    """Whether the mailbox for answers and bounces opens; without one, letters come by `saphan post listen`, or not at all."""
    import imaplib

    from django.apps import apps
    from django.conf import settings

    if not apps.is_installed("saphan.portal.mailroom"):
        return True, "none on this surface"
    if not settings.IMAP_HOST:
        return True, "no SAPHAN_IMAP_HOST: answers and bounces come in only where the mail server hands them to “saphan post listen”"
    from saphan.portal.mailroom.fetching import waiting

    try:
        count = waiting()
    except (OSError, imaplib.IMAP4.error) as error:
        return False, f"the mailbox at {settings.IMAP_HOST}:{settings.IMAP_PORT} does not open ({type(error).__name__})"
    return True, f"the mailbox at {settings.IMAP_HOST}:{settings.IMAP_PORT} opens, {count} unread"


def virus_scanner() -> Finding:
    from pathlib import Path

    from django.conf import settings

    return True, "ClamAV answers" if Path(settings.CLAMD_SOCKET).exists() else "no ClamAV: uploads are marked “not scanned”"


def demonstration() -> Finding:
    from django.conf import settings

    from saphan.access.models import User

    accounts = User.objects.filter(is_demo=True, is_active=True).count()
    return settings.DEMO or accounts == 0, f"{accounts} demo accounts" if accounts else "no demo accounts"


CHECKS: dict[str, Callable[[], Finding]] = {
    "Data directory": data_directory,
    "Keys": keys,
    "Database": database,
    "Row security": row_security,
    "Outbox": outbox,
    "Mail": mail,
    "Incoming mail": incoming_mail,
    "Uploads": virus_scanner,
    "Demonstration": demonstration,
}
