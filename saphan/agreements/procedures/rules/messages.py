"""P4: messages. They go from one party to another, are answered from there, are kept for a time, and carry no more than is meant."""

from collections.abc import Iterator

from saphan.agreements.procedures.rules.draft import Draft
from saphan.agreements.procedures.rules.rule import Hit, error, hit, warning

HEALTH = ("health", "medic", "hiv", "pregnan", "disability")


@error("P401", "Nothing says how long “{message}” is kept.")
def messages_are_kept_for_a_time(draft: Draft) -> Iterator[Hit]:
    """What crossed is deleted one day; without `keep` it never is. Source: specification, Linter (no retention); DOMAIN 8."""
    for row in draft.sends:
        if row.clause.keep is None:
            yield hit(row.number, row.at("keep"), message=row.clause.id)


@error("P402", "“{message}” goes from {party} to itself.")
def messages_go_to_another_party(draft: Draft) -> Iterator[Hit]:
    """A message crosses between parties; inside one party nothing is sent. Source: specification, form (send)."""
    for row in draft.sends:
        if row.clause.sender == row.clause.receiver:
            yield hit(row.number, row.at("to"), message=row.clause.id, party=row.clause.sender)


@error("P403", "“{message}” is answered by “{answer}”, but that goes from {sender} to {receiver}.")
def answers_come_from_the_other_side(draft: Draft) -> Iterator[Hit]:
    """An answer comes from the party that was asked, to the party that asked. Source: specification, Linter (answer in the wrong direction)."""
    for row in draft.sends:
        answer = draft.compiled.messages.get(row.clause.answer or "")
        if answer and (answer.sender, answer.receiver) != (row.clause.receiver, row.clause.sender):
            yield hit(row.number, row.at("answer"), message=row.clause.id, answer=answer.id, sender=answer.sender, receiver=answer.receiver)


@error("P404", "“{message}” is answered by “{answer}”, which may be sent before it.")
def answers_come_after_the_question(draft: Draft) -> Iterator[Hit]:
    """Every way to the answer must have passed the stage of the question. Source: specification, Linter (answers)."""
    for row in draft.sends:
        answer, question = draft.compiled.messages.get(row.clause.answer or ""), draft.compiled.messages[row.clause.id]
        reached = draft.compiled.dominators.get(answer.stage) if answer else None
        if answer and question.stage and reached is not None and question.stage not in reached:
            yield hit(row.number, row.at("answer"), message=row.clause.id, answer=answer.id)


@error("P405", "“{answer}” is to answer both “{first}” and “{message}”.")
def an_answer_answers_one_message(draft: Draft) -> Iterator[Hit]:
    """Which of two questions an answer closes could not be told. Source: our own rule."""
    for row in draft.sends:
        asked = draft.questions.get(row.clause.answer or "", ())
        if len(asked) > 1 and row.clause.id != asked[0]:
            yield hit(row.number, row.at("answer"), answer=row.clause.answer, first=asked[0], message=row.clause.id)


@warning("P406", "“{message}” is to be answered by “{answer}”, but no stage waits for it.")
def answers_are_waited_for(draft: Draft) -> Iterator[Hit]:
    """Where no stage needs the answer, cases go on without it and nobody notices. Source: our own rule."""
    awaited = {row.clause.needs_message for row in draft.stages}
    for row in draft.sends:
        if row.clause.answer in draft.compiled.messages and row.clause.answer not in awaited:
            yield hit(row.number, row.at("answer"), message=row.clause.id, answer=row.clause.answer)


@warning("P407", "The stage “{stage}” waits for “{message}” from {party}, which no message asks for.")
def what_is_waited_for_was_asked_for(draft: Draft) -> Iterator[Hit]:
    """A party is asked before it is waited for, unless the message comes from a stage of its own. Source: our own rule."""
    for row in draft.stages:
        message = draft.compiled.messages.get(row.clause.needs_message or "")
        unasked = message and message.id not in draft.questions and draft.owner_of(message.stage) != message.sender
        if message and unasked:
            yield hit(row.number, row.at("needs_message"), stage=row.clause.id, message=message.id, party=message.sender)


