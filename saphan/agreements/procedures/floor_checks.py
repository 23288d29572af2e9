"""How each kind of minimum rule is tried on a draft. A kind is added here and in the list of kinds; packs are data."""

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from saphan.agreements.procedures.compiling import CheckRule, DocumentRule
from saphan.agreements.procedures.findings import Path
from saphan.agreements.procedures.graph import passes_one_of, reached, way_round
from saphan.agreements.procedures.rules.draft import Draft
from saphan.agreements.procedures.rules.stages import finals, implies

if TYPE_CHECKING:
    from saphan.agreements.procedures.floors import Requirement


@dataclass(frozen=True, slots=True)
class Missing:
    """What a draft lacks. `article` is where it would be put right; "" leaves it to the requirement."""

    sentence: str
    article: str = ""
    path: Path = ()


def _never(draft: Draft, requirement: "Requirement") -> Iterator[Missing]:
    for name in requirement.names:
        if name not in draft.procedure.never:
            yield Missing(f"“{name}” is not under `never`.", path=("never",))


def _block(draft: Draft, requirement: "Requirement") -> Iterator[Missing]:
    """Some stage on every way to `before` is forbidden wherever the fact holds."""
    fact, goal = requirement.name or "", requirement.before or ""
    compiled = draft.compiled
    forbidding = {b.to: b for several in compiled.blocks.values() for b in several if b.when is not None and b.when.needs == ((fact, True),)}
    if goal in compiled.stages and passes_one_of(compiled.following, compiled.first, goal, forbidding):
        return
    yield Missing(f"No block forbids the way to “{goal}” where {fact}.", next((b.article for b in forbidding.values()), ""))


def _row(draft: Draft, requirement: "Requirement", found: CheckRule | DocumentRule | None, kind: str) -> Iterator[Missing]:
    """A row exists, for everybody it is meant for, at the stage `at`, else on every way to `before`, else on every way to an end."""
    compiled, name = draft.compiled, requirement.name
    if found is None:
        yield Missing(f"There is no {kind} “{name}”.")
        return
    if not implies(requirement.when, found.when):
        yield Missing(f"“{name}” is asked only where {found.when}.", found.article)
    if requirement.at:
        if found.stage != requirement.at:
            yield Missing(f"“{name}” does not stand at “{requirement.at}”.", found.article)
        return
    for goal in [requirement.before] if requirement.before else sorted(finals(draft)):
        if goal not in compiled.dominators:
            yield Missing(f"There is no stage “{goal}” that a case could reach.")
        elif found.stage == goal or not passes_one_of(compiled.following, compiled.first, goal, {found.stage}):
            way = way_round(compiled.following, compiled.first, goal, {found.stage})
            yield Missing(f"The way {' → '.join(way)} passes by “{name}”.", _turning(draft, way, {found.stage}, goal) or found.article)


def _turning(draft: Draft, way: tuple[str, ...], passed: Collection[str], goal: str) -> str:
    """The article of the one step that leads past: without it no way does, and the goal is still reached. "" where there is no single one."""
    following, first = draft.compiled.following, draft.compiled.first
    for stage, later in pairwise(way):
        without = {**following, stage: tuple(name for name in following[stage] if name != later)}
        if goal in reached(without, first) and passes_one_of(without, first, goal, passed):
            return draft.compiled.stages[stage].article
    return ""


def _check(draft: Draft, requirement: "Requirement") -> Iterator[Missing]:
    yield from _row(draft, requirement, draft.compiled.checks.get(requirement.name or ""), "check")


def _document(draft: Draft, requirement: "Requirement") -> Iterator[Missing]:
    """A row as above, signed by the roles `names` and, where it is said, by both parties."""
    found = draft.compiled.documents.get(requirement.name or "")
    yield from _row(draft, requirement, found, "document")
    for role in requirement.names if found else ():
        if found and role not in found.signed_by:
            yield Missing(f"“{found.id}” is not signed by {role}.", found.article)
    if found and requirement.both_parties:
        signing = {draft.party_of(role) for role in found.signed_by}
        for party in draft.procedure.parties:
            if party not in signing:
                yield Missing(f"“{found.id}” is not signed by {party}.", found.article)


def _guardian(draft: Draft, requirement: "Requirement") -> Iterator[Missing]:
    """Whoever is a child has a guardian at every consent. The fact has the name that the requirement gives."""
    child = requirement.name or "child"
    if draft.consents and child not in draft.procedure.facts:
        yield Missing(f"There is no fact “{child}”.", path=("facts",))
    for row in draft.consents:
        given = set(row.article.when.needs) if row.article.when else set()
        guardian = row.clause.guardian_if
        if (child, False) not in given and (guardian is None or not set(guardian.needs) <= given | {(child, True)}):
            yield Missing(f"“{row.clause.id}” is asked of a child alone.", row.number)


