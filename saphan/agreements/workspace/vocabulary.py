"""The names that one procedure knows, as choices of a form, and where each kind of name is used, so that a new name is written everywhere."""

import copy
from collections.abc import Iterator
from typing import Any

from saphan.agreements.procedures.entering import spoken
from saphan.agreements.workspace.articles import KINDS, Plain, rows_of

Choices = list[tuple[str, str]]
# Which lists of names a row's words point to. A word may be one name or several.
POINTS: dict[tuple[str, str], tuple[str, ...]] = {
    ("stage", "by"): ("roles",), ("stage", "next"): ("stages",), ("stage", "needs_message"): ("messages",),
    ("check", "at"): ("stages",), ("check", "if"): ("facts",),
    ("consent", "at"): ("stages",), ("consent", "guardian_if"): ("facts",), ("consent", "covers"): ("groups",),
    ("document", "at"): ("stages",), ("document", "by"): ("roles",), ("document", "signed_by"): ("roles",), ("document", "if"): ("facts",),
    ("send", "at"): ("stages",), ("send", "from"): ("parties",), ("send", "to"): ("parties",), ("send", "fields"): ("groups",),
    ("send", "needs"): ("consents",), ("send", "answer"): ("messages",),
    ("oblige", "party"): ("parties",), ("oblige", "by"): ("roles",), ("oblige", "at"): ("stages",), ("oblige", "on"): ("messages",),
    ("oblige", "if"): ("facts",), ("oblige", "kept_by"): ("messages", "documents", "checks"), ("oblige", "late_to"): ("roles",),
    ("oblige", "very_late_to"): ("roles",),
    ("block", "if"): ("facts",), ("block", "to"): ("stages",),
    ("depart", "approve"): ("roles",), ("score", "over"): ("promises",),
}  # fmt: skip
# The list to which a row's own name belongs.
NAMED = {"stage": "stages", "check": "checks", "consent": "consents", "document": "documents", "send": "messages", "oblige": "promises"}
HEADED = {"parties": "parties", "roles": "roles", "facts": "facts", "fields": "groups"}


class Vocabulary:
    """The names of one procedure, each with words that an officer reads."""

    def __init__(self, plain: Plain) -> None:
        self.plain = plain
        self._rows = [row for article in plain.get("articles", ()) for row in rows_of(article)]

    def choices(self, of: str) -> Choices:
        """The names of one list: parties, roles, facts, groups, stages, messages, consents, documents, checks, promises, fields."""
        return list(self._of(of))

    def _of(self, of: str) -> Iterator[tuple[str, str]]:
        head = self.plain
        if of == "parties":
            yield from ((name, party["name"]) for name, party in head.get("parties", {}).items())
        elif of == "roles":
            yield from ((name, f"{spoken(name)} · {self.party(party)}") for name, party in head.get("roles", {}).items())
        elif of == "facts":
            yield from ((name, f"{spoken(name)}: {text}") for name, text in head.get("facts", {}).items())
        elif of == "groups":
            yield from ((name, f"{spoken(name)}: {', '.join(map(spoken, fields))}") for name, fields in head.get("fields", {}).items())
        else:
            names = dict.fromkeys(row.name for row in self._rows if NAMED.get(row.kind) == of)
            yield from ((name, self._told(of, name)) for name in names)

    def _told(self, of: str, name: str) -> str:
        row = next(row for row in self._rows if NAMED.get(row.kind) == of and row.name == name)
        if of == "consents":
            return f"{spoken(name)}: {row.content.get('to', '')}"
        if of == "messages":
            return f"{spoken(name)} · {self.party(row.content.get('from', ''))} → {self.party(row.content.get('to', ''))}"
        return spoken(name)

    def party(self, name: str) -> str:
        """How a party is called; its short name where it is not known."""
        return str(self.plain.get("parties", {}).get(name, {}).get("name", name))


def renamed(plain: Plain, of: str, old: str, new: str) -> Plain:
    """The procedure with another name of one list, at every place that points to it."""
    if not old or old == new:
        return plain
    changed = copy.deepcopy(plain)
    for article in changed.get("articles", ()):
        if of == "facts" and article.get("when"):
            article["when"] = _in_condition(article["when"], old, new)
        for kind in KINDS:
            for content in _contents(article, kind):
                _rename_in_row(kind, content, of, old, new)
    if of == "parties":
        changed["roles"] = {role: new if party == old else party for role, party in changed.get("roles", {}).items()}
    return changed


def _contents(article: Plain, kind: str) -> list[Plain]:
    found = article.get(kind) or ()
    return [found] if isinstance(found, dict) else list(found)


def _rename_in_row(kind: str, content: Plain, of: str, old: str, new: str) -> None:
    for word, value in content.items():
        if of not in POINTS.get((kind, word), ()):
            continue
        content[word] = _in_condition(value, old, new) if of == "facts" else _in_value(value, old, new)


def _in_value(value: Any, old: str, new: str) -> Any:
    if isinstance(value, list):
        return [new if name == old else name for name in value]
    return new if value == old else value


def _in_condition(text: str, old: str, new: str) -> str:
    return " ".join(new if word == old else word for word in text.split(" "))
