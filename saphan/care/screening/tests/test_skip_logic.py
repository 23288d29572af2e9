"""What skip logic hides counts as if it had never been asked; the answers stay kept, and unknown is never taken for a no."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from saphan.access.models import User
from saphan.access.seeds import People
from saphan.care.screening import results, services
from saphan.care.screening.board import board_of
from saphan.care.screening.evaluating import evaluate_form
from saphan.care.screening.instruments import InstrumentVersion
from saphan.care.screening.models import Interview, Reply
from saphan.care.screening.reference import combination_table
from saphan.care.screening.rules import Answer, Branch, result_of
from saphan.care.screening.skipping import result_of_standing, standing
from saphan.care.screening.story import SAFE
from saphan.care.screening.tests.conftest import person_of
from saphan.care.screening.tests.test_instruments import ANSWERS, SETTINGS, brought, row, workbook
from saphan.care.screening.versions import rows_of_form
from saphan.xlsform.definition import Form
from saphan.xlsform.reading import read_tables
from tests.people import NOON, client_of

QUESTION = "/desk/screening/interviews/{}/questions/{}/"


def sign(name: str, dimension: str, tag: str, only: str = "", strength: str = "strong") -> dict[str, str]:
    return row(
        "select_one answer5", name, f"Was it {name}?", sph_dimension=dimension, sph_strength=strength, sph_elements=tag,
        relevant=f"${{{only}}} = 'yes'" if only else "",
    )  # fmt: skip


SURVEY = [
    sign("a", "ACT", "act:recruitment"),
    sign("b", "D5", "means:coercion", "a"),
    sign("c", "D5", "means:force", "b"),
    sign("d", "D4", "purpose:forced_labour"),
    sign("e", "D4", "purpose:forced_labour", "d", "medium"),
    sign("f", "D1", "means:deception", "e"),
    sign("g", "D1", "means:deception", "", "medium"),
]
CODES = "abcdefg"
ONLY_AFTER = {"b": "a", "c": "b", "e": "d", "f": "e"}


def _form() -> Form:
    form = read_tables({"survey": SURVEY, "choices": ANSWERS, "settings": [SETTINGS]}).form
    assert form is not None
    return form


FORM = _form()
ITEMS = [question.item for question in rows_of_form(InstrumentVersion(), FORM)]
replies = st.dictionaries(st.sampled_from(CODES), st.sampled_from([a.value for a in Answer]))
branches = st.sampled_from(list(Branch))


def told(answers: dict[str, str], branch: Branch = Branch.ADULT) -> Any:
    return result_of_standing(standing(FORM, CODES, answers, at=NOON), ITEMS, answers, branch)


def shown(answers: dict[str, str]) -> set[str]:
    """An independent reading of the skip logic: a question is asked when the one before it was answered yes and is asked itself."""
    found = {code for code in CODES if code not in ONLY_AFTER}
    for code, before in ONLY_AFTER.items():
        if before in found and answers.get(before) == "yes":
            found.add(code)
    return found


@given(replies, branches)
def test_hiding_a_question_gives_the_same_result_as_never_having_asked_it(answers: dict[str, str], branch: Branch) -> None:
    asked = {code: answer for code, answer in answers.items() if code in shown(answers)}
    assert told(answers, branch) == told(asked, branch)


@given(replies, branches)
def test_with_every_question_settled_only_those_that_are_asked_are_there(answers: dict[str, str], branch: Branch) -> None:
    settled = dict.fromkeys(CODES, "no") | {code: value for code, value in answers.items() if value in ("yes", "no")}
    asked = shown(settled)
    alone = result_of([i for i in ITEMS if i.code in asked], {c: Answer(settled[c]) for c in asked}, branch, combination_table())
    assert told(settled, branch) == alone


@given(replies, st.dictionaries(st.sampled_from(CODES), st.sampled_from(["yes", "no"])), branches)
def test_whatever_is_answered_later_the_result_was_still_possible(answers: dict[str, str], later: dict[str, str], branch: Branch) -> None:
    before = told(answers, branch)
    opened = answers | {code: value for code, value in later.items() if answers.get(code) not in ("yes", "no")}
    assert set(told(opened, branch).possible) <= set(before.possible)


@given(replies, branches)
def test_what_is_proposed_to_be_asked_can_be_asked(answers: dict[str, str], branch: Branch) -> None:
    for code in told(answers, branch).questions:
        assert code in shown(answers)
        assert answers.get(code) not in ("yes", "no")


def test_evaluating_without_a_database_reads_skip_logic_too() -> None:
    kept = evaluate_form(FORM, {"a": "no", "b": "yes", "c": "yes", "d": "no", "g": "no"}, child=False)
    assert kept["classification"] == evaluate_form(FORM, {"a": "no", "d": "no", "g": "no"}, child=False)["classification"]
    assert not any("Was it b?" in sentence for sentence in kept["sentences"])


@pytest.fixture
def asked(people: People) -> Interview:
    """Under way with the questions of this file."""
    version = brought(people.supervisor, workbook(SURVEY))
    interview = services.prepare(person=person_of(people.owner), version=version, by=people.owner, at=NOON)
    services.check_safety(interview_id=interview.pk, points=SAFE, by=people.owner, at=NOON)
    return services.start(interview_id=interview.pk, present="", by=people.owner, at=NOON)


def answered(interview: Interview, by: User, **values: str) -> None:
    for code, value in values.items():
        seen = Reply.objects.filter(interview=interview, question__code=code).count()
        services.answer(interview_id=interview.pk, code=code, value=value, note="", seen=seen, by=by, at=NOON)


def test_an_answer_that_was_hidden_later_leaves_the_result_and_stays_kept(owner: User, asked: Interview) -> None:
    answered(asked, owner, a="yes", b="yes", c="yes", d="yes", e="yes", f="yes", g="yes")
    assert results.evaluate(asked, by=owner, at=NOON).dimension("D5").finding == "positive"
    answered(asked, owner, a="no")
    found = results.evaluate(asked, by=owner, at=NOON)
    assert found.dimension("D5").asked == 0
    assert {line.name for line in found.elements} == {"recruitment", "forced_labour", "deception"}
    board = board_of(asked, by=owner, at=NOON)
    assert not any("Was it b?" in sentence for sentence in board.reading.sentences)
    assert results.said(asked, by=owner, at=NOON)["b"].value == "yes"  # kept
    answered(asked, owner, a="yes")
    assert results.evaluate(asked, by=owner, at=NOON).dimension("D5").finding == "positive"  # and back again


def test_the_kept_result_and_the_open_questions_are_of_what_is_asked(owner: User, asked: Interview) -> None:
    answered(asked, owner, a="no", b="yes", d="no", e="unknown", g="no")
    done = services.complete(interview_id=asked.pk, by=owner, at=NOON)
    kept = results.stored(done, by=owner, at=NOON)
    assert [d["code"] for d in kept["dimensions"] if d["evidence"] or d["gaps"]] == []


def test_questions_behind_an_open_one_are_open_too(owner: User, asked: Interview) -> None:
    answered(asked, owner, a="declined", d="no", g="no")
    found = results.evaluate(asked, by=owner, at=NOON)
    assert found.dimension("D5").gaps == ("b", "c")
    assert found.dimension("D5").finding == "undetermined"  # a was not said: that is not taken for a no
    page = client_of(owner).get(QUESTION.format(asked.pk, "d"))
    assert page.status_code == 200
