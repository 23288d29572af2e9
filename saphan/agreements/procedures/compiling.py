"""A procedure made ready to run: each clause at its stage with its article, promises with what keeps them, the stage graph with its dominators.

Compiling never raises: what does not fit is left out here and named by the linter.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal, TypeVar

from saphan.agreements.procedures.articles import Article, Check, Consent, Depart, Document, Oblige, Procedure, Send, Stage
from saphan.agreements.procedures.canonical import digest_of
from saphan.agreements.procedures.graph import dominators, reversed_graph
from saphan.agreements.procedures.terms import Condition

Placed = Check | Consent | Document | Send | Oblige
Evidence = Literal["message", "document", "check", ""]


@dataclass(frozen=True, slots=True)
class Rule:
    """What each rule carries: the number of its article, the stage where it holds ("" where none could be found), and under which facts."""

    article: str
    stage: str
    when: Condition | None

    def holds(self, facts: "frozenset[str] | set[str]") -> bool:
        """Whether the rule applies where exactly these facts are true."""
        return self.when is None or self.when.holds(facts)


@dataclass(frozen=True, slots=True)
class NamedRule(Rule):
    """A rule with a name of its own: all that is done, asked, filed, sent or promised at a stage."""

    id: str


@dataclass(frozen=True, slots=True)
class CheckRule(NamedRule):
    """To be done before the stage is left."""


@dataclass(frozen=True, slots=True)
class ConsentRule(NamedRule):
    """Asked of the person at the stage."""

    clause: Consent


@dataclass(frozen=True, slots=True)
class DocumentRule(NamedRule):
    """To be on file, with its signatures, before the stage is left."""

    by: str
    signed_by: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SendRule(NamedRule):
    """A message that may cross while the subject stands at the stage. `fields` are the single names, those of `never` already taken out."""

    clause: Send
    fields: tuple[str, ...]

    @property
    def sender(self) -> str:
        return self.clause.sender

    @property
    def receiver(self) -> str:
        return self.clause.receiver

    @property
    def needs(self) -> tuple[str, ...]:
        return self.clause.needs


@dataclass(frozen=True, slots=True)
class PromiseRule(NamedRule):
    """What a party owes. It starts when `stage` is entered or, where `on` is set, when that message is recorded; `kept_by` keeps it."""

    clause: Oblige
    on: str
    kept_by: str
    evidence: Evidence
    country: str

    @property
    def party(self) -> str:
        return self.clause.party


@dataclass(frozen=True, slots=True)
class BlockRule(Rule):
    """A fact that forbids entering the stage `to`. `stage` is where the block was written, `say` the sentence shown."""

    to: str
    say: str


@dataclass(frozen=True, slots=True)
class DepartRule(Rule):
    """An emergency may shorten these kinds of rules."""

    clause: Depart


@dataclass(frozen=True, slots=True)
class StageRules:
    """All that holds at one stage. `blocks` forbid entering it; `must_enter` and `must_leave` are messages that must have come before."""

    stage: Stage
    article: str
    when: Condition | None
    lasting: bool = False
    must_enter: str = ""
    must_leave: str = ""
    checks: tuple[CheckRule, ...] = ()
    consents: tuple[ConsentRule, ...] = ()
    documents: tuple[DocumentRule, ...] = ()
    sends: tuple[SendRule, ...] = ()
    promises: tuple[PromiseRule, ...] = ()
    blocks: tuple[BlockRule, ...] = ()
    predecessors: tuple[str, ...] = ()


@dataclass(frozen=True)
class Compiled:
    """A procedure ready to run. Rules by name; consents may be asked at several stages; blocks by the stage they forbid."""

    procedure: Procedure
    first: str
    stages: dict[str, StageRules]
    messages: dict[str, SendRule]
    promises: dict[str, PromiseRule]
    consents: dict[str, tuple[ConsentRule, ...]]
    documents: dict[str, DocumentRule]
    checks: dict[str, CheckRule]
    blocks: dict[str, tuple[BlockRule, ...]]
    departures: tuple[DepartRule, ...]
    dominators: dict[str, frozenset[str]]
    following: dict[str, tuple[str, ...]]

    @cached_property
    def digest(self) -> str:
        """By which a case is bound; worked out when it is first asked for."""
        return digest_of(self.procedure)


R = TypeVar("R", bound=Rule)
N = TypeVar("N", CheckRule, DocumentRule, SendRule, PromiseRule)


@dataclass(slots=True)
class _Gathered:
    """Rules in the order of the articles, before they are sorted to their stages."""

    checks: list[CheckRule] = field(default_factory=list)
    consents: list[ConsentRule] = field(default_factory=list)
    documents: list[DocumentRule] = field(default_factory=list)
    sends: list[SendRule] = field(default_factory=list)
    promises: list[PromiseRule] = field(default_factory=list)
    blocks: list[BlockRule] = field(default_factory=list)
    departures: list[DepartRule] = field(default_factory=list)


def compile_procedure(procedure: Procedure) -> Compiled:
    """Sorts every clause to its stage and proves which stages each way passes. The first stage is the first one written."""
    written = {a.stage.id: a for a in reversed(procedure.articles) if a.stage}
    names = [a.stage.id for a in procedure.articles if a.stage]
    following = {name: _stage(written[name]).next for name in dict.fromkeys(names)}
    first = next(iter(following), "")
    found = _gather(procedure, set(following))
    before = reversed_graph(following)
    lasting = _lasting(written, found, following, before)
    messages = _by_name(found.sends)
    stages = {
        name: StageRules(
            stage=_stage(written[name]),
            article=written[name].art,
            when=written[name].when,
            lasting=name in lasting,
            must_enter=_message_before(written[name], messages, inside=False),
            must_leave=_message_before(written[name], messages, inside=True),
            checks=_at(found.checks, name),
            consents=_at(found.consents, name),
            documents=_at(found.documents, name),
            sends=_at(found.sends, name),
            promises=_at(found.promises, name),
            blocks=tuple(block for block in found.blocks if block.to == name),
            predecessors=before[name],
        )
        for name in following
    }
    return Compiled(
        procedure=procedure,
        first=first,
        stages=stages,
        messages=messages,
        promises=_by_name(found.promises),
        consents={name: tuple(c for c in found.consents if c.id == name) for name in dict.fromkeys(c.id for c in found.consents)},
        documents=_by_name(found.documents),
        checks=_by_name(found.checks),
        blocks={name: rules.blocks for name, rules in stages.items() if rules.blocks},
        departures=tuple(found.departures),
        dominators=dominators(following, first),
        following=following,
    )


def both(one: Condition | None, other: Condition | None) -> Condition | None:
    """The condition that holds where both hold; nothing stands for always."""
    if one is None or other is None:
        return one or other
    return Condition(tuple(dict.fromkeys(one.needs + other.needs)))


def place_of(clause: Placed, article: Article) -> str:
    """The stage a clause stands at: its own `at`, else the stage of its article, else the `at` its neighbours share; "" where there is none."""
    if clause.at:
        return clause.at
    if article.stage:
        return article.stage.id
    shared = {c.at for c in placed_clauses(article) if c.at}
    return shared.pop() if len(shared) == 1 else ""


def placed_clauses(article: Article) -> tuple[Placed, ...]:
    """The clauses of an article that stand at a stage."""
    return (*article.check, *article.consent, *article.document, *article.send, *article.oblige)


def keepers(promise: Oblige, article: Article) -> tuple[str, ...]:
    """What may keep a promise: `kept_by`, else the messages of the same article that the owing party sends. Only one is right."""
    if promise.kept_by:
        return (promise.kept_by,)
    return tuple(send.id for send in article.send if send.sender == promise.party)


def _gather(procedure: Procedure, stages: set[str]) -> _Gathered:
    found = _Gathered()
    for article in procedure.articles:
        number, when = article.art, article.when

        def place(clause: Placed, article: Article = article) -> str:
            stage = place_of(clause, article)
            return stage if stage in stages else ""

        found.checks += [CheckRule(number, place(c), both(when, c.when), c.id) for c in article.check]
        found.consents += [ConsentRule(number, place(c), when, c.id, c) for c in article.consent]
        found.documents += [DocumentRule(number, place(d), both(when, d.when), d.id, d.by, d.signed_by) for d in article.document]
        found.sends += [SendRule(number, place(s), when, s.id, s, _fields(procedure, s)) for s in article.send]
        home = article.stage.id if article.stage else ""
        found.blocks += [BlockRule(number, home, both(when, b.when), b.to, b.say) for b in article.block]
        if article.depart:
            found.departures.append(DepartRule(number, home, when, article.depart))
    _gather_promises(procedure, found, stages)
    return found


def _gather_promises(procedure: Procedure, found: _Gathered, stages: set[str]) -> None:
    """After all else, because a promise may name a message, document or check of any article."""
    messages, documents, checks = _by_name(found.sends), _by_name(found.documents), _by_name(found.checks)
    for article in procedure.articles:
        for clause in article.oblige:
            kept_by = keepers(clause, article)
            name = kept_by[0] if len(kept_by) == 1 else ""
            evidence: Evidence = "message" if name in messages else "document" if name in documents else "check" if name in checks else ""
            started = messages.get(clause.on or "")
            stage = started.stage if started and not clause.at else place_of(clause, article)
            party = procedure.parties.get(clause.party)
            found.promises.append(
                PromiseRule(
                    article.art,
                    stage if stage in stages else "",
                    both(article.when, clause.when),
                    clause.id,
                    clause,
                    clause.on or "",
                    name if evidence else "",
                    evidence,
                    party.country if party else "",
                )
            )


def _fields(procedure: Procedure, send: Send) -> tuple[str, ...]:
    """The single fields a message may carry; what may never leave is not among them, whatever a group says."""
    named = (name for group in send.fields for name in procedure.fields.get(group, ()))
    return tuple(name for name in dict.fromkeys(named) if name not in procedure.never)


def _lasting(
    written: dict[str, Article], found: _Gathered, following: dict[str, tuple[str, ...]], before: dict[str, tuple[str, ...]]
) -> frozenset[str]:
    """Stages a subject may always enter, whatever is still open.

    Where none is marked: those from which nothing more is asked, sent or promised, that are no end, and beside which there was always another way.
    """
    marked = frozenset(name for name, article in written.items() if _stage(article).lasting)
    if marked:
        return marked
    busy = {rule.stage for rules in (found.checks, found.consents, found.documents, found.sends, found.promises) for rule in rules}
    quiet = {name for name in following if name not in busy and not _stage(written[name]).needs_message}
    changed = True
    while changed:
        still = {name for name in quiet if all(later in quiet for later in following[name] if later in following)}
        changed, quiet = still != quiet, still
    return frozenset(
        name for name in quiet if not _stage(written[name]).final and before[name] and all(len(following[earlier]) > 1 for earlier in before[name])
    )


def _message_before(article: Article, messages: dict[str, SendRule], *, inside: bool) -> str:
    stage = _stage(article)
    message = messages.get(stage.needs_message or "")
    if message is None:
        return ""
    return message.id if (message.stage == stage.id) is inside else ""


def _stage(article: Article) -> Stage:
    assert article.stage is not None  # only articles with a stage are looked up here
    return article.stage


def _at(rules: Iterable[R], stage: str) -> tuple[R, ...]:
    return tuple(rule for rule in rules if rule.stage == stage)


def _by_name(rules: Iterable[N]) -> dict[str, N]:
    """Of two with the same name the first; the linter names the second."""
    named: dict[str, N] = {}
    for rule in rules:
        named.setdefault(rule.id, rule)
    return named
