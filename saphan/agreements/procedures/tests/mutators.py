"""Named ways to spoil a procedure. Each goes over every place of its kind; none knows the rules of the linter."""

import copy
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

from saphan.agreements.procedures.tests.mutants import (
    ONES,
    ROWS,
    Mutant,
    Place,
    Plain,
    added,
    defined,
    mutant,
    outside,
    places,
    put,
    references,
    removed,
    users,
    without,
    written,
)


def misspelt_reference(value: Plain) -> Iterator[Mutant]:
    for place, field, index, _what, name in references(value):
        yield mutant("misspelt_reference", value, place, put(place, field, index, name + "x"), f"{field} {name}")


def misspelt_word(value: Plain) -> Iterator[Mutant]:
    """Each word of the language in each row, misspelt."""
    for place in places(value):
        for field in place.row(value):

            def change(spoiled: Plain, place: Place = place, field: str = field) -> None:
                row = place.row(spoiled)
                row[field[:-1] + "q"] = row.pop(field)

            yield mutant("misspelt_word", value, place, change, field)


def renamed_definition(value: Plain) -> Iterator[Mutant]:
    """A name that is used elsewhere is changed where it is defined."""
    used = {name for _place, _field, _index, _what, name in references(value)}
    for place in places(value):
        row = place.row(value)
        if row.get("id") in used and not (place.kind == "consent" and sum(r == row["id"] for r in defined(value)["consent"]) > 1):
            yield mutant("renamed_definition", value, place, put(place, "id", None, row["id"] + "x"))
    for table in ("roles", "facts", "fields", "parties"):
        for name in value.get(table, {}):

            def change(spoiled: Plain, table: str = table, name: str = name) -> None:
                spoiled[table][name + "x"] = spoiled[table].pop(name)

            yield outside("renamed_definition", value, f"{table} {name}", change, users(value, name))


def wrong_target(value: Plain) -> Iterator[Mutant]:
    """A stage that follows, a consent needed, an answer, a message waited for, evidence, replaced by each other one of its kind."""
    known = defined(value)
    for place, field, index, what, name in references(value):
        if (place.kind, field) in {
            ("stage", "next"),
            ("send", "needs"),
            ("send", "answer"),
            ("stage", "needs_message"),
            ("oblige", "kept_by"),
            ("block", "to"),
        }:
            row = place.row(value)
            for other in known[what]:
                if other != name and other not in (row[field] if isinstance(row[field], list) else []) and other != row.get("id"):
                    yield mutant("wrong_target", value, place, put(place, field, index, other), f"{field} {name} -> {other}")


def wrong_stage(value: Plain) -> Iterator[Mutant]:
    """A row with its own `at` moved to each other stage."""
    for place, field, index, _what, name in references(value):
        if field == "at":
            for other in defined(value)["stage"]:
                if other != name:
                    yield mutant("wrong_stage", value, place, put(place, field, index, other), f"at {name} -> {other}")


def wrong_side(value: Plain) -> Iterator[Mutant]:
    """A role replaced by each role of another party."""
    for place, field, index, what, name in references(value):
        if what == "role":
            for other, party in value["roles"].items():
                if party != value["roles"][name] and other not in place.row(value)[field]:
                    yield mutant("wrong_side", value, place, put(place, field, index, other), f"{field} {name} -> {other}")


def swapped_party(value: Plain) -> Iterator[Mutant]:
    """A message turned round, sent to its sender, owed by the other party."""
    for place in places(value):
        row = place.row(value)
        if place.kind == "send":

            def turn(spoiled: Plain, place: Place = place) -> None:
                send = place.row(spoiled)
                send["from"], send["to"] = send["to"], send["from"]

            yield mutant("swapped_party", value, place, turn, "turned")
            yield mutant("swapped_party", value, place, put(place, "to", None, row["from"]), "to itself")
        if place.kind == "oblige":
            for party in value["parties"]:
                if party != row["party"]:
                    yield mutant("swapped_party", value, place, put(place, "party", None, party), f"party {party}")


def swapped_role(value: Plain) -> Iterator[Mutant]:
    """A role given to another party."""
    for role, party in value["roles"].items():
        for other in value["parties"]:
            if other != party:

                def change(spoiled: Plain, role: str = role, other: str = other) -> None:
                    spoiled["roles"][role] = other

                yield outside("swapped_role", value, f"role {role} -> {other}", change, users(value, role))


