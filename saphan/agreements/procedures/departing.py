"""Departures: an emergency may shorten a step, where the agreement says which kinds, who approves, and that a reason is written."""

from saphan.agreements.procedures.compiling import DepartRule
from saphan.agreements.procedures.events import Event
from saphan.agreements.procedures.promises import Promise, country_of
from saphan.agreements.procedures.standing import Departure, Standing


def rule_for(standing: Standing, event: Event) -> DepartRule | None:
    """The article that allows this departure. None: not this kind of rule, not this role, or no reason written; then it excuses nothing."""
    for rule in standing.compiled.departures:
        clause = rule.clause
        if event.what in clause.allow and event.by in clause.approve and event.ref and rule.holds(standing.facts):
            return rule
    return None


def departure_of(rule: DepartRule, event: Event) -> Departure:
    """The departure that the event records."""
    return Departure(event.seq, event.at, rule.article, event.what, event.name, event.by, event.ref)


def telling(standing: Standing, rule: DepartRule, event: Event) -> Promise:
    """That the other party is told of it in time; owed by the party whose role approved."""
    party = standing.compiled.procedure.roles.get(event.by, "")
    due = standing.calendars.due_after(event.at, rule.clause.tell, country_of(standing.compiled, party))
    return Promise(event.ref, 1, "tell", rule.article, standing.stage, party, event.by, event.at, event.at, due)


def who_may(standing: Standing, what: str) -> tuple[str, ...]:
    """The roles that may approve a departure from this kind of rule now."""
    rules = (rule for rule in standing.compiled.departures if what in rule.clause.allow and rule.holds(standing.facts))
    return tuple(dict.fromkeys(role for rule in rules for role in rule.clause.approve))
