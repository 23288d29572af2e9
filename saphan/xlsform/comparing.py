"""What differs between two versions of a form, and what that means for answers already given.

The rule behind it: the code of an answer is never renamed, only retired. The same words under another code are told as a renaming, which a host refuses.
"""

import bisect
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from django.utils.translation import gettext_lazy as _

from saphan.xlsform.definition import Choice, Form, Node, Question
from saphan.xlsform.places import Place

WORDS = ("label", "hint", "guidance", "constraint_message", "required_message", "media")
LOGIC = ("relevant", "constraint", "required", "calculation", "default", "choice_filter", "read_only", "count", "parameters")
LOOKS = ("appearance",)
KINDS = {
    "added": _("added"),
    "removed": _("removed"),
    "moved": _("moved"),
    "reworded": _("reworded"),
    "retyped": _("other type"),
    "logic": _("other rule"),
    "looks": _("other look"),
    "own": _("other column of your own"),
    "option_added": _("answer added"),
    "option_removed": _("answer retired"),
    "option_renamed": _("answer renamed"),
    "option_reworded": _("answer reworded"),
    "option_changed": _("answer changed"),
    "settings": _("settings"),
}


@dataclass(frozen=True)
class Change:
    """One difference. `what` is the column, with the language where it has one; for answers `code` is `list/answer`."""

    kind: str
    code: str
    what: str = ""
    before: str = ""
    after: str = ""

    @property
    def named(self) -> str:
        """The kind of change in the active language."""
        return str(KINDS[self.kind])


@dataclass(frozen=True)
class OptionChange:
    """An answer of a list that is gone, or that now has another code; `codes` are the questions that offer it."""

    listed: str
    name: str
    other: str = ""
    codes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Comparison:
    """All differences, and those that a reader asks for by name."""

    changes: tuple[Change, ...] = ()
    removed_options: tuple[OptionChange, ...] = ()
    renamed_options: tuple[OptionChange, ...] = ()
    kinds: dict[str, tuple[str, str]] = field(default_factory=dict)  # code -> kind before and after

    def _of(self, kind: str) -> tuple[str, ...]:
        return tuple(dict.fromkeys(change.code for change in self.changes if change.kind == kind))

    @property
    def added(self) -> tuple[str, ...]:
        """Codes that are new."""
        return self._of("added")

    @property
    def removed(self) -> tuple[str, ...]:
        """Codes that are gone."""
        return self._of("removed")

    @property
    def reworded(self) -> tuple[str, ...]:
        """Codes with other words in some language."""
        return self._of("reworded")

    @property
    def moved(self) -> tuple[str, ...]:
        """Codes that stand elsewhere."""
        return self._of("moved")

    def __bool__(self) -> bool:
        return bool(self.changes)


def compare(before: Form, after: Form) -> Comparison:
    """What was changed from one version to the next. Rows of the sheet do not count: a moved empty row is no change."""
    common = [code for code in before.by_code if code in after.by_code]
    changes = [
        *_settings(before, after),
        *(Change("removed", code, before=_label(before, code)) for code in before.by_code if code not in after.by_code),
        *(Change("added", code, after=_label(after, code)) for code in after.by_code if code not in before.by_code),
        *(
            Change("moved", code, "path", "/".join(before.by_code[code].path), "/".join(after.by_code[code].path))
            for code in _moved(before, after, common)
        ),
    ]
    for code in common:
        changes += _of_node(before.by_code[code], after.by_code[code])
    removed, renamed, of_options = _options(before, after)
    kinds = {code: (_kind(before.by_code[code]), _kind(after.by_code[code])) for code in common}
    return Comparison(tuple(changes + of_options), removed, renamed, {code: pair for code, pair in kinds.items() if pair[0] != pair[1]})


def _label(form: Form, code: str) -> str:
    return form.words(form.by_code[code].label, form.default_language).text


def _kind(node: Node) -> str:
    return node.kind if isinstance(node, Question) else node.node


