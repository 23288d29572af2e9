"""P9: names that are defined and used nowhere. Most often the place where they were used has been lost."""

from collections.abc import Iterator

from saphan.agreements.procedures.rules.draft import Draft, joined
from saphan.agreements.procedures.rules.names import conditions
from saphan.agreements.procedures.rules.rule import Hit, hit, warning


@warning("P901", "The role “{name}” does nothing here.")
def roles_act(draft: Draft) -> Iterator[Hit]:
    """Somebody who has no part in the procedure, or has lost it. Source: specification, Linter (unused names)."""
    used = {row.clause.by for row in joined(draft.stages, draft.documents, draft.promises)}
    used |= {name for row in draft.documents for name in row.clause.signed_by}
    used |= {name for row in draft.promises for name in (row.clause.late_to, row.clause.very_late_to) if name}
    used |= {name for row in draft.sends for name in row.clause.readers}
    used |= {name for row in draft.articles if row.clause.depart for name in row.clause.depart.approve}
    for name in draft.procedure.roles:
        if name not in used:
            yield hit("", ("roles", name), name=name)


@warning("P902", "The fact “{name}” decides nothing here.")
def facts_decide(draft: Draft) -> Iterator[Hit]:
    """A fact that is asked for and changes nothing. Source: specification, Linter (unused names)."""
    used = {name for _article, _path, condition in conditions(draft) for name in condition.facts}
    for name in draft.procedure.facts:
        if name not in used:
            yield hit("", ("facts", name), name=name)


@warning("P903", "The group of fields “{name}” is sent by no message.")
def groups_are_sent(draft: Draft) -> Iterator[Hit]:
    """A group that never leaves need not be in an agreement. Source: specification, Linter (unused names)."""
    used = {name for row in draft.sends for name in row.clause.fields}
    for name in draft.procedure.fields:
        if name not in used:
            yield hit("", ("fields", name), name=name)


@warning("P904", "The party {name} has no role.")
def parties_have_roles(draft: Draft) -> Iterator[Hit]:
    """A party without people cannot keep anything. Source: our own rule."""
    for name in draft.procedure.parties:
        if name not in draft.procedure.roles.values():
            yield hit("", ("parties", name), name=name)


@warning("P905", "The group of fields “{name}” is empty.")
def groups_hold_fields(draft: Draft) -> Iterator[Hit]:
    """An empty group lets a message say nothing under a name that promises something. Source: our own rule."""
    for name, fields in draft.procedure.fields.items():
        if not fields:
            yield hit("", ("fields", name), name=name)
