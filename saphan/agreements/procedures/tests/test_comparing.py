"""What changed between two versions, told by article and clause."""

import copy

import pytest

from saphan.agreements.procedures.articles import Procedure
from saphan.agreements.procedures.comparing import compare
from saphan.agreements.procedures.loading import load, load_plain
from saphan.agreements.procedures.tests.mutators import mutants
from saphan.agreements.procedures.tests.test_mutations import EXAMPLE

TEXT = EXAMPLE.read_text(encoding="utf-8")


def changed(old: str, new: str) -> list[str]:
    assert old in TEXT
    return [str(change) for change in compare(load(TEXT).procedure, load(TEXT.replace(old, new)).procedure)]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("at: tracing, due: 30wd", "at: tracing, due: 20wd", ["Art. 5, promise ob_trace: due 30 working days → 20 working days"]),
        ("renew: 60d", "renew: 1mo", ["Art. 7, consent c_return: renew 60 days → 1 month"]),
        ("[30d, 90d, 180d, 365d]", "[30d, 365d]", ["Art. 11, promise ob_follow: every 30 days, 90 days, 180 days, 365 days → 30 days, 365 days"]),
        ("readers: [clinician], ", "", ["Art. 8, message health_note: readers taken away (clinician)"]),
        ("    when: not child\n", "", ["Art. 4, article: when taken away (not child)"]),
        ("if: refuses, to", "if: not refuses, to", ["Art. 6, block on preparation: if refuses → not refuses"]),
        ("progress: [month,", "progress: [", ["progress"]),
        ("review: 24mo", "review: 12mo", ["procedure: review 24 months → 12 months"]),
    ],
)
def test_a_change_is_told_in_words(old: str, new: str, said: list[str]) -> None:
    found = changed(old, new)
    assert len(found) == len(said)
    assert all(part in whole for part, whole in zip(said, found, strict=True))


def test_a_row_and_an_article_that_come_and_go_are_told() -> None:
    assert changed("[rights_explained, interpreter_offered,", "[rights_explained,") == ["Art. 2, check interpreter_offered: taken away"]
    value = load(TEXT).procedure.plain()
    shorter = copy.deepcopy(value)
    shorter["articles"].pop()
    found = [str(change) for change in compare(load_plain(value), load_plain(shorter))]
    assert found[0] == "Art. 14, the article: taken away"
    assert str(compare(load_plain(shorter), load_plain(value))[0]) == "Art. 14, the article: added"


def test_a_version_has_no_difference_to_itself_and_every_defect_is_a_difference() -> None:
    procedure = load(TEXT).procedure
    assert compare(procedure, procedure) == ()
    plain = procedure.plain()
    for place, mutant in enumerate(mutants(plain)):
        if place % 7 or mutant.way in ("bad_value", "misspelt_word", "doubled_name", "lost_text", "dropped_row"):
            continue
        try:
            other = Procedure.model_validate(mutant.value, by_alias=True, by_name=False)
        except ValueError:
            continue
        assert (other.plain() == plain) == (compare(procedure, other) == ()), mutant.place
