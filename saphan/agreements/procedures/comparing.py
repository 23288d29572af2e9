"""What changed between two versions, by article and clause, in words: “Art. 5, promise ob_trace: due 30wd → 20wd”."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from saphan.agreements.procedures.articles import Procedure

# How a row is called in a sentence.
CALLED = {
    "stage": "stage", "check": "check", "consent": "consent", "document": "document", "send": "message", "oblige": "promise", "block": "block",
    "depart": "departure", "lifecycle": "life of the agreement", "score": "score",
}  # fmt: skip
TABLES = ("parties", "roles", "facts", "fields")
UNITS = {"h": ("hour", "hours"), "d": ("day", "days"), "wd": ("working day", "working days"), "mo": ("month", "months")}
LENGTHS = frozenset({"due", "keep", "renew", "very_late", "tell", "suspend", "every", "review"})


@dataclass(frozen=True, slots=True)
class Change:
    """One difference. `what` is the row (“promise ob_trace”), `part` the word of it that changed ("" for the whole row); before or after may be ""."""

    article: str
    what: str
    part: str
    before: str
    after: str

    @property
    def sentence(self) -> str:
        """In English words."""
        place = f"Art. {self.article}, {self.what}" if self.article else self.what
        part = f"{self.part} " if self.part else ""
        if not self.before:
            return f"{place}: {part}added{f' ({self.after})' if self.part else ''}"
        if not self.after:
            return f"{place}: {part}taken away{f' ({self.before})' if self.part else ''}"
        return f"{place}: {part}{self.before} → {self.after}"

    def __str__(self) -> str:
        return self.sentence


def compare(before: Procedure, after: Procedure) -> tuple[Change, ...]:
    """The changes from one version to the other, first those outside the articles, then article by article. A version of itself is none."""
    old, new = before.plain(), after.plain()
    return (*_head(old, new), *_articles(old, new))


def _head(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[Change]:
    for word in dict.fromkeys((*old, *new)):
        if word in ("articles", "version", *TABLES):
            continue
        yield from _part("", "procedure", word, old.get(word), new.get(word))
    for table in TABLES:
        rows, others = old.get(table, {}), new.get(table, {})
        for name in dict.fromkeys((*rows, *others)):
            yield from _part("", table, name, rows.get(name), others.get(name))


def _articles(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[Change]:
    rows = {article["art"]: article for article in old["articles"]}
    others = {article["art"]: article for article in new["articles"]}
    for number in sorted({*rows, *others}, key=_order):
        row, other = rows.get(number, {}), others.get(number, {})
        if not row or not other:
            yield Change(number, "the article", "", "" if not row else "there", "there" if not row else "")
        yield from _article(number, row, other)


def _article(number: str, old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[Change]:
    prose, others = old.get("prose", {}), new.get("prose", {})
    for language in dict.fromkeys((*prose, *others)):
        yield from _part(number, "text", language, prose.get(language), others.get(language))
    yield from _part(number, "article", "when", old.get("when"), new.get("when"))
    for kind, called in CALLED.items():
        before, after = _rows(old.get(kind)), _rows(new.get(kind))
        for name in dict.fromkeys((*before, *after)):
            row, other = before.get(name), after.get(name)
            what = f"{called} {name}".strip()
            if row is None or other is None:
                yield Change(number, what, "", "" if row is None else "there", "there" if row is None else "")
                continue
            for word in dict.fromkeys((*row, *other)):
                yield from _part(number, what, word, row.get(word), other.get(word))


def _rows(value: Any) -> dict[str, Mapping[str, Any]]:
    """The rows of one kind by their name: a block's is the stage it forbids, and what stands once has none."""
    if value is None:
        return {}
    if isinstance(value, Mapping):
        return {str(value.get("id", "")): value}
    named: dict[str, Mapping[str, Any]] = {}
    for row in value:
        name = row["id"] if "id" in row else f"on {row['to']}"
        while name in named:
            name += " (again)"
        named[name] = row
    return named


def _part(article: str, what: str, part: str, before: Any, after: Any) -> Iterator[Change]:
    if before != after:
        yield Change(article, what, part, _spoken(part, before), _spoken(part, after))


def _spoken(part: str, value: Any) -> str:
    if value is None or value == []:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return ", ".join(_spoken(part, item) for item in value)
    if isinstance(value, Mapping):
        return "; ".join(f"{name} {_spoken(name, item)}" for name, item in value.items())
    return _length(str(value)) if part in LENGTHS else str(value)


def _length(text: str) -> str:
    """`30wd` as “30 working days”; anything else as it is."""
    number = text.rstrip("hdwmo")
    words = UNITS.get(text[len(number) :])
    return f"{number} {words[0] if number == '1' else words[1]}" if number.isdigit() and words else text


def _order(number: str) -> tuple[int, str]:
    digits = number.rstrip("abcdefghijklmnopqrstuvwxyz")
    return int(digits), number[len(digits) :]
