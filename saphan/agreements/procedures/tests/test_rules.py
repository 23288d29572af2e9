"""Each rule of the linter: its failing example is told at the right article, its passing one is left in peace, and the handbook shows it."""

from pathlib import Path

import pytest

from saphan.agreements.procedures.linting import lint
from saphan.agreements.procedures.rule_pages import rules_page
from saphan.agreements.procedures.rules import RULES
from saphan.agreements.procedures.rules.examples import changed, examples

PAGE = Path(__file__).resolve().parents[4] / "docs" / "handbook" / "procedure-rules.md"


def test_the_base_of_the_examples_is_sound() -> None:
    assert [str(finding) for finding in lint(changed({}))] == []


def test_every_rule_has_an_example_and_no_example_lacks_its_rule() -> None:
    assert list(examples()) == sorted(RULES)


@pytest.mark.parametrize("id", list(RULES))
def test_the_failing_example_is_told_at_its_article(id: str) -> None:
    rule = RULES[id]
    found = lint(changed(examples()[id].fails), signing=rule.signing)
    assert examples()[id].article in {finding.article for finding in found if finding.rule == id}, [str(f) for f in found]
    assert {finding.severity for finding in found if finding.rule == id} == {rule.severity}


@pytest.mark.parametrize("id", list(RULES))
def test_the_passing_example_is_left_in_peace_by_its_rule(id: str) -> None:
    found = lint(changed(examples()[id].passes), signing=RULES[id].signing)
    assert [str(finding) for finding in found if finding.rule == id] == []


@pytest.mark.parametrize("id", list(RULES))
def test_every_rule_says_what_and_why_and_where_it_comes_from(id: str) -> None:
    assert "Source: " in RULES[id].why
    assert "  " not in RULES[id].why


def test_the_page_of_the_handbook_is_current() -> None:
    assert PAGE.read_text(encoding="utf-8") == rules_page(), "run: saphan procedures rules --out docs/handbook/procedure-rules.md"