def _settings(before: Form, after: Form) -> Iterator[Change]:
    for name in ("form_id", "title", "version", "default_language"):
        if getattr(before, name) != getattr(after, name):
            yield Change("settings", name, name, getattr(before, name), getattr(after, name))
    old, new = (", ".join(language.heading or "–" for language in form.languages) for form in (before, after))
    if old != new:
        yield Change("settings", "languages", "languages", old, new)
    yield from _values("settings", "settings", "", before.settings, after.settings)


def _moved(before: Form, after: Form, common: list[str]) -> list[str]:
    """Rows in another group, and the fewest rows that must move so that the others stand in their old order."""
    elsewhere = [code for code in common if before.by_code[code].path != after.by_code[code].path]
    place = {code: number for number, code in enumerate(after.by_code)}
    staying = [code for code in common if code not in set(elsewhere)]
    kept = set(_longest_rise([place[code] for code in staying]))
    return elsewhere + [code for code in staying if place[code] not in kept]


def _longest_rise(numbers: list[int]) -> list[int]:
    """The longest part of a sequence that rises (patience sorting)."""
    tops: list[int] = []
    before: dict[int, int | None] = {}
    for number in numbers:
        pile = bisect.bisect_left(tops, number)
        before[number] = tops[pile - 1] if pile else None
        tops[pile : pile + 1] = [number]
    found: list[int] = []
    step = tops[-1] if tops else None
    while step is not None:
        found.append(step)
        step = before[step]
    return found[::-1]


def _of_node(before: Node, after: Node) -> Iterator[Change]:
    if _kind(before) != _kind(after):
        yield Change("retyped", after.code, "type", _kind(before), _kind(after))
    if isinstance(before, Question) and isinstance(after, Question) and before.choices != after.choices:
        yield Change("retyped", after.code, "choices", before.choices, after.choices)
    for names, kind in ((WORDS, "reworded"), (LOGIC, "logic"), (LOOKS, "looks")):
        for name in names:
            yield from _values(kind, after.code, name, getattr(before, name, ""), getattr(after, name, ""))
    yield from _values("own", after.code, "", before.extra, after.extra)


def _values(kind: str, code: str, what: str, before: Any, after: Any) -> Iterator[Change]:
    """The differences of two cells, or of two texts language by language."""
    if isinstance(before, dict) or isinstance(after, dict):
        old, new = (value if isinstance(value, dict) else {"": value} if value else {} for value in (before, after))
        for key in dict.fromkeys([*old, *new]):
            yield from _values(kind, code, "::".join(filter(None, (what, key))), old.get(key, ""), new.get(key, ""))
    elif before != after:
        yield Change(kind, code, what, before, after)


# answers


def _options(before: Form, after: Form) -> tuple[tuple[OptionChange, ...], tuple[OptionChange, ...], list[Change]]:
    removed: list[OptionChange] = []
    renamed: list[OptionChange] = []
    changes: list[Change] = []
    for (old_list, new_list), codes in _pairs(before, after).items():
        old = {choice.name: choice for choice in before.choices.get(old_list, ())}
        new = {choice.name: choice for choice in after.choices.get(new_list, ())}
        gone, fresh = [name for name in old if name not in new], [name for name in new if name not in old]
        again = _renamed([old[name] for name in gone], [new[name] for name in fresh])
        renamed += [OptionChange(new_list, name, other, codes) for name, other in again.items()]
        removed += [OptionChange(new_list, name, "", codes) for name in gone if name not in again]
        changes += [Change("option_renamed", f"{new_list}/{name}", "name", name, other) for name, other in again.items()]
        changes += [Change("option_removed", f"{new_list}/{name}", before=_said(before, old[name])) for name in gone if name not in again]
        changes += [Change("option_added", f"{new_list}/{name}", after=_said(after, new[name])) for name in fresh if name not in again.values()]
        for name in (name for name in old if name in new):
            changes += _values("option_reworded", f"{new_list}/{name}", "label", old[name].label, new[name].label)
            changes += _values("option_changed", f"{new_list}/{name}", "", {**old[name].extra}, {**new[name].extra})
            changes += _values("option_changed", f"{new_list}/{name}", "media", old[name].media, new[name].media)
        order = [name for name in old if name in new]
        place = {name: number for number, name in enumerate(new)}
        if any(place[one] > place[other] for one, other in pairwise(order)):
            changes.append(Change("option_changed", new_list, "order", " ".join(order), " ".join(name for name in new if name in old)))
    return tuple(removed), tuple(renamed), changes


