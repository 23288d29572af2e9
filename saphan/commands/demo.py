"""`saphan demo`: the invented people and stories of a demonstration."""

import json
import secrets
from datetime import timedelta
from importlib import import_module
from typing import TYPE_CHECKING, Annotated

import typer

from saphan.commands import app, start_django

if TYPE_CHECKING:
    from saphan.access.models import User
    from saphan.access.seeds import People

demo = typer.Typer(no_args_is_help=True, help="The demonstration: invented people, their codes, more invented cases.")
app.add_typer(demo, name="demo")

# Rooms that bring a story of their own, in the order in which the stories build on each other.
STORIES = [
    "saphan.portal.site",
    "saphan.portal.editors",
    "saphan.portal.newsletter",
    "saphan.portal.inquiries",
    "saphan.portal.exchange",
    "saphan.agreements",
    "saphan.agreements.scoring",
    "saphan.care.persons",
    "saphan.care.screening",
    "saphan.care.cases",
    "saphan.care.referrals",
    "saphan.care.fieldkit",
]
LARGE = 100_000


@demo.command()
def code(email: Annotated[str, typer.Argument(help="The e-mail address of a demo account.")]) -> None:
    """Prints the code of the second sign-in step of a demo account, valid now."""
    start_django()
    from saphan.access.models import User

    user = User.objects.filter(email=email.lower(), is_demo=True).first()
    if user is None:
        typer.echo(f"There is no demo account {email}.", err=True)
        raise typer.Exit(2)
    from saphan.access.seeds import current_code

    typer.echo(current_code(user))


@demo.command()
def people(as_json: Annotated[bool, typer.Option("--json", help="As JSON.")] = False) -> None:
    """Lists the demo accounts."""
    start_django()
    from saphan.access.models import User

    rows = [line_of(user) for user in User.objects.filter(is_demo=True).select_related("org").order_by("email")]
    typer.echo(json.dumps(rows, ensure_ascii=False) if as_json else "\n".join(f"{r['email']}  {r['name']}  {r['roles']}" for r in rows))


def plant(size: str) -> str:
    """Plants the demonstration once, as one transaction; `large` adds a hundred thousand invented cases."""
    from django.conf import settings

    from saphan.core.milestones import once

    password = "-".join(secrets.choice(WORDS) for _ in range(4))
    path = settings.DATA / "demo-sign-ins.json"
    planted = once("demo", lambda: plant_small(password))
    if planted:
        path.write_text(json.dumps({"password": password, "people": sign_ins()}, ensure_ascii=False, indent=1))
        path.chmod(0o600)
    if size == "large":
        from saphan.care.cases.seeds import plant_many

        once("demo large", lambda: plant_many(LARGE))
    return "planted" if planted else "in place"


def plant_small(password: str) -> None:
    """The cast, then each installed room's story, told through the services so that states and audit are real."""
    from django.apps import apps

    from saphan.access.models import User
    from saphan.access.rowlock import as_system
    from saphan.access.seeds import plant_people
    from saphan.core import clock

    cast: People = plant_people(password=password, at=clock.now() - timedelta(days=30))
    User.objects.filter(pk__in=[u.pk for u in cast.everyone()]).update(is_demo=True)
    with as_system():
        for room in STORIES:
            if apps.is_installed(room):
                import_module(f"{room}.seeds").plant(cast)


def sign_ins() -> list[dict[str, str]]:
    """Who can sign in, for the greeting of `saphan up`."""
    from saphan.access.models import User

    return [line_of(user) for user in User.objects.filter(is_demo=True).select_related("org").order_by("joined_at", "email")]


def line_of(user: "User") -> dict[str, str]:
    from saphan.access.roles import Role

    roles = ", ".join(str(Role(r).label) for r in sorted(user.roles))
    return {"email": user.email, "name": user.name, "roles": roles, "organisation": user.org.name_en}


# Short, plain, far apart in sound.
WORDS = (
    "amber bamboo basket bridge candle cedar copper coral cotton delta drum ember fern ferry garden ginger harbour hazel indigo island "
    "jasmine kite lantern lemon lotus mango maple meadow mint monsoon nutmeg orchid paddle palm pepper pine pottery quartz rain raft reed "
    "ribbon rice river saffron sail sand silk sparrow spice spring stone tamarind teak thread tide timber tulip valley walnut willow"
).split()
