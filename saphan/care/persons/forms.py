"""What is asked, in the order in which it matters."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from saphan.care.persons.codes import Answer, Channel, CloseReason, ContactHow, ContactOutcome, Language, Purpose, Tie
from saphan.care.persons.models import Person
from saphan.care.persons.services import Facts, Told
from saphan.care.persons.states import ReportState
from saphan.core.errors import Invalid
from saphan.core.forms import Answers, Versioned
from saphan.core.sensitivity import Sensitivity
from saphan.directory.models import Country, Province

NOT_ASKED = ("", _("not asked"))


class ReportForm(forms.Form):
    """The hotline's one screen: danger first, then whether the caller can talk. The caller's name is not asked."""

    danger = forms.ChoiceField(
        label=_("Is somebody in danger now?"), choices=Answer, widget=Answers(aside=["unknown"]), help_text=_("Yes starts a clock of one hour.")
    )
    caller_safe = forms.ChoiceField(
        label=_("Can the caller talk safely?"),
        choices=Answer,
        widget=Answers(aside=["unknown"]),
        help_text=_("If not: agree how and when we call back, and end the call."),
    )
    narrative = forms.CharField(
        label=_("What happens, in the caller's words"),
        widget=forms.Textarea(attrs={"rows": 5}),
        max_length=8000,
        help_text=_("Sealed at once. Names are not needed."),
    )
    place = forms.CharField(label=_("Where"), required=False, max_length=400, help_text=_("Sealed at once."))
    province = forms.ModelChoiceField(label=_("Province"), queryset=Province.objects.none(), required=False)
    callback = forms.CharField(
        label=_("A safe way to call back"), required=False, max_length=400, help_text=_("Only if the caller wishes it. Sealed at once.")
    )
    channel = forms.ChoiceField(label=_("How it reached us"), choices=[c for c in Channel.choices if c[0] != Channel.SEALED], initial=Channel.CALL)
    tie = forms.ChoiceField(label=_("The caller is"), choices=Tie, initial=Tie.UNKNOWN)
    people_count = forms.IntegerField(label=_("How many people need help"), min_value=1, max_value=9999, initial=1)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._choices_of("province").queryset = Province.objects.all()

    def _choices_of(self, name: str) -> Any:
        return self.fields[name]

    def told(self) -> Told:
        """The answers as the service takes them."""
        given = self.cleaned_data
        province: Province | None = given["province"]
        rest = {name: given[name] for name in ("danger", "caller_safe", "narrative", "place", "callback", "channel", "tie", "people_count")}
        return Told(province_id=province.pk if province else None, country_id=province.country_id if province else None, **rest)


class ContactForm(forms.Form):
    """Who was reached, and how it stands."""

    how = forms.ChoiceField(label=_("How"), choices=ContactHow)
    outcome = forms.ChoiceField(label=_("What came of it"), choices=ContactOutcome, widget=forms.RadioSelect)


class CloseForm(forms.Form):
    """Why nothing more is to be done."""

    reason = forms.ChoiceField(label=_("Why it ends"), choices=CloseReason)


class ReportFilter(forms.Form):
    """What the list of reports shows."""

    state = forms.ChoiceField(label=_("State"), required=False, choices=[("", _("all")), *ReportState.choices])
    danger = forms.ChoiceField(label=_("Danger"), required=False, choices=[("", _("all")), *Answer.choices])
    late = forms.BooleanField(label=_("only late"), required=False)


class PurposeForm(forms.Form):
    """Why protected facts are opened."""

    purpose = forms.ChoiceField(
        label=_("Why do you need this?"),
        choices=Purpose,
        initial=Purpose.CARE,
        help_text=_("Your answer is kept with your name in the record of access."),
    )


class RevealForm(PurposeForm):
    """Which parts to open. Only the parts that the worker's tie allows are offered."""

    classes = forms.MultipleChoiceField(label=_("Which parts"), widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args: Any, offered: frozenset[Sensitivity], **kwargs: Any) -> None:
        kwargs["auto_id"] = "show_%s"  # it stands on pages beside other forms that ask for a purpose
        super().__init__(*args, **kwargs)
        field: Any = self.fields["classes"]
        field.choices = [(c.value, c.label) for c in Sensitivity if c in offered]
        self.order_fields(["classes", "purpose"])


class FileForm(Versioned):
    """Working facts, and what is sealed when it is saved."""

    age_band = forms.ChoiceField(
        label=_("Age"),
        choices=Person.AgeBand,
        initial=Person.AgeBand.DOUBT,
        widget=forms.RadioSelect,
        help_text=_("In doubt, the child's pathway applies."),
    )
    sex = forms.ChoiceField(label=_("Sex"), choices=Person.Sex, initial=Person.Sex.UNKNOWN)
    language = forms.ChoiceField(label=_("Language spoken"), choices=Language, initial=Language.THAI)
    nationality = forms.ModelChoiceField(label=_("Nationality"), queryset=Country.objects.none(), required=False)
    given_name = forms.CharField(label=_("Given name"), required=False, max_length=200)
    family_name = forms.CharField(label=_("Family name"), required=False, max_length=200)
    birth_date = forms.CharField(label=_("Date of birth, as told"), required=False, max_length=60)
    phone = forms.CharField(label=_("Telephone"), required=False, max_length=60)
    safe_contact = forms.CharField(label=_("Safe way and time to reach the person"), required=False, max_length=400)
    whereabouts = forms.CharField(label=_("Where the person is now"), required=False, max_length=400)

    SEALED = ("given_name", "family_name", "birth_date", "phone", "safe_contact", "whereabouts")
    WORKING = ("age_band", "sex", "language", "nationality")

    def __init__(self, *args: Any, keeps: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        countries: Any = self.fields["nationality"]
        countries.queryset = Country.objects.all()
        for name in self.SEALED:
            self.fields[name].help_text = _("Sealed. Left empty, it stays as it is.") if keeps else _("Sealed when you save.")
            self.fields[name].widget.attrs["autocomplete"] = "off"

    def facts(self) -> Facts:
        """The answers as the service takes them."""
        given = self.cleaned_data
        country: Country | None = given["nationality"]
        return Facts(
            age_band=given["age_band"], sex=given["sex"], language=given["language"], nationality_id=country.pk if country else None,
            sealed={name: given[name] for name in self.SEALED},
        )  # fmt: skip


def working_facts(person: Person) -> dict[str, Any]:
    """The working facts of a file, as the form takes them."""
    return {
        "age_band": person.age_band,
        "sex": person.sex,
        "language": person.language,
        "nationality": person.nationality_id,
        "version": person.version,
    }


def show_invalid(form: forms.Form, error: Invalid) -> None:
    """Puts what a service found wrong at the fields of the form."""
    for name, sentence in error.fields.items():
        form.add_error(name if name in form.fields else None, sentence)
    if error.sentence or not error.fields:
        form.add_error(None, error.sentence or _("This cannot be saved."))
