"""What is asked about an agreement, its parties and its versions."""

import re
import unicodedata
from collections.abc import Iterator
from typing import Any, cast

from django import forms
from django.conf import settings
from django.forms import BaseFormSet, formset_factory
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from saphan.agreements.codes import Confidentiality, Kind, PartyRole
from saphan.agreements.drafting import Number
from saphan.agreements.models import Agreement, AgreementParty, AgreementVersion, ArticleType
from saphan.agreements.registering import Facts, PartyFacts
from saphan.agreements.running import Words
from saphan.agreements.states import VersionState
from saphan.core.dates import DateField, parse_date
from saphan.core.errors import Invalid
from saphan.core.forms import Several, Versioned, offer
from saphan.core.origin import Provenance
from saphan.directory.models import Country, Organisation

CODE = r"^[A-Za-z0-9][A-Za-z0-9./-]*$"
YEAR, MONTH = re.compile(r"\d{4}"), re.compile(r"(\d{4})-(\d{2})|(\d{1,2})/(\d{4})")
SEMVER = re.compile(r"(\d{1,4})\.(\d{1,4})\.(\d{1,4})")
LANGUAGES = [(code, name) for code, name in settings.LANGUAGES]
FEW = 2  # languages in which a title is asked for at first; the others stand behind a fold
BUDDHIST_FROM, OFFSET = 2400, 543


class Filter(forms.Form):
    """What the list shows."""

    q = forms.CharField(label=gettext_lazy("Search"), required=False, max_length=80)
    kind = forms.ChoiceField(label=gettext_lazy("Kind"), required=False, choices=[("", gettext_lazy("all")), *Kind.choices])
    country = forms.ModelChoiceField(label=gettext_lazy("Country"), required=False, queryset=Country.objects.all(), empty_label=gettext_lazy("all"))
    state = forms.ChoiceField(label=gettext_lazy("State of a version"), required=False, choices=[("", gettext_lazy("all")), *VersionState.choices])
    on = DateField(label=gettext_lazy("In force on"), required=False, help_text="")
    ours = forms.BooleanField(label=gettext_lazy("only those our office keeps"), required=False)


class PartialDateField(forms.CharField):
    """A date as exact as it is known: 2005, 2005-07 or 07/2548, 13/7/2548."""

    def clean(self, value: Any) -> str:
        text = " ".join(str(super().clean(value)).split())
        if not text:
            return ""
        if YEAR.fullmatch(text):
            return str(_gregorian(int(text)))
        if found := MONTH.fullmatch(text):
            year, month = (found[1], found[2]) if found[1] else (found[4], found[3])
            if not 1 <= int(month) <= 12:
                raise forms.ValidationError(_("There is no such month."))
            return f"{_gregorian(int(year))}-{int(month):02}"
        try:
            return parse_date(text).isoformat()
        except Invalid as error:
            raise forms.ValidationError(error.sentence) from None


def _gregorian(year: int) -> int:
    return year - OFFSET if year >= BUDDHIST_FROM else year


