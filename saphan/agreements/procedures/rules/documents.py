"""P6: documents, departures and the life of the agreement."""

from collections.abc import Iterator

from saphan.agreements.procedures.rules.draft import Draft
from saphan.agreements.procedures.rules.rule import Hit, error, hit, warning


@warning("P601", "“{document}” is to be filed by “{role}” of {other} at “{stage}”, a stage of {party}.")
def who_owns_the_stage_files(draft: Draft) -> Iterator[Hit]:
    """A stage cannot be left without its documents; whoever owns it must be able to file them. The other side signs. Source: our own rule."""
    for row in draft.documents:
        rule = draft.compiled.documents[row.clause.id]
        owner, party = draft.owner_of(rule.stage), draft.party_of(row.clause.by)
        if owner and party and owner != party:
            yield hit(row.number, row.at("by"), document=row.clause.id, role=row.clause.by, other=party, stage=rule.stage, party=owner)


@warning("P602", "No article says what an emergency may shorten: each haste would count as drift.")
def an_emergency_is_foreseen(draft: Draft) -> Iterator[Hit]:
    """Practice departs from every text; recorded it is a departure, unrecorded drift. Source: specification, semantics (departure)."""
    if draft.procedure.articles and not draft.compiled.departures:
        yield hit("", ("articles",))


@error("P603", "Art. {article} and Art. {other} both say what an emergency may shorten.")
def departures_stand_in_one_article(draft: Draft) -> Iterator[Hit]:
    """Who approves the same haste could not be told. Source: our own rule."""
    seen: dict[str, str] = {}
    for row in draft.articles:
        for kind in row.clause.depart.allow if row.clause.depart else ():
            if row.clause.when is None and seen.setdefault(kind, row.number) != row.number:
                yield hit(row.number, row.at("depart"), article=row.number, other=seen[kind])


@warning("P604", "No article says how the agreement is suspended and amended, and what happens to cases under way.")
def the_life_of_the_agreement_is_foreseen(draft: Draft) -> Iterator[Hit]:
    """A case keeps the version it began under only if that is agreed. Source: specification, form (lifecycle)."""
    if not any(row.clause.lifecycle for row in draft.articles):
        yield hit("", ("articles",))


@error("P605", "Art. {article} says again how the agreement is suspended and amended; Art. {other} has said it.")
def the_life_stands_in_one_article(draft: Draft) -> Iterator[Hit]:
    """Two notice periods for one agreement. Source: our own rule."""
    found = [row for row in draft.articles if row.clause.lifecycle]
    for row in found[1:]:
        yield hit(row.number, row.at("lifecycle"), article=row.number, other=found[0].number)


@warning("P606", "“{document}” is filed by {party} but signed only by others.")
def who_files_signs_too(draft: Draft) -> Iterator[Hit]:
    """A signature of the other side alone does not bind the side that wrote the document. Source: our own rule."""
    for row in draft.documents:
        party, signing = draft.party_of(row.clause.by), {draft.party_of(role) for role in row.clause.signed_by}
        if party and signing and party not in signing:
            yield hit(row.number, row.at("signed_by"), document=row.clause.id, party=party)


@warning("P607", "“{role}” approves what an emergency shortens, and must itself {duty} (Art. {article}).")
def who_approves_does_not_act(draft: Draft) -> Iterator[Hit]:
    """Four eyes: nobody lets herself off what she has to do. Source: our own rule, from the two officers of an override (DOMAIN 2)."""
    duties: dict[str, tuple[str, str]] = {}
    for row in draft.promises:
        duties.setdefault(row.clause.by, (f"keep “{row.clause.id}”", row.number))
    for filed in draft.documents:
        duties.setdefault(filed.clause.by, (f"file “{filed.clause.id}”", filed.number))
    for rules in draft.compiled.stages.values():
        for check in rules.checks:
            duties.setdefault(rules.stage.by, (f"see to “{check.id}”", check.article))
    for article in draft.articles:
        for place, role in enumerate(article.clause.depart.approve if article.clause.depart else ()):
            if role in duties:
                yield hit(article.number, article.at("depart", "approve", place), role=role, duty=duties[role][0], article=duties[role][1])
