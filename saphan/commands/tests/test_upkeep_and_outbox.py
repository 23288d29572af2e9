"""`saphan upkeep` and `saphan outbox` in the hands of an operator, and the earlier secrets of the settings."""

from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from saphan.commands import app, mount
from saphan.core import outbox, upkeep
from saphan.core.milestones import Milestone
from saphan.settings.store import earlier_secrets

pytestmark = pytest.mark.django_db


def test_the_house_has_its_chores_and_the_command_does_them(tmp_path: Path, settings: Any) -> None:
    settings.ATTACHMENTS = tmp_path
    mount("upkeep")
    answer = CliRunner().invoke(app, ["upkeep"])
    assert answer.exit_code == 0, answer.output
    assert {"attachments", "failed sign-ins", "outbox", "pages sent once", "second steps", "sessions"} <= upkeep.CHORES.keys()
    assert Milestone.objects.filter(name__startswith="upkeep ").count() == len(upkeep.CHORES)


def test_dead_letters_are_listed_without_what_they_say_and_put_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outbox, "HANDLERS", {})

    @outbox.handler("bell")
    def broken(payload: dict[str, Any], *, key: str) -> None:
        raise outbox.CannotDeliver

    outbox.enqueue("bell", key="CANARY-key", payload={"to": "CANARY@example.org"})
    outbox.run_once()
    mount("outbox")
    listed = CliRunner().invoke(app, ["outbox", "list-dead"])
    assert (listed.exit_code, "bell" in listed.output, "CANARY" in listed.output) == (1, True, False)
    assert "1 messages wait again" in CliRunner().invoke(app, ["outbox", "requeue", "--topic", "bell"]).output
    assert CliRunner().invoke(app, ["outbox", "list-dead"]).exit_code == 0


def test_earlier_secrets_come_from_the_environment_and_from_lines_of_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SAPHAN_SECRET_KEY_FALLBACKS", raising=False)
    assert earlier_secrets(tmp_path) == []
    (tmp_path / "secret_key.old").write_text("second\n\n third \n")
    monkeypatch.setenv("SAPHAN_SECRET_KEY_FALLBACKS", "first, second")
    assert earlier_secrets(tmp_path) == ["first", "second", "third"]
