"""Mutants: copies of a procedure with one thing changed, and the places where something can be changed.

A mutant says which articles it touched (`touched`; "" for what stands outside the articles) and which others hang together with the touched row
by the names in it (`tied`): the article that defines what was renamed, or that uses what was taken away, is as right a place to be told as the other.
"""

import copy
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

Plain = dict[str, Any]
ROWS = ("check", "consent", "document", "send", "oblige", "block")
ONES = ("stage", "depart", "lifecycle", "score")
# Which field of which clause names what.
REFERENCES = {
    ("stage", "by"): "role", ("stage", "next"): "stage", ("stage", "needs_message"): "message",
    ("document", "by"): "role", ("document", "signed_by"): "role",
    ("consent", "covers"): "group",
    ("send", "from"): "party", ("send", "to"): "party", ("send", "fields"): "group", ("send", "needs"): "consent", ("send", "answer"): "message",
    ("send", "at"): "stage", ("send", "readers"): "reader",
    ("oblige", "party"): "party", ("oblige", "by"): "role", ("oblige", "at"): "stage", ("oblige", "on"): "message", ("oblige", "kept_by"): "evidence",
    ("oblige", "late_to"): "role", ("oblige", "very_late_to"): "role",
    ("document", "at"): "stage", ("check", "at"): "stage", ("consent", "at"): "stage",
    ("block", "to"): "stage", ("depart", "approve"): "role", ("score", "over"): "promise",
}  # fmt: skip
TYING = {"stage", "message", "consent", "group", "evidence", "promise"}  # roles and parties are everywhere and tie nothing
CONDITIONS = ("if", "guardian_if", "when")


@dataclass(frozen=True)
class Mutant:
    way: str
    place: str
    value: Plain
    touched: frozenset[str]
    tied: frozenset[str]


@dataclass(frozen=True)
class Place:
    """One clause in one article."""

    number: int
    kind: str
    index: int | None

    def row(self, value: Plain) -> Any:
        found = value["articles"][self.number][self.kind]
        return found if self.index is None else found[self.index]

    def told(self, value: Plain) -> str:
        row = self.row(value)
        return f"Art. {value['articles'][self.number]['art']} {self.kind} {row.get('id', '') if isinstance(row, dict) else row}"


def places(value: Plain) -> Iterator[Place]:
    for number, article in enumerate(value["articles"]):
        for kind in ONES:
            if kind in article:
                yield Place(number, kind, None)
        for kind in ROWS:
            for index in range(len(article.get(kind, []))):
                yield Place(number, kind, index)


def names_in(kind: str, row: Plain) -> set[str]:
    """The names by which a row hangs together with others."""
    found = {row["id"]} if "id" in row else set()
    for (clause, field), what in REFERENCES.items():
        if clause == kind and field in row and what in TYING:
            found |= set(row[field]) if isinstance(row[field], list) else {row[field]}
    return found


def with_names(value: Plain, names: set[str]) -> frozenset[str]:
    return frozenset(value["articles"][p.number]["art"] for p in places(value) if names_in(p.kind, p.row(value)) & names)


def mutant(way: str, value: Plain, place: Place, change: Callable[[Plain], None], told: str = "") -> Mutant:
    """A copy with one row changed."""
    spoiled = copy.deepcopy(value)
    before = names_in(place.kind, place.row(value))
    change(spoiled)
    touched = frozenset({value["articles"][place.number]["art"]})
    after: set[str] = set()
    with suppress(KeyError, IndexError):
        after = names_in(place.kind, place.row(spoiled))
    return Mutant(way, f"{place.told(value)} {told}".strip(), spoiled, touched, touched | with_names(value, before | after))


def outside(way: str, value: Plain, told: str, change: Callable[[Plain], None], users: frozenset[str] = frozenset()) -> Mutant:
    spoiled = copy.deepcopy(value)
    change(spoiled)
    return Mutant(way, told, spoiled, frozenset({""}) | users, frozenset({""}) | users)


def references(value: Plain) -> Iterator[tuple[Place, str, int | None, str, str]]:
    """Every place where a name is used: place, field, index in its list, what it names, the name."""
    for place in places(value):
        row = place.row(value)
        for (clause, field), what in REFERENCES.items():
            if clause == place.kind and field in row:
                if isinstance(row[field], list):
                    for index, name in enumerate(row[field]):
                        yield place, field, index, what, name
                else:
                    yield place, field, None, what, row[field]


def put(place: Place, field: str, index: int | None, name: Any) -> Callable[[Plain], None]:
    def change(value: Plain) -> None:
        if index is None:
            place.row(value)[field] = name
        else:
            place.row(value)[field][index] = name

    return change


def defined(value: Plain) -> dict[str, list[str]]:
    rows = {
        kind: [p.row(value)["id"] for p in places(value) if p.kind == kind] for kind in ("stage", "check", "consent", "document", "send", "oblige")
    }
    return {
        "stage": rows["stage"],
        "message": rows["send"],
        "consent": list(dict.fromkeys(rows["consent"])),
        "promise": rows["oblige"],
        "evidence": rows["send"] + rows["document"] + rows["check"],
        "group": list(value.get("fields", {})),
        "role": list(value["roles"]),
        "party": list(value["parties"]),
        "reader": [],
    }


def users(value: Plain, name: str) -> frozenset[str]:
    """The articles in whose rows a name stands."""
    found = {value["articles"][p.number]["art"] for p, _field, _index, _what, used in references(value) if used == name}
    for article in value["articles"]:
        rows = [article, *(row for kind in ROWS for row in article.get(kind, []))]
        if any(name in str(row.get(field, "")).split(" ") for row in rows for field in CONDITIONS):
            found.add(article["art"])
    return frozenset(found)


def at(value: Plain, path: tuple[str | int, ...]) -> Any:
    for step in path:
        value = value[step]  # type: ignore[index]  # a path through maps and lists
    return value


def without(*path: str | int) -> Callable[[Plain], None]:
    """Takes a key out of a map."""
    return lambda spoiled: at(spoiled, path[:-1]).pop(path[-1])


def removed(table: str, name: str) -> Callable[[Plain], None]:
    """Takes a name out of a list."""
    return lambda spoiled: spoiled[table].remove(name)


def written(new: Any, *path: str | int) -> Callable[[Plain], None]:
    """Writes a value."""
    return lambda spoiled: at(spoiled, path[:-1]).update({path[-1]: new})


def added(new: Any, *path: str | int) -> Callable[[Plain], None]:
    """Adds to a list."""
    return lambda spoiled: at(spoiled, path).append(new)
