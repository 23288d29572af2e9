"""Forms around the decision: the days of an identification, reflection, the letter, a request for review, the note on non-punishment."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from saphan.care.persons.codes import Language
from saphan.care.screening.codes import Asker, HandedHow, NoteAsker, NoteGround, Reader, RequestForm, YesNo
from saphan.care.screening.team_forms import TeamForm, hour_field
from saphan.care.screening.teams import LONGEST
from saphan.core.dates import DateField
from saphan.core.forms import Answers


class CustodyForm(forms.Form):
    """When temporary protection began, or a court let it be extended."""

    day = DateField(label=_("Day"))
    hour = hour_field(_("Hour"), required=True)


class ServicesForm(forms.Form):
    """When basic services began, and whether what was said may go on to the ministry."""

    services_began_on = DateField(label=_("First day of basic services"))
    agrees = forms.ChoiceField(
        label=_("Does the person agree that what was said in the first interview goes on to the ministry?"), choices=YesNo.choices, widget=Answers,
        help_text=_("Services do not depend on it."),
    )  # fmt: skip


class WishesForm(forms.Form):
    """What the person wishes after the time to reflect."""

    wishes = forms.CharField(
        label=_("What the person wishes now"),
        required=False,
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Kept sealed."),
    )


class HandOverLetterForm(forms.Form):
    """How the letter reached the person."""

    day = DateField(label=_("Day"))
    hour = hour_field(_("Hour"))
    how = forms.ChoiceField(label=_("How did it reach the person?"), choices=HandedHow.choices, widget=Answers)
    read_by = forms.ChoiceField(label=_("Who read it aloud?"), choices=Reader.choices)
    language = forms.ChoiceField(label=_("In which language?"), choices=Language.choices)


class TakeInForm(forms.Form):
    """Who asks for a review, when, in which form and why."""

    asked_by = forms.ChoiceField(label=_("Who asks?"), choices=Asker.choices, widget=Answers)
    form = forms.ChoiceField(label=_("In which form?"), choices=RequestForm.choices, widget=Answers)
    received_on = DateField(label=_("On which day did it come?"))
    reason = forms.CharField(
        label=_("Why, in the person's words"),
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Kept sealed. One sentence is enough."),
    )


class ReviewForm(TeamForm):
    """Which members hear the case again; others than the first time, where there are others."""

    same = forms.BooleanField(
        label=_("Some of them sat the first time: there are no others"), required=False, help_text=_("Asked only where it is so.")
    )

    def __init__(self, *args: Any, sat: set[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.sat = sat

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        again = [member.name for member in given.get("members", ()) if member.pk in self.sat]
        if again and not given.get("same"):
            told = {"names": ", ".join(again)}
            self.add_error("same", _("Sat the first time: %(names)s. Call others, or say here that there are none.") % told)
        return given


class NoteForm(forms.Form):
    """Who asked for the note on non-punishment, who receives it, and why it is made."""

    ground = forms.ChoiceField(label=_("Why is it made?"), choices=NoteGround.choices, widget=Answers)
    asked_by = forms.ChoiceField(label=_("Who asked for it?"), choices=NoteAsker.choices)
    received_by = forms.ChoiceField(label=_("Who receives it?"), choices=NoteAsker.choices)
    reason = forms.CharField(
        label=_("Your reason, where you mark it yourself"), required=False, max_length=LONGEST, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Kept sealed. It does not stand on the note."),
    )  # fmt: skip
