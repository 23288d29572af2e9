"""How every form of the house looks and speaks: one renderer, and the widgets that the field's own way of asking needs."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.forms.renderers import TemplatesSetting
from django.utils.translation import gettext as _


class Renderer(TemplatesSetting):
    """Renders `{{ form }}` with the error summary on top and each error at its field."""

    form_template_name = "parts/form.html"
    field_template_name = "parts/field.html"


class Answers(forms.RadioSelect):
    """Large answers of one question; those in `aside` (not known, prefer not to say, ask later) stand smaller in a pair below."""

    def __init__(self, *args: Any, aside: Iterable[str] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.aside = frozenset(aside)


class Versioned(forms.Form):
    """A form that remembers which version of the record it was made from, so that a second editor sees the difference."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)


class Several(forms.CheckboxSelectMultiple):
    """Several ticked answers; also takes them in one piece, parted by commas, as the choice between two editors sends them."""

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[str]:
        return [code for item in super().value_from_datadict(data, files, name) or [] for code in item.split(",") if code]


def offer(form: forms.BaseForm, name: str, records: "QuerySet[Any]", *, shown: Callable[[Any], str] | None = None) -> None:
    """The records among which a field of this form lets choose; `shown` says how each is named there."""
    field = form.fields[name]
    assert isinstance(field, forms.ModelChoiceField)
    field.queryset = records
    if shown is not None:
        field.label_from_instance = shown  # type: ignore[method-assign,assignment]  # Django's own way to name one field's choices


def offer_words(form: forms.BaseForm, name: str, choices: Iterable[tuple[str, Any]]) -> None:
    """The words among which a field of this form lets choose."""
    field = form.fields[name]
    assert isinstance(field, forms.ChoiceField)
    field.choices = list(choices)


@dataclass(frozen=True)
class Difference:
    """One field that two editors left with different words."""

    name: str
    label: str
    mine: str
    theirs: str
    mine_shown: str
    theirs_shown: str


def differences(form: forms.BaseForm, theirs: Mapping[str, object]) -> list[Difference]:
    """What this bound form says otherwise than the record as it stands now, for `parts/conflict.html`; only fields named in `theirs`."""
    found = []
    for bound in form.visible_fields():
        if bound.name not in theirs:
            continue
        mine, other = _typed(bound.value()), _typed(theirs[bound.name])
        if mine != other:
            found.append(Difference(bound.name, str(bound.label), mine, other, _shown(bound.field, mine), _shown(bound.field, other)))
    return found


def unchanged(form: forms.BaseForm, found: Iterable[Difference]) -> list[tuple[str, str]]:
    """Names and values of the fields on which both editors agree or which only this form holds, to be sent along hidden."""
    apart = {difference.name for difference in found} | {"version"}
    pairs: list[tuple[str, str]] = []
    for bound in form:
        if bound.name not in apart:
            value = bound.value()
            pairs += [(bound.html_name, _typed(item)) for item in (value if isinstance(value, list | tuple) else [value])]
    return pairs


def _typed(value: object) -> str:
    if isinstance(value, list | tuple):
        return ",".join(str(item) for item in value)
    return "" if value is None else str(value).replace("\r\n", "\n")


def _shown(field: forms.Field, value: str) -> str:
    choices = getattr(field, "choices", None)
    if isinstance(field, forms.BooleanField):
        return _("yes") if value == "True" else _("no")
    if choices is not None:
        labels = dict((str(key), label) for key, label in choices)
        if isinstance(field, forms.MultipleChoiceField):
            return ", ".join(str(labels.get(code, code)) for code in value.split(",") if code) or _("(empty)")
        return str(labels.get(value, value))
    return value or _("(empty)")
