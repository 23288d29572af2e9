"""`saphan prepare`: brings database, reference data, files and the demonstration to the present version; does only what is not done."""

import hashlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from saphan.commands import app, start_django

ROOT = Path(__file__).resolve().parent.parent.parent
Step = tuple[str, Callable[[], str]]


@app.command()
def prepare(demo: Annotated[str, typer.Option(help="small, large or none")] = "none") -> None:
    """Migrates the database, loads reference data, gathers static files, builds the search index, plants the demonstration."""
    from saphan.commands.translations import compile_catalogues

    console = Console()
    compile_catalogues()
    start_django()
    for label, act in steps(demo):
        with console.status(label):
            outcome = act()
        console.print(f"[green]✓[/green] {label}: {outcome}")


def steps(demo: str) -> Iterator[Step]:
    """What has to be in place, in order."""
    from django.apps import apps

    yield "Keys", make_keys
    yield "Database", migrate
    yield "Reference data", load_reference
    yield "Static files", gather_static
    if demo != "none":
        from saphan.commands.demo import plant

        yield "Demonstration", lambda: plant(demo)
    elif apps.is_installed("saphan.portal.site"):
        yield "Public pages", plant_public_pages
    if apps.is_installed("saphan.portal.search"):
        yield "Search index", build_index


def make_keys() -> str:
    """The keys directory, readable by its owner only."""
    from django.conf import settings

    settings.KEYS.mkdir(parents=True, exist_ok=True, mode=0o700)
    return "in place"


def migrate() -> str:
    """Applies what is missing."""
    from saphan.core import migrating

    changes = migrating.migrate()
    return f"{changes} changes applied" if changes else "up to date"


def load_reference() -> str:
    """Countries, provinces, instruments, clocks; again only when their files have changed."""
    from django.apps import apps

    from saphan.core.milestones import reach, reached

    digest = digest_of(ROOT / "seeds" / "reference")
    if reached("reference", digest):
        return "up to date"
    from saphan.directory.seeds import load_reference as load_directory

    load_directory()
    if apps.is_installed("saphan.agreements"):
        from saphan.agreements.reference import load_agreements

        load_agreements()
    if apps.is_installed("saphan.care.screening"):
        from saphan.care.screening.seeds import load_instruments

        load_instruments()
    if apps.is_installed("saphan.portal.site"):
        from saphan.portal.rendered.edition import renew

        renew()
    reach("reference", digest)
    return "loaded"


def gather_static() -> str:
    """Static files in one place, again only when one has changed."""
    from django.conf import settings
    from django.core.management import call_command

    from saphan.core.milestones import reach, reached

    digest = digest_of(ROOT / "saphan" / "static")
    if reached("static", digest) and (settings.STATIC_ROOT / "staticfiles.json").exists():
        return "up to date"
    call_command("collectstatic", verbosity=0, interactive=False, clear=True)
    reach("static", digest)
    return "gathered"


def plant_public_pages() -> str:
    """Without a demonstration: the empty frame of the public pages."""
    from saphan.core.milestones import once
    from saphan.portal.editors.seeds import plant_empty_house

    return "planted" if once("public pages", plant_empty_house) else "in place"


def build_index() -> str:
    """The search index, built again when it does not match the pages."""
    from saphan.portal.search.services import rebuild_if_needed

    return rebuild_if_needed()


def digest_of(folder: Path) -> str:
    """SHA-256 over names and contents below a folder."""
    total = hashlib.sha256()
    for path in sorted(p for p in folder.rglob("*") if p.is_file()):
        total.update(str(path.relative_to(folder)).encode())
        total.update(path.read_bytes())
    return total.hexdigest()