def _consent(draft: Draft, _requirement: "Requirement") -> Iterator[Missing]:
    for row in draft.sends:
        if row.clause.fields and not row.clause.needs:
            yield Missing(f"“{row.clause.id}” carries fields without a consent.", row.number)


def _stage(draft: Draft, requirement: "Requirement") -> Iterator[Missing]:
    """A stage exists and lasts at least, or at most, so long."""
    rules = draft.compiled.stages.get(requirement.name or "")
    if rules is None:
        yield Missing(f"There is no stage “{requirement.name}”.")
        return
    due = rules.stage.due
    if due is None:
        yield Missing(f"“{rules.stage.id}” has no time limit.", rules.article)
    elif requirement.least and due.usual_hours < requirement.least.usual_hours:
        yield Missing(f"“{rules.stage.id}” ends after {due}; at least {requirement.least} are needed.", rules.article)
    elif requirement.most and due.usual_hours > requirement.most.usual_hours:
        yield Missing(f"“{rules.stage.id}” ends after {due}; at most {requirement.most} are allowed.", rules.article)


def _only(draft: Draft, requirement: "Requirement") -> Iterator[Missing]:
    message = draft.compiled.messages.get(requirement.name or "")
    for field in message.fields if message else ():
        if field not in requirement.names:
            yield Missing(f"“{requirement.name}” carries “{field}”.", message.article if message else "")


def _depart(draft: Draft, requirement: "Requirement") -> Iterator[Missing]:
    for rule in draft.compiled.departures:
        for kind in rule.clause.allow:
            if kind not in requirement.names:
                yield Missing(f"An emergency may set aside “{kind}”.", rule.article)


def _keep(draft: Draft, requirement: "Requirement") -> Iterator[Missing]:
    for row in draft.sends:
        keep = row.clause.keep
        if row.clause.fields and keep and requirement.most and keep.usual_hours > requirement.most.usual_hours:
            yield Missing(f"“{row.clause.id}” is kept {keep}; at most {requirement.most} are allowed.", row.number)


def _promise(draft: Draft, requirement: "Requirement") -> Iterator[Missing]:
    """At the stage `before` something is promised up to `least`, or by `most` at the latest."""
    rules = draft.compiled.stages.get(requirement.before or "")
    if rules is None:
        yield Missing(f"There is no stage “{requirement.before}”.")
        return
    lasts = [length.usual_hours for rule in rules.promises for length in (*rule.clause.every, *([rule.clause.due] if rule.clause.due else []))]
    if requirement.least and not any(last >= requirement.least.usual_hours for last in lasts):
        yield Missing(f"Nothing is promised at “{rules.stage.id}” up to {requirement.least}.", rules.article)
    if requirement.most and not any(last <= requirement.most.usual_hours for last in lasts):
        yield Missing(f"Nothing is promised at “{rules.stage.id}” within {requirement.most}.", rules.article)


def _passes(draft: Draft, requirement: "Requirement") -> Iterator[Missing]:
    """Every way to `before` passes one of these stages."""
    compiled, goal = draft.compiled, requirement.before or ""
    if goal not in compiled.dominators:
        yield Missing(f"There is no stage “{goal}” that a case could reach.")
    elif not passes_one_of(compiled.following, compiled.first, goal, requirement.names):
        way = way_round(compiled.following, compiled.first, goal, requirement.names)
        names = " or ".join(f"“{name}”" for name in requirement.names)
        yield Missing(f"The way {' → '.join(way)} passes by {names}.", _turning(draft, way, requirement.names, goal))


def _next(draft: Draft, requirement: "Requirement") -> Iterator[Missing]:
    """From each of these stages the stage `name` is open."""
    for stage in requirement.names:
        rules = draft.compiled.stages.get(stage)
        if rules is None:
            yield Missing(f"There is no stage “{stage}”.")
        elif requirement.name not in rules.stage.next:
            yield Missing(f"“{requirement.name}” does not follow on “{stage}”.", rules.article)


def _lasting(draft: Draft, requirement: "Requirement") -> Iterator[Missing]:
    rules = draft.compiled.stages.get(requirement.name or "")
    if rules is None or not rules.lasting:
        yield Missing(f"“{requirement.name}” is not a lasting solution that may always be entered.", rules.article if rules else "")


CHECKS: dict[str, Callable[[Draft, "Requirement"], Iterator[Missing]]] = {
    "never": _never,
    "block": _block,
    "check": _check,
    "document": _document,
    "guardian": _guardian,
    "consent": _consent,
    "stage": _stage,
    "only": _only,
    "depart": _depart,
    "keep": _keep,
    "promise": _promise,
    "passes": _passes,
    "next": _next,
    "lasting": _lasting,
}
