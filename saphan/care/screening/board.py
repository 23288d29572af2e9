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
from saphan.care.screening.codes import ANSWER_LABELS, DIMENSION_LABELS
from saphan.care.screening.instruments import InstrumentVersion, Question
from saphan.care.screening.models import Interview
from saphan.care.screening.results import UNSAID, Said
from saphan.care.screening.rules import Answer, Branch
from saphan.core import clock
from saphan.xlsform.definition import Form
from saphan.xlsform.filling import Filling


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
    found = results.result_from(interview, replies)
    asked = asked_now(interview, replies)
    reading = read_aloud(as_json(found, results.basis_of(interview.version)), [one.question for one in asked])
    return Board(interview.version, asked, replies, reading)


def asked_questions(interview: Interview) -> list[Question]:
    """The questions of this interview in order, whatever was answered; those for children only in the child's branch."""
    child = interview.branch == Branch.CHILD
    return [q for q in interview.version.questions.all() if child or not q.child_only]


def asked_now(interview: Interview, replies: Mapping[str, Said]) -> list[Asked]:
    """The questions that are asked as things stand: skip logic takes some away, repeated parts bring some more than once."""
    questions = asked_questions(interview)
    form = interview.version.form
    if not has_logic(form):
        return [Asked(question) for question in questions]
    rows = {question.code: question for question in questions}
    filling = filling_of(interview, replies)
    return [Asked(rows[place.code], place.partition("@")[2]) for place in filling.places() if place.code in rows]


def has_logic(form: Form) -> bool:
    """Whether any question depends on another, or a part is repeated."""
    return any(node.relevant or node.node == "repeat" for node, _around in form.nodes())


def filling_of(interview: Interview, replies: Mapping[str, Said]) -> Filling:
    """The form with what was answered; an answer that is not known or was declined is no value."""
    values = {place: said.value for place, said in replies.items() if _has_value(interview, place, said)}
    return Filling(interview.version.form, values, at=interview.started_at or clock.now())


def _has_value(interview: Interview, place: str, said: Said) -> bool:
    if not is_answered(said):
        return False
    five_valued = said.value in (Answer.YES, Answer.NO)
    return five_valued or said.value not in (Answer.UNKNOWN, Answer.DECLINED) or _offers(interview.version.form, place, said.value)


def _offers(form: Form, place: str, value: str) -> bool:
    """Whether the question has this as an answer of its own, as five-valued ones have."""
    question = form.question(place.partition("@")[0])
    return any(choice.name == value for choice in form.choices.get(question.choices, ()))
