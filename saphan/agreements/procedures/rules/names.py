"""P1: names. Every name that is used is defined, and is defined once."""

from collections.abc import Collection, Iterable, Iterator

from saphan.agreements.procedures.calendars_known import WITH_CALENDAR
from saphan.agreements.procedures.findings import Path
from saphan.agreements.procedures.rules.draft import Draft, joined, nearest, repeated
from saphan.agreements.procedures.rules.rule import Hit, error, hit
from saphan.agreements.procedures.terms import PROFESSIONS, RESERVED, Condition

Used = Iterable[tuple[str, Path, str | None]]


def _unknown(used: Used, known: Collection[str]) -> Iterator[Hit]:
    for article, path, name in used:
        if name is not None and name not in known:
            yield hit(article, path, name=name, nearest=nearest(name, known))


@error("P101", "“{name}” is not a stage of this procedure.{nearest}")
def stages_are_known(draft: Draft) -> Iterator[Hit]:
    """A stage that is named in `next`, `at` or `to` is not written anywhere: a case could never get there. Source: specification, Linter (unknown names)."""
    used: list[tuple[str, Path, str | None]] = [
        (row.number, row.at("next", place), name) for row in draft.stages for place, name in enumerate(row.clause.next)
    ]
    used += [(row.number, row.at("at"), row.clause.at) for row in draft.placed]
    used += [(row.number, row.at("to"), row.clause.to) for row in draft.blocks]
    yield from _unknown(used, draft.compiled.stages)


@error("P102", "“{name}” is not among the roles.{nearest}")
def roles_are_known(draft: Draft) -> Iterator[Hit]:
    """A role that nobody holds can neither act nor be told. Source: specification, Linter (unknown names)."""
    used: list[tuple[str, Path, str | None]] = [
        (row.number, row.at("by"), row.clause.by) for row in joined(draft.stages, draft.documents, draft.promises)
    ]
    used += [(row.number, row.at("signed_by", place), name) for row in draft.documents for place, name in enumerate(row.clause.signed_by)]
    used += [(row.number, row.at("late_to"), row.clause.late_to) for row in draft.promises]
    used += [(row.number, row.at("very_late_to"), row.clause.very_late_to) for row in draft.promises]
    for row in draft.articles:
        if row.clause.depart:
            used += [(row.number, row.at("depart", "approve", place), name) for place, name in enumerate(row.clause.depart.approve)]
    yield from _unknown(used, draft.procedure.roles)


@error("P103", "“{name}” is not among the parties.{nearest}")
def parties_are_known(draft: Draft) -> Iterator[Hit]:
    """A role, a message or a promise belongs to somebody who does not sign. Source: specification, Linter (unknown names)."""
    used: list[tuple[str, Path, str | None]] = [("", ("roles", role), party) for role, party in draft.procedure.roles.items()]
    used += [(row.number, row.at("from"), row.clause.sender) for row in draft.sends]
    used += [(row.number, row.at("to"), row.clause.receiver) for row in draft.sends]
    used += [(row.number, row.at("party"), row.clause.party) for row in draft.promises]
    yield from _unknown(used, draft.procedure.parties)


def conditions(draft: Draft) -> Iterator[tuple[str, Path, Condition]]:
    """Every condition of a procedure with its place."""
    for article in draft.articles:
        if article.clause.when:
            yield article.number, article.at("when"), article.clause.when
    for conditional in joined(draft.checks, draft.documents, draft.promises, draft.blocks):
        if conditional.clause.when:
            yield conditional.number, conditional.at("if"), conditional.clause.when
    for consent in draft.consents:
        if consent.clause.guardian_if:
            yield consent.number, consent.at("guardian_if"), consent.clause.guardian_if


@error("P104", "“{name}” is not among the facts.{nearest}")
def facts_are_known(draft: Draft) -> Iterator[Hit]:
    """A condition over a fact that no room supplies would never hold, and `not` of it always. Source: specification, Linter (unknown names)."""
    for article, path, condition in conditions(draft):
        yield from _unknown([(article, path, name) for name in sorted(condition.facts)], draft.procedure.facts)


@error("P105", "“{name}” is not among the groups of fields.{nearest}")
def groups_are_known(draft: Draft) -> Iterator[Hit]:
    """A message or a consent names a group of fields that is not defined. Source: specification, Linter (unknown names)."""
    used: list[tuple[str, Path, str | None]] = [
        (row.number, row.at("fields", place), name) for row in draft.sends for place, name in enumerate(row.clause.fields)
    ]
    used += [(row.number, row.at("covers", place), name) for row in draft.consents for place, name in enumerate(row.clause.covers)]
    yield from _unknown(used, draft.procedure.fields)


@error("P106", "“{name}” is not a consent of this procedure.{nearest}")
def consents_are_known(draft: Draft) -> Iterator[Hit]:
    """A message needs a consent that is asked nowhere. Source: specification, Linter (unknown names)."""
    used = [(row.number, row.at("needs", place), name) for row in draft.sends for place, name in enumerate(row.clause.needs)]
    yield from _unknown(used, draft.compiled.consents)


