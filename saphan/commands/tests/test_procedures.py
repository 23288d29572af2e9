"""`saphan procedures` on files: what it prints, with which code it ends, and that it starts no Django."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from saphan.commands.procedures import procedures

ROOT = Path(__file__).resolve().parents[3]
RETURN = ROOT / "seeds" / "reference" / "procedures" / "th-la-return.yaml"
EXAMPLE = ROOT / "saphan" / "agreements" / "procedures" / "tests" / "th-la-return.yaml"


def run(*words: str | Path) -> tuple[int, str]:
    result = CliRunner().invoke(procedures, [str(word) for word in words])
    return result.exit_code, result.output


@pytest.fixture
def broken(tmp_path: Path) -> Path:
    file = tmp_path / "broken.yaml"
    file.write_text(
        EXAMPLE.read_text(encoding="utf-8").replace("late_to: focal_O, very_late: 45wd", "late_to: focal_H, very_late: 20wd"), encoding="utf-8"
    )
    return file


@pytest.fixture
def unreadable(tmp_path: Path) -> Path:
    file = tmp_path / "unreadable.yaml"
    file.write_text("a: &x 1\nb: *x\n", encoding="utf-8")
    return file


def test_a_sound_file_lints_clean() -> None:
    assert run("lint", RETURN) == (0, "th-la-return.yaml: 0 errors, 0 warnings.\n")
    code, text = run("lint", RETURN, "--signing", "--json")
    assert (code, json.loads(text)["findings"]) == (0, [])
    assert run("lint", EXAMPLE)[0] == 0
    assert run("lint", EXAMPLE, "--signing")[0] == 1


def test_errors_are_told_with_line_and_article(broken: Path) -> None:
    code, text = run("lint", broken)
    assert code == 1
    assert "P504 error (line 41, Art. 5)" in text
    assert "P506 error (line 41, Art. 5)" in text
    code, text = run("lint", broken, "--json")
    assert code == 1
    assert {(f["rule"], f["article"], f["line"]) for f in json.loads(text)["findings"]} == {("P504", "5", 41), ("P505", "5", 41), ("P506", "5", 41)}
    assert run("compile", broken)[0] == 1
    assert run("simulate", broken)[0] == 1


@pytest.mark.parametrize("command", ["lint", "digest", "compile", "simulate"])
def test_what_cannot_be_read_ends_with_two(command: str, unreadable: Path, tmp_path: Path) -> None:
    code, text = run(command, unreadable)
    assert (code, "R05 error (line 1)" in text) == (2, True)
    code, text = run(command, unreadable, "--json")
    assert (code, json.loads(text)["findings"][0]["rule"]) == (2, "R05")
    assert run(command, tmp_path / "nothing.yaml")[0] == 2


def test_the_digest_is_the_same_for_yaml_and_json(tmp_path: Path) -> None:
    from saphan.agreements.procedures.canonical import canonical
    from saphan.agreements.procedures.loading import load

    other = tmp_path / "return.json"
    other.write_bytes(canonical(load(RETURN.read_bytes()).procedure))
    assert run("digest", RETURN) == run("digest", other)
    assert json.loads(run("digest", RETURN, "--json")[1])["id"] == "th-la/return"


def test_it_compiles_simulates_and_compares() -> None:
    stages = json.loads(run("compile", RETURN, "--json")[1])["stages"]
    assert [stage["stage"] for stage in stages if stage["lasting"]] == ["other_solution"]
    code, text = run("simulate", RETURN, "--json")
    assert (code, json.loads(text)["standing"]["stage"]) == (0, "closed")
    assert run("compare", RETURN, RETURN) == (0, "Nothing changed.\n")
    assert "Art. 2, consent c_trace: covers added" in run("compare", EXAMPLE, RETURN)[1]


def test_a_script_that_cannot_be_played_ends_with_two(tmp_path: Path) -> None:
    script = tmp_path / "script.yaml"
    script.write_text("steps: [{kind: nonsense}]\n", encoding="utf-8")
    assert run("simulate", RETURN, "--script", script)[0] == 2
    script.write_text("steps: [{enter: tracing}]\n", encoding="utf-8")
    code, text = run("simulate", RETURN, "--script", script)
    assert (code, "refused: Art. 2" in text) == (0, True)


def test_minimum_rules_without_their_signature_are_not_used(tmp_path: Path) -> None:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

    key = tmp_path / "key.pem"
    key.write_bytes(Ed25519PrivateKey.generate().public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo))
    assert run("lint", RETURN, "--key", key)[0] == 2


def test_no_django_is_started() -> None:
    code = f"import sys; sys.argv = ['saphan', 'procedures', 'digest', {str(RETURN)!r}]\nfrom saphan.commands import main\ntry:\n    main()\nfinally:\n    print('django' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.stdout.splitlines()[-1] == "False", done.stderr
