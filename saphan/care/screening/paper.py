"""Questions on paper in two languages side by side: which two, the words of each, and what was answered in both."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import get_language

from saphan.care.screening.board import Line
from saphan.care.screening.codes import ANSWER_LABELS
from saphan.care.screening.instruments import Question
from saphan.care.screening.rules import Answer
from saphan.xlsform.definition import Form, Language, Wording
from saphan.xlsform.definition import Question as Asked

MANY = ("select_multiple", "rank")


@dataclass(frozen=True)
class Sides:
    """The two languages of a sheet."""

    form: Form
    left: Language
    right: Language

    @property
    def both(self) -> tuple[Language, Language]:
        return self.left, self.right


def sides_of(form: Form, chosen: Mapping[str, str], *, left: str = "en", right: str = "th") -> Sides:
    """The languages chosen on the page; else these, else the form's own."""
    return Sides(form, _language(form, chosen.get("left", ""), left), _language(form, chosen.get("right", ""), right))


def sides_for_talk(form: Form, chosen: Mapping[str, str], spoken: str) -> Sides:
    """The worker's language beside the one in which the person was asked; beside the other desk language where both are the same."""
    own = get_language() or "en"
    other = "th" if own == "en" else "en"
    return sides_of(form, chosen, left=own, right=spoken if spoken and spoken != own else other)


def _language(form: Form, wanted: str, otherwise: str) -> Language:
    known = {one.code: one for one in form.languages}
    return known.get(wanted) or known.get(otherwise) or form.language(form.default_language)


@dataclass(frozen=True)
class Filled:
    """One question with its answer, on both sides."""

    line: Line
    words: tuple[Wording, Wording]
    answers: tuple[Wording, ...]  # one where both sides say the same


def filled(sides: Sides, line: Line) -> Filled:
    """A line of the filled sheet."""
    asked = sides.form.question(line.question.code)
    left, right = (sides.form.words(asked.label, side.code) for side in sides.both)
    answers = tuple(answer_in(sides.form, asked, line, side) for side in sides.both)
    return Filled(line, (left, right), answers[:1] if answers[0].text == answers[1].text else answers)


def answer_in(form: Form, asked: Asked, line: Line, side: Language) -> Wording:
    """What was answered, in the words of one side: a choice by its label there; words and numbers as they were said."""
    value = line.said.value
    labels = {one.name: one.label for one in form.choices.get(asked.choices, ())}
    parts = [part for part in (value.split() if asked.kind in MANY else [value]) if part]
    if parts and all(part in labels for part in parts):
        found = [form.words(labels[part], side.code) for part in parts]
        return Wording(", ".join(one.text for one in found), found[0].language)
    if not value or value in list(Answer):
        return Wording(str(ANSWER_LABELS[Answer(value or Answer.NOT_ASKED)]), get_language() or "en")
    return Wording(value, "")


def why(form: Form, asked: Asked, language: str) -> str:
    """Why it is asked, in this language; empty where the form gives no reason."""
    words = asked.extra.get("why")
    return form.words(words, language).text if isinstance(words, dict) else ""


def options(form: Form, asked: Asked, question: Question) -> list[str]:
    """Boxes to tick, where the question has few answers of its own; five-valued ones have theirs in the sheet's head."""
    if question.is_five_valued or not asked.choices:
        return []
    return [form.words(one.label, get_language() or "en").text or one.name for one in form.choices.get(asked.choices, ())[:30]]