@error("P107", "“{name}” is not a message of this procedure.{nearest}")
def messages_are_known(draft: Draft) -> Iterator[Hit]:
    """An answer, a message that a stage waits for, or one that starts a promise is sent by nobody. Source: specification, Linter (answer nobody defines)."""
    used: list[tuple[str, Path, str | None]] = [(row.number, row.at("answer"), row.clause.answer) for row in draft.sends]
    used += [(row.number, row.at("needs_message"), row.clause.needs_message) for row in draft.stages]
    used += [(row.number, row.at("on"), row.clause.on) for row in draft.promises]
    yield from _unknown(used, draft.compiled.messages)


@error("P108", "“{name}” is not a promise of this procedure.{nearest}")
def scored_promises_are_known(draft: Draft) -> Iterator[Hit]:
    """A score counts a promise that nobody gave. Source: specification, Linter (unknown names)."""
    used = [
        (row.number, row.at("score", "over", place), name)
        for row in draft.articles
        if row.clause.score
        for place, name in enumerate(row.clause.score.over)
    ]
    yield from _unknown(used, draft.compiled.promises)


@error("P109", "“{name}” is neither a role of the receiving party nor a profession that is known here.{nearest}")
def readers_are_known(draft: Draft) -> Iterator[Hit]:
    """Readers narrow a message to some eyes; a reader who is nobody makes it unreadable, one of the sending side makes no sense. Source: our own proposal."""
    for row in draft.sends:
        own = {role for role, party in draft.procedure.roles.items() if party == row.clause.receiver}
        used = [(row.number, row.at("readers", place), name) for place, name in enumerate(row.clause.readers)]
        yield from _unknown(used, own | PROFESSIONS)


@error("P110", "“{name}” is no message, document or check that could keep this promise.{nearest}")
def evidence_is_known(draft: Draft) -> Iterator[Hit]:
    """A promise is kept by evidence, never by a word; evidence that does not exist never comes. Source: specification, scorecard (from evidence)."""
    known = {**draft.compiled.messages, **draft.compiled.documents, **draft.compiled.checks}
    yield from _unknown([(row.number, row.at("kept_by"), row.clause.kept_by) for row in draft.promises], known)


@error("P111", "“{name}” is written twice: the second time in Art. {article}. A name means one thing.")
def names_are_used_once(draft: Draft) -> Iterator[Hit]:
    """Stages, and all that is done, filed, sent and promised, have names of their own. A consent may be asked again. Source: specification, duplicate ids."""
    for rows in (joined(draft.stages), joined(draft.checks, draft.documents, draft.sends, draft.promises)):
        for name in repeated(row.clause.id for row in rows):
            for row in [row for row in rows if row.clause.id == name][1:]:
                yield hit(row.number, row.at("id"), name=name, article=row.number)


@error("P112", "Art. {article} stands twice.")
def numbers_of_articles_are_used_once(draft: Draft) -> Iterator[Hit]:
    """Every refusal cites an article; two with one number make the citation doubtful. Source: specification, refusals cite the article."""
    for number in repeated(row.number for row in draft.articles):
        for row in [row for row in draft.articles if row.number == number][1:]:
            yield hit(number, row.at("art"), article=number)


@error("P113", "Art. {article} stands after Art. {before}: articles go by their numbers.")
def articles_are_in_order(draft: Draft) -> Iterator[Hit]:
    """The order of articles decides which stage is the first. Source: our own rule."""

    def order(number: str) -> tuple[int, str]:
        return int(number.rstrip("abcdefghijklmnopqrstuvwxyz")), number.lstrip("0123456789")

    for before, row in zip(draft.articles, draft.articles[1:], strict=False):
        if order(row.number) < order(before.number):
            yield hit(row.number, row.at("art"), article=row.number, before=before.number)


@error("P114", "“{name}” cannot be the name of a fact: it is a word of conditions.")
def words_of_conditions_are_no_facts(draft: Draft) -> Iterator[Hit]:
    """`not` and `and` join facts; a fact of that name could not be told from them. Source: our own rule."""
    for name in RESERVED:
        if name in draft.procedure.facts:
            yield hit("", ("facts", name), name=name)


@error("P115", "“{name}” is said twice in the same list.")
def lists_say_a_name_once(draft: Draft) -> Iterator[Hit]:
    """A name that is repeated in one list was meant to be another one. Source: our own rule."""
    lists: list[tuple[str, Path, tuple[str, ...]]] = [("", ("never",), draft.procedure.never)]
    lists += [("", ("fields", group), names) for group, names in draft.procedure.fields.items()]
    lists += [(row.number, row.at("next"), row.clause.next) for row in draft.stages]
    lists += [(row.number, row.at("signed_by"), row.clause.signed_by) for row in draft.documents]
    for row in draft.sends:
        send = row.clause
        lists += [(row.number, row.at(part), names) for part, names in (("fields", send.fields), ("needs", send.needs), ("readers", send.readers))]
    for article in draft.articles:
        if article.clause.depart:
            lists.append((article.number, article.at("depart", "approve"), article.clause.depart.approve))
        if article.clause.score:
            lists.append((article.number, article.at("score", "over"), article.clause.score.over))
    for number, path, names in lists:
        for name in repeated(names):
            yield hit(number, path, name=name)


@error("P116", "“{country}” of {party} is not a country whose holidays are known.")
def countries_are_known(draft: Draft) -> Iterator[Hit]:
    """Due dates follow the calendar of the owing party's country (ISO 3166). Source: specification, semantics (durations)."""
    for name, party in draft.procedure.parties.items():
        if party.country not in WITH_CALENDAR:
            yield hit("", ("parties", name, "country"), country=party.country, party=name)
