"""`saphan screen` on files: the result as data and as sentences, and with which code it ends."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from saphan.care.screening.evaluating import evaluate_answers, evaluate_form
from saphan.commands.screen import screen
from saphan.core.errors import Invalid
from saphan.xlsform.reading import read_tables

ROOT = Path(__file__).resolve().parents[3]
SAID = {"AL.D4.HOURS": "yes", "AL.D4.LOWPAY": "yes", "AL.D4.LIVING": "yes", "AL.D5.DOCSCONF": "yes", "AL.D5.ISOLATE": "unknown"}


def run(*words: str | Path, given: str | None = None) -> tuple[int, str]:
    result = CliRunner().invoke(screen, [str(word) for word in words], input=given)
    return result.exit_code, result.output


@pytest.fixture
def answers(tmp_path: Path) -> Path:
    file = tmp_path / "answers.json"
    file.write_text(json.dumps(SAID))
    return file


def test_the_result_is_printed_as_data_and_is_what_the_library_call_gives(answers: Path) -> None:
    code, text = run("evaluate", "--instrument", "adult_labour", answers, "--json")
    told = json.loads(text)
    assert code == 0
    assert told["basis"]["instrument"] == "adult_labour"
    assert told["basis"]["rule_version"]
    assert {d["code"]: d["finding"] for d in told["dimensions"]}["D4"] == "positive"
    assert told["questions"]
    assert told == json.loads(json.dumps(evaluate_answers("adult_labour", SAID), default=str))


def test_the_same_in_sentences_says_what_to_ask(answers: Path) -> None:
    code, text = run("evaluate", "--instrument", "adult_labour", answers)
    assert code == 0
    assert "Exploitation at work: found." in text
    assert "Ask only: " in text
    assert "not a decision" in text


def test_answers_come_from_standard_input_too() -> None:
    assert run("evaluate", "--instrument", "adult_labour", "-", given=json.dumps(SAID))[0] == 0


def test_the_childs_branch_is_chosen_by_the_instrument_or_by_hand(answers: Path) -> None:
    assert evaluate_answers("child_labour", {})["branch"] == "child"
    assert json.loads(run("evaluate", "--instrument", "adult_labour", answers, "--child", "--json")[1])["branch"] == "child"


@pytest.mark.parametrize(
    ("given", "code", "told"),
    [
        ('{"AL.D4.HOURS": "maybe"}', 1, "AL.D4.HOURS: Not an answer. One of: yes, no, unknown, not_asked, declined."),
        ('{"NOTHING": "yes"}', 1, "NOTHING: The instrument has no question of this code."),
        ('["yes"]', 2, "one JSON object"),
        ("{", 2, "cannot be read"),
        ('{"AL.D4.HOURS": true}', 2, "each answer a word"),
    ],
)
def test_wrong_answers_are_told_by_their_code_and_end_with_a_code_of_their_own(given: str, code: int, told: str) -> None:
    ended, text = run("evaluate", "--instrument", "adult_labour", "-", given=given)
    assert ended == code
    assert told in text


@pytest.mark.parametrize("given", ["{", '["yes"]', '{"AL.D4.HOURS": true}', '{"AL.D4.HOURS": "maybe"}'])
def test_asked_for_data_it_answers_with_data_also_when_something_is_wrong(given: str) -> None:
    code, text = run("evaluate", "--instrument", "adult_labour", "-", "--json", given=given)
    assert code in (1, 2)
    assert json.loads(text)["error"]


def test_what_cannot_be_found_is_told_as_data_too(tmp_path: Path) -> None:
    for words in (["evaluate", "--instrument", "nothing", "-"], ["evaluate", "-"], ["evaluate", "--form", tmp_path / "none.xlsx", "-"]):
        code, text = run(*words, "--json", given="{}")
        assert code == 2
        assert json.loads(text)["error"]
    code, text = run("check", tmp_path / "none.xlsx", "--json")
    assert (code, bool(json.loads(text)["error"])) == (2, True)


def test_an_unknown_instrument_is_told_with_those_there_are(answers: Path) -> None:
    code, text = run("evaluate", "--instrument", "nothing", answers)
    assert code == 2
    assert "adult_labour" in text
    with pytest.raises(KeyError):
        evaluate_answers("nothing", {})


def test_a_form_that_gives_no_result_says_so() -> None:
    form = read_tables({"survey": [{"type": "text", "name": "a", "label": "A"}], "settings": [{"form_id": "words"}]}).form
    assert form
    with pytest.raises(Invalid):
        evaluate_form(form, {})


def test_the_shipped_instruments_are_listed() -> None:
    rows = json.loads(run("instruments", "--json")[1])
    assert {row["code"] for row in rows} >= {"adult_labour", "child_labour"}
    assert next(row for row in rows if row["code"] == "adult_labour")["questions"] == 71


def test_a_form_is_looked_at_by_sheet_row_and_column(tmp_path: Path) -> None:
    from saphan.xlsform.writing import write_workbook

    survey = [{"type": "select_one nothing", "name": "a", "label": "A"}]
    file = tmp_path / "broken.xlsx"
    file.write_bytes(write_workbook({"survey": survey, "settings": [{"form_id": "broken"}]}))
    code, text = run("check", file)
    assert code == 1
    assert "error: survey 2 type" in text
    survey[0]["type"] = "text"
    file.write_bytes(write_workbook({"survey": survey, "settings": [{"form_id": "broken"}]}))
    assert run("check", file)[0] == 0


LOADED = """
import sys
from saphan.commands import main
sys.argv = ["saphan", *{words!r}]
try:
    main()
except SystemExit as end:
    assert not end.code, end.code
print("LOADED", *(name for name in {unwanted!r} if name in sys.modules))
"""


@pytest.mark.once
@pytest.mark.parametrize(
    ("words", "unwanted"),
    [
        (["screen", "evaluate", "-", "--instrument", "adult_labour"], ["wagtail", "django.urls", "django.db.backends.sqlite3.base", "saphan.access.models", "saphan.care.screening.models"]),
        (["screen", "instruments"], ["wagtail", "django.urls", "saphan.access.models", "saphan.care.screening.models"]),
        (["procedures", "simulate", str(ROOT / "seeds/reference/procedures/th-referral.yaml")], ["django", "wagtail", "saphan.settings", "holidays.countries"]),
    ],
)  # fmt: skip
def test_a_command_on_files_loads_no_room_and_starts_quickly(words: list[str], unwanted: list[str]) -> None:
    code = LOADED.format(words=words, unwanted=unwanted)
    environment = {name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"}
    done = subprocess.run(
        [sys.executable, "-c", code], input="{}", capture_output=True, text=True, check=True, cwd=ROOT, env=environment
    )  # our own words
    assert done.stdout.splitlines()[-1] == "LOADED"
