"""The lists at the head of a procedure: parties, roles, facts, groups of fields, fields that never leave, and what is said once."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from saphan.agreements.procedures.entering import spoken
from saphan.agreements.workspace.articles import Plain
from saphan.agreements.workspace.fields import LengthField, NameField, WordsField
from saphan.agreements.workspace.frame import NAMES
from saphan.agreements.workspace.row_forms import Marked, answered_only
from saphan.agreements.workspace.vocabulary import Vocabulary
from saphan.core.dates import DateField
from saphan.core.forms import Several

COUNTRIES = (("TH", gettext_lazy("Thailand")), ("LA", gettext_lazy("Laos")), ("KH", gettext_lazy("Cambodia")), ("MM", gettext_lazy("Myanmar")),
             ("VN", gettext_lazy("Viet Nam")), ("CN", gettext_lazy("China")))  # fmt: skip


@dataclass(frozen=True)
class Section:
    """One list of the head: what it is called, what an entry says, how it is asked."""

    name: str
    label: str | Promise
    says: str | Promise
    form: "type[EntryForm]"
    told: Callable[[str, Any, Vocabulary], str]


class EntryForm(Marked):
    """One entry of a list: its name, and what it says."""

    id = NameField(label=gettext_lazy("Name in the rules"), help_text=gettext_lazy("Short, in Latin letters: articles point to it."))

    def __init__(self, *args: Any, vocabulary: Vocabulary, **options: Any) -> None:
        super().__init__(*args, **options)
        self.vocabulary = vocabulary

    def begin(self, name: str, value: Any) -> None:
        """Fills the form with an entry that is there."""
        self.initial.update({"id": name, "told": value})

    def value(self) -> Any:
        """What the entry says, in the words of a procedure."""
        return self.cleaned_data["told"]


class PartyForm(EntryForm):
    """A party: its name and its country."""

    name = forms.CharField(label=gettext_lazy("What it is called"), max_length=160)
    country = forms.ChoiceField(label=gettext_lazy("Country"), choices=COUNTRIES, help_text=gettext_lazy("Its calendar of working days counts."))

    def begin(self, name: str, value: Any) -> None:
        self.initial.update({"id": name, **value})

    def value(self) -> Any:
        return {"name": self.cleaned_data["name"], "country": self.cleaned_data["country"]}


class RoleForm(EntryForm):
    """A role: whose it is."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["told"] = forms.ChoiceField(label=_("Of which party"), choices=self.vocabulary.choices("parties"))


class FactForm(EntryForm):
    """A fact: what is true then."""

    told = forms.CharField(label=gettext_lazy("What is true then"), max_length=400, help_text=gettext_lazy("As it goes on after “if”."))


class GroupForm(EntryForm):
    """A group: which fields it holds."""

    told = WordsField(label=gettext_lazy("Fields of the group"), max_length=4000, widget=forms.Textarea(attrs={"rows": 3}),
                        help_text=gettext_lazy("Parted by commas, for example given_name, birth_year."))  # fmt: skip


class GeneralForm(Marked):
    """What is said once for the whole: since when, under what, in which languages."""

    authoritative = forms.MultipleChoiceField(label=gettext_lazy("Languages whose text binds"), widget=Several)
    working = forms.ChoiceField(label=gettext_lazy("Language in which the parties work"))
    effective = DateField(label=gettext_lazy("In effect from"))
    review = LengthField(label=gettext_lazy("Looked at again after"), required=False)
    under = forms.CharField(
        label=gettext_lazy("Stands under"), max_length=120, required=False, help_text=gettext_lazy("The agreement and article on which it rests.")
    )
    source = forms.CharField(label=gettext_lazy("Where the text comes from"), max_length=400, required=False)
    never = WordsField(label=gettext_lazy("Fields that never leave"), max_length=4000, required=False, widget=forms.Textarea(attrs={"rows": 3}),
                       help_text=gettext_lazy("Whatever a group of fields says. Parted by commas."))  # fmt: skip

    def __init__(self, *args: Any, plain: Plain, **options: Any) -> None:
        languages = plain.get("languages", {})
        begin = {word: plain.get(word) for word in ("effective", "review", "under", "source", "never")}
        super().__init__(*args, **options)
        self.initial = {**begin, **languages, **self.initial}
        known = list(NAMES.items())
        known += [(code, code) for code in [*languages.get("authoritative", ()), languages.get("working", "en")] if code not in NAMES]
        for name in ("authoritative", "working"):
            self.fields[name].choices = known  # type: ignore[attr-defined]  # both are fields with choices
        for code, told in NAMES.items():
            if code in languages.get("authoritative", ()) or code == languages.get("working") or code in plain.get("title", {}):
                self.fields[f"title_{code}"] = forms.CharField(
                    label=_("Title: %(language)s") % {"language": told}, max_length=400, required=False, widget=forms.TextInput(attrs={"lang": code})
                )
                self.initial.setdefault(f"title_{code}", plain.get("title", {}).get(code, ""))

    def changed(self, plain: Plain) -> Plain:
        """The procedure with these answers."""
        said = self.cleaned_data
        title = dict(plain.get("title", {})) | {name[6:]: text for name, text in said.items() if name.startswith("title_")}
        told = answered_only(
            {
                "title": {code: text for code, text in title.items() if text}, "under": said["under"], "source": said["source"],
                "effective": said["effective"].isoformat(), "review": said["review"], "never": said["never"],
            }
        )  # fmt: skip
        told = {word: value for word, value in told.items() if value != {}}
        languages = {"authoritative": said["authoritative"], "working": said["working"]}
        rest = {word: value for word, value in plain.items() if word not in ("title", "under", "source", "effective", "review", "never", "languages")}
        return rest | told | {"languages": languages}


SECTIONS = {
    section.name: section
    for section in (
        Section("parties", gettext_lazy("Parties"), gettext_lazy("Who signs and who owes. The name is how the register calls the side."), PartyForm,
                lambda _name, value, _v: f"{value['name']} ({value['country']})"),
        Section("roles", gettext_lazy("Roles"), gettext_lazy("Who acts, each for one party."), RoleForm, lambda _name, value, v: v.party(value)),
        Section("facts", gettext_lazy("Facts"), gettext_lazy("What the platform knows to be so or not: conditions speak of nothing else."), FactForm,
                lambda _name, value, _v: str(value)),
        Section("fields", gettext_lazy("Groups of fields"), gettext_lazy("What may cross together in a message."), GroupForm,
                lambda _name, value, _v: ", ".join(map(spoken, value))),
    )
}  # fmt: skip
