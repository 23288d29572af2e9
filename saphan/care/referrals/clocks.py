"""The clocks of a referral by risk: data with their origin, read from seeds/reference/referral_clocks.csv."""

import csv
from datetime import timedelta
from functools import cache

from django.conf import settings

from saphan.care.persons.clocks import Clock
from saphan.care.referrals.states import State

STEP_OF = {State.DRAFT: "send", State.SENT: "acknowledge", State.ACKNOWLEDGED: "accept"}  # what a waiting referral waits for


@cache
def _clocks() -> dict[str, Clock]:
    path = settings.PACKAGE.parent / "seeds" / "reference" / "referral_clocks.csv"
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return {
        code: Clock(code, timedelta(**{row["unit"]: float(row["amount"])}), row["version"], row["basis"], row["provenance"], row["approval"])
        for row in rows
        if (code := f"{row['risk']}_{row['step']}")
    }


def clock_for(risk: str, state: str) -> Clock:
    """The clock that runs in this state; a KeyError means that none does."""
    return _clocks()[f"{risk}_{STEP_OF[State(state)]}"]