class AgreementForm(Versioned):
    """The facts of an agreement."""

    code = forms.RegexField(
        CODE, label=gettext_lazy("Code"), max_length=40,
        help_text=gettext_lazy("Short and for ever, for example TH-LA-SOP. Letters, digits, hyphens."),
        error_messages={"invalid": gettext_lazy("Latin letters, digits, hyphens, dots and slashes only.")},
    )  # fmt: skip
    kind = forms.ChoiceField(label=gettext_lazy("Kind"), choices=[("", "—"), *Kind.choices])
    parent = forms.ModelChoiceField(
        label=gettext_lazy("Stands under"), required=False, queryset=Agreement.objects.none(), empty_label=gettext_lazy("nothing"),
        help_text=gettext_lazy("The agreement that foresees this one, for example the MOU of an SOP."),
    )  # fmt: skip
    parent_provision = forms.CharField(label=gettext_lazy("By its article"), required=False, max_length=20)
    confidentiality = forms.ChoiceField(
        label=gettext_lazy("Who may read it"), choices=Confidentiality, widget=forms.RadioSelect, initial=Confidentiality.OFFICE,
        help_text=gettext_lazy("Drafts, meetings and files are never public."),
    )  # fmt: skip
    dated = PartialDateField(
        label=gettext_lazy("Dated"), required=False, max_length=40,
        help_text=gettext_lazy("As exact as it is known: 2005, 07/2548 or 13/7/2005."),
    )  # fmt: skip
    expires_on = DateField(
        label=gettext_lazy("Runs until"), required=False,
        help_text=gettext_lazy("The last day. From the day after, nothing new is bound to it; cases under way go on under it."),
    )  # fmt: skip
    notice_days = forms.IntegerField(
        label=gettext_lazy("Notice of ending, in days"), min_value=0, max_value=1000, initial=180, help_text=gettext_lazy("Commonly 90 to 180.")
    )
    review_on = DateField(label=gettext_lazy("To be reviewed on"), required=False)
    source = forms.CharField(label=gettext_lazy("Source"), required=False, max_length=200, help_text=gettext_lazy("Where these facts come from."))
    provenance = forms.ChoiceField(label=gettext_lazy("How sure they are"), choices=Provenance)

    def __init__(self, *args: Any, agreement: Agreement | None, among: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "parent", among, shown=lambda other: f"{other.code}: {other.title}")
        for code, name in LANGUAGES:
            self.fields[f"title_{code}"] = forms.CharField(
                label=_("Title in %(language)s") % {"language": name}, max_length=300, required=code == "en"
            )
        for code, name in LANGUAGES[:FEW]:
            self.fields[f"note_{code}"] = forms.CharField(
                label=_("Note in %(language)s") % {"language": name}, required=False, max_length=600, widget=forms.Textarea(attrs={"rows": 2})
            )
        if agreement:
            self.initial = facts_shown(agreement)

    def first(self) -> Iterator[forms.BoundField]:
        """Code, kind and the titles that most agreements have."""
        return (self[name] for name in ("code", "kind", *(f"title_{code}" for code, _name in LANGUAGES[:FEW])))

    def other_titles(self) -> Iterator[forms.BoundField]:
        return (self[f"title_{code}"] for code, _name in LANGUAGES[FEW:])

    def rest(self) -> Iterator[forms.BoundField]:
        names = "parent parent_provision confidentiality dated expires_on notice_days review_on note_en note_th source provenance".split()
        return (self[name] for name in names)

    def facts(self) -> Facts:
        """What was typed, for the service."""
        chosen = self.cleaned_data
        same = "code kind confidentiality parent_provision dated expires_on notice_days review_on source provenance".split()
        return Facts(
            **{name: chosen[name] for name in same},
            titles=self._told("title"), notes=self._told("note"), parent_id=chosen["parent"].pk if chosen["parent"] else None,
        )  # fmt: skip

    def _told(self, part: str) -> dict[str, str]:
        return {code: text for code, _name in LANGUAGES if (text := self.cleaned_data.get(f"{part}_{code}", ""))}


def facts_shown(agreement: Agreement) -> dict[str, Any]:
    """The facts as the form shows them."""
    names = "code kind parent parent_provision confidentiality dated expires_on notice_days review_on source provenance version".split()
    told = {f"title_{code}": text for code, text in agreement.titles.items()} | {f"note_{code}": text for code, text in agreement.notes.items()}
    return {name: getattr(agreement, name) for name in names} | told


