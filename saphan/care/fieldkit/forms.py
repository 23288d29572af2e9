"""Forms of the field kit."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from saphan.care.fieldkit.codes import Activity, SiteKind
from saphan.care.fieldkit.devices import LONGEST_ALIAS
from saphan.care.fieldkit.site_facts import SiteFact, site_facts, wording
from saphan.care.persons.codes import Language
from saphan.care.persons.models import Person
from saphan.care.screening.codes import YesNo
from saphan.core.dates import DateField
from saphan.core.forms import Answers
from saphan.directory.models import Province


class DeviceForm(forms.Form):
    """What the device is called."""

    alias = forms.CharField(
        label=_("Name of the device"),
        max_length=LONGEST_ALIAS,
        help_text=_("So that the office knows it, such as “blue telephone”. No name of a person."),
    )


class BundleForm(forms.Form):
    """The file from a USB stick."""

    bundle = forms.FileField(
        label=_("File of the field kit"),
        help_text=_("It ends in .json and was saved by the field kit. Nothing of it can be read without this office."),
    )


class VisitForm(forms.Form):
    """What holds for everybody at a site."""

    visited_on = DateField(label=_("Day of the visit"))
    place = forms.CharField(label=_("The site"), max_length=200, help_text=_("As you will know it again. No name of a person."))
    site_kind = forms.ChoiceField(label=_("Kind of site"), choices=[("", "---------"), *SiteKind.choices], required=False)
    activity = forms.ChoiceField(label=_("What is done there"), choices=[("", "---------"), *Activity.choices], required=False)
    province = forms.ModelChoiceField(label=_("Province"), queryset=Province.objects.none(), required=False)
    conditions = forms.CharField(
        label=_("Conditions that were reported or seen"), widget=forms.Textarea, max_length=4000, required=False,
        help_text=_("Hours, pay, rooms, papers, guards. What concerns one person only belongs into that interview."),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        province = self.fields["province"]
        assert isinstance(province, forms.ModelChoiceField)
        province.queryset = Province.objects.filter(country="TH")
        asked = wording()
        for fact in site_facts():
            self.fields[fact.code] = forms.ChoiceField(
                label=fact.label, choices=[("", "---------"), *YesNo.choices], required=False, help_text=_answers(fact, asked.get(fact.code, ""))
            )

    def facts(self) -> dict[str, str]:
        """What is sealed."""
        given = self.cleaned_data
        return {
            "place": given["place"], "site_kind": given["site_kind"], "activity": given["activity"],
            "province": given["province"].pk if given["province"] else "", "conditions": given["conditions"], **{fact.code: given[fact.code] for fact in site_facts()},
        }  # fmt: skip


def _answers(fact: SiteFact, question: str) -> str:
    """Which question of the interviews is answered by it."""
    told = {"question": question or fact.answers[0], "n": len(fact.answers)}
    return (
        ngettext(
            "Known then in the interviews: “%(question)s”",
            "Known then in the interviews: “%(question)s”, in %(n)d sets of questions",
            len(fact.answers),
        )
        % told
    )


class MetForm(forms.Form):
    """Another person at the site: no name, a file of her own."""

    age_band = forms.ChoiceField(
        label=_("Age"), choices=Person.AgeBand.choices, widget=Answers, help_text=_("When in doubt, the questions for children apply.")
    )
    sex = forms.ChoiceField(label=_("Sex"), choices=Person.Sex.choices, initial=Person.Sex.UNKNOWN)
    language = forms.ChoiceField(label=_("Language"), choices=Language.choices)
