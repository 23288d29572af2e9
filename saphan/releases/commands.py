"""`saphan releases`, `saphan reports`, `saphan keys`, `saphan database`: the doors in the hands of an operator."""

import hashlib
import json
import secrets
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any
from uuid import UUID

import typer
from django.conf import settings

from saphan.core import clock
from saphan.core.errors import DomainError
from saphan.core.secret_files import write_secret
from saphan.releases import keys as door_keys
from saphan.releases import wire

releases = typer.Typer(no_args_is_help=True, help="The outward door: signed releases.")
reports = typer.Typer(no_args_is_help=True, help="The inward door: reports sealed to the casework.")
keys = typer.Typer(no_args_is_help=True, help="The keys of the doors.")
database = typer.Typer(no_args_is_help=True, help="Roles of the database.")

File = Annotated[Path, typer.Argument(help="The file that is carried to the other machine.")]
AsJson = Annotated[bool, typer.Option("--json", help="As JSON.")]
Address = Annotated[str, typer.Option("--public", help="Address of the public machine, for example https://www.example.org")]


@contextmanager
def plainly() -> Iterator[None]:
    """A domain error or a file that cannot be used ends the command with its sentence and exit code 1, without a traceback."""
    try:
        yield
    except DomainError as error:
        typer.echo(error.sentence or type(error).__name__, err=True)
        raise typer.Exit(1) from error
    except OSError as error:
        typer.echo(f"{error.strerror}: {error.filename}", err=True)
        raise typer.Exit(1) from error


def _tell(passages: Sequence[wire.Passage], as_json: bool) -> None:
    """One line for each record; exit code 1 when one did not pass."""
    if as_json:
        typer.echo(json.dumps([vars(passage) for passage in passages], ensure_ascii=False))
    else:
        for passage in passages:
            typer.echo(f"{passage.what}  {passage.error or 'ok'}")
    if any(passage.error for passage in passages):
        raise typer.Exit(1)


@releases.command("export")
def export_releases(target: File) -> None:
    """Writes the newest release of each kind and key to a file, or into a directory as releases.jsonl."""
    with plainly():
        typer.echo(f"{wire.export_releases(target)} releases written.")


@releases.command("import")
def import_releases(source: File, as_json: AsJson = False) -> None:
    """Checks and takes the releases of a file on the public side. Repeating it is harmless."""
    with plainly():
        _tell(wire.import_releases(source / "releases.jsonl" if source.is_dir() else source, at=clock.now()), as_json)


@releases.command("take")
def take_releases() -> None:
    """Gives the current releases to the public pages again: where both sides share one database, or after other keys were pinned."""
    from saphan.releases.services import hand_on_all

    with plainly():
        typer.echo(f"{hand_on_all()} releases taken.")


@releases.command("push")
def push_releases(public: Address, as_json: AsJson = False) -> None:
    """Brings the newest releases to the door of the public machine."""
    with plainly():
        _tell(wire.push_releases(public, _token()), as_json)


@releases.command("publish-directory")
def publish_directory(by: Annotated[str, typer.Option("--by", help="E-mail of the account that publishes.")]) -> None:
    """Signs the public part of the directory and makes it the current release."""
    from saphan.releases.directory import publish_service_directory

    with plainly():
        release = publish_service_directory(by=_account(by), at=clock.now())
        typer.echo(f"{release.kind}/{release.key} {release.seq}: {len(release.body['services'])} services, sha256 {release.digest}")


@reports.command("export")
def export_reports(target: File) -> None:
    """Writes the sealed reports that wait on the public side; they stay until the acknowledgement comes back."""
    with plainly():
        typer.echo(f"{wire.export_reports(target)} sealed reports written.")


@reports.command("import")
def import_reports(
    source: File, answer: Annotated[Path | None, typer.Option("--answer", help="Where to write the acknowledgement.")] = None, as_json: AsJson = False
) -> None:
    """Opens the reports of a file on the casework side and writes the signed acknowledgement beside it."""
    with plainly():
        _tell(wire.import_reports(source, answer or source.with_name(source.name + ".acknowledged"), at=clock.now()), as_json)


@reports.command("acknowledge")
def acknowledge(source: File) -> None:
    """Reads the casework's acknowledgement on the public side and deletes what the casework holds."""
    from saphan.core.errors import Invalid
    from saphan.releases.reports import acknowledge as acknowledged

    with plainly():
        try:
            content = json.loads(source.read_bytes())
        except ValueError as error:
            raise Invalid("This is not an acknowledgement signed by the casework.") from error
        typer.echo(f"{acknowledged(wire=content, at=clock.now())} reports deleted here.")