class PartyForm(forms.Form):
    """One party: a country, an organisation of the directory, or a name."""

    id = forms.UUIDField(widget=forms.HiddenInput, required=False)
    country = forms.ModelChoiceField(label=gettext_lazy("Country"), required=False, queryset=Country.objects.exclude(code="ZZ"), empty_label="—")
    organisation = forms.ModelChoiceField(
        label=gettext_lazy("or organisation"), required=False, queryset=Organisation.objects.filter(state="approved"), empty_label="—"
    )
    name = forms.CharField(label=gettext_lazy("or another name"), required=False, max_length=160)
    members = forms.RegexField(
        r"^([A-Z]{2}( [A-Z]{2})*)?$", label=gettext_lazy("Countries in it"), required=False, max_length=120,
        help_text=gettext_lazy("Codes with spaces: KH LA TH."), error_messages={"invalid": gettext_lazy("Codes of two letters with spaces: KH LA TH.")},
    )  # fmt: skip
    role = forms.ChoiceField(label=gettext_lazy("Takes part as"), choices=PartyRole, initial=PartyRole.PARTY)
    side = forms.RegexField(
        r"^[a-zA-Z][a-zA-Z0-9_]*$", label=gettext_lazy("Sign in the procedure"), required=False, max_length=40,
        help_text=gettext_lazy("How the running part calls it, for example H."),
    )  # fmt: skip
    public_key = forms.RegexField(
        r"^[0-9a-fA-F]{64}$", label=gettext_lazy("Public key (Ed25519)"), required=False,
        help_text=gettext_lazy("64 hexadecimal digits, compared with the party by voice."),
        error_messages={"invalid": gettext_lazy("A key has 64 hexadecimal digits.")},
    )  # fmt: skip

    def first(self) -> Iterator[forms.BoundField]:
        """Who it is."""
        return (self[name] for name in ("country", "organisation", "name", "role"))

    def rest(self) -> list[forms.BoundField]:
        """What few parties need."""
        return [self[name] for name in ("side", "members", "public_key")]

    def shows_rest(self) -> bool:
        """Whether something stands there, or is wrong there."""
        return any(field.value() or field.errors for field in self.rest())

    def clean(self) -> dict[str, Any]:
        chosen = super().clean() or {}
        named = [name for name in ("country", "organisation", "name") if chosen.get(name)]
        if len(named) > 1:
            self.add_error(named[1], _("A party is one thing: a country, an organisation or a name."))
        if not named and (chosen.get("side") or chosen.get("public_key")):
            self.add_error("name", _("Say who this party is."))
        return chosen

    def facts(self) -> PartyFacts | None:
        """What was typed; none for an empty line, which also takes a party away."""
        chosen = self.cleaned_data
        if not any(chosen.get(name) for name in ("country", "organisation", "name")):
            return None
        return PartyFacts(
            country_id=chosen["country"].pk if chosen["country"] else None, organisation_id=chosen["organisation"].pk if chosen["organisation"] else None,
            name=chosen["name"], members=chosen["members"], role=chosen["role"], side=chosen["side"], public_key=chosen["public_key"].lower(), id=chosen["id"],
        )  # fmt: skip


PartyFormSet = formset_factory(PartyForm, extra=1, max_num=40, absolute_max=60)


def party_forms(answers: Any, agreement: Agreement | None) -> "BaseFormSet[PartyForm]":
    """The parties, with an empty line for one more."""
    shown = [_party_shown(party) for party in agreement.parties.all()] if agreement else [{}]
    return PartyFormSet(answers, prefix="party", initial=shown)


def _party_shown(party: AgreementParty) -> dict[str, Any]:
    names = "id country organisation name members role side public_key".split()
    return {name: getattr(party, name) for name in names}


def parties_typed(parties: "BaseFormSet[PartyForm]") -> list[PartyFacts]:
    """The parties that were typed."""
    return [facts for form in parties if (facts := form.facts()) is not None]


class NumberField(forms.CharField):
    """The number of a version, in three parts."""

    def clean(self, value: Any) -> Any:
        text = str(super().clean(value)).strip()
        found = SEMVER.fullmatch(text)
        if not found:
            raise forms.ValidationError(_("Write three numbers with dots, for example 3.1.0."))
        return tuple(int(part) for part in found.groups())

    def prepare_value(self, value: Any) -> Any:
        return ".".join(map(str, value)) if isinstance(value, tuple) else value


class BeginForm(forms.Form):
    """A new version."""

    number = NumberField(
        label=gettext_lazy("Number"), max_length=14,
        help_text=gettext_lazy("A new first number changes what somebody must do, a second one adds, a third one corrects words."),
    )  # fmt: skip
    based_on = forms.ModelChoiceField(
        label=gettext_lazy("Begins with the words of"), required=False, queryset=AgreementVersion.objects.none(), empty_label=gettext_lazy("nothing")
    )
    changes = forms.CharField(label=gettext_lazy("What is new in it"), required=False, max_length=400, widget=forms.Textarea(attrs={"rows": 2}))

    def __init__(self, *args: Any, among: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "based_on", among, shown=lambda version: f"{version.semver}: {version.get_state_display()}")

    def wanted(self) -> Number:
        """The number that was typed."""
        return cast("Number", self.cleaned_data["number"])


