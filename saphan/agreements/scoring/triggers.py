"""What was said about an occurrence and what was counted in a period never change."""

from saphan.core.unchanging import Unchanging

WALL = Unchanging(
    {
        "agreements_scoring_occurrencestep": "what was said is never changed",
        "agreements_scoring_scoresnapshot": "a frozen scorecard never changes",
    }
)
lay, lift = WALL.lay, WALL.lift
