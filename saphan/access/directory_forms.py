"""Forms of the own organisation's services and offices, and of an account's office."""

from typing import Any
from uuid import UUID

from django import forms
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

from saphan.access.directory_acts import OfficeFacts, ServiceFacts
from saphan.core.forms import Several, Versioned, offer
from saphan.directory.languages import Language
from saphan.directory.models import Need, Office, Province, Service

NO_ADDRESS = _("No address and nothing that leads to one: a shelter is named by its province at most.")


class OwnServicesFilter(forms.Form):
    """Which of the own services to show."""

    words = forms.CharField(label=_("Name of a service"), required=False, max_length=80)
    need = forms.ChoiceField(label=_("Need"), required=False, choices=[("", _("all needs")), *Need.choices])
    state = forms.ChoiceField(
        label=_("State"), required=False,
        choices=[("", _("in the directory")), ("stale", _("not verified in 90 days")), ("ended", _("taken out of the directory"))],
    )  # fmt: skip


class ServiceForm(Versioned):
    """What a service is: never where it stands."""

    name_en = forms.CharField(label=_("Name in English"), max_length=160, help_text=NO_ADDRESS)
    name_th = forms.CharField(label=_("Name in Thai"), max_length=160, required=False)
    kind = forms.ChoiceField(label=_("Need"), choices=[("", "—"), *Need.choices])
    province = forms.ModelChoiceField(label=_("Province"), queryset=Province.objects.all(), required=False, empty_label=_("everywhere"))
    languages = forms.MultipleChoiceField(
        label=_("Languages spoken there"),
        required=False,
        widget=Several,
        choices=[choice for choice in Language.choices if choice[0] != Language.OTHER],
    )
    eligibility = forms.CharField(label=_("For whom"), max_length=300, required=False)
    open_hours = forms.CharField(label=_("Hours"), max_length=160, required=False, help_text=_("For example Monday to Friday, 8:30 to 16:30."))
    public = forms.BooleanField(
        label=_("The public may know of it"), required=False, help_text=_("Only then is it part of the directory that is published.")
    )

    def facts(self) -> ServiceFacts:
        """What was typed, for the act."""
        given = {name: value for name, value in self.cleaned_data.items() if name not in ("version", "province")}
        return ServiceFacts(**given, province_id=_code(self.cleaned_data["province"]))


class PlacesForm(forms.Form):
    """Places today."""

    capacity_today = forms.IntegerField(
        label=_("Places today"), required=False, min_value=0, max_value=100_000, help_text=_("Empty: places are not counted.")
    )
    places_held = forms.IntegerField(label=_("Places taken or held"), required=False, min_value=0, max_value=100_000)


class OfficesFilter(forms.Form):
    """Which offices to show."""

    words = forms.CharField(label=_("Name of an office"), required=False, max_length=80)
    province = forms.ModelChoiceField(label=_("Province"), queryset=Province.objects.all(), required=False, empty_label=_("everywhere"))


class OfficeForm(Versioned):
    """An office and its telephone."""

    name_en = forms.CharField(label=_("Name in English"), max_length=160)
    name_th = forms.CharField(label=_("Name in Thai"), max_length=160, required=False)
    province = forms.ModelChoiceField(label=_("Province"), queryset=Province.objects.all(), required=False, empty_label=_("no province"))
    phone = forms.CharField(
        label=_("Telephone"), max_length=40, required=False,
        validators=[RegexValidator(r"\A[0-9+ ()/*#,-]*\Z", _("Digits, spaces and + ( ) / * # , - only."))],
        help_text=_("It stands beside the public services of the same province."),
        widget=forms.TextInput(attrs={"inputmode": "tel"}),
    )  # fmt: skip

    def facts(self) -> OfficeFacts:
        """What was typed, for the act."""
        given = {name: self.cleaned_data[name] for name in ("name_en", "name_th", "phone")}
        return OfficeFacts(**given, province_id=_code(self.cleaned_data["province"]))


class PlaceForm(forms.Form):
    """The office in which an account works."""

    office = forms.ModelChoiceField(label=_("Office"), queryset=Office.objects.none(), required=False, empty_label=_("no office"))

    def __init__(self, *args: Any, org: UUID, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "office", Office.objects.filter(org=org))


def shown_of(entry: Service | Office) -> dict[str, Any]:
    """What the form of a service or office begins with."""
    form = ServiceForm if isinstance(entry, Service) else OfficeForm
    return {name: entry.province_id if name == "province" else getattr(entry, name) for name in form.base_fields}


def _code(province: Province | None) -> str | None:
    return province.pk if province else None
