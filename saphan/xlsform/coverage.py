"""How far a form is translated: what each language lacks, and its share of the words."""

from collections.abc import Iterator
from dataclasses import dataclass

from saphan.xlsform.definition import Choice, Form, Node, Question, Text


@dataclass(frozen=True, slots=True)
class Gap:
    """A text that is there in one language and lacks in this one."""

    language: str
    sheet: str
    row: int
    column: str
    code: str


@dataclass(frozen=True, slots=True)
class Share:
    """How many of the form's texts a language has."""

    language: str
    there: int
    total: int

    @property
    def percent(self) -> int:
        """Whole per cent, rounded down: a hundred means all of them."""
        return 100 if not self.total else self.there * 100 // self.total


def coverage(form: Form) -> list[Gap]:
    """Every text that one of the form's languages has and another lacks, in the order of the sheets."""
    return [
        Gap(language.code, sheet, row, _heading(column, language.heading), code)
        for sheet, row, column, code, text in texts_of(form)
        for language in form.languages
        if any(text.values()) and not text.get(language.code)
    ]


def shares(form: Form) -> list[Share]:
    """For each language the share of texts that it has."""
    texts = [text for *_, text in texts_of(form) if any(text.values())]
    return [Share(language.code, sum(1 for text in texts if text.get(language.code)), len(texts)) for language in form.languages]


def _heading(column: str, language: str) -> str:
    return f"{column}::{language}" if language else column


def texts_of(form: Form) -> Iterator[tuple[str, int, str, str, Text]]:
    """Every text of the form that a person reads: sheet, row, column, code, words."""
    for node, _ in form.nodes():
        for column, text in _of_node(node):
            yield "survey", node.row, column, node.code, text
    for name, choices in form.choices.items():
        for choice in choices:
            for column, text in _of_choice(choice):
                yield "choices", choice.row, column, f"{name}/{choice.name}", text


def _of_node(node: Node) -> Iterator[tuple[str, Text]]:
    yield "label", node.label
    yield "hint", node.hint
    if isinstance(node, Question):
        yield "guidance_hint", node.guidance
        yield "constraint_message", node.constraint_message
        yield "required_message", node.required_message
        yield from ((f"media::{kind}", text) for kind, text in node.media.items())
    yield from ((name, value) for name, value in node.extra.items() if isinstance(value, dict))


def _of_choice(choice: Choice) -> Iterator[tuple[str, Text]]:
    yield "label", choice.label
    yield from ((f"media::{kind}", text) for kind, text in choice.media.items())
