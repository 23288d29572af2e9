"""What is asked when something happens: a signature, an event of force, a meeting, a file, a notice."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from saphan.agreements.codes import DocumentKind, ForceKind, Method
from saphan.agreements.enforcing import Happened
from saphan.agreements.filing import Label
from saphan.agreements.meetings import Told
from saphan.agreements.models import Agreement, AgreementParty, AgreementVersion, Meeting
from saphan.agreements.signing import SEEN, Given
from saphan.core.dates import DateField
from saphan.core.forms import Versioned, offer, offer_words

LONG = forms.Textarea(attrs={"rows": 4})


class SignatureForm(forms.Form):
    """The signature of one party, as the paper or the key shows it."""

    party = forms.ModelChoiceField(
        label=gettext_lazy("Which party signed"), queryset=AgreementParty.objects.none(), widget=forms.RadioSelect, empty_label=None
    )
    office = forms.CharField(
        label=gettext_lazy("Office of whoever signed"), max_length=160, help_text=gettext_lazy("For example: Minister of Social Welfare.")
    )
    signatory = forms.CharField(
        label=gettext_lazy("Name as it stands under the text"), max_length=160,
        help_text=gettext_lazy("It is public with the agreement: whoever signs for a party does so in public."),
    )  # fmt: skip
    signed_on = DateField(label=gettext_lazy("Signed on"))
    place = forms.CharField(label=gettext_lazy("Where"), required=False, max_length=120)
    method = forms.ChoiceField(label=gettext_lazy("How"), choices=Method, widget=forms.RadioSelect, initial=Method.WET)
    seen = forms.CharField(
        label=gettext_lazy("The digits beside the QR on the signed paper"), required=False, max_length=100,
        help_text=gettext_lazy("Read them from the paper, not from the screen: they show that this text was signed and no other."),
    )  # fmt: skip
    value = forms.RegexField(
        r"^[0-9a-fA-F]{128}$", label=gettext_lazy("Signature of the key"), required=False,
        help_text=gettext_lazy("128 hexadecimal digits, for a signature with a key only."),
        error_messages={"invalid": gettext_lazy("A signature has 128 hexadecimal digits.")},
    )  # fmt: skip

    def __init__(self, *args: Any, version: AgreementVersion, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "party", version.agreement.parties.filter(role="party").select_related("country", "organisation"))

    def clean(self) -> dict[str, Any]:
        chosen = super().clean() or {}
        if chosen.get("method") == Method.WET and not chosen.get("seen"):
            self.add_error("seen", _("Write the first %(n)d digits as they stand on the paper.") % {"n": SEEN})
        if chosen.get("method") == Method.ED25519 and not chosen.get("value") and "value" not in self.errors:
            self.add_error("value", _("Write the signature."))
        return chosen

    def given(self) -> Given:
        chosen = self.cleaned_data
        same = "office signatory method signed_on seen value place".split()
        return Given(party_id=chosen["party"].pk, **{name: chosen[name] for name in same})


class DayForm(forms.Form):
    """On which day."""

    on = DateField(label=gettext_lazy("On"))


class ForceForm(forms.Form):
    """What happens to the force of an agreement."""

    version = forms.ModelChoiceField(label=gettext_lazy("Version"), queryset=AgreementVersion.objects.none(), required=False, empty_label="—")
    provision = forms.ChoiceField(label=gettext_lazy("What of it"), required=False)
    kind = forms.ChoiceField(
        label=gettext_lazy("What happens"), choices=[c for c in ForceKind.choices if c[0] != ForceKind.REPLACED], widget=forms.RadioSelect
    )
    on = DateField(
        label=gettext_lazy("On"), help_text=gettext_lazy("A day to come may be written down beforehand. For example 23/11/2026 or 23/11/2569.")
    )
    reason = forms.CharField(
        label=gettext_lazy("By what"), required=False, max_length=300, help_text=gettext_lazy("For example the exchange of notes that says so.")
    )

    def __init__(self, *args: Any, agreement: Agreement, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        signed = AgreementVersion.objects.filter(agreement=agreement).signed().newest_first()
        offer(self, "version", signed, shown=lambda version: str(version.semver))
        numbers = dict.fromkeys(number for version in signed for number in version.texts.values_list("number", flat=True))
        offer_words(self, "provision", [("", _("the whole")), *((number, _("Article %(number)s") % {"number": number}) for number in numbers)])
        newest = signed.first()
        if newest is None:
            del self.fields["version"], self.fields["provision"]
        else:
            self.fields["version"].required = True
            self.fields["version"].initial = newest.pk

    def version_id(self) -> Any:
        version = self.cleaned_data.get("version")
        return version.pk if version else None

    def happened(self) -> Happened:
        chosen = self.cleaned_data
        return Happened(chosen["kind"], chosen["on"], chosen.get("provision", ""), chosen["reason"])


class ReasonForm(forms.Form):
    """Why."""

    reason = forms.CharField(label=gettext_lazy("Why"), max_length=300)


class RemarkForm(forms.Form):
    """What comes of a notice."""

    remark = forms.CharField(
        label=gettext_lazy("What comes of it"), max_length=300, help_text=gettext_lazy("For example: renewed until 2030 by exchange of notes.")
    )


class MeetingForm(Versioned):
    """A meeting of the parties."""

    title = forms.CharField(label=gettext_lazy("Title"), max_length=160)
    held_on = DateField(label=gettext_lazy("Day"))
    place = forms.CharField(label=gettext_lazy("Place"), required=False, max_length=160)
    present = forms.CharField(label=gettext_lazy("Offices present"), required=False, max_length=2000, widget=LONG)
    agenda = forms.CharField(label=gettext_lazy("Agenda"), required=False, max_length=8000, widget=LONG)
    minutes = forms.CharField(label=gettext_lazy("Minutes"), required=False, max_length=40_000, widget=forms.Textarea(attrs={"rows": 8}))
    decisions = forms.CharField(label=gettext_lazy("Decisions, one a line"), required=False, max_length=8000, widget=LONG)

    def told(self) -> Told:
        names = "title held_on place present agenda minutes decisions".split()
        return Told(**{name: self.cleaned_data[name] for name in names})


class PointForm(forms.Form):
    """What an office took on."""

    text = forms.CharField(label=gettext_lazy("What is to be done"), max_length=400, widget=forms.Textarea(attrs={"rows": 2}))
    owner = forms.CharField(label=gettext_lazy("Which office took it on"), max_length=160)
    due_on = DateField(label=gettext_lazy("By when"))


class DocumentForm(forms.Form):
    """A file to be kept with the agreement."""

    file = forms.FileField(label=gettext_lazy("File"), max_length=200, help_text=gettext_lazy("PDF, picture, Word or Excel, at most 10 MB."))
    title = forms.CharField(label=gettext_lazy("Title"), max_length=160)
    kind = forms.ChoiceField(label=gettext_lazy("What it is"), choices=DocumentKind)
    language = forms.ChoiceField(label=gettext_lazy("Language"), required=False, choices=[("", "—"), *settings.LANGUAGES])
    of = forms.ModelChoiceField(label=gettext_lazy("Of version"), required=False, queryset=AgreementVersion.objects.none(), empty_label="—")
    meeting = forms.ModelChoiceField(label=gettext_lazy("Of meeting"), required=False, queryset=Meeting.objects.none(), empty_label="—")

    def __init__(self, *args: Any, agreement: Agreement, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "of", AgreementVersion.objects.filter(agreement=agreement), shown=lambda version: str(version.semver))
        offer(self, "meeting", Meeting.objects.filter(agreement=agreement), shown=lambda meeting: str(meeting.title))

    def label_of(self) -> Label:
        chosen = self.cleaned_data
        of, meeting = chosen["of"], chosen["meeting"]
        return Label(chosen["title"], chosen["kind"], chosen["language"], of.pk if of else None, meeting.pk if meeting else None)