def dropped_row(value: Plain) -> Iterator[Mutant]:
    for place in places(value):

        def change(spoiled: Plain, place: Place = place) -> None:
            article = spoiled["articles"][place.number]
            if place.index is None:
                del article[place.kind]
            else:
                del article[place.kind][place.index]

        made = mutant("dropped_row", value, place, change)
        if place.kind in ("depart", "lifecycle", "score"):  # there is one in the whole procedure, so that what is missing is missing in the whole
            made = Mutant(made.way, made.place, made.value, made.touched | {""}, made.tied | {""})
        yield made
    for table in ("roles", "facts", "fields", "parties"):
        for name in value.get(table, {}):
            yield outside("dropped_row", value, f"{table} {name}", without(table, name), users(value, name))
    for name in value.get("never", []):
        yield outside("dropped_row", value, f"never {name}", removed("never", name))


DROPPED = {
    "stage": ("due", "needs_message", "final", "lasting"),
    "check": ("if",),
    "consent": ("guardian_if",),
    "document": ("if", "signed_by"),
    "send": ("keep", "needs", "answer", "at", "readers"),
    "oblige": ("due", "every", "at", "on", "kept_by", "late_to", "very_late", "very_late_to"),
    "score": ("publish_min", "target"),
    "depart": ("reason", "tell", "approve"),
    "lifecycle": ("suspend", "amend", "running_cases"),
}


def dropped_word(value: Plain) -> Iterator[Mutant]:
    """A word of a row left out: a time limit, a consent, an answer, a condition."""
    for place in places(value):
        for field in DROPPED.get(place.kind, ()):
            if field in place.row(value):

                def change(spoiled: Plain, place: Place = place, field: str = field) -> None:
                    del place.row(spoiled)[field]

                yield mutant("dropped_word", value, place, change, field)
    for number, article in enumerate(value["articles"]):
        if "when" in article:
            kind = next(kind for kind in (*ROWS, *ONES) if article.get(kind))
            place = Place(number, kind, 0 if kind in ROWS else None)
            yield mutant("dropped_word", value, place, without("articles", number, "when"), "when")


def dropped_next(value: Plain) -> Iterator[Mutant]:
    for place, field, index, _what, name in references(value):
        if (place.kind, field) == ("stage", "next"):

            def change(spoiled: Plain, place: Place = place, index: int | None = index) -> None:
                del place.row(spoiled)["next"][index]

            yield mutant("dropped_next", value, place, change, name)


def reversed_next(value: Plain) -> Iterator[Mutant]:
    """An arrow turned round."""
    stages = {p.row(value)["id"]: p for p in places(value) if p.kind == "stage"}
    for place, field, _index, _what, name in references(value):
        if (place.kind, field) == ("stage", "next"):

            def change(spoiled: Plain, place: Place = place, name: str = name) -> None:
                here, there = place.row(spoiled), stages[name].row(spoiled)
                here["next"].remove(name)
                there.setdefault("next", []).append(here["id"])

            yield mutant("reversed_next", value, place, change, name)


def widened_fields(value: Plain) -> Iterator[Mutant]:
    """Each message carries each other group as well."""
    for place in places(value):
        for group in value.get("fields", {}):
            if place.kind == "send" and group not in place.row(value).get("fields", []):

                def change(spoiled: Plain, place: Place = place, group: str = group) -> None:
                    place.row(spoiled).setdefault("fields", []).append(group)

                yield mutant("widened_fields", value, place, change, group)


def widened_group(value: Plain) -> Iterator[Mutant]:
    """A group holds a field that may never leave, or one of another group."""
    for group, fields in value.get("fields", {}).items():
        strange = [*value.get("never", []), *(names[0] for other, names in value["fields"].items() if other != group)]
        for name in strange:
            if name not in fields:
                yield outside(
                    "widened_group",
                    value,
                    f"{group} + {name}",
                    added(name, "fields", group),
                    users(value, group),
                )


def negated_condition(value: Plain) -> Iterator[Mutant]:
    """Each condition turned into its opposite, part by part."""

    def opposite(text: str, part: int) -> str:
        parts = text.split(" and ")
        parts[part] = parts[part].removeprefix("not ") if parts[part].startswith("not ") else f"not {parts[part]}"
        return " and ".join(parts)

    for place in places(value):
        for field in ("if", "guardian_if"):
            text = place.row(value).get(field)
            for part in range(len(text.split(" and "))) if text else ():
                yield mutant("negated_condition", value, place, put(place, field, None, opposite(text, part)), f"{field} {text}")
    for number, article in enumerate(value["articles"]):
        for part in range(len(article["when"].split(" and "))) if "when" in article else ():
            kind = next(kind for kind in (*ROWS, *ONES) if article.get(kind))

            def change(spoiled: Plain, number: int = number, part: int = part) -> None:
                spoiled["articles"][number]["when"] = opposite(spoiled["articles"][number]["when"], part)

            yield mutant("negated_condition", value, Place(number, kind, 0 if kind in ROWS else None), change, f"when {article['when']}")


