"""What happened is never changed, and neither are the words that somebody follows."""

from saphan.core.unchanging import Unchanging

WALL = Unchanging({"following_caseevent": "what happened is never changed", "following_keptprocedure": "the words that subjects follow never change"})
lay, lift = WALL.lay, WALL.lift
