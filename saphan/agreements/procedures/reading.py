"""Reads the text of a procedure, YAML 1.2 or JSON, into words, numbers, lists and maps, and refuses everything by which a partner's file could do harm.

libyaml only cuts the text into events; no type of its own is made. Scalars follow the core schema of YAML 1.2: `no` and `1:30` and `2027-01-01` are words.
"""

import math
import re
import unicodedata
from dataclasses import dataclass, field
from typing import Any, NoReturn

import yaml

from saphan.agreements.procedures.findings import Lines, Path, Unreadable, fault

MOST_BYTES = 256 * 1024
MOST_LEVELS = 12
MOST_VALUES = 20_000
LARGEST = 2**53

# Controls but line ends and tabulator; line ends of other systems; soft hyphen, joiners, marks and controls of direction, fillers, variation selectors,
# tag characters, annotation marks, private use, surrogates and what is no character at all.
UNSEEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164"
    "\ud800-\udfff\ue000-\uf8ff\ufdd0-\ufdef\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\ufffe\uffff\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U0010ffff]"
)
# Khmer is typed with a zero-width space between words. There, and only there, it is dropped: the same words give the same digest.
KHMER_SPACE = re.compile("(?<=[\u1780-\u17d3])\u200b+(?=[\u1780-\u17d3])")

WHOLE = re.compile(r"[-+]?(?:0|[1-9][0-9]*)")
DECIMAL = re.compile(r"[-+]?(?:\.[0-9]+|(?:0|[1-9][0-9]*)(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?")
DOUBTFUL = re.compile(r"[-+]?(?:0[0-9_]+|0[oOxXbB][0-9a-fA-F_]+|[0-9]+(?:_[0-9]+)+|\.(?:inf|Inf|INF))|\.(?:nan|NaN|NAN)")
WORDS: dict[str, Any] = dict.fromkeys(("null", "Null", "NULL", "~", ""), None)
WORDS |= dict.fromkeys(("true", "True", "TRUE"), True) | dict.fromkeys(("false", "False", "FALSE"), False)


@dataclass(frozen=True, slots=True)
class Read:
    """The values of a file and the line of each."""

    value: dict[str, Any]
    lines: Lines


def read(content: bytes | str) -> Read:
    """The values of one file. Raises `Unreadable` with the line and the reason at the first thing that is not allowed."""
    text = _text(content)
    reader = _Reader()
    try:
        for event in yaml.parse(text, Loader=yaml.CSafeLoader):
            reader.take(event)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        problem = getattr(error, "problem", None) or getattr(error, "reason", None) or "it is not well-formed"
        _refuse("R04", mark.line + 1 if mark else 1, problem=_inert(problem))
    if not isinstance(reader.value, dict):
        _refuse("R14", 1, found=kind_of(reader.value))
    return Read(reader.value, Lines(reader.lines))


def kind_of(value: object) -> str:
    """What a value is, in plain words."""
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return "true or false"
    return {str: "a text", int: "a number", float: "a number", list: "a list", dict: "a map"}.get(type(value), "something else")


def name_of(character: str) -> str:
    """A character told so that it can be found: its code point and its Unicode name."""
    return f"U+{ord(character):04X} {unicodedata.name(character, 'without a name')}"