@error("P408", "“{message}” carries the group “{group}” with “{field}”, which may never leave.")
def what_never_leaves_is_in_no_group(draft: Draft) -> Iterator[Hit]:
    """The platform leaves such a field out whatever a group says; a draft that says so misleads the one who signs it. Source: specification, Linter (never)."""
    for row in draft.sends:
        for place, group in enumerate(row.clause.fields):
            for field in draft.procedure.fields.get(group, ()):
                if field in draft.procedure.never:
                    yield hit(row.number, row.at("fields", place), message=row.clause.id, group=group, field=field)


@warning("P409", "“{message}” needs a consent but carries nothing about the person.")
def consent_is_needed_for_something(draft: Draft) -> Iterator[Hit]:
    """Most often the fields were forgotten. Source: our own rule."""
    for row in draft.sends:
        if row.clause.needs and not row.clause.fields:
            yield hit(row.number, row.at("fields"), message=row.clause.id)


@warning("P410", "“{message}” sends the group “{group}” from {sender}, and “{other}” in Art. {article} sends it the other way.")
def a_group_goes_one_way(draft: Draft) -> Iterator[Hit]:
    """A group of fields is known to one side and told to the other; sent both ways, one of the two is a slip. Source: our own rule, from minimisation."""
    for group, row, other in draft.together():
        if (other.clause.sender, other.clause.receiver) == (row.clause.receiver, row.clause.sender) != (row.clause.sender, row.clause.receiver):
            parameters = {"message": row.clause.id, "group": group, "sender": row.clause.sender, "other": other.clause.id, "article": other.number}
            yield hit(row.number, row.at("fields"), **parameters)


@warning("P411", "“{message}” lets everybody at {party} read the group “{group}”, which “{other}” in Art. {article} opens to few.")
def few_readers_stay_few(draft: Draft) -> Iterator[Hit]:
    """What one article keeps for a clinician another must not send to the office. Source: our own rule; DOMAIN 2 (classes of sensitivity)."""
    for group, row, other in draft.together():
        if other.clause.readers and not row.clause.readers:
            parameters = {"message": row.clause.id, "party": row.clause.receiver, "group": group, "other": other.clause.id, "article": other.number}
            yield hit(row.number, row.at("fields"), **parameters)


@warning("P412", "“{message}” sends the group “{group}” of everybody, but “{other}” in Art. {article} only where {when}.")
def conditions_of_a_group_agree(draft: Draft) -> Iterator[Hit]:
    """What may leave only of an adult must not leave elsewhere of a child. Source: our own rule."""
    for group, row, other in draft.together():
        if row.article.when is None and other.article.when and other.clause.sender == row.clause.sender:
            parameters = {
                "message": row.clause.id,
                "group": group,
                "other": other.clause.id,
                "article": other.number,
                "when": str(other.article.when),
            }
            yield hit(row.number, row.at("fields"), **parameters)


@warning("P413", "The field “{field}” stands in the groups “{first}” and “{second}”.")
def a_field_stands_in_one_group(draft: Draft) -> Iterator[Hit]:
    """In a second group it would leave with what that group is for. Source: our own rule, from minimisation."""
    home: dict[str, str] = {}
    for group, names in draft.procedure.fields.items():
        for field in names:
            if home.setdefault(field, group) != group:
                yield hit("", ("fields", group), field=field, first=home[field], second=group)


@warning("P414", "“{message}” carries “{field}” and lets everybody at {party} read it: name its readers.")
def health_has_few_readers(draft: Draft) -> Iterator[Hit]:
    """What concerns health goes to the receiving clinician and not to an office. Source: DOMAIN 2 (class health); the example's Art. 8."""
    for row in draft.sends:
        field = next((name for name in draft.fields_of(row.clause) if any(part in name for part in HEALTH)), "")
        if field and not row.clause.readers:
            yield hit(row.number, row.at("readers"), message=row.clause.id, field=field, party=row.clause.receiver)
