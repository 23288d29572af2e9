import pytest
from django.db.models import TextChoices

from saphan.core import states
from saphan.core.errors import WrongState
from saphan.core.states import LIFE_CYCLES, LifeCycle, Move, dead_ends, describe


class Lamp(TextChoices):
    OFF = "off", "off"
    ON = "on", "burning"
    BROKEN = "broken", "broken"


@pytest.fixture(autouse=True)
def own_table(monkeypatch):
    monkeypatch.setattr(states, "LIFE_CYCLES", {})


def lamp(**changes) -> LifeCycle:
    moves = {"light": Move({"off"}, "on", "lamp:light"), "put_out": Move({"on"}, "off", "lamp:light"), "drop": Move({"on", "off"}, "broken", None)}
    return LifeCycle("lamp", Lamp, **({"initial": "off", "final": {"broken"}, "moves": moves} | changes))


def test_a_verb_leads_from_one_state_to_the_next():
    assert lamp().target("light", "off") == "on"
    assert lamp().verbs_from("on") == ["put_out", "drop"]
    assert lamp().verbs_from("broken") == []


def test_a_step_that_the_table_does_not_have_is_refused_with_the_present_state():
    with pytest.raises(WrongState) as refused:
        lamp().target("light", "broken")
    assert "broken" in refused.value.sentence


def test_a_whole_table_has_no_dead_end():
    assert dead_ends(lamp()) == []


def test_dead_ends_unreached_states_and_unknown_names_are_found():
    assert dead_ends(lamp(final=set())) == [f"lamp: “{s}” is a dead end" for s in ("off", "on", "broken")]
    assert "lamp: nothing leads to “broken”" in dead_ends(lamp(moves={"light": Move({"off"}, "on", None)}))
    assert "lamp: “melted” is no state" in dead_ends(lamp(moves={"melt": Move({"on"}, "melted", None)}))


def test_a_circle_without_a_way_out_is_a_dead_end():
    circle = {"light": Move({"off"}, "on", None), "put_out": Move({"on"}, "off", None)}
    assert "lamp: “on” is a dead end" in dead_ends(lamp(moves=circle))


def test_the_handbook_table_names_steps_states_and_acts():
    text = describe(lamp())
    assert "### lamp" in text
    assert "| light | off | burning | lamp:light |" in text
    assert "| drop | off, burning | broken | the system |" in text


def test_the_life_cycle_of_attachments_is_whole():
    from saphan.core.attachments import LIFE

    assert dead_ends(LIFE) == []
    assert LIFE_CYCLES["attachment"] is LIFE
