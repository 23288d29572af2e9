"""Nothing is undocumented: every command, setting and room stands in the documentation."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
DOCS = ROOT / "docs"


def text_of(folder: Path) -> str:
    return "\n".join(p.read_text() for p in sorted(folder.rglob("*.md")))


def rooms() -> list[str]:
    apps = (ROOT / "saphan").rglob("apps.py")
    return sorted(str(p.parent.relative_to(ROOT / "saphan")) for p in apps)


@pytest.mark.parametrize("room", rooms())
def test_every_room_has_a_page_in_the_handbook_or_the_developers_page(room: str) -> None:
    assert f"`saphan/{room}`" in text_of(DOCS), room


def test_every_setting_from_the_environment_stands_in_the_operators_guide() -> None:
    code = "\n".join(p.read_text() for p in (ROOT / "saphan").rglob("*.py") if "/tests/" not in str(p))
    settings = set(re.findall(r"[\"'](SAPHAN_[A-Z_]+)[\"']", code))
    guide = text_of(DOCS / "operate")
    assert sorted(s for s in settings if f"`{s}`" not in guide) == []


def test_every_command_stands_in_the_operators_guide() -> None:
    import click
    import typer
    from typer.main import get_command

    import saphan.commands as program

    for name in [*program.PLAIN, *program.ROOMS]:
        if name not in {c.name or (c.callback and c.callback.__name__) for c in program.app.registered_commands} | {
            g.name for g in program.app.registered_groups
        }:
            program.mount(name)
    root = get_command(program.app)
    assert isinstance(root, click.Group | typer.core.TyperGroup)
    guide = text_of(DOCS / "operate")
    missing = []
    for name, command in root.commands.items():
        verbs = [f"{name} {sub}" for sub in command.commands] if hasattr(command, "commands") else [name]
        missing += [v for v in verbs if f"`saphan {v}" not in guide]
    assert missing == []


def test_every_decision_has_a_number_a_state_and_a_reason() -> None:
    for page in sorted((DOCS / "adr").glob("[0-9]*.md")):
        body = page.read_text()
        assert re.match(r"# \d{4}[: ]", body), page.name
        assert "## Decision" in body, page.name
        assert "## Why" in body, page.name


def test_links_between_pages_lead_somewhere() -> None:
    pages = [ROOT / "README.md", *DOCS.rglob("*.md")]
    links = [(page, link) for page in pages for link in re.findall(r"\]\((?!https?:|mailto:|#)([^)#]+)", page.read_text())]
    broken = [f"{page.relative_to(ROOT)}: {link}" for page, link in links if not (page.parent / link).exists()]
    assert broken == []
