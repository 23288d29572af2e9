"""P3: consent. Asked before it is used, of the right person, for what is sent, and free to be refused."""

from collections.abc import Iterator
from itertools import product

from saphan.agreements.procedures.compiling import ConsentRule, SendRule
from saphan.agreements.procedures.graph import passes_one_of, reached, way_round
from saphan.agreements.procedures.rules.draft import Draft
from saphan.agreements.procedures.rules.rule import Hit, error, hit, warning
from saphan.agreements.procedures.rules.stages import finals

CHILD = "child"
MOST_FACTS = 8  # so many facts are tried in all their combinations: 256
# Parts of names of fields that the law of data protection treats with more care, or that open a door.
SENSITIVE = ("health", "medic", "hiv", "photo", "fingerprint", "biometric", "document_no", "passport", "disability", "pregnan")


@error("P301", "“{message}” needs the consent “{consent}”, which is not asked before it{reason}.")
def consents_are_asked_before_use(draft: Draft) -> Iterator[Hit]:
    """Consent dominance: on every way from the first stage to the message, and for everybody it concerns, the person has been asked. Source: specification, semantics."""
    for row in draft.sends:
        send = draft.compiled.messages[row.clause.id]
        for place, consent in enumerate(row.clause.needs):
            asked = draft.compiled.consents.get(consent, ())
            if asked and send.stage:
                reason = _way_without(draft, send, asked)
                if reason is not None:
                    yield hit(row.number, row.at("needs", place), message=send.id, consent=consent, reason=reason)


def _way_without(draft: Draft, send: SendRule, asked: tuple[ConsentRule, ...]) -> str | None:
    """How a message can come about without its consent having been asked; nothing where it cannot."""
    following, first = draft.compiled.following, draft.compiled.first
    if send.stage not in draft.compiled.dominators:
        return None  # unreachable, which is told elsewhere
    if all(rule.when is None or (send.when and set(rule.when.needs) <= set(send.when.needs)) for rule in asked):
        stages = {rule.stage for rule in asked}
        return None if passes_one_of(following, first, send.stage, stages) else _told(way_round(following, first, send.stage, stages), "")
    facts = sorted({name for rule in (*asked, send) if rule.when for name in rule.when.facts})[:MOST_FACTS]
    for values in product((False, True), repeat=len(facts)):
        true = {name for name, value in zip(facts, values, strict=True) if value}
        stages = {rule.stage for rule in asked if rule.holds(true)}
        if send.holds(true) and not passes_one_of(following, first, send.stage, stages):
            case = " and ".join(name if name in true else f"not {name}" for name in facts)
            return _told(way_round(following, first, send.stage, stages), case)
    return None


def _told(way: tuple[str, ...], case: str) -> str:
    return f" on the way {' → '.join(way)}" + (f" where {case}" if case else "")


@error("P302", "“{message}” carries fields about the person and needs no consent.")
def what_is_told_of_a_person_needs_consent(draft: Draft) -> Iterator[Hit]:
    """Fields are always about the person; nothing about her crosses without her word. Source: DOMAIN 2 (consent evaluated at the moment of sharing)."""
    for row in draft.sends:
        if row.clause.fields and not row.clause.needs:
            yield hit(row.number, row.at("needs"), message=row.clause.id)


@error("P303", "The consent “{consent}” may be asked of a child without a guardian.")
def a_child_has_a_guardian(draft: Draft) -> Iterator[Hit]:
    """A child is asked for assent and a guardian for consent. Source: DOMAIN 2 (child: assent and guardian); specification, Linter."""
    if CHILD not in draft.procedure.facts:
        return
    for row in draft.consents:
        given = set(row.article.when.needs) if row.article.when else set()
        guardian = row.clause.guardian_if
        if (CHILD, False) not in given and (guardian is None or not set(guardian.needs) <= given | {(CHILD, True)}):
            yield hit(row.number, row.at("guardian_if"), consent=row.clause.id)


@warning("P304", "Consents are asked, but no fact “child” says of whom a guardian must be asked too.")
def somebody_may_be_a_child(draft: Draft) -> Iterator[Hit]:
    """Under 18 or age in doubt changes who consents. Source: DOMAIN 1 (child) and 2."""
    if draft.consents and CHILD not in draft.procedure.facts:
        yield hit("", ("facts",))


@warning("P305", "The consent “{consent}” is asked, but no message needs it.")
def consents_are_asked_for_something(draft: Draft) -> Iterator[Hit]:
    """A person is not asked in vain; more often a message has lost its consent. Source: specification, Linter (unused names)."""
    needed = {name for row in draft.sends for name in row.clause.needs}
    for row in draft.consents:
        if row.clause.id not in needed:
            yield hit(row.number, row.at("id"), consent=row.clause.id)


