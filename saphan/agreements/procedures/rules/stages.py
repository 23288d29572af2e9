"""P2: the graph of stages. Every case can begin, go on, be refused something, and end."""

from collections.abc import Iterator

from saphan.agreements.procedures.compiling import NamedRule
from saphan.agreements.procedures.graph import reached, way_round
from saphan.agreements.procedures.rules.draft import Draft, joined
from saphan.agreements.procedures.rules.names import conditions
from saphan.agreements.procedures.rules.rule import Hit, error, hit, warning
from saphan.agreements.procedures.terms import Condition


def implies(given: Condition | None, wanted: Condition | None) -> bool:
    """Whether `wanted` surely holds where `given` holds."""
    return wanted is None or (given is not None and set(wanted.needs) <= set(given.needs))


def finals(draft: Draft) -> frozenset[str]:
    """The stages at which a case ends."""
    return frozenset(name for name, rules in draft.compiled.stages.items() if rules.stage.final)


@error("P201", "No stage is final: no case could ever be closed.")
def a_stage_is_final(draft: Draft) -> Iterator[Hit]:
    """A procedure without an end keeps people in it for ever. Source: specification, Linter (dead ends)."""
    if draft.stages and not finals(draft):
        last = draft.stages[-1]
        yield hit(last.number, last.path)
    if not draft.stages:
        yield hit("", ("articles",))


@error("P202", "From the stage “{stage}” no way leads to an end.")
def every_stage_leads_to_an_end(draft: Draft) -> Iterator[Hit]:
    """A dead end: a case that came here can never be closed. Source: specification, Linter (dead ends)."""
    ends = finals(draft)
    for row in draft.stages:
        if ends and not row.clause.final and not reached(draft.compiled.following, row.clause.id) & ends:
            yield hit(row.number, row.at("next"), stage=row.clause.id)


@error("P203", "No way leads to the stage “{stage}”.")
def every_stage_is_reached(draft: Draft) -> Iterator[Hit]:
    """A stage that no case can reach was meant to follow another one. Source: specification, Linter (unreachable stages)."""
    found = reached(draft.compiled.following, draft.compiled.first)
    for row in draft.stages:
        if row.clause.id not in found and draft.compiled.stages[row.clause.id].predecessors:
            yield hit(row.number, row.at("id"), stage=row.clause.id)


@error("P204", "The stage “{stage}” follows no other, as does “{first}”: a case cannot begin at two places.")
def one_stage_is_the_first(draft: Draft) -> Iterator[Hit]:
    """The first stage is the first one written; any other must follow some stage. Source: specification, Linter (unreachable stages)."""
    for row in draft.stages:
        if row.clause.id != draft.compiled.first and not draft.compiled.stages[row.clause.id].predecessors:
            yield hit(row.number, row.at("id"), stage=row.clause.id, first=draft.compiled.first)


@error("P205", "The stage “{stage}” is final, so nothing can follow it.")
def nothing_follows_an_end(draft: Draft) -> Iterator[Hit]:
    """A stage is either an end or has stages after it. Source: specification, form (stage)."""
    for row in draft.stages:
        if row.clause.final and row.clause.next:
            yield hit(row.number, row.at("next"), stage=row.clause.id)


@error("P206", "The stage “{stage}” is said to follow itself.")
def no_stage_follows_itself(draft: Draft) -> Iterator[Hit]:
    """Staying is no step; another stage was meant. Source: our own rule."""
    for row in draft.stages:
        if row.clause.id in row.clause.next:
            yield hit(row.number, row.at("next"), stage=row.clause.id)


@error("P207", "“{name}” stands at the final stage “{stage}”, where nothing is left to be done.")
def nothing_is_owed_at_an_end(draft: Draft) -> Iterator[Hit]:
    """What is checked before a stage is left is never checked at an end, and a promise would never fall due. Source: specification, semantics."""
    compiled = draft.compiled
    for stage in finals(draft):
        rules = compiled.stages[stage]
        standing: tuple[NamedRule, ...] = (*rules.checks, *rules.consents, *rules.documents, *rules.sends, *rules.promises)
        for rule in standing:
            yield hit(rule.article, (), name=rule.id, stage=stage)
        if rules.stage.needs_message and rules.must_leave:
            yield hit(rules.article, (), name=rules.must_leave, stage=stage)


@warning("P208", "The stage “{stage}” has no time limit.")
def every_stage_has_a_time(draft: Draft) -> Iterator[Hit]:
    """Without `due` nobody is reminded that a person waits. Source: DOMAIN, clocks of every state."""
    for row in draft.stages:
        if not row.clause.final and row.clause.due is None:
            yield hit(row.number, row.at("due"), stage=row.clause.id)


