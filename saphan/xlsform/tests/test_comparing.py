"""Two versions of a form beside each other."""

from saphan.xlsform.comparing import compare, effects
from saphan.xlsform.tests.making import YES_NO, form_of, row

BEFORE = form_of(
    row("text", "a", "A"),
    row("integer", "b", "B"),
    row("select_one yn", "c", "C"),
    row("text", "d", "D"),
    row("begin group", "g"),
    row("text", "e"),
    row("end group"),
)


def test_nothing_differs_from_itself() -> None:
    assert compare(BEFORE, BEFORE).changes == ()
    assert not compare(BEFORE, BEFORE)


def test_an_empty_row_is_no_change() -> None:
    moved = form_of(row("text", "a"), {}, row("text", "b"))
    assert compare(form_of(row("text", "a"), row("text", "b")), moved).changes == ()


def test_added_removed_moved_reworded_retyped_and_other_rules() -> None:
    after = form_of(
        row("text", "d", "D"), row("text", "a", "Other words", sph_strength="weak"), row("text", "b", "B", relevant="${a} != ''"), row("text", "e"), row("text", "f"),
        choices=YES_NO, version="2",
    )  # fmt: skip
    found = compare(BEFORE, after)
    assert (found.added, found.removed, found.reworded) == (("f",), ("c", "g"), ("a",))
    assert set(found.moved) == {"e", "d"}
    assert [(change.kind, change.code, change.what) for change in found.changes if change.kind in ("retyped", "logic", "own", "settings")] == [
        ("settings", "version", "version"), ("own", "a", "sph_strength"), ("retyped", "b", "type"), ("logic", "b", "relevant"),
    ]  # fmt: skip
    assert all(change.named for change in found.changes)


def test_a_renamed_answer_is_told_apart_from_a_retired_one() -> None:
    choices = [{"list_name": "yn", "name": "y", "label": "yes "}, {"list_name": "yn", "name": "unknown", "label": "Not known"}]
    rows = [row("select_one yn", "c", "C")]
    found = compare(form_of(*rows), form_of(*rows, choices=choices))
    assert [(option.listed, option.name, option.other, option.codes) for option in found.renamed_options] == [("yn", "yes", "y", ("c",))]
    assert [(option.listed, option.name, option.codes) for option in found.removed_options] == [("yn", "no", ("c",))]


def test_a_question_that_chooses_from_another_list_is_compared_by_its_answers() -> None:
    choices = [{"list_name": "answers", "name": name, "label": label} for name, label in (("yes", "Yes"), ("no", "No"), ("declined", "Declined"))]
    found = compare(form_of(row("select_one yn", "c")), form_of(row("select_one answers", "c"), choices=choices))
    assert found.removed_options == found.renamed_options == ()
    assert [(change.kind, change.code) for change in found.changes] == [("retyped", "c"), ("option_added", "answers/declined")]


def test_only_what_was_answered_has_effects() -> None:
    after = form_of(row("text", "a", "Other"), row("integer", "b", "B"), row("select_one yn", "c", "C"), row("text", "x"), choices=YES_NO[:1])
    found = effects(compare(BEFORE, after), {"c", "d", "e@2"})
    assert [(effect.kind, effect.code) for effect in found] == [("removed", "d"), ("removed", "e"), ("added", "x"), ("option_removed", "c")]
    assert [effect.sentence for effect in found if effect.code == "c"] == [
        "c: the answer no is retired. Where it was given it stays; it is not offered again."
    ]