@reports.command("pull")
def pull_reports(public: Address, as_json: AsJson = False) -> None:
    """Fetches the sealed reports from the public machine, takes them, and acknowledges."""
    with plainly():
        _tell(wire.pull_reports(public, _token(), at=clock.now()), as_json)


@reports.command("collect")
def collect(as_json: AsJson = False) -> None:
    """Takes the waiting reports out of a store that both sides share, and tries those again that failed before."""
    from saphan.releases.reports import collect as collected
    from saphan.releases.reports import retry_failed

    with plainly():
        receipts = [*retry_failed(at=clock.now()), *collected(at=clock.now())]
        _tell([wire.Passage(f"{receipt.kind} {receipt.pk}", receipt.reason) for receipt in receipts], as_json)


@keys.command("show-public")
def show_public() -> None:
    """Prints the casework's public keys (for keys/peers/casework.pub on the public side) and their fingerprint to read aloud."""
    with plainly():
        own = door_keys.own_public_keys()
        typer.echo(own.as_text(), nl=False)
        typer.echo(f"fingerprint {own.fingerprint()}", err=True)


@keys.command("peers")
def show_peers() -> None:
    """Lists the pinned public keys with their fingerprints."""
    with plainly():
        for path in sorted((Path(settings.KEYS) / "peers").glob("*.pub")):
            typer.echo(f"{path.stem}  {door_keys.read_public_keys(path.read_text()).fingerprint()}")


@keys.command("pin")
def pin(
    source: File,
    name: Annotated[str, typer.Option("--name", help="What this side calls the other.")] = "casework",
    replace: Annotated[bool, typer.Option("--replace", help="Trust these keys instead of those pinned under this name.")] = False,
) -> None:
    """Pins the public keys in a file after you have compared the fingerprint with the other side by voice; 2 when others are pinned."""
    with plainly():
        pinned, path = door_keys.read_public_keys(source.read_text()), Path(settings.KEYS) / "peers" / f"{name}.pub"
        if path.exists() and path.read_text() != pinned.as_text() and not replace:
            earlier = door_keys.read_public_keys(path.read_text()).fingerprint()
            typer.echo(f"Other keys are pinned as {name} ({earlier}); nothing is changed. To trust the new ones instead, say --replace.", err=True)
            raise typer.Exit(2)
        door_keys.pin(path, pinned)
        typer.echo(f"{name}  {pinned.fingerprint()}")


@keys.command("rotate-organisation")
def rotate_organisation(org_id: Annotated[UUID, typer.Argument(help="The organisation's id.")]) -> None:
    """Gives one organisation a new wrapping key and destroys the old one; cut short, the next call finishes it."""
    from saphan.core.keyring import rotate_org_key

    with plainly():
        typer.echo(f"{rotate_org_key(org_id)} data keys wrapped anew. Copy the keys directory to your backup again.")


@keys.command("door-token")
def door_token() -> None:
    """Makes the token of the door: prints it once for the casework (keys/door_token) and keeps only its hash here."""
    token = secrets.token_urlsafe(32)
    with plainly():
        path = Path(settings.KEYS) / "door_token.sha256"
        path.unlink(missing_ok=True)
        write_secret(path, hashlib.sha256(token.encode()).hexdigest())
    typer.echo(token)


@database.command("grant")
def grant(
    surface: Annotated[str, typer.Option("--surface", help="public, casework or all.")],
    role: Annotated[str, typer.Option("--role", help="An existing role of the database.")],
    execute: Annotated[bool, typer.Option("--execute", help="Carry the statements out, not only print them.")] = False,
) -> None:
    """Gives a database role exactly the tables of one surface (PostgreSQL)."""
    from saphan.releases import dbroles

    if surface not in dbroles.SURFACES:
        raise typer.BadParameter("public, casework or all", param_hint="--surface")
    with plainly():
        typer.echo("\n".join(dbroles.grant(surface=surface, role=role, execute=execute)))


def _token() -> str:
    path = Path(settings.KEYS) / "door_token"
    return path.read_text().strip()


def _account(email: str) -> Any:
    from saphan.access.models import User

    user = User.objects.filter(email=email.lower()).first()
    if user is None:
        typer.echo(f"There is no account {email}.", err=True)
        raise typer.Exit(2)
    return user
