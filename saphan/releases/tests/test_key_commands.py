"""`saphan keys` in the hands of an operator."""

from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from typer.testing import CliRunner

from saphan.access.seeds import People
from saphan.core import orgkeys
from saphan.core.models import DataKey
from saphan.core.sealing import seal_bytes, unseal_bytes
from saphan.releases import keys as door_keys
from saphan.releases.commands import keys


def run(*words: object) -> Any:
    return CliRunner().invoke(keys, [str(word) for word in words])


@pytest.fixture
def offered(tmp_path: Path) -> list[Path]:
    """The public keys of two different caseworks."""
    files = []
    for number in (1, 2):
        path = tmp_path / f"{number}.pub"
        public = door_keys.PublicKeys(sign=bytes([number]) * 32, seal=bytes([number]) * (door_keys.ML_KEM_PUBLIC + 32))
        path.write_text(public.as_text())
        files.append(path)
    return files


def pinned(settings: Any) -> str:
    return str((settings.KEYS / "peers" / "casework.pub").read_text())


def test_other_keys_are_not_pinned_over_those_that_are_there(settings: Any, offered: list[Path]) -> None:
    first, other = offered
    assert run("pin", first).exit_code == 0
    refused = run("pin", other)
    assert refused.exit_code == 2
    assert "Other keys are pinned as casework" in refused.stderr
    assert refused.stdout == ""
    assert pinned(settings) == first.read_text()
    assert run("pin", first).exit_code == 0


def test_other_keys_are_pinned_when_the_operator_says_so(settings: Any, offered: list[Path]) -> None:
    first, other = offered
    run("pin", first)
    assert run("pin", other, "--replace").exit_code == 0
    assert pinned(settings) == other.read_text()
    assert sorted(path.name for path in (settings.KEYS / "peers").iterdir()) == ["casework.pub"]


@pytest.mark.django_db(transaction=True)
def test_an_organisations_key_is_changed_by_a_command_and_what_it_opens_still_opens(people: People) -> None:
    org, scope = people.ministry.pk, uuid4()
    sealed = seal_bytes(b"CANARY", scope=scope, sensitivity="health", org=org, binding=["test"])
    before = orgkeys.versions(org)
    answer = run("rotate-organisation", org)
    assert (answer.exit_code, "data keys wrapped anew" in answer.output) == (0, True)
    assert orgkeys.versions(org) == [before[-1] + 1]
    assert not DataKey.objects.filter(org=org).exclude(org_key_version=before[-1] + 1).exists()
    assert unseal_bytes(sealed, scope=scope, sensitivity="health", org=org, binding=["test"]) == b"CANARY"


@pytest.mark.django_db(transaction=True)
def test_an_organisation_without_a_key_here_is_named_as_such() -> None:
    assert run("rotate-organisation", uuid4()).exit_code == 1