def _pairs(before: Form, after: Form) -> dict[tuple[str, str], tuple[str, ...]]:
    """Which list of one version answers to which of the other: by name, and where a question now chooses from another list."""
    found: dict[tuple[str, str], list[str]] = {(name, name): [] for name in dict.fromkeys([*before.choices, *after.choices])}
    for code, node in after.by_code.items():
        old = before.by_code.get(code)
        if isinstance(node, Question) and isinstance(old, Question) and node.choices and old.choices:
            found.setdefault((old.choices, node.choices), []).append(code)
    there = set(before.choices) & set(after.choices)
    paired = {name for pair, codes in found.items() if pair[0] != pair[1] for name in pair}
    return {pair: tuple(codes) for pair, codes in found.items() if pair[0] != pair[1] or pair[0] in there or pair[0] not in paired}


def _renamed(gone: list[Choice], fresh: list[Choice]) -> dict[str, str]:
    """Answers that are gone and stand there again under another code: the same words in some language."""
    found: dict[str, str] = {}
    for old in gone:
        for new in fresh:
            same = any(_plain(words) == _plain(new.label.get(language, "")) for language, words in old.label.items() if words.strip())
            if same and new.name not in found.values():
                found[old.name] = new.name
                break
    return found


def _plain(words: str) -> str:
    return " ".join(words.split()).casefold()


def _said(form: Form, choice: Choice) -> str:
    return form.words(choice.label, form.default_language).text or choice.name


# what it means

EFFECTS = {
    "removed": _("%(code)s is asked no more. Its answer stays in the record and counts no more."),
    "retyped": _("%(code)s is now of another type. Its answer stays; it is looked at again when its page is opened."),
    "logic": _("The rules of %(code)s are other ones (%(what)s). Its answer stays and is looked at again."),
    "reworded": _("%(code)s has other words. Its answer was given to the old ones."),
    "option_removed": _("%(code)s: the answer %(option)s is retired. Where it was given it stays; it is not offered again."),
    "option_renamed": _("%(code)s: the answer %(option)s has another code now. Codes are never renamed, only retired."),
    "added": _("%(code)s is new and not answered yet."),
}


@dataclass(frozen=True)
class Effect:
    """What a change means for interviews with answers; `sentence` is said in the active language."""

    kind: str
    code: str
    arguments: dict[str, str] = field(default_factory=dict)

    @property
    def sentence(self) -> str:
        """The effect in words."""
        return str(EFFECTS[self.kind]) % {"code": self.code, **self.arguments}


def effects(comparison: Comparison, answered: Collection[str]) -> list[Effect]:
    """What the changes mean where these questions (codes or places) have answers already: only what touches them, and what is new."""
    codes = {Place(place).code for place in answered}
    found: dict[tuple[str, str, str], Effect] = {}
    for change in comparison.changes:
        if change.kind == "added" or (change.kind in ("removed", "retyped", "logic", "reworded") and change.code in codes):
            key = (change.kind, change.code, change.what if change.kind == "logic" else "")
            found.setdefault(key, Effect(change.kind, change.code, {"what": change.what}))
    for kind, options in (("option_removed", comparison.removed_options), ("option_renamed", comparison.renamed_options)):
        for option in options:
            for code in option.codes:
                if code in codes:
                    found.setdefault((kind, code, option.name), Effect(kind, code, {"option": option.name}))
    return list(found.values())
