"""What changed between two texts of an article: word by word in the prose of each language, row by row in what runs."""

import difflib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from django.conf import settings
from django.utils.translation import gettext as _

from saphan.agreements.workspace.articles import KINDS, Plain, Row, keys_of, rows_of
from saphan.agreements.workspace.questions import KINDS as QUESTIONS
from saphan.agreements.workspace.vocabulary import Vocabulary
from saphan.agreements.workspace.wording import condition_said, sentence_of

Mark = Literal["same", "gone", "new"]
# Words with the space behind them; Thai, Lao, Khmer and Burmese are written without spaces, so there each cluster of letters stands alone.
WORD = re.compile(
    r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff](?:[\u0e31\u0e34-\u0e3a\u0e47-\u0e4e\u0eb1\u0eb4-\u0ebc\u0ec8-\u0ece\u102b-\u103e\u17b4-\u17d3])*|\w+\s*|[^\w\s]\s*|\s+"
)


@dataclass(frozen=True)
class Piece:
    """A run of words: the same in both, gone, or new."""

    mark: Mark
    text: str


@dataclass(frozen=True)
class ProseChange:
    """The words of one language before and after."""

    language: str
    pieces: tuple[Piece, ...]

    @property
    def name(self) -> str:
        """The name of the language."""
        return str(dict(settings.LANGUAGES).get(self.language, self.language))

    @property
    def changed(self) -> bool:
        return any(piece.mark != "same" for piece in self.pieces)


@dataclass(frozen=True)
class RowChange:
    """One row before and after, each as a sentence; an empty one was not there."""

    kind: str
    name: str
    before: str
    after: str
    pieces: tuple[Piece, ...]

    @property
    def label(self) -> str:
        """What kind of row it is."""
        return str(QUESTIONS[self.kind].name) if self.kind in QUESTIONS else _("condition of the article")

    @property
    def changed(self) -> bool:
        return self.before != self.after


@dataclass(frozen=True)
class ArticleChange:
    """One article before and after."""

    key: str
    status: Literal["same", "changed", "new", "gone"]
    prose: tuple[ProseChange, ...] = ()
    rows: tuple[RowChange, ...] = ()

    @property
    def changed_rows(self) -> list[RowChange]:
        return [row for row in self.rows if row.changed]

    @property
    def changed_prose(self) -> list[ProseChange]:
        return [prose for prose in self.prose if prose.changed]


def words_changed(before: str, after: str) -> tuple[Piece, ...]:
    """The two texts as one, with what went and what came."""
    one, other = WORD.findall(before), WORD.findall(after)
    pieces: list[Piece] = []
    for tag, i1, i2, j1, j2 in difflib.SequenceMatcher(None, one, other, autojunk=False).get_opcodes():
        if tag == "equal":
            pieces.append(Piece("same", "".join(one[i1:i2])))
            continue
        gone, new = "".join(one[i1:i2]), "".join(other[j1:j2])
        tail = _common_tail(gone, new)  # a space that stands behind both is neither gone nor new
        pieces += [Piece(mark, text) for mark, text in _trimmed(gone, new, tail) if text]
    return tuple(pieces)


def _trimmed(gone: str, new: str, tail: str) -> list[tuple[Mark, str]]:
    return [("gone", gone.removesuffix(tail)), ("new", new.removesuffix(tail)), ("same", tail)]


def _common_tail(gone: str, new: str) -> str:
    space = gone[len(gone.rstrip()) :]
    return space if space and new.endswith(space) and new.strip() and gone.strip() else ""


def article_changed(key: str, before: Plain | None, after: Plain | None, old: Vocabulary, new: Vocabulary) -> ArticleChange:
    """One article before and after; nothing stands for one that is not there."""
    one, other = before or {}, after or {}
    languages = dict.fromkeys([*one.get("prose", {}), *other.get("prose", {})])
    prose = tuple(ProseChange(code, words_changed(one.get("prose", {}).get(code, ""), other.get("prose", {}).get(code, ""))) for code in languages)
    rows = tuple(_rows_changed(one, other, old, new))
    status: Literal["same", "changed", "new", "gone"] = (
        "new" if before is None else "gone" if after is None else "changed" if before != after else "same"
    )
    return ArticleChange(key, status, prose, rows)


def procedures_changed(before: Plain, after: Plain) -> list[ArticleChange]:
    """All articles of both, in the order of the later text; those that are gone stand at the end."""
    old, new = Vocabulary(before), Vocabulary(after)
    ones = dict(zip(keys_of(before), before.get("articles", ()), strict=True))
    others = dict(zip(keys_of(after), after.get("articles", ()), strict=True))
    return [article_changed(key, ones.get(key), others.get(key), old, new) for key in dict.fromkeys([*others, *ones])]


def head_changed(before: Plain, after: Plain) -> list[RowChange]:
    """The lists at the head, line by line."""
    found = []
    for section in ("parties", "roles", "facts", "fields"):
        one, other = before.get(section, {}), after.get(section, {})
        found += [_line(section, name, one.get(name), other.get(name)) for name in dict.fromkeys([*one, *other]) if one.get(name) != other.get(name)]
    for section in ("version", "effective", "review", "under", "source", "never", "languages", "title"):
        if before.get(section) != after.get(section):
            found.append(_line(section, section, before.get(section), after.get(section)))
    return found


def _line(section: str, name: str, before: object, after: object) -> RowChange:
    one, other = _flat(before), _flat(after)
    return RowChange(section, name, one, other, words_changed(one, other))


def _flat(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, dict):
        return "; ".join(f"{word}: {_flat(told)}" for word, told in value.items())
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def _rows_changed(one: Plain, other: Plain, old: Vocabulary, new: Vocabulary) -> Iterator[RowChange]:
    if one.get("when") != other.get("when"):
        was, is_now = (condition_said(article["when"]) if article.get("when") else "" for article in (one, other))
        yield RowChange("when", "", was, is_now, words_changed(was, is_now))
    before = {_identity(row): row for row in rows_of(one)}
    after = {_identity(row): row for row in rows_of(other)}
    for kind in KINDS:
        for identity in dict.fromkeys([*before, *after]):
            if identity[0] == kind:
                yield _row_changed(before.get(identity), after.get(identity), old, new)


def _identity(row: Row) -> tuple[str, str]:
    """Rows with a name are the same by name; others by kind and, for several, by what they say."""
    return row.kind, row.name or (f"{row.content.get('to', '')} {row.content.get('if', '')}" if row.kind == "block" else "")


def _row_changed(one: Row | None, other: Row | None, old: Vocabulary, new: Vocabulary) -> RowChange:
    before = sentence_of(one, old) if one else ""
    after = sentence_of(other, new) if other else ""
    row = other or one
    assert row is not None  # one of the two is there
    return RowChange(row.kind, row.name, before, after, words_changed(before, after))
