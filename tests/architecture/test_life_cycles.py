"""Life cycles have no dead end, and every act they name is one that the policy knows."""

import pytest
from django.apps import apps
from django.db import models

from saphan.access.actions import Action
from saphan.access.policy import RULES
from saphan.core.states import LIFE_CYCLES, dead_ends


@pytest.mark.parametrize("name", sorted(LIFE_CYCLES))
def test_every_state_is_reached_and_leads_to_an_end(name: str) -> None:
    assert dead_ends(LIFE_CYCLES[name]) == []


@pytest.mark.parametrize("name", sorted(LIFE_CYCLES))
def test_every_move_names_an_act_of_the_policy(name: str) -> None:
    named = [move.action for move in LIFE_CYCLES[name].moves.values() if move.action]
    assert [a for a in named if Action(a) not in RULES] == []


def test_there_is_a_life_cycle_for_each_thing_that_has_states() -> None:
    assert {"report", "interview", "hearing", "case", "referral"} <= set(LIFE_CYCLES)


def test_every_state_field_is_held_by_the_database() -> None:
    loose = []
    for model in apps.get_models():
        if not model.__module__.startswith("saphan."):
            continue
        for field in model._meta.fields:
            held = any(isinstance(c, models.CheckConstraint) and field.name in str(c.condition) for c in model._meta.constraints)
            if field.name == "state" and not held:
                loose.append(model._meta.label)
    assert loose == []


def test_every_act_has_a_rule() -> None:
    assert [a for a in Action if a not in RULES] == []
