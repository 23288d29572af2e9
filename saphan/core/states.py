"""Life cycles as readable tables. A room's `states.py` holds one; tests walk all of them for dead ends."""

from collections.abc import Mapping, Set
from dataclasses import dataclass

from django.db.models import TextChoices
from django.utils.translation import gettext as _

from saphan.core.errors import WrongState

LIFE_CYCLES: dict[str, "LifeCycle"] = {}


@dataclass(frozen=True)
class Move:
    """One allowed step: from any of `sources` to `target`; `action` is the policy's name of the act, None for the system."""

    sources: Set[str]
    target: str
    action: str | None


class LifeCycle:
    """The states of a record and the verbs that lead from one to the next."""

    def __init__(self, name: str, states: type[TextChoices], *, initial: str, final: Set[str], moves: Mapping[str, Move]) -> None:
        self.name, self.states, self.initial, self.final, self.moves = name, states, initial, frozenset(final), dict(moves)
        LIFE_CYCLES[name] = self

    def target(self, verb: str, state: str) -> str:
        """The state that `verb` leads to from `state`. Raises WrongState when the table has no such step."""
        move = self.moves[verb]
        if state not in move.sources:
            raise WrongState(_("This cannot be done now: the record is “%(state)s”.") % {"state": self.states(state).label})
        return move.target

    def verbs_from(self, state: str) -> list[str]:
        """The verbs that the table allows from `state`, in the order of the table."""
        return [verb for verb, move in self.moves.items() if state in move.sources]
