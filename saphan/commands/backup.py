"""`saphan backup`: one consistent copy of database and files. The keys are not in it unless asked for: who holds both can read everything."""

import json
import shutil
import sqlite3
import subprocess
import tarfile
import tempfile
from pathlib import Path
from typing import Annotated, Any

import typer

from saphan.commands import app, start_django


@app.command()
def backup(
    target: Annotated[Path, typer.Argument(help="The archive to write, for example /backup/monday.tar.")],
    with_keys: Annotated[bool, typer.Option("--with-keys", help="Puts the keys in as well. Keep such an archive as you keep the keys.")] = False,
) -> None:
    """Writes database, attachments, media and the audit's heads into one archive while the site runs."""
    start_django()
    from django.conf import settings

    if target.exists():
        typer.echo(f"{target} exists already. Nothing was written.", err=True)
        raise typer.Exit(2)
    part = target.with_name(target.name + ".part")
    with tempfile.TemporaryDirectory(dir=target.parent) as folder, tarfile.open(part, "w") as archive:
        archive.add(copy_database(settings.DATABASES["default"], Path(folder)), "database")
        archive.add(write_manifest(Path(folder)), "manifest.json")
        for name, path in {"attachments": settings.ATTACHMENTS, "media": settings.MEDIA_ROOT}.items():
            if path.exists():
                archive.add(path, name)
        if with_keys:
            archive.add(settings.KEYS, "keys")
    part.chmod(0o600)
    part.rename(target)
    typer.echo(
        f"{target}, {target.stat().st_size // 1024} KB{'' if with_keys else '. The keys are not in it: keep a copy of the keys directory elsewhere.'}"
    )


@app.command()
def restore(
    source: Annotated[Path, typer.Argument(help="An archive written by saphan backup.", exists=True, dir_okay=False)],
    data: Annotated[Path, typer.Option(help="A new, empty data directory.")],
) -> None:
    """Unpacks an archive into a new data directory (SQLite), or says how to load the dump (PostgreSQL)."""
    if data.exists() and any(data.iterdir()):
        typer.echo(f"{data} is not empty. A backup is restored into a new directory only; nothing was changed.", err=True)
        raise typer.Exit(2)
    data.mkdir(parents=True, exist_ok=True, mode=0o700)
    with tarfile.open(source) as archive:
        archive.extractall(data, filter="data")
    engine = json.loads((data / "manifest.json").read_text())["engine"]
    if engine == "sqlite":
        (data / "database").rename(data / "saphan.sqlite3")
        typer.echo(f"Restored into {data}. Put the keys into {data / 'keys'} if they are not there, then: script/up --data {data} --demo none")
    else:
        typer.echo(f"The dump lies in {data / 'database'}. Load it with: pg_restore --clean --if-exists --dbname ADDRESS {data / 'database'}")


def copy_database(settings: dict[str, Any], folder: Path) -> Path:
    """A consistent copy: SQLite's own online copy, or pg_dump."""
    target = folder / "database"
    if settings["ENGINE"].endswith("sqlite3"):
        with sqlite3.connect(settings["NAME"]) as source:
            source.execute("VACUUM INTO ?", [str(target)])
        return target
    tool = shutil.which("pg_dump")
    if tool is None:
        typer.echo("pg_dump is not installed (Debian: apt-get install postgresql-client). Nothing was written.", err=True)
        raise typer.Exit(2)
    from saphan.commands.pgtools import libpq_environment

    subprocess.run([tool, "--format=custom", "--enable-row-security", f"--file={target}"], env=libpq_environment(settings), check=True)  # noqa: S603  # found above, no shell
    return target


def write_manifest(folder: Path) -> Path:
    """What the archive holds, with the audit's heads, so that a truncated chain shows after a restore."""
    from django.db import connection
    from django.db.models import Max

    from saphan import __version__
    from saphan.audit.models import AuditEvent
    from saphan.core import clock

    heads = {row["chain"]: row["last"] for row in AuditEvent.objects.values("chain").annotate(last=Max("seq"))}
    path = folder / "manifest.json"
    path.write_text(json.dumps({"saphan": __version__, "engine": connection.vendor, "at": clock.now().isoformat(), "audit_heads": heads}))
    return path
