"""Which stage a subject may enter, and why not: every refusal names its article. Every button of casework asks here."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from saphan.agreements.procedures.compiling import DocumentRule, StageRules
from saphan.agreements.procedures.standing import Standing

# The closed list of reasons; screens translate them by their code.
SENTENCES = {
    "not_bound": "This subject does not follow the procedure.",
    "unknown_stage": "The procedure has no stage “{stage}”.",
    "already_there": "It stands at “{stage}” already.",
    "closed": "The procedure has ended for this subject.",
    "not_foreseen": "The stage “{stage}” is not foreseen in this situation.",
    "blocked": "{say}",
    "suspended": "The procedure is suspended.",
    "not_next": "“{stage}” does not follow on “{present}”.",
    "check_open": "Not done yet: {name}.",
    "consent_not_asked": "The person has not yet been asked for: {name}.",
    "consent_not_given": "The person does not agree at present to: {name}.",
    "document_missing": "Not on file yet: {name}.",
    "signature_missing": "{name}: not yet signed by {role}.",
    "message_missing": "Not come yet: {name}.",
}


@dataclass(frozen=True, slots=True)
class Hindrance:
    """Why a stage may not be entered: the article, a code of the closed list, and what the sentence speaks of."""

    article: str
    code: str
    parameters: tuple[tuple[str, str], ...] = ()

    @property
    def sentence(self) -> str:
        """In English; screens translate `SENTENCES[code]`."""
        return SENTENCES[self.code].format(**{key: spoken(value) if key != "say" else value for key, value in self.parameters})

    def __str__(self) -> str:
        return f"Art. {self.article}: {self.sentence}" if self.article else self.sentence


def spoken(name: str) -> str:
    """A name of the procedure as words."""
    return name.replace("_", " ")


def may_enter(standing: Standing, stage: str, *, now: datetime) -> tuple[Hindrance, ...]:
    """What hinders the subject from entering the stage now; empty means it may.

    Going back, and a lasting solution, never need checks; what forbids a stage outright holds always.
    """
    rules, present = standing.compiled.stages.get(stage), standing.compiled.stages.get(standing.stage)
    if refusal := _outright(stage, rules, present):
        return refusal
    assert rules is not None  # else it was refused outright
    assert present is not None
    barred = tuple(Hindrance(block.article, "blocked", (("say", block.say),)) for block in rules.blocks if block.holds(standing.facts))
    if rules.when is not None and not rules.when.holds(standing.facts):
        barred += (Hindrance(rules.article, "not_foreseen", (("stage", stage),)),)
    if is_free(standing, rules):
        return barred
    return (*barred, *_on_the_way(standing, rules, present, now))


def open_stages(standing: Standing, *, now: datetime) -> tuple[str, ...]:
    """The stages that may be entered now."""
    return tuple(stage for stage in standing.compiled.stages if not may_enter(standing, stage, now=now))


def why_not(standing: Standing, stage: str, *, now: datetime) -> tuple[str, ...]:
    """The same as sentences in English, each with its article."""
    return tuple(str(hindrance) for hindrance in may_enter(standing, stage, now=now))


def is_free(standing: Standing, rules: StageRules) -> bool:
    """Whether it goes back, or to a lasting solution: then nothing needs to be complete."""
    return rules.lasting or rules.stage.id in standing.visited


def _outright(stage: str, rules: StageRules | None, present: StageRules | None) -> tuple[Hindrance, ...]:
    named = (("stage", stage),)
    if rules is None:
        return (Hindrance("", "unknown_stage", named),)
    if present is None:
        return (Hindrance(rules.article, "not_bound"),)
    if present is rules:
        return (Hindrance(rules.article, "already_there", named),)
    if present.stage.final:
        return (Hindrance(present.article, "closed"),)
    return ()


def _on_the_way(standing: Standing, rules: StageRules, present: StageRules, now: datetime) -> Iterator[Hindrance]:
    """What must be complete for the way forward."""
    if standing.suspended:
        yield Hindrance(_lifecycle_article(standing), "suspended")
    if rules.stage.id not in present.stage.next:
        yield Hindrance(present.article, "not_next", (("stage", rules.stage.id), ("present", present.stage.id)))
    yield from _unfinished(standing, present)
    for message, article in ((present.must_leave, present.article), (rules.must_enter, rules.article)):
        if message and message not in standing.messages and ("message", message) not in standing.departed:
            yield Hindrance(article, "message_missing", (("name", message),))
    if rules.sends:
        asked_here = {consent.id for consent in present.consents if consent.id not in standing.consents}
        yield from (hindrance for hindrance in _unagreed(standing, rules, now) if hindrance.parameters[0][1] not in asked_here)


def _unfinished(standing: Standing, present: StageRules) -> Iterator[Hindrance]:
    """What the present stage asks before it is left: checks, the answers to what its own article asks, documents."""
    facts, departed = standing.facts, standing.departed
    for check in present.checks:
        if check.id not in standing.checks and check.holds(facts) and ("check", check.id) not in departed:
            yield Hindrance(check.article, "check_open", (("name", check.id),))
    for consent in present.consents:
        if consent.article == present.article and consent.id not in standing.consents and consent.holds(facts):
            yield Hindrance(consent.article, "consent_not_asked", (("name", consent.id),))
    for document in present.documents:
        if document.holds(facts) and ("document", document.id) not in departed:
            yield from _incomplete(standing, document)


def _incomplete(standing: Standing, document: DocumentRule) -> Iterator[Hindrance]:
    filed = standing.documents.get(document.id)
    if filed is None or not filed.on_file:
        yield Hindrance(document.article, "document_missing", (("name", document.id),))
    for role in document.signed_by:
        if filed is not None and filed.on_file and role not in filed.signers:
            yield Hindrance(document.article, "signature_missing", (("name", document.id), ("role", role)))


def _unagreed(standing: Standing, rules: StageRules, now: datetime) -> Iterator[Hindrance]:
    """Consents without which the stage could not do its work: needed by a message that its promises or its way out rest on, and asked before it."""
    stages = standing.compiled.stages
    resting = {rules.must_leave} | {promise.kept_by for promise in rules.promises if promise.holds(standing.facts)}
    resting |= {stages[later].must_enter for later in rules.stage.next if later in stages}
    asked_here = {consent.id for consent in rules.consents}
    for send in rules.sends:
        if send.id not in resting or not send.holds(standing.facts):
            continue
        for name in send.needs:
            if name not in asked_here and not standing.consent_holds(name, now):
                yield Hindrance(send.article, "consent_not_given", (("name", name),))


def _lifecycle_article(standing: Standing) -> str:
    return next((article.art for article in standing.compiled.procedure.articles if article.lifecycle), "")