class ProcedureForm(forms.Form):
    """The running part as a text file."""

    source = forms.CharField(
        label=gettext_lazy("Running part (YAML)"), required=False, strip=False, max_length=400_000,
        widget=forms.Textarea(attrs={"rows": 24, "spellcheck": "false", "class": "code", "wrap": "off"}),
    )  # fmt: skip
    file = forms.FileField(label=gettext_lazy("or a file"), required=False, max_length=200)

    def clean(self) -> dict[str, Any]:
        chosen = super().clean() or {}
        if upload := chosen.get("file"):
            if upload.size > 400_000:
                self.add_error("file", _("This file is too large for a procedure."))
                return chosen
            try:
                chosen["source"] = upload.read().decode("utf-8")
            except UnicodeDecodeError:
                self.add_error("file", _("This is not a text in UTF-8."))
        chosen["source"] = chosen.get("source", "").replace("\r\n", "\n")
        if not self.errors and not chosen["source"].strip():
            self.add_error("source", _("Write the running part, or choose a file."))
        return chosen


class LanguagesForm(forms.Form):
    """In which languages the text binds."""

    languages = forms.MultipleChoiceField(label=gettext_lazy("Languages whose text binds"), choices=LANGUAGES, widget=Several)


class ProvisionForm(forms.Form):
    """One provision in the languages of the version."""

    number = forms.CharField(label=gettext_lazy("Article"), max_length=20, required=False)
    type = forms.ModelChoiceField(label=gettext_lazy("Kind of provision"), required=False, queryset=ArticleType.objects.all(), empty_label="—")

    def __init__(self, *args: Any, languages: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.languages = languages
        for code in languages:
            name = dict(LANGUAGES)[code]
            self.fields[f"heading_{code}"] = forms.CharField(label=_("Heading in %(language)s") % {"language": name}, required=False, max_length=200)
            self.fields[f"prose_{code}"] = forms.CharField(
                label=_("Words in %(language)s") % {"language": name},
                required=False,
                max_length=8000,
                widget=forms.Textarea(attrs={"rows": 3, "lang": code}),
            )

    def clean(self) -> dict[str, Any]:
        chosen = super().clean() or {}
        if any(chosen.get(f"prose_{code}") for code in self.languages) and not chosen.get("number"):
            self.add_error("number", _("Write the number of the article."))
        return chosen

    def columns(self) -> list[tuple[str, list[forms.BoundField]]]:
        """Heading and words, language by language."""
        return [(code, [self[f"heading_{code}"], self[f"prose_{code}"]]) for code in self.languages]

    def words(self) -> list[Words]:
        """What was typed in each language."""
        chosen = self.cleaned_data
        kind = chosen["type"].pk if chosen.get("type") else ""
        return [
            Words(chosen["number"], code, one_form(chosen[f"prose_{code}"]), one_form(chosen[f"heading_{code}"]), kind)
            for code in self.languages
            if chosen.get(f"prose_{code}")
        ]


def one_form(text: str) -> str:
    """The same letters for the same words, on whatever machine they were typed: their digest will be signed."""
    return unicodedata.normalize("NFC", text.replace("\r\n", "\n"))


class ProvisionForms(BaseFormSet[ProvisionForm]):
    """All provisions; a number stands once."""

    def clean(self) -> None:
        numbers = [form.cleaned_data.get("number") for form in self.forms if getattr(form, "cleaned_data", None) and form.cleaned_data.get("number")]
        if len(numbers) != len(set(numbers)):
            raise forms.ValidationError(_("Two articles have the same number."))

    def words(self) -> list[Words]:
        return [one for form in self.forms for one in form.words()]


def provision_forms(answers: Any, version: AgreementVersion, languages: list[str]) -> ProvisionForms:
    """The provisions of a version, with three empty ones for more."""
    factory = formset_factory(ProvisionForm, formset=ProvisionForms, extra=3, max_num=300, absolute_max=300)
    shown: dict[str, dict[str, Any]] = {}
    for text in version.texts.all():
        row = shown.setdefault(text.number, {"number": text.number, "type": text.type_id})
        row |= {f"heading_{text.language}": text.heading, f"prose_{text.language}": text.prose}
    return cast("ProvisionForms", factory(answers, prefix="provision", initial=list(shown.values()), form_kwargs={"languages": languages}))
