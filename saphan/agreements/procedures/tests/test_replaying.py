"""What a changed article would have meant, and an invented case step by step."""

from datetime import timedelta

import pytest

from saphan.agreements.procedures.events import Event
from saphan.agreements.procedures.replaying import impact
from saphan.agreements.procedures.simulating import possible, simulate
from saphan.agreements.procedures.tests.stories import BEGIN, CALENDARS, Story, changed, example

SHORTER = {"oblige": [{"id": "ob_trace", "party": "O", "by": "tracing_officer", "at": "tracing", "due": "20wd", "very_late": "45wd"}]}
END = BEGIN + timedelta(days=90)


def histories(days: list[float]) -> dict[str, list[Event]]:
    """Closed cases whose reports came after so many days."""
    return {
        f"case {place}": Story()
        .traced()
        .day(day)
        .tell("message_sent", "trace_report")
        .enter("decision", "other_solution")
        .day(day + 1)
        .enter("closed")
        .events
        for place, day in enumerate(days)
    }


def test_a_shorter_article_shows_how_many_would_have_been_late():
    found = impact(example(), changed(a5=SHORTER), histories([10, 20, 28, 29, 30, 35, 43, 44, 60]), now=END, calendars=CALENDARS)
    effect = next(effect for effect in found.effects if effect.name == "ob_trace")
    assert (effect.article, effect.before.kept, effect.before.late) == ("5", 7, 2)
    assert (effect.after.kept, effect.after.late) == (4, 5)  # 20 working days end on 30 March, day 29
    assert found.cases == 9
    assert found.unforeseen == 0
    assert found.findings_after["5"] == found.findings_before["5"] + 3


def test_an_invented_case_walks_to_its_end():
    told = simulate(example())
    assert told["standing"]["stage"] == "closed"
    assert told["drift"] == []
    assert [step["stage"] for step in told["steps"]][-1] == "closed"


def test_a_script_is_asked_before_it_enters():
    script = {
        "at": "2027-03-01T09:00:00+07:00",
        "facts": ["child"],
        "steps": [
            {"enter": "tracing"},
            {"enter": "tracing", "force": True, "after": "2d"},
            {"kind": "message_sent", "name": "trace_request", "fields": ["photo"], "after": "1wd"},
        ],
        "until": "2027-03-31T09:00:00+07:00",
    }
    told = simulate(example(), script)
    assert [step["stage"] for step in told["steps"]] == ["recovery", "recovery", "tracing", "tracing"]
    assert told["steps"][1]["refused"][0] == {
        "article": "2", "code": "check_open", "parameters": {"name": "rights_explained"}, "sentence": "Not done yet: rights explained.",
    }  # fmt: skip
    assert told["steps"][2]["at"] == "2027-03-03T02:00:00+00:00"
    assert {row["kind"] for row in told["drift"]} == {"skipped", "missing_document", "over_disclosure", "late"}


@pytest.mark.parametrize(
    ("script", "reason"),
    [
        ({"step": []}, "no “step”"),
        ({"steps": [{"kind": "checked", "after": "soon"}]}, "step 1: write a whole number"),
        ({"steps": [{"kind": "entered", "name": "tracing"}, {"kind": "lied"}]}, "step 2: no event"),
        ({"at": "2027-03-01"}, "with their zone"),
        ({"steps": {}}, "a list"),
        ({"steps": ["enter"]}, "step 1"),
    ],
)
def test_a_script_that_does_not_read_is_refused_with_its_step(script, reason):
    with pytest.raises(ValueError, match=reason):
        simulate(example(), script)


def test_what_could_be_done_next_is_offered():
    steps = possible(Story().standing, now=BEGIN)
    assert {"kind": "checked", "name": "rights_explained", "by": "case_officer"} in steps
    assert {"enter": "other_solution"} in steps
    assert {"enter": "tracing"} not in steps
