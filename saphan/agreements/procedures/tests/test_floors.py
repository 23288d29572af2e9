"""Minimum rules: what falls below them is told with its source; a signed pack that was changed is not used."""

from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from saphan.agreements.procedures.findings import Unreadable
from saphan.agreements.procedures.floor_checks import CHECKS
from saphan.agreements.procedures.floors import FOLDER, Forged, floors_for, load_floor, load_signed_floors, shipped_floors, sign_floor, verify_floor
from saphan.agreements.procedures.linting import lint
from saphan.agreements.procedures.loading import load
from saphan.agreements.procedures.rules import RULES
from saphan.agreements.procedures.tests.test_mutations import EXAMPLE

TEXT = EXAMPLE.read_text(encoding="utf-8")


def told(text: str) -> dict[str, tuple[str, str]]:
    loaded = load(text)
    found = lint(loaded.procedure, loaded.lines, floors=floors_for(loaded.procedure))
    return {finding.rule: (finding.article, finding.sentence) for finding in found if finding.rule.startswith("F")}


def test_the_example_stands_above_all_that_bind_it() -> None:
    procedure = load(TEXT).procedure
    assert {floor.id for floor in floors_for(procedure)} >= {"un-trafficking-protocol", "un-trafficking-protocol-return", "commit-return"}
    assert told(TEXT) == {}


@pytest.mark.parametrize(
    ("old", "new", "rule", "article"),
    [
        ("{if: refuses, to: preparation, say: The person declines return}, ", "", "F114", "6"),
        (", hiv_status]", "]", "F102", ""),
        ("due: 30d}\n    check: [rights", "due: 7d}\n    check: [rights", "F119", "2"),
        ("check: [person_heard, ", "check: [", "F116", "6"),
        ("signed_by: [focal_H, focal_O]", "signed_by: [focal_H]", "F120", "6"),
        ("guardian_if: child, renew", "renew", "F103", "7"),
        ("180d, 365d], late_to", "180d], late_to", "F302", "11"),
        ("allow: [due, check]", "allow: [due, check, document]", "F305", "9"),
        ("to: O, fields: [locate], needs: [c_trace]", "to: O, fields: [locate, need], needs: [c_trace]", "F304", "3"),
        ("next: [tracing, other_solution]", "next: [tracing]", "F123", "2"),
        ("keep: 3650d", "keep: 9999d", "", ""),
    ],
)
def test_a_draft_below_the_floor_is_told_at_its_article(old: str, new: str, rule: str, article: str) -> None:
    assert TEXT.count(old) >= 1
    found = told(TEXT.replace(old, new, 1))
    if not rule:  # a receipt without fields may be kept longer
        assert found == {}
        return
    assert found[rule][0] == article
    assert "(" in found[rule][1]


def test_a_signed_pack_is_used_and_a_changed_one_is_not(tmp_path: Path) -> None:
    key = Ed25519PrivateKey.generate()
    text = (FOLDER / "commit-return.yaml").read_text(encoding="utf-8")
    (tmp_path / "commit-return.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(Forged):
        load_signed_floors(tmp_path, key.public_key())
    (tmp_path / "commit-return.yaml.sig").write_text(sign_floor(load_floor(text), key), encoding="ascii")
    assert [floor.id for floor in load_signed_floors(tmp_path, key.public_key())] == ["commit-return"]
    (tmp_path / "commit-return.yaml").write_text(text.replace("least: 365d", "least: 36d"), encoding="utf-8")
    with pytest.raises(Forged):
        load_signed_floors(tmp_path, key.public_key())
    with pytest.raises(Forged):
        verify_floor(load_floor(text), sign_floor(load_floor(text), Ed25519PrivateKey.generate()), key.public_key())
    with pytest.raises(Forged):
        verify_floor(load_floor(text), "not base64!", key.public_key())


def test_a_pack_of_an_unknown_kind_is_not_read() -> None:
    text = (FOLDER / "commit-return.yaml").read_text(encoding="utf-8")
    with pytest.raises(Unreadable):
        load_floor(text.replace("kind: keep", "kind: eval"))


def test_every_minimum_rule_has_an_id_of_its_own_a_source_a_mark_and_both_languages() -> None:
    requirements = [requirement for floor in shipped_floors() for requirement in floor.requires]
    ids = [requirement.id for requirement in requirements]
    assert len(ids) == len(set(ids))
    assert not set(ids) & set(RULES)
    assert all(requirement.source and requirement.confidence and {"en", "th"} <= set(requirement.say) for requirement in requirements)
    assert {requirement.kind for requirement in requirements} == set(CHECKS)
