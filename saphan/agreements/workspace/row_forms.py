"""The form of one row, made from its questions and the names of the procedure; what does not fit the schema is told at the field it concerns."""

from collections.abc import Callable, Mapping
from typing import Any

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from saphan.agreements.procedures.findings import Unreadable
from saphan.agreements.workspace.articles import Plain
from saphan.agreements.workspace.fields import ConditionField, LengthField, LengthsField, NameField, PercentField, WordsField
from saphan.agreements.workspace.questions import FIXED, KINDS, Question
from saphan.agreements.workspace.vocabulary import Choices, Vocabulary
from saphan.core.forms import Several

KEEPERS = ("messages", "documents", "checks")


class Marked(forms.Form):
    """A form that knows from which state of an article it was made."""

    mark = forms.CharField(max_length=16, required=False, widget=forms.HiddenInput)


class RowForm(Marked):
    """Asks for one row of an article. `row()` is what was answered, in the words of a procedure."""

    def __init__(self, *args: Any, kind: str, vocabulary: Vocabulary, content: Plain | None = None, mark: str = "", **options: Any) -> None:
        self.kind, self.content = kind, dict(content or {})
        super().__init__(*args, **options)
        self.initial.update({"mark": mark, **self.content})
        for question in KINDS[kind].questions:
            self.fields[question.word] = FIELDS[question.sort](question, self._choices(question, vocabulary), _common(question))
        if kind == "consent" and content is None:
            self.initial["form"] = "written"

    def _choices(self, question: Question, vocabulary: Vocabulary) -> Choices:
        """The names of the procedure; one that stands in the row and is not known stays to be seen and changed."""
        if question.offered:
            return [(value, capfirst(str(label))) for value, label in question.offered]
        lists = KEEPERS if question.of == "keepers" else (question.of,) if question.of else ()
        offered = [choice for of in lists for choice in vocabulary.choices(of)]
        if question.sort == "condition":
            return offered
        known, present = {name for name, _told in offered}, self.content.get(question.word)
        there = present if isinstance(present, list) else [present] if present else []
        return offered + [(name, _("%(name)s (not known here)") % {"name": name}) for name in there if name not in known]

    def row(self) -> Plain:
        """The row as it was answered; what the form does not ask stays as it was."""
        asked = {question.word for question in KINDS[self.kind].questions}
        kept = {word: value for word, value in self.content.items() if word not in asked} | FIXED.get(self.kind, {})
        answered = {word: self.cleaned_data[word] for word in (q.word for q in KINDS[self.kind].questions)}
        return answered_only(answered) | kept

    def refuse(self, error: Unreadable) -> None:
        """Shows what does not fit the schema at its field."""
        put_faults(self, error)


def answered_only(values: Mapping[str, Any]) -> Plain:
    """Without what was left empty."""
    return {word: value for word, value in values.items() if value not in ("", None, [], (), False)}


def put_faults(form: forms.Form, error: Unreadable) -> None:
    """Each fault of the schema at the field that its path ends in, else above the form."""
    for fault in error.faults:
        word = next((str(step) for step in reversed(fault.path) if str(step) in form.fields), None)
        form.add_error(word, _(fault.text).format_map(fault.parameters))


def _common(question: Question) -> dict[str, Any]:
    return {"label": question.label, "help_text": question.hint, "required": question.required}


Make = Callable[[Question, Choices, dict[str, Any]], forms.Field]
FIELDS: dict[str, Make] = {
    "name": lambda _q, _choices, common: NameField(**common),
    "text": lambda _q, _choices, common: forms.CharField(max_length=4000, widget=forms.Textarea(attrs={"rows": 2}), **common),
    "one": lambda _q, choices, common: forms.ChoiceField(choices=[("", "–"), *choices], **common),
    "several": lambda _q, choices, common: forms.MultipleChoiceField(choices=choices, widget=Several, **common),
    "choice": lambda _q, choices, common: forms.ChoiceField(choices=choices, widget=forms.RadioSelect, **common),
    "choices": lambda _q, choices, common: forms.MultipleChoiceField(choices=choices, widget=Several, **common),
    "condition": lambda _q, choices, common: ConditionField(facts=choices, **common),
    "length": lambda _q, _choices, common: LengthField(**common),
    "lengths": lambda _q, _choices, common: LengthsField(max_length=400, **common),
    "words": lambda _q, _choices, common: WordsField(max_length=400, **common),
    "flag": lambda _q, _choices, common: forms.BooleanField(**common),
    "percent": lambda _q, _choices, common: PercentField(min_value=1, max_value=100, **common),
    "number": lambda _q, _choices, common: forms.IntegerField(min_value=3, max_value=1000, **common),
}


class ArticleForm(Marked):
    """The words of an article in each language, its number, and the facts under which it holds at all."""

    art = forms.RegexField(r"^[0-9]{1,3}[a-z]?$", label="", max_length=4)

    def __init__(
        self, *args: Any, vocabulary: Vocabulary, article: Plain | None = None, languages: list[tuple[str, str]], mark: str = "", **options: Any
    ) -> None:
        article = article or {}
        prose = article.get("prose", {})
        begin = {"mark": mark, "art": article.get("art", ""), "when": article.get("when", "")} | {
            f"prose_{code}": prose.get(code, "") for code, _n in languages
        }
        super().__init__(*args, **options)
        self.initial = {**begin, **self.initial}
        self.languages = languages
        self.fields["art"].label = _("Number")
        self.fields["art"].help_text = _("One to three digits, and at most one small letter.")
        for code, name in languages:
            self.fields[f"prose_{code}"] = forms.CharField(
                label=_("Words: %(language)s") % {"language": name},
                max_length=4000,
                required=False,
                widget=forms.Textarea(attrs={"lang": code, "rows": 4}),
            )
        if vocabulary.choices("facts"):
            self.fields["when"] = ConditionField(
                facts=vocabulary.choices("facts"), label=_("The whole article holds only if"), help_text=_("Nothing ticked: always."), required=False
            )

    def changed(self, article: Plain) -> Plain:
        """The article with these words; its rows stay."""
        prose = {code: self.cleaned_data[f"prose_{code}"].replace("\r\n", "\n").strip() for code, _name in self.languages}
        others = {code: text for code, text in article.get("prose", {}).items() if code not in prose}
        told = {"art": self.cleaned_data["art"], "prose": others | {code: text for code, text in prose.items() if text}}
        when = self.cleaned_data.get("when", article.get("when", ""))
        rows = {word: value for word, value in article.items() if word not in ("art", "prose", "when")}
        return told | ({"when": when} if when else {}) | rows
