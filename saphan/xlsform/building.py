"""From tables of text to a form. Everything that is wrong in the rows is gathered, not only the first."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from typing import Any

from pyxform.parsing.expression import ncname_regex

from saphan.xlsform.columns import LOGIC, SETTINGS, SETTINGS_OF_OTHERS, UNUSED, WORDS, Column, choices_column, meant, settings_column, survey_column
from saphan.xlsform.definition import Choice, Container, Extra, Form, Group, Node, Question, Repeat, Text
from saphan.xlsform.kinds import NOT_KEPT, REFUSED, SELECT_SPELLINGS, SELECTS, Typed, read_type
from saphan.xlsform.problems import Problem
from saphan.xlsform.tongues import Tongues, add_extra, add_words, tongues_of
from saphan.xlsform.workbook import Tables

NAME = re.compile(ncname_regex)
RESERVED = frozenset({"meta"})
MAX_DEPTH = 12
YES = frozenset({"yes", "true", "true()"})
NO = frozenset({"no", "false", "false()"})
STRAIGHT = str.maketrans(
    {"‘": "'", "’": "'", "“": '"', "”": '"', "\u00a0": " ", "\u202f": " ", "\u200b": "", "\u200c": "", "\u200d": "", "\ufeff": ""}
)
SWITCHES = frozenset({"required", "read_only"})


@dataclass
class Cells:
    """One row of the survey sheet by meaning: `plain` cells, and words by column and language."""

    row: int
    plain: dict[str, str] = field(default_factory=dict)
    words: dict[str, Text] = field(default_factory=dict)
    media: dict[str, Text] = field(default_factory=dict)
    extra: Extra = field(default_factory=dict)


@dataclass
class Open:
    """A group or repeat whose end has not come yet."""

    typed: Typed
    cells: Cells
    children: list[Node] = field(default_factory=list)


@dataclass
class Built:
    """A form as far as its rows could be read, with all that is wrong in them."""

    form: Form
    problems: list[Problem]
    warnings: list[Problem]
    headings: dict[str, str]  # column of the standard -> as the writer names it


def build(tables: Tables, name: str) -> Built:
    """The form of these tables. `name` stands in where the settings give no form_id."""
    return _Builder(tables).build(name)


class _Builder:
    def __init__(self, tables: Tables) -> None:
        self.tables = tables
        self.problems: list[Problem] = []
        self.warnings: list[Problem] = []
        self.survey = self._columns("survey", survey_column)
        self.choice_columns = self._columns("choices", choices_column)
        self.setting_columns = self._columns("settings", settings_column)
        self.tongues = Tongues()
        self.choices: dict[str, list[Choice]] = {}

    def build(self, name: str) -> Built:
        settings = self._settings()
        self.tongues, wrong = tongues_of([*self.survey.values(), *self.choice_columns.values()], settings.pop("default_language", ""))
        self.problems += wrong
        self._read_choices()
        rows = self._read_survey()
        self._look_for_twins(rows)
        children = _coded(rows)
        form_id = settings.pop("form_id", "") or re.sub(r"[^A-Za-z0-9_.-]+", "_", name.rpartition(".")[0] or name).strip("_") or "form"
        form = Form(
            form_id,
            settings.pop("form_title", "") or form_id,
            settings.pop("version", ""),
            self.tongues.languages,
            self.tongues.default,
            children,
            {name: tuple(choices) for name, choices in self.choices.items()},
            self._other_settings(),
        )
        return Built(form, self.problems, self.warnings, {column.target: heading for heading, column in self.survey.items()})

    # headings

    def _columns(self, sheet: str, meaning: Callable[[str], Column]) -> dict[str, Column]:
        found: dict[str, Column] = {}
        first: dict[tuple[str, str, str | None], str] = {}
        for heading in dict.fromkeys(heading for row in self.tables.get(sheet, ()) for heading in row):
            column = found[heading] = meaning(heading)
            if first.setdefault((column.target, column.part, column.language), heading) != heading:
                self.problems.append(Problem(sheet, 1, heading, "column_twice", {"column": heading}))
            if column.target == "extra":
                self._look_at_own(sheet, column)
        return found

    def _look_at_own(self, sheet: str, column: Column) -> None:
        if known := meant(column.heading, sheet):
            wrong = Problem(sheet, 1, column.heading, "column_spelling", {"column": column.heading, "meant": known})
            (self.problems if sheet == "survey" else self.warnings).append(wrong)
        elif sheet == "survey" and column.part.lower() in UNUSED:
            self.warnings.append(Problem(sheet, 1, column.heading, "column_unused", {"column": column.heading}))

    # settings

    def _settings(self) -> dict[str, str]:
        row = next((row for row in self.tables.get("settings", ()) if row), {})
        return {self.setting_columns[heading].target: cell for heading, cell in row.items() if self.setting_columns[heading].target in SETTINGS}

    def _other_settings(self) -> Extra:
        row = next((row for row in self.tables.get("settings", ()) if row), {})
        kept: Extra = {}
        for heading, cell in row.items():
            column = self.setting_columns[heading]
            if column.target == "extra":
                name = column.part.lower() if column.part.lower() in SETTINGS_OF_OTHERS else column.part
                add_extra(kept, name, self.tongues.key(column), cell)
        return kept

    # choices

    def _read_choices(self) -> None:
        seen: dict[tuple[str, str], int] = {}
        for row, cells in self._rows("choices"):
            choice, listed = self._choice(row, cells)
            if not listed:
                self._wrong("choices", row, "list_name", "choice_no_list")
            elif not choice.name:
                self._wrong("choices", row, "name", "choice_no_name")
            elif (listed, choice.name) in seen:
                self._wrong("choices", row, "name", "choice_twice", name=choice.name, list=listed)
            else:
                seen[listed, choice.name] = row
                self.choices.setdefault(listed, []).append(choice)

    def _choice(self, row: int, cells: dict[str, str]) -> tuple[Choice, str]:
        choice, listed, name = Choice("", row=row), "", ""
        for heading, cell in cells.items():
            column = self.choice_columns[heading]
            if column.target == "list_name":
                listed = straight(cell)
            elif column.target == "name":
                name = straight(cell)
            elif column.target == "label":
                add_words(choice.label, self.tongues.code(column), cell, plain=column.language is None)
            elif column.target == "media":
                add_words(choice.media.setdefault(column.part, {}), self.tongues.code(column), cell, plain=column.language is None)
            else:
                choice.extra[heading] = cell
        return replace(choice, name=name), listed

    # survey

    def _rows(self, sheet: str) -> Iterable[tuple[int, dict[str, str]]]:
        return ((row, cells) for row, cells in enumerate(self.tables.get(sheet, ()), start=2) if cells)

    def _read_survey(self) -> list[Node]:
        root: list[Node] = []
        stack: list[Open] = []
        for row, given in self._rows("survey"):
            cells = self._cells(row, given)
            if straight(given.get("disabled", "")).lower() in YES:
                continue
            typed = self._typed(cells)
            if typed is None:
                continue
            here = stack[-1].children if stack else root
            if typed.edge == "begin":
                self._begin(stack, typed, cells)
            elif typed.edge == "end":
                self._end(stack, root, typed, cells)
            else:
                here += self._question(typed, cells, [open_.cells.plain.get("name", "") for open_ in stack])
        for left in stack:
            self._wrong("survey", left.cells.row, "type", "begin_without_end", name=left.cells.plain.get("name", ""), type=left.typed.kind)
        while stack:
            self._close(stack, root)
        return root

    def _look_for_twins(self, rows: Iterable[Node]) -> None:
        """Names are used once below the same group; that of a repeat once in the form."""
        seen: dict[tuple[str, ...], int] = {}
        repeats: dict[tuple[str, ...], int] = {}
        waiting = list(rows)
        while waiting:
            node = waiting.pop(0)
            first = seen.setdefault(node.path, node.row)
            if isinstance(node, Repeat) and first == node.row:
                first = repeats.setdefault((node.name,), node.row)
            if first != node.row and node.name:
                self._wrong("survey", node.row, "name", "name_twice", name=node.name, other=str(first))
            waiting = [*(node.children if not isinstance(node, Question) else ()), *waiting]

    def _cells(self, row: int, given: dict[str, str]) -> Cells:
        cells = Cells(row)
        for heading, cell in given.items():
            column = self.survey[heading]
            if column.target in WORDS:
                add_words(cells.words.setdefault(column.target, {}), self.tongues.code(column), cell, plain=column.language is None)
            elif column.target == "media":
                add_words(cells.media.setdefault(column.part, {}), self.tongues.code(column), cell, plain=column.language is None)
            elif column.target == "extra":
                add_extra(cells.extra, column.part, self.tongues.key(column), cell)
            else:
                cells.plain[column.target] = _clean(column.target, cell)
        return cells

    def _typed(self, cells: Cells) -> Typed | None:
        """What the row is, or None where it is none; what is wrong with its type and name is noted."""
        written = cells.plain.get("type", "")
        if not written:
            if cells.plain.get("name") or cells.words.get("label"):
                self._wrong("survey", cells.row, "type", "no_type")
            return None
        typed = read_type(written)
        if typed is None:
            self._wrong("survey", cells.row, "type", "list_needed" if written.lower() in SELECT_SPELLINGS else "unknown_type", type=written)
            return None
        if typed.kind in REFUSED or typed.kind == "loop":
            self._wrong("survey", cells.row, "type", "unsupported_type", type=written)
            return None
        if typed.kind in NOT_KEPT:
            self.warnings.append(Problem("survey", cells.row, "type", "device_type", {"type": written}))
        if typed.edge != "end":
            self._check_name(typed, cells)
        return typed

    def _check_name(self, typed: Typed, cells: Cells) -> None:
        name = cells.plain.get("name", "")
        if not name and typed.kind == "note":
            cells.plain["name"] = f"generated_note_name_{cells.row}"
        elif not name and typed.kind == "audit":
            cells.plain["name"] = "audit"
        elif not name:
            self._wrong("survey", cells.row, "name", "no_name")
        elif not NAME.fullmatch(name):
            self._wrong("survey", cells.row, "name", "bad_name", name=name)
        elif name in RESERVED:
            self._wrong("survey", cells.row, "name", "reserved_name", name=name)

    def _begin(self, stack: list[Open], typed: Typed, cells: Cells) -> None:
        stack.append(Open(typed, cells))
        if len(stack) == MAX_DEPTH + 1:
            self._wrong("survey", cells.row, "type", "too_deep", limit=str(MAX_DEPTH))

    def _end(self, stack: list[Open], root: list[Node], typed: Typed, cells: Cells) -> None:
        if not stack:
            self._wrong("survey", cells.row, "type", "end_without_begin")
            return
        if stack[-1].typed.kind != typed.kind:
            name = stack[-1].cells.plain.get("name", "")
            self._wrong("survey", cells.row, "type", "crossed", ends=cells.plain.get("name", "") or typed.kind, open=name)
        self._close(stack, root)

    def _close(self, stack: list[Open], root: list[Node]) -> None:
        done = stack.pop()
        path = tuple(open_.cells.plain.get("name", "") for open_ in stack)
        (stack[-1].children if stack else root).append(self._container(done, path))

    def _container(self, done: Open, above: tuple[str, ...]) -> Container:
        plain, words = done.cells.plain, done.cells.words
        name = plain.get("name", "")
        shared: dict[str, Any] = {
            "name": name,
            "path": (*above, name),
            "row": done.cells.row,
            "label": words.get("label", {}),
            "hint": words.get("hint", {}),
            "relevant": plain.get("relevant", ""),
            "appearance": plain.get("appearance", ""),
            "extra": done.cells.extra,
            "children": tuple(done.children),
        }
        return Group(**shared) if done.typed.kind == "group" else Repeat(**shared, count=plain.get("repeat_count", ""))

    def _question(self, typed: Typed, cells: Cells, above: list[str]) -> list[Node]:
        name, plain, words = cells.plain.get("name", ""), cells.plain, cells.words
        question = Question(
            "",
            name,
            (*above, name),
            cells.row,
            typed.kind,
            choices=typed.choices,
            label=words.get("label", {}),
            hint=words.get("hint", {}),
            guidance=words.get("guidance_hint", {}),
            constraint_message=words.get("constraint_message", {}),
            required_message=words.get("required_message", {}),
            media=cells.media,
            extra=cells.extra,
            **{key: plain.get(key, "") for key in PLAIN},
        )
        if typed.kind in SELECTS and typed.choices not in self.choices:
            self._wrong("survey", cells.row, "type", "no_list", list=typed.choices)
        return [question, self._other(question)] if typed.or_other else [question]

    def _other(self, question: Question) -> Question:
        """`or_other` written out, as pyxform does: one more answer, and a question for what it is."""
        listed = self.choices.setdefault(question.choices, [])
        if all(choice.name != "other" for choice in listed):
            listed.append(Choice("other", self._in_languages(OTHER)))
        name = f"{question.name}_other"
        shown = f"selected(${{{question.name}}}, 'other')"
        return Question("", name, (*question.path[:-1], name), question.row, "text", label=self._in_languages(SPECIFY), relevant=shown)

    def _in_languages(self, words: Text) -> Text:
        """Words of ours in the languages of the form; English where the form's language is another or has no name."""
        return {code: words.get(code, words["en"]) for code in self.tongues.names}

    def _wrong(self, sheet: str, row: int, column: str, code: str, **arguments: str) -> None:
        self.problems.append(Problem(sheet, row, column, code, arguments))


