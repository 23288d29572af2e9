"""A questionnaire as a value: groups, repeats, questions, choices and the languages they are written in. Made by reading, kept as JSON, never changed."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import MISSING, dataclass, field, fields
from functools import cached_property
from typing import Any, ClassVar, NamedTuple, TypeAlias

from saphan.xlsform.kinds import ASKED

Text: TypeAlias = dict[str, str]  # language -> words; "" where the sheet names no language
Extra: TypeAlias = dict[str, "str | Text"]


class Wording(NamedTuple):
    """Words as a reader gets them, and the language they are really in, which may be another than the one asked for."""

    text: str
    language: str


@dataclass(frozen=True, slots=True)
class Language:
    """A language of the form: its code (or its name as written where the sheet gives no code), its name, and which way it is written."""

    code: str
    name: str
    direction: str = "ltr"

    @property
    def heading(self) -> str:
        """How a column of the sheet names it: `English (en)`."""
        return f"{self.name} ({self.code})" if self.name and self.code and self.name != self.code else self.code


@dataclass(frozen=True, slots=True)
class Choice:
    """One answer of a list; `extra` holds the columns that filters and lookups read."""

    name: str
    label: Text = field(default_factory=dict)
    media: dict[str, Text] = field(default_factory=dict)
    extra: dict[str, str] = field(default_factory=dict)
    row: int = 0


@dataclass(frozen=True, slots=True)
class Question:
    """One row of the survey sheet that holds a value. `code` is its name, or its path joined with dots where the name stands twice."""

    code: str
    name: str
    path: tuple[str, ...]
    row: int
    kind: str
    label: Text = field(default_factory=dict)
    hint: Text = field(default_factory=dict)
    guidance: Text = field(default_factory=dict)
    choices: str = ""
    relevant: str = ""
    constraint: str = ""
    constraint_message: Text = field(default_factory=dict)
    required: str = ""
    required_message: Text = field(default_factory=dict)
    calculation: str = ""
    default: str = ""
    choice_filter: str = ""
    appearance: str = ""
    read_only: str = ""
    parameters: str = ""
    media: dict[str, Text] = field(default_factory=dict)
    extra: Extra = field(default_factory=dict)
    node: ClassVar[str] = "question"

    @property
    def asked(self) -> bool:
        """Whether a person gives its answer; notes, calculations and what a device writes are not asked."""
        return self.kind in ASKED


@dataclass(frozen=True, slots=True)
class Part:
    """What holds other rows: a group or a repeat."""

    name: str
    path: tuple[str, ...]
    row: int
    label: Text = field(default_factory=dict)
    hint: Text = field(default_factory=dict)
    relevant: str = ""
    appearance: str = ""
    extra: Extra = field(default_factory=dict)
    children: tuple["Node", ...] = ()
    code: str = ""

    @property
    def one_page(self) -> bool:
        """Whether its questions stand on one page together."""
        return bool({"field-list", "table-list"} & set(self.appearance.split()))


@dataclass(frozen=True, slots=True)
class Group(Part):
    """Questions that belong together."""

    node: ClassVar[str] = "group"


@dataclass(frozen=True, slots=True)
class Repeat(Part):
    """Questions that are asked once for each of several things; `count` says how many, where the form knows it."""

    count: str = ""
    node: ClassVar[str] = "repeat"


Container: TypeAlias = Group | Repeat
Node: TypeAlias = Question | Group | Repeat
NODES: dict[str, type[Any]] = {kind.node: kind for kind in (Question, Group, Repeat)}


@dataclass(frozen=True)
class Form:
    """A whole questionnaire. Two forms with the same content are equal and have the same digest."""

    form_id: str
    title: str
    version: str
    languages: tuple[Language, ...] = ()
    default_language: str = ""
    children: tuple[Node, ...] = ()
    choices: dict[str, tuple[Choice, ...]] = field(default_factory=dict)
    settings: Extra = field(default_factory=dict)
    warnings: tuple[str, ...] = ()

    def nodes(self) -> Iterator[tuple[Node, tuple[Container, ...]]]:
        """Every question, group and repeat in the order of the sheet, each with the groups and repeats around it, outermost first."""
        yield from _walk(self.children, ())

    @cached_property
    def by_code(self) -> Mapping[str, Node]:
        """Every question, group and repeat by its code."""
        return {node.code: node for node, _ in self.nodes()}

    @cached_property
    def _around(self) -> Mapping[str, tuple[Container, ...]]:
        return {node.code: around for node, around in self.nodes()}

    def questions(self) -> tuple[Question, ...]:
        """The questions that a person answers, in order; notes, calculations and what the device fills in are left out."""
        return tuple(node for node, _ in self.nodes() if isinstance(node, Question) and node.asked)

    def question(self, code: str) -> Question:
        """The question of this code, asked or not. Raises KeyError when the form has none."""
        node = self.by_code[code]
        if not isinstance(node, Question):
            raise KeyError(code)
        return node

    def ancestors(self, code: str) -> tuple[Container, ...]:
        """The groups and repeats around it, outermost first."""
        return self._around[code]

    def repeats_around(self, code: str) -> tuple[Repeat, ...]:
        """The repeats it stands in, outermost first; as many as its place has numbers."""
        return tuple(node for node in self._around[code] if isinstance(node, Repeat))

    def words(self, text: Text, language: str) -> Wording:
        """The words in this language; else in the form's own, in the one without a name, in any that is there."""
        for code in (language, self.default_language, ""):
            if text.get(code):
                return Wording(text[code], code)
        return next((Wording(words, code) for code, words in text.items() if words), Wording("", language))

    def language(self, code: str) -> Language:
        """The language of this code; one that the form does not have is answered as such, left to right."""
        return next((language for language in self.languages if language.code == code), Language(code, code))

    def as_json(self) -> dict[str, Any]:
        """The form as plain values; what is empty is left out."""
        found = _plain(self)
        assert isinstance(found, dict)
        return found

    @staticmethod
    def from_json(data: Mapping[str, Any]) -> "Form":
        """The form that `as_json` wrote. Raises KeyError or TypeError on what is none."""
        plain = dict(data)
        plain["languages"] = tuple(Language(**item) for item in plain.get("languages", ()))
        plain["children"] = tuple(_node(item) for item in plain.get("children", ()))
        plain["choices"] = {name: tuple(Choice(**item) for item in items) for name, items in plain.get("choices", {}).items()}
        plain["warnings"] = tuple(plain.get("warnings", ()))
        return Form(**plain)

    @cached_property
    def digest(self) -> str:
        """SHA-256 over the canonical JSON: what two sides compare to know that they hold the same questions."""
        text = json.dumps(self.as_json(), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _walk(children: tuple[Node, ...], around: tuple[Container, ...]) -> Iterator[tuple[Node, tuple[Container, ...]]]:
    for node in children:
        yield node, around
        if not isinstance(node, Question):
            yield from _walk(node.children, (*around, node))


def _plain(value: Any) -> Any:
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if not hasattr(value, "__dataclass_fields__"):
        return value
    kept = {item.name: _plain(getattr(value, item.name)) for item in fields(value) if not _is_default(item, getattr(value, item.name))}
    return {"node": value.node, **kept} if hasattr(value, "node") else kept


def _is_default(item: Any, value: Any) -> bool:
    if item.default_factory is not MISSING:
        return not value
    return item.default is not MISSING and value == item.default


def _node(data: Mapping[str, Any]) -> Node:
    plain = dict(data)
    kind = NODES[plain.pop("node")]
    plain["path"] = tuple(plain["path"])
    if "children" in plain:
        plain["children"] = tuple(_node(item) for item in plain["children"])
    node: Node = kind(**plain)
    return node
