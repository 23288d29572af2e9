"""What speaks against a value: in the form's own words where it has some, else in ours."""

import re
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from datetime import date, datetime, time

from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from saphan.xlsform.definition import Form, Question, Text, Wording
from saphan.xlsform.kinds import FILES
from saphan.xlsform.parameters import number_of, parameters_of

MAX_ANSWER = 20_000
SENTENCES = {
    "required": _("This question needs an answer."),
    "constraint": _("This answer does not fit. Look at the hint, and mend it."),
    "integer": _("Write a whole number, for example 12."),
    "decimal": _("Write a number, for example 12.5."),
    "range": _("Choose a number from %(start)s to %(end)s in steps of %(step)s."),
    "date": _("Write the date as day, month and year, for example 23/11/2026 or 23/11/2569."),
    "time": _("Write the time as hour and minute, for example 14:30."),
    "datetime": _("Write date and time, for example 23/11/2026 14:30."),
    "choice": _("Choose one of the answers shown."),
    "choices": _("Choose among the answers shown; each once."),
    "geopoint": _("Write latitude and longitude, for example 13.7563 100.5018."),
    "acknowledge": _("Tick the box, or leave it empty."),
    "too_long": _("This answer is too long; the limit is %(limit)s characters."),
    "file": _("Choose a file of the kind that is asked for."),
}


@dataclass(frozen=True)
class Fault:
    """One thing that speaks against a value. `text` holds the form's own words; without them a sentence of ours is said in the active language."""

    code: str
    text: Text = field(default_factory=dict)
    arguments: dict[str, str] = field(default_factory=dict)

    def words(self, form: Form, language: str) -> Wording:
        """The sentence for a reader of this language, with the language it is in."""
        own = form.words(self.text, language)
        return own if own.text else Wording(str(self), get_language() or "")

    def __str__(self) -> str:
        return str(SENTENCES[self.code]) % self.arguments if self.arguments else str(SENTENCES[self.code])


WHOLE = re.compile(r"-?\d{1,15}", re.ASCII)
DECIMAL = re.compile(r"-?(?:\d{1,18}(?:\.\d{0,18})?|\.\d{1,18})", re.ASCII)
CLOCK = re.compile(r"\d{2}:\d{2}(?::\d{2}(?:\.\d{1,3})?)?(?:Z|[+-]\d{2}:\d{2})?", re.ASCII)


def type_faults(question: Question, value: str, names: Collection[str]) -> list[Fault]:
    """What speaks against a value by the kind of its question; `names` are the answers offered."""
    if len(value) > MAX_ANSWER:
        return [Fault("too_long", arguments={"limit": str(MAX_ANSWER)})]
    kind = question.kind
    if kind == "range":
        return _range(question, value)
    if kind == "select_one":
        return [] if value in names else [Fault("choice")]
    if kind in ("select_multiple", "rank"):
        chosen = value.split()
        return [] if len(set(chosen)) == len(chosen) and set(chosen) <= set(names) else [Fault("choices")]
    fits = FITS.get(kind)
    return [] if fits is None or fits(value) else [Fault(kind)]


def _range(question: Question, value: str) -> list[Fault]:
    given = parameters_of(question.parameters)
    start, end, step = number_of(given, "start", 1), number_of(given, "end", 10), number_of(given, "step", 1)
    if DECIMAL.fullmatch(value) and min(start, end) <= float(value) <= max(start, end):
        steps = (float(value) - start) / step if step else 0.0
        if abs(steps - round(steps)) < 1e-9:
            return []
    return [Fault("range", arguments={"start": f"{start:g}", "end": f"{end:g}", "step": f"{step:g}"})]


def _reads(read: Callable[[str], object]) -> Callable[[str], bool]:
    def reads(value: str) -> bool:
        try:
            read(value)
        except ValueError:
            return False
        return True

    return reads


def _point(value: str) -> bool:
    parts = value.split()
    if not 2 <= len(parts) <= 4 or not all(DECIMAL.fullmatch(part) for part in parts):
        return False
    return abs(float(parts[0])) <= 90 and abs(float(parts[1])) <= 180


FITS: dict[str, Callable[[str], bool]] = {
    "integer": lambda value: WHOLE.fullmatch(value) is not None,
    "decimal": lambda value: DECIMAL.fullmatch(value) is not None,
    "date": lambda value: len(value) == 10 and _reads(date.fromisoformat)(value),
    "time": lambda value: CLOCK.fullmatch(value) is not None and _reads(time.fromisoformat)(value[:5]),
    "datetime": lambda value: "T" in value and _reads(datetime.fromisoformat)(value),
    "geopoint": _point,
    "acknowledge": lambda value: value == "OK",
    **{kind: lambda value: len(value) <= 300 and "/" not in value for kind in FILES},
}
SENTENCES |= dict.fromkeys(FILES, SENTENCES["file"])
