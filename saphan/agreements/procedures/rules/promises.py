"""P5: promises. Each has a date, a party that can keep it and knows of it, evidence, and somebody who is told when it is late."""

from collections.abc import Iterator
from itertools import combinations

from saphan.agreements.procedures.compiling import PromiseRule, keepers
from saphan.agreements.procedures.rules.draft import Draft
from saphan.agreements.procedures.rules.rule import Hit, error, hit, warning
from saphan.agreements.procedures.rules.stages import implies


@error("P501", "The promise “{promise}” has no date: write `due` or `every`.")
def promises_have_a_date(draft: Draft) -> Iterator[Hit]:
    """What has no date is never late. Source: specification, Linter (promise without date)."""
    for row in draft.promises:
        if row.clause.due is None and not row.clause.every:
            yield hit(row.number, row.at("due"), promise=row.clause.id)


@error("P502", "The promise “{promise}” has both `due` and `every`: write one of them.")
def promises_have_one_kind_of_date(draft: Draft) -> Iterator[Hit]:
    """Whether it falls due once or several times could not be told. Source: our own rule."""
    for row in draft.promises:
        if row.clause.due is not None and row.clause.every:
            yield hit(row.number, row.at("every"), promise=row.clause.id)


@error("P503", "{party} owes “{promise}”, but “{role}” is a role of {other}.")
def the_owing_party_acts(draft: Draft) -> Iterator[Hit]:
    """A party keeps its promises by its own people. Source: specification, Linter (wrong party's role)."""
    for row in draft.promises:
        other = draft.party_of(row.clause.by)
        if other and other != row.clause.party:
            yield hit(row.number, row.at("by"), party=row.clause.party, promise=row.clause.id, role=row.clause.by, other=other)


@error("P504", "When “{promise}” is late, “{role}” is told first, a role of {other}; {party} owes it and must be able to put it right.")
def the_owing_party_hears_first(draft: Draft) -> Iterator[Hit]:
    """First the party that is late is reminded, then the other one learns of it. Source: specification, form (late_to)."""
    for row in draft.promises:
        other = draft.party_of(row.clause.late_to or "")
        if other and other != row.clause.party:
            yield hit(row.number, row.at("late_to"), promise=row.clause.id, role=row.clause.late_to, other=other, party=row.clause.party)


@error("P505", "When “{promise}” is very late, “{role}” is told, who {reason}.")
def then_the_other_party_hears(draft: Draft) -> Iterator[Hit]:
    """What is very late is told beyond the party that owes it; where only one party signs, to somebody else than before. Source: specification, form (very_late_to)."""
    several = len(draft.procedure.parties) > 1
    for row in draft.promises:
        role = row.clause.very_late_to
        if role is None or not draft.party_of(role):
            continue
        if several and draft.party_of(role) == row.clause.party:
            yield hit(row.number, row.at("very_late_to"), promise=row.clause.id, role=role, reason="belongs to the party that owes it")
        elif role == row.clause.late_to:
            yield hit(row.number, row.at("very_late_to"), promise=row.clause.id, role=role, reason="has been told already")


@error("P506", "“{promise}” is very late after {very_late}, which is not later than due after {due}.")
def very_late_is_later_than_late(draft: Draft) -> Iterator[Hit]:
    """The second limit lies after the first. A week counts five working days. Source: specification, form (oblige)."""
    for row in draft.promises:
        due = row.clause.due or (row.clause.every[0] if row.clause.every else None)
        if due and row.clause.very_late and row.clause.very_late.usual_hours <= due.usual_hours:
            yield hit(row.number, row.at("very_late"), promise=row.clause.id, very_late=row.clause.very_late, due=due)


@error("P507", "“{promise}” says only one of `very_late` and `very_late_to`.")
def very_late_has_a_time_and_a_receiver(draft: Draft) -> Iterator[Hit]:
    """A limit that nobody hears of, or a receiver without a limit, does nothing. Source: our own rule."""
    for row in draft.promises:
        if (row.clause.very_late is None) != (row.clause.very_late_to is None):
            yield hit(row.number, row.path, promise=row.clause.id)