def shortened_very_late(value: Plain) -> Iterator[Mutant]:
    for place in places(value):
        row = place.row(value)
        if "very_late" in row:
            due = row.get("due") or row["every"][0]
            for length in (due, "1h" if due != "1h" else due):
                yield mutant("shortened_very_late", value, place, put(place, "very_late", None, length), length)


def disordered_dates(value: Plain) -> Iterator[Mutant]:
    for place in places(value):
        row = place.row(value)
        if place.kind == "oblige" and "every" in row:
            yield mutant("disordered_dates", value, place, put(place, "every", None, row["every"][::-1]), "reversed")
            yield mutant("disordered_dates", value, place, put(place, "due", None, "5d"), "due as well")
            for index in range(1, len(row["every"])):
                yield mutant("disordered_dates", value, place, put(place, "every", index, row["every"][index - 1]), f"{index} repeated")


def weakened_consent(value: Plain) -> Iterator[Mutant]:
    for place in places(value):
        if place.kind == "consent" and place.row(value)["form"] == "written":
            yield mutant("weakened_consent", value, place, put(place, "form", None, "spoken_or_written"))


def false_end(value: Plain) -> Iterator[Mutant]:
    """Each stage made final, lasting, or its own next."""
    for place in places(value):
        if place.kind == "stage":
            row = place.row(value)
            if not row.get("final"):
                yield mutant("false_end", value, place, put(place, "final", None, True), "final")
                yield mutant(
                    "false_end",
                    value,
                    place,
                    put(place, "next", None, [*row.get("next", []), row["id"]]),
                    "self",
                )
                if not row.get("lasting"):
                    yield mutant("false_end", value, place, put(place, "lasting", None, True), "lasting")


def doubled_name(value: Plain) -> Iterator[Mutant]:
    """Each row takes the name of the next of its kind; each article the number of the next."""
    for kind in ("stage", "check", "document", "send", "oblige"):
        rows = [p for p in places(value) if p.kind == kind]
        for place, other in pairwise(rows):
            yield mutant("doubled_name", value, place, put(place, "id", None, other.row(value)["id"]), other.row(value)["id"])
    for number, (article, other) in enumerate(pairwise(value["articles"])):
        spoiled = copy.deepcopy(value)
        spoiled["articles"][number]["art"] = other["art"]
        both = frozenset({article["art"], other["art"]})
        yield Mutant("doubled_name", f"Art. {article['art']} is Art. {other['art']}", spoiled, both, both)


def lost_text(value: Plain) -> Iterator[Mutant]:
    for number, article in enumerate(value["articles"]):
        for language in article["prose"]:
            spoiled = copy.deepcopy(value)
            del spoiled["articles"][number]["prose"][language]
            yield Mutant("lost_text", f"Art. {article['art']} {language}", spoiled, frozenset({article["art"]}), frozenset({article["art"]}))


LIMITS: tuple[tuple[str, Any], ...] = (
    ("form", "none"), ("reason", "optional"), ("amend", "one_signs"), ("every", "week"), ("publish_min", 2), ("target", 1.5),
)  # fmt: skip
HEAD: tuple[tuple[str, Any], ...] = (
    ("version", "3"), ("effective", "2027-02-30"), ("effective", "0227-01-01"), ("id", "TH LA"), ("saphan_sop", 2), ("review", None),
)  # fmt: skip


def bad_value(value: Plain) -> Iterator[Mutant]:
    """Lengths without a unit, negative, far too long, as a number; choices that do not exist; numbers out of their limits."""
    for place in places(value):
        row = place.row(value)
        for field in ("due", "keep", "very_late", "renew", "tell", "suspend"):
            for wrong in ("30", "-1d", "999999d", 30, "1.5d", "P30D") if field in row else ():
                yield mutant("bad_value", value, place, put(place, field, None, wrong), f"{field} {wrong}")
        for field, wrong in LIMITS:
            if field in row and (field != "every" or place.kind == "score"):
                yield mutant("bad_value", value, place, put(place, field, None, wrong), f"{field} {wrong}")
    for party in value["parties"]:
        for country in ("XX", "th", "THA"):
            yield outside(
                "bad_value",
                value,
                f"country {country}",
                written(country, "parties", party, "country"),
            )
    for field, wrong in HEAD:
        yield outside("bad_value", value, f"{field} {wrong}", written(wrong, field))


MUTATORS = (
    misspelt_reference, misspelt_word, renamed_definition, wrong_target, wrong_stage, wrong_side, swapped_party, swapped_role, dropped_row, dropped_word, dropped_next,
    reversed_next, widened_fields, widened_group, negated_condition, shortened_very_late, disordered_dates, weakened_consent, false_end, doubled_name,
    lost_text, bad_value,
)  # fmt: skip


def mutants(value: Plain) -> Iterator[Mutant]:
    for mutator in MUTATORS:
        yield from mutator(value)
