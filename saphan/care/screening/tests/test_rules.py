"""The rule engine against the vectors, against brute force, and as properties."""

import csv
from collections.abc import Mapping, Sequence
from itertools import combinations, product
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from saphan.care.screening.reference import combination_table, rows_of
from saphan.care.screening.rules import (
    ACT,
    DIMENSIONS,
    OVERRIDE,
    Answer,
    Branch,
    Counts,
    Finding,
    Item,
    Result,
    find,
    positive,
    result_of,
)  # fmt: skip
from saphan.care.screening.shipped import shipped_codes

DATA = Path(__file__).parent / "data"
RANK = {
    "not_indicated": 0, "means_without_exploitation_check_intent": 1, "exploitation_only_labour_rights": 1,
    "forced_exploitation_indicated_recruitment_means_unclear": 2, "deception_and_exploitation": 2, "exploitation_with_recruitment_means": 2,
    "trafficking_indicated": 3,
}  # fmt: skip


def vectors(name: str) -> list[dict[str, str]]:
    with (DATA / name).open(newline="") as file:
        return list(csv.DictReader(file))


def asked_in(code: str) -> list[dict[str, str]]:
    """The rows of a shipped instrument that ask for one of the five answers."""
    return [r for r in rows_of(f"instruments/{code}/survey.csv") if r["type"] == "select_one answer5"]


def instrument(code: str) -> list[Item]:
    return [
        Item(r["name"], r["sph_dimension"], r["sph_strength"], tuple(r["sph_elements"].split()), r["sph_child_only"] == "1") for r in asked_in(code)
    ]


ADULT_SET = instrument("adult_labour")
# A small instrument of the same shape, so that every answer can be tried by brute force.
SMALL = [
    Item("a1", "D1", "strong"), Item("a2", "D1", "weak"), Item("b1", "D2", "medium"), Item("b2", "D2", "medium"), Item("b3", "D2", "weak"),
    Item("d1", "D4", "strong"), Item("d2", "D4", "medium"), Item("e1", "D5", "strong"), Item("e2", "D5", "medium"), Item("x1", ACT, "none"),
    Item("x2", OVERRIDE, "none", (), True),
]  # fmt: skip


@pytest.mark.parametrize("row", vectors("ilo_rule_vectors.csv"), ids=str)
def test_the_rule_of_a_dimension_holds_on_every_vector(row: dict[str, str]) -> None:
    assert positive(int(row["strong"]), int(row["medium"]), int(row["weak"])) is (row["expected"] == "positive")


def test_the_three_valued_reading_holds_on_every_vector() -> None:
    rows = vectors("ilo_tristate_vectors.csv")
    wrong = [
        row for row in rows
        if find(Counts(*(int(row[f"yes_{s}"]) for s in ("strong", "medium", "weak"))), Counts(*(int(row[f"unknown_{s}"]) for s in ("strong", "medium", "weak"))))
        != row["expected"]
    ]  # fmt: skip
    assert len(rows) == 288
    assert wrong == []


def test_the_combination_table_is_reproduced_from_answers() -> None:
    strongest = {d: [i.code for i in ADULT_SET if i.dimension == d] for d in DIMENSIONS}
    for row in rows_of("ilo_classification_table.csv"):
        answers = {code: Answer.YES if row[d.lower()] == "1" else Answer.NO for d in DIMENSIONS for code in strongest[d]}
        for branch, column in ((Branch.ADULT, "adult_result"), (Branch.CHILD, "child_result_given_act_present")):
            given_act = (
                answers
                | {i.code: Answer.YES for i in ADULT_SET if i.dimension == ACT}
                | {i.code: Answer.NO for i in ADULT_SET if i.dimension == OVERRIDE}
            )
            assert result_of(ADULT_SET, given_act, branch, combination_table()).classification == row[column]


def evaluated(answers: Mapping[str, Answer], branch: Branch, items: Sequence[Item] = SMALL) -> Result:
    return result_of(items, answers, branch, combination_table())


def oracle_results(answers: Mapping[str, Answer], branch: Branch) -> set[str]:
    """Independent: every way to answer the open questions, each evaluated as if all were known."""
    items = [i for i in SMALL if branch == Branch.CHILD or not i.child_only]
    unanswered = [i.code for i in items if answers.get(i.code, Answer.NOT_ASKED) not in (Answer.YES, Answer.NO)]
    found = set()
    for way in product((True, False), repeat=len(unanswered)):
        yes = {c for c, a in answers.items() if a == Answer.YES} | {c for c, said in zip(unanswered, way, strict=True) if said}
        found.add(_settled(items, yes, branch))
    return found