OTHER: Text = {"en": "Other", "th": "อื่น ๆ", "lo": "ອື່ນໆ", "km": "ផ្សេងទៀត", "my": "အခြား", "vi": "Khác"}
SPECIFY: Text = {
    "en": "Please say what.",
    "th": "โปรดระบุ",
    "lo": "ກະລຸນາລະບຸ",
    "km": "សូមបញ្ជាក់",
    "my": "ကျေးဇူးပြု၍ ဖော်ပြပါ",
    "vi": "Xin ghi rõ",
}
PLAIN = ("relevant", "constraint", "required", "calculation", "default", "choice_filter", "appearance", "read_only", "parameters")


def straight(cell: str) -> str:
    """A cell of code: straight quotation marks, no signs that look like nothing."""
    return cell.translate(STRAIGHT).strip()


def _clean(target: str, cell: str) -> str:
    if target == "default":
        return cell
    text = straight(cell)
    if target in SWITCHES and text.lower() in YES | NO:
        return "yes" if text.lower() in YES else ""
    if target in LOGIC and text.lower() in YES | NO and not text.endswith(")"):
        return "true()" if text.lower() in YES else "false()"
    return text


def _coded(children: Iterable[Node]) -> tuple[Node, ...]:
    """The same nodes with their codes: the name where it stands once in the form, else the path."""
    kept = tuple(children)
    times: dict[str, int] = {}
    _count(kept, times)
    return _with_codes(kept, times)


def _count(children: Iterable[Node], times: dict[str, int]) -> None:
    for node in children:
        times[node.name] = times.get(node.name, 0) + 1
        if not isinstance(node, Question):
            _count(node.children, times)


def _with_codes(children: Iterable[Node], times: dict[str, int]) -> tuple[Node, ...]:
    found: list[Node] = []
    for node in children:
        code = node.name if times[node.name] == 1 else ".".join(node.path)
        if isinstance(node, Question):
            found.append(replace(node, code=code))
        else:
            found.append(replace(node, code=code, children=_with_codes(node.children, times)))
    return tuple(found)
