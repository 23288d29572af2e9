"""One field of a page: how each kind of question is typed, read and written back."""

import re
from collections.abc import Callable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from saphan.xlsform.dates import Unclear, plain, read_date, read_moment, read_time, written_date, written_moment
from saphan.xlsform.definition import Choice, Question
from saphan.xlsform.faults import MAX_ANSWER, Fault
from saphan.xlsform.filling import Filling
from saphan.xlsform.kinds import FILES
from saphan.xlsform.parameters import number_of, parameters_of

MANY_CHOICES = 12  # from here on a native list is easier than a page of cards
ACCEPTED = {"image": "image/*", "audio": "audio/*", "video": "video/*", "file": ""}
NUMERIC = {"integer": "numeric", "decimal": "decimal", "range": "decimal", "time": "text"}


class Sent(str):
    """A value as it was typed; it comes back into the field as it is."""


class Asked(forms.Field):
    """The field of one question at one place. Its clean value is always text, as ODK would submit it."""

    def __init__(self, question: Question, choices: tuple[Choice, ...], filling: Filling, language: str, **options: Any) -> None:
        self.question = question
        self.choices = choices
        self.filling = filling
        self.language = language
        self.control = control_of(question, choices)
        super().__init__(required=False, widget=WIDGETS[self.control](), **options)

    def widget_attrs(self, _widget: forms.Widget) -> dict[str, Any]:
        found: dict[str, Any] = {"autocomplete": "off"}
        if self.control == "line":
            found["inputmode"] = NUMERIC.get(self.question.kind, "numeric" if "numbers" in self.question.appearance.split() else "text")
            found["maxlength"] = str(MAX_ANSWER)
        if self.control == "area":
            found["rows"] = parameters_of(self.question.parameters).get("rows", "4")
        if self.control == "file" and ACCEPTED[self.question.kind]:
            found["accept"] = ACCEPTED[self.question.kind]
        return found

    def clean(self, value: Any) -> str:
        """The typed value as text. Raises ValidationError with the sentence that says how to write it."""
        if self.control in ("checks", "rank"):
            names = [name for name in value or () if name]
            order = {choice.name: number for number, choice in enumerate(self.choices)}
            return " ".join(names if self.control == "rank" else sorted(names, key=lambda name: order.get(name, len(order))))
        if self.control == "tick":
            return "OK" if value else ""
        text = str(value or "").replace("\r\n", "\n").strip()
        read = READ.get(self.question.kind)
        if not text or read is None:
            return text
        try:
            return read(self, text)
        except Unclear:
            code = "decimal" if self.question.kind == "range" else self.question.kind
            raise ValidationError(str(Fault(code)), code=code) from None

    def bound_data(self, data: Any, initial: Any) -> Any:
        """What was typed, marked as such."""
        return Sent(data) if isinstance(data, str) else super().bound_data(data, initial)

    def prepare_value(self, value: Any) -> Any:
        """A kept value as one types it: dates in the era of the reader, several answers parted."""
        if not isinstance(value, str) or isinstance(value, Sent):
            return value
        if self.control in ("checks", "rank"):
            return value.split()
        if self.question.kind == "date":
            return written_date(value, self.language)
        if self.question.kind == "datetime":
            return written_moment(value, self.language)
        return value[:5] if self.question.kind == "time" else value


def control_of(question: Question, choices: tuple[Choice, ...]) -> str:
    """By what a question is answered: radios, checks, select, rank, tick, file, area or line."""
    kind, looks = question.kind, question.appearance.split()
    if kind == "select_one":
        return "select" if len(choices) > MANY_CHOICES or "minimal" in looks else "radios"
    if kind == "range":
        return "radios" if len(steps_of(question)) <= MANY_CHOICES else "line"
    if kind == "text" and ("multiline" in looks or "rows" in parameters_of(question.parameters)):
        return "area"
    if kind in FILES:
        return "file"
    return {"select_multiple": "checks", "rank": "rank", "acknowledge": "tick"}.get(kind, "line")


def steps_of(question: Question) -> list[str]:
    """The numbers of a range, or of its first part where there are very many."""
    given = parameters_of(question.parameters)
    start, end, step = number_of(given, "start", 1), number_of(given, "end", 10), abs(number_of(given, "step", 1)) or 1.0
    count = min(int(abs(end - start) / step + 1e-9), 1000)
    return [f"{start + (step if end >= start else -step) * number:g}" for number in range(count + 1)]


def _read_number(field: Asked, text: str) -> str:
    """Digits of any script; a comma before the last digits is a decimal point, spaces part thousands."""
    bare = re.sub(r"(?<=\d)[\s ](?=\d{3}\b)", "", plain(text)).replace("−", "-")
    bare = bare.replace(",", ".") if bare.count(",") == 1 and "." not in bare and field.question.kind != "integer" else bare
    if not re.fullmatch(r"[-+]?(?:\d{1,18}(?:\.\d{0,18})?|\.\d{1,18})", bare):
        raise Unclear(text)
    return bare.removeprefix("+").rstrip(".")


def _read_date(field: Asked, text: str) -> str:
    return read_date(text, whole=not {"year", "month-year"} & set(field.question.appearance.split()))


def _read_point(_field: Asked, text: str) -> str:
    return " ".join(plain(text).replace(",", " ").split())


READ: dict[str, Callable[[Asked, str], str]] = {
    "integer": _read_number,
    "decimal": _read_number,
    "range": _read_number,
    "date": _read_date,
    "time": lambda _field, text: read_time(text),
    "datetime": lambda field, text: read_moment(text, field.filling.at),
    "geopoint": _read_point,
}


class Several(forms.SelectMultiple):
    """All values that were sent under one name, in the order in which they were sent."""


WIDGETS: dict[str, type[forms.Widget]] = {
    "radios": forms.TextInput,
    "select": forms.TextInput,
    "line": forms.TextInput,
    "area": forms.Textarea,
    "checks": Several,
    "rank": Several,
    "tick": forms.CheckboxInput,
    "file": forms.FileInput,
}