def _settled(items: Sequence[Item], yes: set[str], branch: Branch) -> str:
    dims = []
    for dimension in DIMENSIONS:
        strengths = [i.strength for i in items if i.dimension == dimension and i.code in yes]
        s, m, w = (strengths.count(x) for x in ("strong", "medium", "weak"))
        dims.append(s >= 2 or (s >= 1 and m + w >= 1) or m >= 3 or (m >= 2 and w >= 1))
    if branch == Branch.CHILD:
        dims[3] = dims[3] or "x2" in yes
    row = next(r for r in rows_of_table() if [r[d.lower()] == "1" for d in DIMENSIONS] == dims)
    act = "x1" in yes or any(dims[:3])
    return row["child_result_given_act_present"] if branch == Branch.CHILD and act else row["adult_result"]


TABLE = rows_of("ilo_classification_table.csv")


def rows_of_table() -> list[dict[str, str]]:
    return TABLE


def shortest_by_brute_force(answers: Mapping[str, Answer], branch: Branch) -> int:
    """The size of the smallest set of open questions for which some answers settle the result."""
    items = [i.code for i in SMALL if branch == Branch.CHILD or not i.child_only]
    unanswered = [c for c in items if answers.get(c, Answer.NOT_ASKED) not in (Answer.YES, Answer.NO)]
    for size in range(len(unanswered) + 1):
        for chosen in combinations(unanswered, size):
            for way in product((Answer.YES, Answer.NO), repeat=size):
                if len(oracle_results({**answers, **dict(zip(chosen, way, strict=True))}, branch)) == 1:
                    return size
    raise AssertionError("nothing settles it")


some_answers = st.dictionaries(st.sampled_from([i.code for i in SMALL]), st.sampled_from(Answer))
answers_almost_full = st.fixed_dictionaries({i.code: st.sampled_from([Answer.YES, Answer.NO, Answer.NO, Answer.UNKNOWN]) for i in SMALL})
branches = st.sampled_from(Branch)


@settings(max_examples=60)
@given(answers_almost_full, branches)
def test_the_engine_agrees_with_an_independent_oracle(answers: dict[str, Answer], branch: Branch) -> None:
    assert set(evaluated(answers, branch).possible) == oracle_results(answers, branch)


@settings(max_examples=40)
@given(answers_almost_full, branches)
def test_the_questions_that_could_change_it_are_the_fewest_there_are(answers: dict[str, Answer], branch: Branch) -> None:
    result = evaluated(answers, branch)
    if result.determined:
        assert result.questions == ()
    else:
        assert len(result.questions) == shortest_by_brute_force(answers, branch)
        assert any(
            evaluated({**answers, **dict(zip(result.questions, way, strict=True))}, branch).determined
            for way in product((Answer.YES, Answer.NO), repeat=len(result.questions))
        )


def test_a_dimension_is_settled_by_the_fewest_questions_by_brute_force() -> None:
    items = [Item(f"{strength}{n}", "D1", strength) for strength, many in (("strong", 2), ("medium", 3), ("weak", 2)) for n in range(many)]
    codes = [i.code for i in items]
    for yes_and_open in product((Answer.YES, Answer.NO, Answer.UNKNOWN), repeat=len(items)):
        answers = dict(zip(codes, yes_and_open, strict=True))
        dimension = result_of(items, answers, Branch.ADULT, combination_table()).dimension("D1")
        if dimension.finding == Finding.UNDETERMINED:
            assert len(dimension.shortest) == _fewest(items, answers)


def _fewest(items: Sequence[Item], answers: Mapping[str, Answer]) -> int:
    gaps = [i for i in items if answers[i.code] == Answer.UNKNOWN]
    yes = [i for i in items if answers[i.code] == Answer.YES]
    for size in range(1, len(gaps) + 1):
        for chosen in combinations(gaps, size):
            rest = [g for g in gaps if g not in chosen]
            if positive(*_counts([*yes, *chosen])) or not positive(*_counts([*yes, *rest])):
                return size
    raise AssertionError("nothing settles it")


def _counts(items: Sequence[Item]) -> tuple[int, int, int]:
    strengths = [i.strength for i in items]
    return strengths.count("strong"), strengths.count("medium"), strengths.count("weak")