@error("P306", "Whoever refuses the consent “{consent}” at “{stage}” has no way to an end.")
def a_refusal_has_a_way(draft: Draft) -> Iterator[Hit]:
    """A consent that cannot be refused is none: some way must lead on without what hangs on it. Source: DOMAIN 2 (withdrawal never costs a service)."""
    for name, asked in draft.compiled.consents.items():
        for rule in asked:
            if rule.stage in draft.compiled.dominators and finals(draft) and not _open_without(draft, name, rule.stage):
                yield hit(rule.article, (), consent=name, stage=rule.stage)


def _open_without(draft: Draft, consent: str, stage: str) -> bool:
    """Whether an end can be reached from the stage when nothing comes that hangs on the consent. The way back and lasting solutions stay open."""
    if not any(draft.hangs_on(message, consent) for message in draft.awaited):
        return True  # nothing waits for it; whether there is an end at all is told elsewhere
    stages = draft.compiled.stages
    left: dict[str, list[str]] = {}
    for name, rules in stages.items():
        held = bool(rules.must_leave) and draft.hangs_on(rules.must_leave, consent)
        been = draft.compiled.dominators.get(name, frozenset()) - {name}
        left[name] = [
            later
            for later in draft.compiled.following[name]
            if later in stages
            and (
                later in been
                or stages[later].lasting
                or not (held or (stages[later].must_enter and draft.hangs_on(stages[later].must_enter, consent)))
            )
        ]
    return bool(reached(left, stage) & finals(draft))


@warning("P307", "“{message}” carries “{field}”, but the consent “{consent}” may be given by mouth alone.")
def sensitive_fields_need_a_written_consent(draft: Draft) -> Iterator[Hit]:
    """Health, pictures and numbers of documents go only under a written consent. Source: PDPA s.26 (explicit consent for sensitive data, recalled); the form is our own proposal."""
    for row in draft.sends:
        sensitive = next((name for name in draft.fields_of(row.clause) if any(part in name for part in SENSITIVE)), "")
        for place, consent in enumerate(row.clause.needs if sensitive else ()):
            if any(rule.clause.form != "written" for rule in draft.compiled.consents.get(consent, ())):
                yield hit(row.number, row.at("needs", place), message=row.clause.id, field=sensitive, consent=consent)


@warning("P308", "“{message}” is sent by {sender} under “{consent}”, which {other} asks, and answers no message.")
def who_sends_has_asked(draft: Draft) -> Iterator[Hit]:
    """The party that asked the person may send; the other side may answer under the same consent, and no more. Source: our own rule, from purpose limitation (DOMAIN 8)."""
    for row in draft.sends:
        if row.clause.id in draft.questions:
            continue
        for place, consent in enumerate(row.clause.needs):
            askers = {draft.owner_of(rule.stage) for rule in draft.compiled.consents.get(consent, ())} - {""}
            if askers and row.clause.sender not in askers:
                parameters = {"message": row.clause.id, "sender": row.clause.sender, "consent": consent, "other": ", ".join(sorted(askers))}
                yield hit(row.number, row.at("needs", place), **parameters)


@error("P309", "“{message}” carries “{group}”, of which no consent that it needs tells the person.")
def consents_cover_what_is_sent(draft: Draft) -> Iterator[Hit]:
    """Where consents say what they cover, nothing else goes under them. Source: DOMAIN 2 (consent names what is shared)."""
    for row in draft.sends:
        asked = [rule.clause for name in row.clause.needs for rule in draft.compiled.consents.get(name, ())]
        if not asked or not all(clause.covers for clause in asked):
            continue
        covered = {group for clause in asked for group in clause.covers}
        for place, group in enumerate(row.clause.fields):
            if group not in covered:
                yield hit(row.number, row.at("fields", place), message=row.clause.id, group=group)


@warning("P310", "The consent “{consent}” covers “{group}”, which no message under it carries.")
def consents_cover_no_more_than_is_sent(draft: Draft) -> Iterator[Hit]:
    """A person is not asked for more than is needed. Source: DOMAIN 8 (minimisation)."""
    for row in draft.consents:
        sent = {group for send in draft.sends if row.clause.id in send.clause.needs for group in send.clause.fields}
        for place, group in enumerate(row.clause.covers):
            if group not in sent and group in draft.procedure.fields:
                yield hit(row.number, row.at("covers", place), consent=row.clause.id, group=group)


@warning("P311", "The consent “{consent}” is asked again in Art. {article} in other words or another form.")
def a_consent_means_one_thing(draft: Draft) -> Iterator[Hit]:
    """The same consent asked at two stages must be the same question. Source: our own rule."""
    for name, asked in draft.compiled.consents.items():
        first = asked[0].clause
        for rule in asked[1:]:
            if (rule.clause.to, rule.clause.form, rule.clause.covers) != (first.to, first.form, first.covers):
                yield hit(rule.article, (), consent=name, article=rule.article)
