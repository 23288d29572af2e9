"""What an officer fills in."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from saphan.access.models import User
from saphan.core.dates import DateField
from saphan.core.forms import offer, offer_words
from saphan.portal.inquiries.forms import InspectedFilesField
from saphan.portal.inquiries.models import AGREED, Kind, Template

QUEUES = [
    ("waiting", _("to answer")),
    ("mine", _("mine")),
    ("unassigned", _("nobody's yet")),
    ("overdue", _("late")),
    ("read", _("to read, no answer wished")),
    ("asker", _("wait for the asker")),
    ("answered", _("answered")),
    ("ended", _("closed, joined, handed over, unwanted")),
    ("all", _("all")),
]


class QueueForm(forms.Form):
    """Which inquiries are shown. Texts are sealed and cannot be searched; references and tags can."""

    queue = forms.ChoiceField(choices=QUEUES, required=False, widget=forms.HiddenInput)
    kind = forms.ChoiceField(label=_("About"), choices=[("", _("everything")), *Kind.choices], required=False)
    language = forms.ChoiceField(label=_("Language"), choices=[("", _("all languages")), *settings.LANGUAGES], required=False)
    words = forms.CharField(label=_("Reference or tag"), max_length=40, required=False)


class ReplyForm(forms.Form):
    """An answer. `version` is that of the thread as it was read."""

    text = forms.CharField(label=_("Answer"), max_length=8000, widget=forms.Textarea(attrs={"rows": 10, "autocomplete": "off"}))
    attached = InspectedFilesField(label=_("Files"), help_text=_("At most three of 10 MB. Their names do not travel."))
    waits = forms.BooleanField(label=_("This is a question back: we wait for the asker."), required=False)
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"auto_id": "id_answer_%s", **kwargs})


class NoteForm(forms.Form):
    """An internal note."""

    text = forms.CharField(label=_("Note, for the office only"), max_length=4000, widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"auto_id": "id_note_%s", **kwargs})


class AssignForm(forms.Form):
    """Who takes it."""

    to = forms.ModelChoiceField(label=_("Given to"), queryset=User.objects.none(), required=False, empty_label=_("nobody: back to all"))

    def __init__(self, *args: Any, officers: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "to", officers)


class GiveForm(forms.Form):
    """Who takes a late one."""

    to = forms.ModelChoiceField(label=_("Give it to"), queryset=User.objects.none(), error_messages={"required": _("Say to whom.")})

    def __init__(self, *args: Any, officers: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"auto_id": False, **kwargs})
        offer(self, "to", officers)


class TagForm(forms.Form):
    """Tags, parted by commas."""

    tags = forms.CharField(
        label=_("Tags"), max_length=330, required=False, help_text=_("Themes, parted by commas. Never a name or a place of a person.")
    )


class MergeForm(forms.Form):
    """Into which inquiry it goes."""

    into = forms.CharField(label=_("Reference of the inquiry in which it goes on"), max_length=12)
    reason = forms.CharField(label=_("Why it is the same person"), max_length=500, required=False, help_text=_("Needed where the contacts differ."))


class SplitForm(forms.Form):
    """Which word becomes an inquiry of its own."""

    entry = forms.ChoiceField(label=_("The word that becomes an inquiry of its own"))
    subject = forms.CharField(label=_("Its subject"), max_length=200)

    def __init__(self, *args: Any, words: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer_words(self, "entry", words)


ABOUT = [("self", _("the asker")), ("other", _("somebody else")), ("unknown", _("not known"))]


class HandOverForm(forms.Form):
    """What goes to casework, and that the person agreed."""

    about = forms.ChoiceField(label=_("Who is in need"), choices=ABOUT, widget=forms.RadioSelect)
    text = forms.CharField(label=_("What casework needs to know"), max_length=8000, widget=forms.Textarea(attrs={"rows": 10}))
    safe_contact = forms.CharField(label=_("How the person can be reached safely"), max_length=400, required=False)
    place = forms.CharField(label=_("Where the person is, as far as it was told"), max_length=400, required=False)
    agreed_on = DateField(label=_("The person agreed, or it was decided, on"))
    agreed_how = forms.ChoiceField(label=_("How"), choices=AGREED, widget=forms.RadioSelect)
    sure = forms.BooleanField(label=_("I have read what crosses. The person agreed to it, or a life is in danger."), required=False)


class TemplateForm(forms.ModelForm[Template]):
    """A text that answers begin with."""

    class Meta:
        model = Template
        fields = ["language", "title", "text"]
        labels = {"language": _("Language"), "title": _("Title"), "text": _("Text")}
        help_texts = {
            "text": _(
                "{reference} becomes the reference of the inquiry, {kind} what it is about, {day} the day on which you answer, "
                "{corner} the address of the Inquiry Corner, all in the language of the asker."
            )
        }


class AnswerForm(forms.Form):
    """A public question and answer."""

    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)
    question = forms.CharField(label=_("Question, as a reader would ask it"), max_length=255)
    text = forms.CharField(
        label=_("Answer"), max_length=6000, widget=forms.Textarea(attrs={"rows": 10}),
        help_text=_("Written anew, so that nobody can tell who asked: no name, place, age or date of a person."),
    )  # fmt: skip
    topic = forms.SlugField(label=_("Topic"), max_length=60, required=False)
