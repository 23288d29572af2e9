"""What an asker fills in."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from saphan.core.attachments import Inspected, inspect_upload
from saphan.core.errors import Invalid
from saphan.core.forms import offer_words
from saphan.directory.models import Country
from saphan.portal.doorway.open_forms import OpenForm
from saphan.portal.inquiries import codes
from saphan.portal.inquiries.asking import Question
from saphan.portal.inquiries.models import Kind, Way

FILES_AT_MOST = 3
PLAIN = {"autocomplete": "off", "autocapitalize": "none", "autocorrect": "off", "spellcheck": "false"}


class SeveralFilesInput(forms.ClearableFileInput):
    """One control for several files."""

    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Up to three files, counted only: `inspected` looks into them, which takes its time."""

    def __init__(self, **options: Any) -> None:
        super().__init__(widget=SeveralFilesInput, required=False, **options)

    def clean(self, data: Any, initial: Any = None) -> Any:
        files = [one for one in (data if isinstance(data, list | tuple) else [data]) if one]
        if len(files) > FILES_AT_MOST:
            raise forms.ValidationError(_("At most three files at once."))
        return [super(FilesField, self).clean(one, initial) for one in files]


class InspectedFilesField(FilesField):
    """Up to three files, each checked, cleaned and scanned: for forms of people whom we know."""

    def clean(self, data: Any, initial: Any = None) -> Any:
        return inspected(super().clean(data, initial))


def inspected(files: Sequence[Any]) -> list[Inspected]:
    """The files, checked, cleaned and scanned before anything is kept. Raises ValidationError."""
    try:
        return [inspect_upload(one) for one in files]
    except Invalid as error:
        raise forms.ValidationError(str(error.sentence)) from error


class WordsForm(forms.Form):
    """A text and files."""

    text = forms.CharField(label=_("Your question"), max_length=8000, widget=forms.Textarea(attrs={"rows": 8}))
    attached = FilesField(
        label=_("Files"), help_text=_("At most three of 10 MB: PDF, pictures, text, CSV, Word, Excel. Choose them again if the page comes back.")
    )

    def look_into_files(self) -> bool:
        """Checks and scans the files; an error stands at their field. Called only once the limit of the hour allows it."""
        try:
            self.cleaned_data["attached"] = inspected(self.cleaned_data.get("attached") or [])
        except forms.ValidationError as error:
            self.add_error("attached", error)
        return not self.errors

    def uploads(self) -> list[Inspected]:
        """The files that passed."""
        found: list[Inspected] = self.cleaned_data.get("attached") or []
        return found


class AskForm(WordsForm, OpenForm):
    """Asks a question."""

    purpose = "inquiries.ask"
    most_an_hour = 10
    kind = forms.ChoiceField(label=_("What is it about?"), choices=Kind)
    subject = forms.CharField(label=_("In a few words"), max_length=200, help_text=_("We look at once whether these pages answer it already."))
    country = forms.ChoiceField(label=_("Which country is it about?"), required=False)
    language = forms.ChoiceField(label=_("Language of the answer"), choices=settings.LANGUAGES)
    way = forms.ChoiceField(label=_("How shall the answer reach you?"), choices=Way, widget=forms.RadioSelect)
    email = forms.EmailField(
        label=_("E-mail address"),
        max_length=254,
        error_messages={"required": _("Write the address to which the answer shall go, or choose another way.")},
    )
    understood = forms.BooleanField(
        label=_("I know that others may be able to read my mailbox, for example on a shared telephone or at work."), required=False
    )
    name = forms.CharField(label=_("Your name or organisation"), max_length=120, required=False, help_text=_("You need not give one."))
    field_order = ("kind", "subject", "text", "country", "attached", "language", "way", "email", "understood", "name")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer_words(self, "country", [("", _("no country, or several")), *((country.pk, str(country)) for country in Country.objects.all())])
        self.fields["email"].required = not self.is_bound or self.data.get("way") == Way.MAIL

    def clean(self) -> dict[str, Any]:
        told = super().clean() or self.cleaned_data
        if told.get("way") == Way.MAIL and not told.get("understood"):
            self.add_error("understood", _("Please tick this, or choose the return code: then nothing comes to a mailbox."))
        return told

    def behind_the_door(self) -> None:
        """Files are looked into last: unpacking and scanning is work, and a program shall not have it for nothing."""
        self.look_into_files()

    def question(self) -> Question:
        """What was asked; an address is kept only for an answer by e-mail."""
        told = self.cleaned_data
        email = told["email"] if told["way"] == Way.MAIL else ""
        return Question(
            told["kind"], told["subject"], told["text"], told["language"], told["country"], told["way"], email, told["name"], self.uploads()
        )


class CodeForm(OpenForm):
    """Comes back with a return code."""

    purpose = "inquiries.code"
    most_an_hour = 10
    code = forms.CharField(
        label=_("Your return code"), max_length=300, widget=forms.TextInput(attrs=PLAIN),
        help_text=_("Seven words in their order. Small or capital letters and spaces make no difference."),
    )  # fmt: skip

    def clean_code(self) -> list[str]:
        """Its words. A slip is named before the door is asked, so that it costs nobody a try."""
        typed = self.cleaned_data["code"]
        if found := codes.code_in(typed):
            return found
        advice = codes.advice_on(typed)
        if advice.unknown and advice.perhaps:
            raise forms.ValidationError(
                _("“%(word)s” is no word of a code. Is it “%(near)s”?"), params={"word": advice.unknown, "near": advice.perhaps}
            )
        if advice.unknown:
            raise forms.ValidationError(_("“%(word)s” is no word of a code. Look at its spelling."), params={"word": advice.unknown})
        raise forms.ValidationError(_("A code has seven words of one language. You typed %(n)d."), params={"n": advice.count})


class KeptForm(forms.Form):
    """Shows that a return code was kept: two of its words, typed from where they were kept."""

    first = forms.CharField(max_length=40, widget=forms.TextInput(attrs=PLAIN))
    second = forms.CharField(max_length=40, widget=forms.TextInput(attrs=PLAIN))

    def __init__(self, *args: Any, places: Sequence[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, place in zip(self.fields, places, strict=True):
            self.fields[name].label = _("Word %(n)d") % {"n": place}

    def typed(self) -> tuple[str, str]:
        """The two words; may be asked before and after the form was checked."""
        return str(self.data.get("first", ""))[:40], str(self.data.get("second", ""))[:40]


class AgainForm(WordsForm):
    """Adds a word to an inquiry."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["text"].label = _("What do you want to add?")


class RateForm(forms.Form):
    """Says how satisfied one is."""

    satisfaction = forms.TypedChoiceField(
        label=_("Did the answer help you?"), coerce=int, widget=forms.RadioSelect,
        choices=[(5, _("very much")), (4, _("yes")), (3, _("partly")), (2, _("little")), (1, _("not at all"))],
    )  # fmt: skip
    comment = forms.CharField(label=_("What could be better?"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 3}))
