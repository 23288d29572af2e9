"""The clocks of a referral by risk: data with their origin, read from seeds/reference/referral_clocks.csv."""

from functools import cache

from saphan.care.persons.clocks import Clock, read_clocks
from saphan.care.referrals.states import State

STEP_OF = {State.DRAFT: "send", State.SENT: "acknowledge", State.ACKNOWLEDGED: "accept"}  # what a waiting referral waits for


@cache
def _clocks() -> dict[str, Clock]:
    return read_clocks("referral_clocks.csv", lambda row: f"{row['risk']}_{row['step']}")


def clock_for(risk: str, state: str) -> Clock:
    """The clock that runs in this state; a KeyError means that none does."""
    return _clocks()[f"{risk}_{STEP_OF[State(state)]}"]
