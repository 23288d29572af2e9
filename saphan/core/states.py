"""Life cycles as readable tables. A room's `states.py` holds one; tests walk all of them for dead ends."""

from collections.abc import Mapping, Sequence, Set
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


def dead_ends(life: LifeCycle) -> list[str]:
    """What is wrong with a table, as sentences: states without a way to an end, states that nothing reaches, unknown names."""
    known = {str(s) for s in life.states.values}
    named = {life.initial, *life.final, *(m.target for m in life.moves.values()), *(s for m in life.moves.values() for s in m.sources)}
    wrong = [f"{life.name}: “{state}” is no state" for state in sorted(str(s) for s in named) if state not in known]
    reached = _closure({life.initial}, [(s, m.target) for m in life.moves.values() for s in m.sources])
    ending = _closure(set(life.final), [(m.target, s) for m in life.moves.values() for s in m.sources])
    for state in (str(s) for s in life.states.values):
        if state not in reached:
            wrong.append(f"{life.name}: nothing leads to “{state}”")
        elif state not in ending:
            wrong.append(f"{life.name}: “{state}” is a dead end")
    return wrong


def _closure(begin: Set[str], steps: Sequence[tuple[str, str]]) -> set[str]:
    found, edge = set(begin), set(begin)
    while edge:
        edge = {after for before, after in steps if before in edge} - found
        found |= edge
    return found


def describe(life: LifeCycle) -> str:
    """The table as it stands in the handbook (Markdown)."""

    def label(state: str) -> str:
        return str(life.states(state).label)

    rows = [
        f"| {verb} | {', '.join(label(s) for s in life.states.values if s in move.sources)} | {label(move.target)} | {move.action or 'the system'} |"
        for verb, move in life.moves.items()
    ]
    ends = ", ".join(label(s) for s in life.states.values if s in life.final)
    return "\n".join(
        [
            f"### {life.name}",
            "",
            f"Begins as *{label(life.initial)}*; ends as *{ends}*.",
            "",
            "| step | from | to | act |",
            "|---|---|---|---|",
            *rows,
        ]
    )