@error("P209", "After “{stage}” comes only “{next}”, which exists only where {when}: everybody else stands still.")
def a_conditional_stage_has_a_way_beside_it(draft: Draft) -> Iterator[Hit]:
    """A stage in an article with `when` is not there for everybody. Source: specification, Linter (dead ends)."""
    for row in draft.stages:
        known = [draft.compiled.stages[name] for name in row.clause.next if name in draft.compiled.stages]
        if known and all(rules.when is not None for rules in known) and not any(implies(row.article.when, rules.when) for rules in known):
            yield hit(row.number, row.at("next"), stage=row.clause.id, next=known[0].stage.id, when=known[0].when)


@error("P210", "The stage “{stage}” waits for “{message}”, which need not have been sent by then: {reason}.")
def awaited_messages_can_have_come(draft: Draft) -> Iterator[Hit]:
    """A message that a stage waits for must be possible on every way to it and for everybody, else the case stands still. Source: specification, semantics (needs_message)."""
    compiled = draft.compiled
    for row in draft.stages:
        message = compiled.messages.get(row.clause.needs_message or "")
        if message is None:
            continue
        stage = row.clause.id
        if message.stage != stage and message.stage not in compiled.dominators.get(stage, ()):
            way = way_round(compiled.following, compiled.first, stage, {message.stage})
            reason = f"on the way {' → '.join(way)} it is not" if way else "it is sent only later"
            yield hit(row.number, row.at("needs_message"), stage=stage, message=message.id, reason=reason)
        elif not implies(row.article.when, message.when):
            yield hit(row.number, row.at("needs_message"), stage=stage, message=message.id, reason=f"it is sent only where {message.when}")


@error("P211", "The lasting solution “{stage}” may always be entered, but {hindrance}.")
def lasting_solutions_are_free_to_enter(draft: Draft) -> Iterator[Hit]:
    """Nobody is held back from a solution other than return by something still open. Source: specification, semantics (lasting solution)."""
    for stage, rules in draft.compiled.stages.items():
        if not rules.lasting:
            continue
        if rules.must_enter:
            yield hit(rules.article, (), stage=stage, hindrance=f"it waits for “{rules.must_enter}”")
        for block in rules.blocks:
            yield hit(block.article, (), stage=stage, hindrance=f"a block forbids it where {block.when}")
        if rules.stage.final:
            yield hit(rules.article, (), stage=stage, hindrance="it is an end and no solution")


@error("P212", "The lasting solution “{stage}” is the only stage after “{before}”: it is no choice.")
def lasting_solutions_are_a_choice(draft: Draft) -> Iterator[Hit]:
    """A lasting solution needs no checks because it is an alternative; where it is the only way the checks of the stage before would never bind. Source: specification."""
    for stage, rules in draft.compiled.stages.items():
        for before in rules.predecessors if rules.lasting else ():
            if len(set(draft.compiled.following[before])) == 1 and not draft.compiled.stages[before].lasting:
                yield hit(rules.article, (), stage=stage, before=before)


@error("P213", "After the lasting solution “{stage}” comes “{later}”, where something is still asked, sent or promised.")
def after_a_lasting_solution_nothing_crosses(draft: Draft) -> Iterator[Hit]:
    """A stage that may be entered with everything open must not lead back into the part that is guarded. Source: specification, semantics."""
    compiled = draft.compiled
    for stage, rules in compiled.stages.items():
        for later in sorted(reached(compiled.following, stage) - {stage}) if rules.lasting else ():
            after = compiled.stages[later]
            if not after.lasting and (after.checks or after.consents or after.documents or after.sends or after.promises):
                yield hit(rules.article, (), stage=stage, later=later)


@error("P214", "The block forbids “{to}”, which does not follow the stage “{stage}” of this article.")
def blocks_forbid_a_stage_that_follows(draft: Draft) -> Iterator[Hit]:
    """A block is decided where its article stands; one on a stage further off would be overlooked there. Source: specification, form (block)."""
    for row in draft.blocks:
        home = row.article.stage
        if home and row.clause.to in draft.compiled.stages and row.clause.to not in home.next:
            yield hit(row.number, row.at("to"), to=row.clause.to, stage=home.id)