@settings(max_examples=150)
@given(some_answers, branches, st.sampled_from([i.code for i in SMALL]))
def test_a_further_yes_never_lowers_a_finding_or_a_result(answers: dict[str, Answer], branch: Branch, more: str) -> None:
    before, after = evaluated(answers, branch), evaluated({**answers, more: Answer.YES}, branch)
    if answers.get(more) != Answer.YES:
        lowered = [
            d.dimension
            for d, e in zip(before.dimensions, after.dimensions, strict=True)
            if d.finding == Finding.POSITIVE and e.finding != Finding.POSITIVE
        ]
        assert lowered == []
        assert min(RANK[p] for p in after.possible) >= min(RANK[p] for p in before.possible)


@settings(max_examples=150)
@given(some_answers, branches, st.sampled_from([Answer.UNKNOWN, Answer.NOT_ASKED, Answer.DECLINED]), st.sampled_from([i.code for i in SMALL]))
def test_unknown_is_never_no(answers: dict[str, Answer], branch: Branch, kind: Answer, code: str) -> None:
    """An open answer leaves everything possible that a yes or a no would give."""
    left_open = set(evaluated({**answers, code: kind}, branch).possible)
    assert left_open == set(evaluated({**answers, code: Answer.YES}, branch).possible) | set(evaluated({**answers, code: Answer.NO}, branch).possible)


@settings(max_examples=80)
@given(some_answers, branches, st.randoms(use_true_random=False))
def test_the_order_of_answers_and_questions_changes_nothing(answers: dict[str, Answer], branch: Branch, chance: object) -> None:
    shuffled, turned = list(answers.items()), list(SMALL)
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    chance.shuffle(turned)  # type: ignore[attr-defined]
    one, two = evaluated(answers, branch), evaluated(dict(shuffled), branch, turned)
    assert (one.classification, one.possible, len(one.questions)) == (two.classification, two.possible, len(two.questions))
    assert {d.dimension: d.finding for d in one.dimensions} == {d.dimension: d.finding for d in two.dimensions}


def test_for_a_child_means_are_not_needed() -> None:
    exploited = {i.code: Answer.YES if i.dimension in ("D4", ACT) else Answer.NO for i in ADULT_SET}
    assert evaluated(exploited, Branch.ADULT, ADULT_SET).classification == "exploitation_only_labour_rights"
    assert evaluated(exploited, Branch.CHILD, ADULT_SET).classification == "trafficking_indicated"


def test_paid_sex_of_a_child_meets_the_purpose_whatever_was_said_of_work() -> None:
    answers = {i.code: Answer.YES if i.dimension in (ACT, OVERRIDE) else Answer.NO for i in ADULT_SET}
    assert evaluated(answers, Branch.CHILD, ADULT_SET).classification == "trafficking_indicated"
    assert evaluated(answers, Branch.ADULT, ADULT_SET).classification == "not_indicated"


def test_what_was_declined_is_asked_again_last() -> None:
    items = [Item("first", "D4", "strong"), Item("second", "D4", "strong"), Item("third", "D4", "strong")]
    result = result_of(items, {"first": Answer.DECLINED, "second": Answer.YES, "third": Answer.NOT_ASKED}, Branch.ADULT, combination_table())
    assert result.dimension("D4").to_positive == ("third",)


def test_act_means_and_purpose_each_name_their_evidence() -> None:
    lines = {
        (e.element, e.name): e.evidence
        for e in evaluated({"AL.D5.DOCSCONF": Answer.YES, "AL.D4.HOURS": Answer.YES}, Branch.ADULT, ADULT_SET).elements
    }
    assert lines["means", "coercion"] == ("AL.D5.DOCSCONF",)
    assert lines["purpose", "forced_labour"] == ("AL.D4.HOURS",)
    assert lines["act", "recruitment"] == ()


@pytest.mark.parametrize("code", [code for code in ("adult_labour", "child_labour", "adult_sexual", "child_sexual") if code in shipped_codes()])
def test_the_shipped_instruments_keep_codes_and_strengths_of_the_indicator_table(code: str) -> None:
    columns = ("sph_dimension", "sph_strength", "sph_provenance", "sph_confidence")
    shipped = {r["name"]: tuple(r[c] for c in columns) for r in asked_in(code) if r["sph_dimension"] in DIMENSIONS}
    sourced = {
        r["code"]: (r["dimension"], r["strength"], r["provenance"], r["confidence"]) for r in rows_of("ilo_indicators.csv") if r["set"] == code
    }
    assert shipped == sourced
