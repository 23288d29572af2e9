"""The fields of the workspace's forms: a length of time, a condition, a name, lists of words. Each reads and writes the words of a procedure."""

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from saphan.agreements.procedures.terms import NAME, Length
from saphan.core.forms import Several

UNITS = (("", "–"), ("d", gettext_lazy("days")), ("wd", gettext_lazy("working days")), ("h", gettext_lazy("hours")), ("mo", gettext_lazy("months")))
MOST = 99_999


class NameField(forms.CharField):
    """A name in the rules. Spaces and hyphens become underscores."""

    def __init__(self, **options: Any) -> None:
        super().__init__(max_length=40, widget=forms.TextInput(attrs={"autocapitalize": "off", "spellcheck": "false", "autocomplete": "off"}), **options)

    def clean(self, value: Any) -> str:
        found = re.sub(r"[\s-]+", "_", str(super().clean(value)).strip())
        if found and not re.fullmatch(NAME, found):
            raise ValidationError(_("Use Latin letters, digits and _, beginning with a letter."))
        return found


class LengthWidget(forms.MultiWidget):
    """A number and its unit."""

    def __init__(self) -> None:
        number = forms.NumberInput(attrs={"min": 1, "max": MOST, "inputmode": "numeric"})
        super().__init__([number, forms.Select(choices=UNITS, attrs={"aria-label": gettext_lazy("unit")})], attrs={"class": "length"})

    def decompress(self, value: Any) -> list[Any]:
        found = re.fullmatch(r"(.*?)(h|d|wd|mo)?", str(value or ""), re.DOTALL)
        return [found[1], found[2] or ""] if found else ["", ""]

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[Any]:
        """Also in one piece, as the choice between two editors sends it."""
        return self.decompress(data[name]) if name in data else super().value_from_datadict(data, files, name)

    def id_for_label(self, id_: str) -> str:
        return f"{id_}_0" if id_ else id_


class LengthField(forms.MultiValueField):
    """A length of time: empty, or a whole number above nought with its unit."""

    widget = LengthWidget

    def __init__(self, **options: Any) -> None:
        fields = (forms.IntegerField(min_value=1, max_value=MOST), forms.ChoiceField(choices=UNITS, required=False))
        super().__init__(fields, require_all_fields=False, **options)
        if not self.required:
            fields[0].required = False

    def bound_data(self, data: Any, initial: Any) -> Any:
        """What was typed, in one piece: compared with what another editor wrote."""
        return "".join(str(part or "") for part in data) if isinstance(data, list) else super().bound_data(data, initial)

    def compress(self, data_list: list[Any]) -> str:
        amount, unit = [*data_list, "", ""][:2]
        if not amount and not unit:
            return ""
        if not amount:
            raise ValidationError(_("Write a number."))
        if not unit:
            raise ValidationError(_("Choose days, working days, hours or months."))
        return f"{amount}{unit}"


class LengthsField(forms.CharField):
    """Several lengths, parted by commas."""

    def clean(self, value: Any) -> list[str]:
        text = str(super().clean(value) or "")
        found = [word for word in re.split(r"[\s,]+", text) if word]
        for word in found:
            try:
                Length.read(word)
            except ValueError:
                raise ValidationError(_("“%(word)s” is no length of time: write for example 30d, 5wd, 24h or 6mo."), params={"word": word}) from None
        return found

    def prepare_value(self, value: Any) -> Any:
        return ", ".join(value) if isinstance(value, list | tuple) else value


class WordsField(forms.CharField):
    """Several names, parted by commas or lines."""

    def clean(self, value: Any) -> list[str]:
        text = str(super().clean(value) or "")
        found = [re.sub(r"[ -]+", "_", word.strip()) for word in re.split(r"[,\n]+", text) if word.strip()]
        for word in found:
            if not re.fullmatch(NAME, word):
                raise ValidationError(_("“%(word)s” is no name: use Latin letters, digits and _."), params={"word": word[:60]})
        return list(dict.fromkeys(found))

    def prepare_value(self, value: Any) -> Any:
        return ", ".join(value) if isinstance(value, list | tuple) else value


class ConditionField(forms.MultipleChoiceField):
    """Facts that must hold, and facts that must not."""

    widget = Several

    def __init__(self, *, facts: list[tuple[str, str]], **options: Any) -> None:
        denied = [(f"not {name}", _("not: %(fact)s") % {"fact": told}) for name, told in facts]
        super().__init__(choices=[choice for pair in zip(facts, denied, strict=True) for choice in pair], **options)

    def clean(self, value: Any) -> str:
        chosen: list[str] = super().clean(value)
        if any(f"not {name}" in chosen for name in chosen):
            raise ValidationError(_("A fact cannot be asked for and ruled out at once."))
        return " and ".join(chosen)

    def prepare_value(self, value: Any) -> Any:
        return value.split(" and ") if isinstance(value, str) else value


class PercentField(forms.IntegerField):
    """A share, asked as a whole number of per cent."""

    def clean(self, value: Any) -> float | None:
        found = super().clean(value)
        return None if found is None else found / 100

    def prepare_value(self, value: Any) -> Any:
        return round(value * 100) if isinstance(value, float) else value