def _text(content: bytes | str) -> str:
    if len(content) > MOST_BYTES or (isinstance(content, str) and len(content.encode("utf-8", "surrogatepass")) > MOST_BYTES):
        _refuse("R01", 0, limit=MOST_BYTES // 1024)
    if isinstance(content, bytes):
        try:
            content = content.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            _refuse("R02", error.object.count(b"\n", 0, error.start) + 1)
    text = KHMER_SPACE.sub("", content.replace("\r\n", "\n").replace("\r", "\n"))
    unseen = UNSEEN.search(text)
    if unseen:
        _refuse("R03", text.count("\n", 0, unseen.start()) + 1, character=name_of(unseen[0]))
    return text


@dataclass(slots=True)
class _Open:
    """A list or map that is not yet closed."""

    value: Any
    path: Path
    key: str | None = None
    first_lines: dict[str, int] = field(default_factory=dict)


@dataclass(slots=True)
class _Reader:
    """Takes the events one by one; nothing is called by itself again, so that no depth can exhaust it."""

    value: Any = None
    lines: dict[Path, int] = field(default_factory=dict)
    open: list[_Open] = field(default_factory=list)
    documents: int = 0
    values: int = 0

    def take(self, event: Any) -> None:
        line = event.start_mark.line + 1
        match event:
            case yaml.AliasEvent():
                _refuse("R05", line)
            case yaml.DocumentStartEvent():
                self._begin(event, line)
            case yaml.ScalarEvent():
                self._plain(event, line)
                self._scalar(event, line)
            case yaml.MappingStartEvent() | yaml.SequenceStartEvent():
                self._plain(event, line)
                self._down({} if isinstance(event, yaml.MappingStartEvent) else [], line)
            case yaml.MappingEndEvent() | yaml.SequenceEndEvent():
                self.open.pop()

    def _begin(self, event: Any, line: int) -> None:
        self.documents += 1
        if self.documents > 1:
            _refuse("R09", line)
        if event.tags or (event.version and tuple(event.version) != (1, 2)):
            _refuse("R15", line)

    def _plain(self, event: Any, line: int) -> None:
        if event.anchor is not None:
            _refuse("R05", line)
        if event.tag is not None:
            _refuse("R06", line)
        self.values += 1
        if self.values > MOST_VALUES:
            _refuse("R12", line, limit=MOST_VALUES)

    def _scalar(self, event: Any, line: int) -> None:
        unseen = UNSEEN.search(event.value)  # again: an escape in quotes may have made one
        if unseen:
            _refuse("R03", line, character=name_of(unseen[0]))
        value = unicodedata.normalize("NFC", event.value) if event.style else _resolved(event.value, line)
        around = self.open[-1] if self.open else None
        if around is not None and isinstance(around.value, dict) and around.key is None:
            self._key(around, value, line, quoted=bool(event.style))
        else:
            self._put(value, line)

    def _key(self, around: _Open, key: Any, line: int, *, quoted: bool) -> None:
        if not isinstance(key, str):
            _refuse("R10", line, found=kind_of(key))
        if key == "<<" and not quoted:
            _refuse("R07", line)
        if key in around.value:
            _refuse("R08", line, key=_inert(key), first=around.first_lines[key])
        around.key, around.first_lines[key] = key, line

    def _down(self, value: Any, line: int) -> None:
        if self.open and isinstance(self.open[-1].value, dict) and self.open[-1].key is None:
            _refuse("R10", line, found=kind_of(value))
        if len(self.open) >= MOST_LEVELS:
            _refuse("R11", line, limit=MOST_LEVELS)
        self.open.append(_Open(value, self._put(value, line)))

    def _put(self, value: Any, line: int) -> Path:
        path: Path = ()
        if not self.open:
            self.value = value
        else:
            around = self.open[-1]
            if isinstance(around.value, list):
                path = (*around.path, len(around.value))
                around.value.append(value)
            else:
                key = around.key or ""
                path, line = (*around.path, key), around.first_lines[key]
                around.value[key], around.key = value, None
        self.lines[path] = line
        return path


def _resolved(word: str, line: int) -> Any:
    """A word without quotes by the core schema of YAML 1.2, without its octal and hexadecimal numbers, which only ever surprise."""
    if word in WORDS:
        return WORDS[word]
    if word[0] in "+-.0123456789":
        if DOUBTFUL.fullmatch(word):
            _refuse("R13", line, found=_inert(word))
        if WHOLE.fullmatch(word):
            if len(word) > 17 or abs(int(word)) > LARGEST:
                _refuse("R13", line, found=_inert(word))
            return int(word)
        if DECIMAL.fullmatch(word):
            number = float(word) if len(word) < 40 else math.inf
            if not math.isfinite(number):
                _refuse("R13", line, found=_inert(word))
            return number
    return unicodedata.normalize("NFC", word)


def _inert(text: str) -> str:
    """Foreign text inside our own sentence: short, on one line."""
    return " ".join(text.split())[:60]


def _refuse(rule: str, line: int, **parameters: object) -> NoReturn:
    raise Unreadable((fault(rule, line, (), "", **parameters),))
