"""The arrows between rooms run one way: imports are checked by contract, foreign keys here."""

import os
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from django.apps import apps

ROOT = Path(__file__).resolve().parent.parent.parent


def order() -> list[str]:
    """Rooms from the ground up, as the import contracts list them."""
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    house, care, portal = (c["layers"] for c in contracts[:3])
    inside = {"care": care, "portal": portal}
    top_down = [f"{room}.{part}".replace("(", "").replace(")", "") for room in house for part in inside.get(room.strip("()"), [""])]
    return [name.strip(".") for name in reversed(top_down)]


def room_of(module: str) -> str:
    parts = module.removeprefix("saphan.").split(".")
    return ".".join(parts[:2]) if parts[0] in {"care", "portal"} else parts[0]


def test_foreign_keys_follow_the_order_of_the_rooms() -> None:
    rank = {room: place for place, room in enumerate(order())}
    upward = [
        f"{model._meta.label}.{field.name}"
        for model in apps.get_models()
        if model.__module__.startswith("saphan.")
        for field in model._meta.get_fields()
        if field.concrete and field.is_relation and field.related_model and field.related_model.__module__.startswith("saphan.")
        if rank[room_of(field.related_model.__module__)] > rank[room_of(model.__module__)]
    ]
    assert upward == []


def test_no_foreign_key_crosses_the_wall() -> None:
    sides = {"saphan.portal": "saphan.care", "saphan.care": "saphan.portal"}
    crossing = [
        f"{model._meta.label}.{field.name}"
        for model in apps.get_models()
        for side, other in sides.items()
        if model.__module__.startswith(side)
        for field in model._meta.get_fields()
        if field.is_relation and field.related_model and field.related_model.__module__.startswith(other)
    ]
    assert crossing == []


def test_the_audit_has_no_foreign_key() -> None:
    assert [f.name for m in apps.get_app_config("audit").get_models() for f in m._meta.fields if f.is_relation] == []


def test_imports_follow_the_contracts() -> None:
    done = subprocess.run([Path(sys.executable).with_name("lint-imports"), "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize(("surface", "foreign"), [("public", "saphan.care"), ("casework", "saphan.portal")])
def test_a_surface_starts_without_the_rooms_of_the_other_side(surface: str, foreign: str, tmp_path: Path) -> None:
    code = (
        "import django, sys; django.setup(); from django.urls import get_resolver; get_resolver().url_patterns; from django.apps import apps;"
        f"print([a.name for a in apps.get_app_configs() if a.name.startswith('{foreign}')], [m for m in sys.modules if m.startswith('{foreign}.')])"
    )
    environment = {k: v for k, v in os.environ.items() if k != "DJANGO_SETTINGS_MODULE"}
    environment |= {"DJANGO_SETTINGS_MODULE": f"saphan.settings.{surface}", "SAPHAN_DATA": str(tmp_path)}
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert done.stdout.strip() == "[] []", done.stdout + done.stderr