@error("P215", "Where {when}, “{to}” is forbidden and no other way leads from “{stage}” to an end.")
def who_is_blocked_has_another_way(draft: Draft) -> Iterator[Hit]:
    """Whoever declines must not be held. Source: specification, semantics; UN Trafficking Protocol art. 8 (return preferably voluntary)."""
    compiled = draft.compiled
    for row in draft.blocks:
        home = row.article.stage.id if row.article.stage else ""
        if home in compiled.stages and row.clause.to in compiled.stages and not reached(compiled.following, home, {row.clause.to}) & finals(draft):
            yield hit(row.number, row.at("to"), when=row.clause.when, to=row.clause.to, stage=home)


@error("P216", "“{name}” stands at no stage: write `at`, or put it into the article of its stage.")
def every_clause_stands_at_a_stage(draft: Draft) -> Iterator[Hit]:
    """A clause belongs to its own `at`, else to the stage of its article, else to the `at` of its neighbours. Source: plan of the room."""
    compiled = draft.compiled
    rules: tuple[NamedRule, ...] = (*compiled.messages.values(), *compiled.checks.values(), *compiled.documents.values(), *compiled.promises.values())
    asked = tuple(rule for several in compiled.consents.values() for rule in several)
    named = {(row.number, row.clause.id): row for row in draft.placed}
    for rule in (*rules, *asked):
        row = named[rule.article, rule.id]
        if not rule.stage and not row.clause.at:
            yield hit(rule.article, row.path, name=rule.id)


@error("P217", "The condition “{condition}” can hold for nobody.")
def conditions_can_hold(draft: Draft) -> Iterator[Hit]:
    """A fact and its opposite exclude each other, so the row would never run. Source: our own rule."""
    for article, path, condition in conditions(draft):
        if not condition.can_hold:
            yield hit(article, path, condition=condition)
    for row in joined(draft.checks, draft.documents, draft.promises, draft.blocks):
        when, inner = row.article.when, row.clause.when
        if when and inner and when.can_hold and inner.can_hold and any((name, not wanted) in when.needs for name, wanted in inner.needs):
            yield hit(row.number, row.at("if"), condition=f"{when} and {inner}")


@warning("P218", "From “{stage}” to “{next}” the person passes from {old} to {new}, and {wanted}.")
def whoever_takes_over_says_so(draft: Draft) -> Iterator[Hit]:
    """Nobody may be lost between two parties: the one that takes over confirms it before the stage is left. Source: DOMAIN 3 and 5 (acknowledgement, joint handover)."""
    compiled = draft.compiled
    for row in draft.stages:
        for place, name in enumerate(row.clause.next):
            rules = compiled.stages.get(name)
            old, new = draft.party_of(row.clause.by), draft.owner_of(name)
            if rules is None or not old or not new or old == new:
                continue
            sides = [(send.sender, send.receiver) for send in compiled.stages[row.clause.id].sends]
            if rules.stage.final and not {(old, new), (new, old)} & set(sides):
                yield hit(row.number, row.at("next", place), stage=row.clause.id, next=name, old=old, new=new, wanted="nothing is sent between them")
            elif not rules.stage.final and (new, old) not in sides:
                yield hit(row.number, row.at("next", place), stage=row.clause.id, next=name, old=old, new=new, wanted=f"{new} does not confirm it")


@warning("P219", "The block on “{to}” forbids it where {when}: name the fact the other way round, so that what forbids is what is so.")
def blocks_name_what_forbids(draft: Draft) -> Iterator[Hit]:
    """A block whose condition only says what is not so forbids the stage to nearly everybody; most often a `not` slipped in. Source: our own rule."""
    for row in draft.blocks:
        if not any(wanted for _name, wanted in row.clause.when.needs):
            yield hit(row.number, row.at("if"), to=row.clause.to, when=row.clause.when)


@warning("P220", "From “{stage}” the case would begin anew at “{first}”.")
def nothing_goes_back_to_the_beginning(draft: Draft) -> Iterator[Hit]:
    """A person is not taken in twice in one case; a second beginning is a second case. Source: our own rule, DOMAIN 1 (do not re-traumatise)."""
    for row in draft.stages:
        if draft.compiled.first in row.clause.next and row.clause.id != draft.compiled.first:
            yield hit(row.number, row.at("next"), stage=row.clause.id, first=draft.compiled.first)


@warning("P221", "From “{stage}” a case can only go back to “{back}”.")
def a_stage_leads_on(draft: Draft) -> Iterator[Hit]:
    """A stage after which there is only one that was passed before goes in a circle; another one was meant. Source: our own rule."""
    compiled = draft.compiled
    for row in draft.stages:
        known = [name for name in row.clause.next if name in compiled.stages]
        if known and set(known) <= compiled.dominators.get(row.clause.id, frozenset()) - {row.clause.id}:
            yield hit(row.number, row.at("next"), stage=row.clause.id, back=known[0])
