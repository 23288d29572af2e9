"""Which languages a workbook is written in, and where a text of its cells belongs."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from saphan.xlsform.columns import WORDS, Column, direction_of, language_of
from saphan.xlsform.definition import Extra, Language, Text
from saphan.xlsform.problems import Problem


@dataclass
class Tongues:
    """The languages by code, in the order of the columns; `plain` is the one that columns without a language are in."""

    names: dict[str, str] = field(default_factory=dict)
    plain: str = ""
    default: str = ""

    @property
    def languages(self) -> tuple[Language, ...]:
        """The languages as the form keeps them."""
        return tuple(Language(code, name, direction_of(code)) for code, name in self.names.items())

    def code(self, column: Column) -> str:
        """The language of a column with words."""
        return self.plain if column.language is None else language_of(column.language)[0]

    def key(self, column: Column) -> str:
        """Under which key a column of the writer's own stands: a language of the form, or the words after the colons as they are."""
        if column.language is None:
            return ""
        code = language_of(column.language)[0]
        return code if code in self.names else column.language


def tongues_of(columns: Iterable[Column], setting: str) -> tuple[Tongues, list[Problem]]:
    """The languages of these columns; `setting` is what the settings call the default one."""
    found = Tongues()
    with_words = [column for column in columns if column.target in WORDS or column.target == "media"]
    for column in sorted(with_words, key=lambda column: column.target != "label"):
        if column.language is not None:
            found.names.setdefault(*language_of(column.language))
    plain = any(column.language is None for column in with_words)
    problems: list[Problem] = []
    if setting:
        found.default = found.plain = _named(found.names, setting)
        if found.default not in found.names:
            if plain or not found.names:
                found.names = {found.default: language_of(setting)[1], **found.names}
            else:
                problems.append(Problem("settings", 2, "default_language", "no_language", {"language": setting}))
    elif plain or not found.names:
        found.names = {"": "", **found.names}
    else:
        found.default = next(iter(found.names))
    return found, problems


def _named(names: dict[str, str], setting: str) -> str:
    code, name = language_of(setting)
    if code in names:
        return code
    return next((known for known, called in names.items() if called.lower() == name.lower()), code)


def add_words(text: Text, code: str, words: str, *, plain: bool) -> None:
    """Puts words into a text; a column that names its language wins over one that does not."""
    if not plain or not text.get(code):
        text[code] = words


def add_extra(extra: Extra, name: str, key: str, words: str) -> None:
    """Keeps a cell of the writer's own: a plain text, or one for each language as soon as one is named."""
    there = extra.get(name)
    if not key and there is None:
        extra[name] = words
    elif isinstance(there, dict):
        there[key] = words
    else:
        extra[name] = {**({"": there} if there else {}), key: words}
