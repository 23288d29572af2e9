"""An interview as it stands: which questions it asks now, what was replied, its sections, and what the answers say so far."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from saphan.access.models import User
from saphan.care.screening import results
from saphan.care.screening.aloud import Reading, as_json, read_aloud
from saphan.care.screening.asking import asked_questions, standing_of
from saphan.care.screening.codes import ANSWER_LABELS, DIMENSION_LABELS
from saphan.care.screening.instruments import InstrumentVersion, Question
from saphan.care.screening.models import Interview
from saphan.care.screening.results import UNSAID, Said
from saphan.care.screening.rules import Answer
from saphan.care.screening.skipping import Standing, code_of


@dataclass(frozen=True)
class Asked:
    """One question as it is asked now; within a part that repeats, once for each turn."""

    question: Question
    instance: str = ""

    @property
    def place(self) -> str:
        """The key of its answer: its code, and the turn behind an at-sign."""
        return f"{self.question.code}@{self.instance}" if self.instance else self.question.code


@dataclass(frozen=True)
class Section:
    """One part of the questions, with how far it is answered."""

    code: str
    label: str
    answered: int
    total: int
    first: str
    state: str


@dataclass(frozen=True)
class Line:
    """One question as the overview shows it."""

    asked: Asked
    said: Said
    answer: str
    answered: bool

    @property
    def question(self) -> Question:
        return self.asked.question

    @property
    def section(self) -> str:
        return section_of(self.question)


@dataclass(frozen=True)
class Board:
    """An interview with its questions, its replies and its reading."""

    version: InstrumentVersion
    asked: list[Asked]
    replies: Mapping[str, Said]
    reading: Reading

    @property
    def questions(self) -> list[Question]:
        return [one.question for one in self.asked]

    @property
    def answered(self) -> int:
        return sum(1 for one in self.asked if is_answered(self.said(one.place)))

    def said(self, place: str) -> Said:
        return self.replies.get(place, UNSAID)

    def place(self, place: str) -> int:
        """The position of a question, from 0; -1 when the interview does not ask it now."""
        return next((n for n, one in enumerate(self.asked) if one.place == place), -1)

    @cached_property
    def lines(self) -> list[Line]:
        """Every question with its answer in words."""
        return [Line(one, said, self.answer_in_words(one.question, said), is_answered(said)) for one in self.asked for said in [self.said(one.place)]]

    def answer_in_words(self, question: Question, said: Said) -> str:
        """A choice by its label, a missing answer by why it is missing, the rest as it was said."""
        if question.is_five_valued or said.value in list(Answer) or not said.value:
            return str(ANSWER_LABELS[Answer(said.value or Answer.NOT_ASKED)])
        asked = self.version.form.question(question.code)
        labels = {one.name: one.label for one in self.version.form.choices.get(asked.choices, ())}
        parts = said.value.split() if asked.kind in ("select_multiple", "rank") else [said.value]
        return ", ".join(self.version.form.words(labels.get(part, {}), get_language() or "en").text or part for part in parts)

    def next_open(self, after: str = "") -> str:
        """The next question without an answer, going round once; empty when all are answered."""
        start = self.place(after) + 1 if after else 0
        turned = self.asked[start:] + self.asked[:start]
        return next((one.place for one in turned if not is_answered(self.said(one.place)) and one.place != after), "")

    def after(self, place: str) -> str:
        """The place behind this one as things stand now, also where this one is not asked any more; empty at the end."""
        at = self.place(place)
        if at >= 0:
            return self.asked[at + 1].place if at + 1 < len(self.asked) else ""
        order = next((question.order for question in self.version.questions.all() if question.code == code_of(place)), 0)
        turn = _turn(place)
        before = [n for n, one in enumerate(self.asked) if one.question.order < order and (not turn or _turn(one.place) <= turn)]
        following = max(before, default=-1) + 1
        return self.asked[following].place if following < len(self.asked) else ""

    def sections(self, current: str = "") -> list[Section]:
        """The parts in the order of the interview."""
        now = next((section_of(one.question) for one in self.asked if one.place == current), "")
        return [self._section(code, now) for code in dict.fromkeys(section_of(one.question) for one in self.asked)]

    def _section(self, code: str, now: str) -> Section:
        own = [one for one in self.asked if section_of(one.question) == code]
        answered = [one for one in own if is_answered(self.said(one.place))]
        first = next((one.place for one in own if one not in answered), own[0].place)
        state = "now" if code == now else "done" if len(answered) == len(own) else ""
        return Section(code, section_label(self.version, code), len(answered), len(own), first, state)


LOOSE = "-"  # the part of questions that stand in no group


def _turn(place: str) -> list[int]:
    return [int(part) for part in place.partition("@")[2].split(".") if part.isascii() and part.isdecimal()]


def section_of(question: Question) -> str:
    """The part a question stands in: its group in the form, else its dimension."""
    return question.section or question.dimension or LOOSE


def section_label(version: InstrumentVersion, code: str) -> str:
    """What a part is called in the worker's language."""
    if code in DIMENSION_LABELS:
        return str(DIMENSION_LABELS[code])
    if code == LOOSE:
        return _("Questions")
    node = version.form.by_code.get(code)
    return version.form.words(node.label, get_language() or "en").text or code if node else code


def is_answered(said: Said) -> bool:
    """Whether there is an answer; "not asked" is none."""
    return bool(said.value) and said.value != Answer.NOT_ASKED


def board_of(interview: Interview, *, by: User, at: datetime) -> Board:
    """Opens the replies (one audit event) and evaluates them."""
    replies = results.said(interview, by=by, at=at)
    stood = standing_of(interview, replies)
    found = results.result_from(interview, replies, stood)
    asked = asked_now(interview, stood)
    reading = read_aloud(as_json(found, results.basis_of(interview.version)), [one.question for one in asked])
    return Board(interview.version, asked, replies, reading)


def asked_now(interview: Interview, stood: Standing) -> list[Asked]:
    """The questions that are asked as things stand, each as often as it is asked."""
    rows = {question.code: question for question in asked_questions(interview)}
    return [Asked(rows[code_of(place)], place.partition("@")[2]) for place in stood.places]