@warning("P508", "When “{promise}” is late nobody is told: `late_to` is missing.")
def somebody_is_told_when_late(draft: Draft) -> Iterator[Hit]:
    """A promise that is missed in silence helps no one. Source: specification, purpose 3 (what happens when they are late)."""
    for row in draft.promises:
        if row.clause.late_to is None:
            yield hit(row.number, row.at("late_to"), promise=row.clause.id)


@error("P509", "The dates of “{promise}” do not rise: {later} stands after {before}.")
def dates_rise(draft: Draft) -> Iterator[Hit]:
    """All are counted from the start, so each lies after the one before. Source: plan of the room (every)."""
    for row in draft.promises:
        for before, later in zip(row.clause.every, row.clause.every[1:], strict=False):
            if later.usual_hours <= before.usual_hours:
                yield hit(row.number, row.at("every"), promise=row.clause.id, later=later, before=before)


@error("P510", "What keeps “{promise}” is not plain: {reason}. Write `kept_by`.")
def something_keeps_a_promise(draft: Draft) -> Iterator[Hit]:
    """A promise is kept by one kind of evidence: `kept_by`, else the one message of its article that the owing party sends. Source: plan of the room."""
    for row in draft.promises:
        found = keepers(row.clause, row.article)
        if len(found) != 1:
            reason = (
                f"{row.clause.party} sends {len(found)} messages in this article" if found else f"{row.clause.party} sends no message in this article"
            )
            yield hit(row.number, row.at("kept_by"), promise=row.clause.id, reason=reason)


def _evidence(draft: Draft, promise: PromiseRule) -> tuple[str, str, object]:
    """Stage, party and condition of what keeps a promise."""
    compiled = draft.compiled
    if promise.evidence == "message":
        message = compiled.messages[promise.kept_by]
        return message.stage, message.sender, message.when
    if promise.evidence == "document":
        document = compiled.documents[promise.kept_by]
        return document.stage, draft.party_of(document.by), document.when
    check = compiled.checks[promise.kept_by]
    return check.stage, draft.owner_of(check.stage), check.when


@error("P511", "“{promise}” runs at “{stage}”, but what keeps it, “{evidence}”, comes at “{other}”.")
def evidence_comes_while_the_promise_runs(draft: Draft) -> Iterator[Hit]:
    """A promise is lost when its stage is over; its evidence must be possible there, or be the answer to the message that started it. Source: plan of the room."""
    for rule in draft.compiled.promises.values():
        if not rule.evidence or not rule.stage:
            continue
        stage, _party, _when = _evidence(draft, rule)
        start = draft.compiled.messages.get(rule.on)
        answered = start is not None and start.clause.answer == rule.kept_by and rule.stage in draft.compiled.dominators.get(stage, ())
        if stage and stage != rule.stage and not answered:
            yield hit(rule.article, (), promise=rule.id, stage=rule.stage, evidence=rule.kept_by, other=stage)


@error("P512", "“{promise}” is owed where {when}, but “{evidence}”, which keeps it, comes only where {only}.")
def evidence_can_come(draft: Draft) -> Iterator[Hit]:
    """A promise whose evidence may be impossible would be broken by nobody's fault. Source: our own rule."""
    for rule in draft.compiled.promises.values():
        if rule.evidence:
            _stage, _party, only = _evidence(draft, rule)
            if not implies(rule.when, only):  # type: ignore[arg-type]  # conditions or nothing, by construction
                yield hit(rule.article, (), promise=rule.id, when=rule.when or "always", evidence=rule.kept_by, only=only)


@error("P513", "{party} owes “{promise}”, but “{evidence}”, which keeps it, comes from {other}.")
def the_owing_party_gives_the_evidence(draft: Draft) -> Iterator[Hit]:
    """Nobody keeps another's promise. Source: specification, scorecard."""
    for rule in draft.compiled.promises.values():
        other = _evidence(draft, rule)[1] if rule.evidence else ""
        if other and other != rule.party:
            yield hit(rule.article, (), party=rule.party, promise=rule.id, evidence=rule.kept_by, other=other)


