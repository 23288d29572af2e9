"""The saphan command: one entry for whoever installs, runs and keeps the platform."""

import os
import sys
from importlib import import_module

import typer

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False, help="Saphan: cooperation against human trafficking.")


@app.callback()
def program() -> None:
    """Saphan: cooperation against human trafficking."""


# Commands that need no running Django are plain; a room's own commands load only when asked for.
PLAIN = {
    name: name
    for name in [
        "up",
        "manage",
        "doctor",
        "worker",
        "prepare",
        "demo",
        "translations",
        "states",
        "bench",
        "backup",
        "accounts",
        "upkeep",
        "outbox",
        "procedures",
        "screen",
    ]
} | {"restore": "backup"}
ROOMS = {
    "audit": "saphan.audit.commands",
    "news": "saphan.portal.news.commands",
    "library": "saphan.portal.library.commands",
    "search": "saphan.portal.search.commands",
    "site": "saphan.portal.editors.commands",
    "post": "saphan.portal.mailroom.commands",
    "newsletter": "saphan.portal.newsletter.commands",
    "exchange": "saphan.portal.exchange.commands",
    "releases": "saphan.releases.commands",
    "reports": "saphan.releases.commands",
    "keys": "saphan.releases.commands",
    "database": "saphan.releases.commands",
}


def settings_module() -> str:
    """The settings of the surface named in SAPHAN_SURFACE: public, casework or all."""
    return f"saphan.settings.{os.environ.get('SAPHAN_SURFACE', 'all')}"


def start_django() -> None:
    """Loads the settings and the installed rooms."""
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", settings_module())
    django.setup()


def start_files() -> None:
    """For commands that only read files: the words of all languages, without rooms, database and keys. Where Django runs already it stays as it is."""
    from django.apps import apps
    from django.conf import settings

    if not settings.configured:
        os.environ["DJANGO_SETTINGS_MODULE"] = "saphan.settings.files"
    apps.populate(settings.INSTALLED_APPS)  # less than `django.setup`, which brings the routing of addresses along


def mount(name: str) -> None:
    """Adds one command, or one room's group of commands, to the program."""
    if name in ROOMS:
        start_django()
        app.add_typer(getattr(import_module(ROOMS[name]), name), name=name)
    elif name in PLAIN:
        import_module(f"saphan.commands.{PLAIN[name]}")


def mounted_on_this_surface(name: str) -> bool:
    """A public surface has no casework commands, a casework surface none of the portal's."""
    from django.apps import apps

    room = ROOMS[name].removesuffix(".commands")
    return apps.is_installed(room)


def main() -> None:
    """Runs the command named first; loads all of them only to list them."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", settings_module())
    wanted = next((a for a in sys.argv[1:] if not a.startswith("-")), None)
    if wanted in ROOMS or wanted in PLAIN:
        mount(wanted)
        app(prog_name="saphan")
        return
    start_django()
    for name in [*PLAIN, *(n for n in ROOMS if mounted_on_this_surface(n))]:
        mount(name)
    app(prog_name="saphan")
