"""A procedure as the rules look at it: its rows with their places, who owns what, what depends on which consent."""

import difflib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Generic, TypeVar

from saphan.agreements.procedures.articles import Article, Block, Check, Consent, Document, Oblige, Procedure, Send, Stage
from saphan.agreements.procedures.compiling import Compiled, compile_procedure
from saphan.agreements.procedures.findings import Path

C = TypeVar("C")


@dataclass(frozen=True, slots=True)
class Row(Generic[C]):
    """One clause of an article and where it stands."""

    clause: C
    article: Article
    path: Path

    @property
    def number(self) -> str:
        return self.article.art

    def at(self, *steps: str | int) -> Path:
        """The path of a part of the clause."""
        return (*self.path, *steps)


class Draft:
    """A procedure under the linter. Everything is computed once and only when a rule asks."""

    def __init__(self, procedure: Procedure, compiled: Compiled | None = None) -> None:
        self.procedure = procedure
        self.compiled = compiled or compile_procedure(procedure)

    @cached_property
    def articles(self) -> tuple[Row[Article], ...]:
        return tuple(Row(article, article, ("articles", place)) for place, article in enumerate(self.procedure.articles))

    @cached_property
    def stages(self) -> tuple[Row[Stage], ...]:
        return tuple(Row(row.clause.stage, row.clause, row.at("stage")) for row in self.articles if row.clause.stage)

    @cached_property
    def checks(self) -> tuple[Row[Check], ...]:
        return self._rows("check")

    @cached_property
    def consents(self) -> tuple[Row[Consent], ...]:
        return self._rows("consent")

    @cached_property
    def documents(self) -> tuple[Row[Document], ...]:
        return self._rows("document")

    @cached_property
    def sends(self) -> tuple[Row[Send], ...]:
        return self._rows("send")

    @cached_property
    def promises(self) -> tuple[Row[Oblige], ...]:
        return self._rows("oblige")

    @cached_property
    def blocks(self) -> tuple[Row[Block], ...]:
        return self._rows("block")

    @cached_property
    def placed(self) -> tuple[Row[Any], ...]:
        """All rows that stand at a stage."""
        return (*self.checks, *self.consents, *self.documents, *self.sends, *self.promises)

    def _rows(self, kind: str) -> tuple[Row[Any], ...]:
        return tuple(
            Row(clause, article.clause, article.at(kind, place))
            for article in self.articles
            for place, clause in enumerate(getattr(article.clause, kind))
        )

    def party_of(self, role: str) -> str:
        """The party of a role; "" where the role is not known."""
        return self.procedure.roles.get(role, "")

    def owner_of(self, stage: str) -> str:
        """The party whose role owns a stage."""
        rules = self.compiled.stages.get(stage)
        return self.party_of(rules.stage.by) if rules else ""

    def fields_of(self, send: Send) -> tuple[str, ...]:
        """The single fields of the groups a message carries, those of `never` too."""
        return tuple(name for group in send.fields for name in self.procedure.fields.get(group, ()))

    @cached_property
    def carriers(self) -> dict[str, list[Row[Send]]]:
        """For each group of fields the messages that carry it."""
        carrying: dict[str, list[Row[Send]]] = {}
        for row in self.sends:
            for group in dict.fromkeys(row.clause.fields):
                carrying.setdefault(group, []).append(row)
        return carrying

    def together(self) -> Iterator[tuple[str, Row[Send], Row[Send]]]:
        """Each two messages that carry the same group, either way round."""
        for group, rows in self.carriers.items():
            yield from ((group, row, other) for row in rows for other in rows if row is not other)

    @cached_property
    def awaited(self) -> frozenset[str]:
        """The messages that some stage waits for."""
        return frozenset(name for rules in self.compiled.stages.values() for name in (rules.must_enter, rules.must_leave) if name)

    @cached_property
    def questions(self) -> dict[str, tuple[str, ...]]:
        """For each message the messages that it answers."""
        asked: dict[str, list[str]] = {}
        for row in self.sends:
            if row.clause.answer:
                asked.setdefault(row.clause.answer, []).append(row.clause.id)
        return {name: tuple(found) for name, found in asked.items()}

    def hangs_on(self, message: str, consent: str) -> bool:
        """Whether a message cannot come where this consent is refused: it needs it, or it answers only messages that cannot come."""
        rule = self.compiled.messages.get(message)
        if rule is None:
            return False
        if consent in rule.needs:
            return True
        asked = [name for name in self.questions.get(message, ()) if name != message]
        return bool(asked) and all(name in self.compiled.messages and consent in self.compiled.messages[name].needs for name in asked)


def joined(*several: Iterable[Row[Any]]) -> tuple[Row[Any], ...]:
    """Rows of several kinds, one kind after the other."""
    return tuple(row for rows in several for row in rows)


def nearest(word: str, known: Iterable[str]) -> str:
    """A sentence that proposes the nearest known word, or nothing."""
    close = difflib.get_close_matches(word, list(known), n=1, cutoff=0.6)
    return f" Did you mean “{close[0]}”?" if close else ""


def repeated(names: Iterable[str]) -> Iterator[str]:
    """Each name that is said more than once, once."""
    seen: set[str] = set()
    told: set[str] = set()
    for name in names:
        if name in seen and name not in told:
            told.add(name)
            yield name
        seen.add(name)