@error("P514", "“{promise}” and “{other}” of Art. {article} promise the same: {party} owes “{evidence}” from the same moment.")
def promises_do_not_overlap(draft: Draft) -> Iterator[Hit]:
    """Two dates for one act: which holds could not be told, and the score would count it twice. Source: specification, Linter (overlapping promises)."""
    same: dict[tuple[str, str, str, str], list[PromiseRule]] = {}
    for rule in draft.compiled.promises.values():
        if rule.evidence:
            same.setdefault((rule.party, rule.kept_by, rule.stage, rule.on), []).append(rule)
    for rule, other in (pair for rules in same.values() for pair in combinations(rules, 2)):
        excluded = rule.when and other.when and any((name, not wanted) in other.when.needs for name, wanted in rule.when.needs)
        if not excluded:
            parameters = {"promise": other.id, "other": rule.id, "article": rule.article, "party": rule.party, "evidence": rule.kept_by}
            yield hit(other.article, (), **parameters)


@warning("P515", "At “{stage}” {party} owes “{promise}” (Art. {article}), but no message to {party} goes out there for everybody it concerns.")
def who_owes_is_told(draft: Draft) -> Iterator[Hit]:
    """A party that does not own the stage learns of its promise by a message, not narrowed to few readers. Named at the stage's article. Source: our own rule."""
    compiled = draft.compiled
    for rule in compiled.promises.values():
        if rule.on or rule.stage not in compiled.stages or draft.owner_of(rule.stage) in ("", rule.party):
            continue
        sends = [*compiled.stages[rule.stage].sends, *(compiled.messages[name] for name in [compiled.stages[rule.stage].must_enter] if name)]
        if not any(send.receiver == rule.party and implies(rule.when, send.when) and not send.clause.readers for send in sends):
            owner = compiled.stages[rule.stage]
            yield hit(owner.article, (), stage=rule.stage, party=rule.party, promise=rule.id, article=rule.article)


@warning("P516", "The stage “{stage}” should be left after {due}, but “{promise}” of Art. {article} runs to {last}.")
def a_stage_lasts_as_long_as_what_repeats(draft: Draft) -> Iterator[Hit]:
    """What repeats ends with its stage: a stage that ends before the last date cuts promises off. Named at the stage's article. Source: our own rule."""
    for rule in draft.compiled.promises.values():
        rules = draft.compiled.stages.get(rule.stage)
        if rules and rules.stage.due and rule.clause.every and rule.clause.every[-1].usual_hours > rules.stage.due.usual_hours:
            yield hit(rules.article, (), stage=rule.stage, due=rules.stage.due, promise=rule.id, article=rule.article, last=rule.clause.every[-1])


@error("P517", "“{promise}” starts with “{message}”, of which {party} learns nothing: it goes from {sender} to {receiver}.")
def who_owes_sees_the_start(draft: Draft) -> Iterator[Hit]:
    """A promise starts with a message that the owing party sends or gets. Source: our own rule."""
    for rule in draft.compiled.promises.values():
        start = draft.compiled.messages.get(rule.on)
        if start and rule.party in draft.procedure.parties and rule.party not in (start.sender, start.receiver):
            parameters = {"promise": rule.id, "message": start.id, "party": rule.party, "sender": start.sender, "receiver": start.receiver}
            yield hit(rule.article, (), **parameters)


@warning("P518", "“{role}” of {other} is told when “{promise}” is very late, but cannot see whether it is kept: “{evidence}” is a check of {party}.")
def who_is_told_can_see(draft: Draft) -> Iterator[Hit]:
    """What is owed to another party is kept by something that reaches it: a message, or a document that it may ask for. Source: specification, scorecard (evidence)."""
    for rule in draft.compiled.promises.values():
        other = draft.party_of(rule.clause.very_late_to or "")
        if rule.evidence == "check" and other and other != rule.party:
            parameters = {"role": rule.clause.very_late_to, "other": other, "promise": rule.id, "evidence": rule.kept_by, "party": rule.party}
            yield hit(rule.article, (), **parameters)
