"""What the parties write to each other: a reason, a position, a remark, why an article is held open."""

from django import forms
from django.utils.translation import gettext_lazy as _

from saphan.agreements.workspace.states import Stance


def _words(label: object, required: bool = True, hint: object = "") -> forms.CharField:
    return forms.CharField(label=label, help_text=hint, max_length=2000, required=required, widget=forms.Textarea(attrs={"rows": 3}))  # type: ignore[arg-type]  # lazy words are words


class SubmitForm(forms.Form):
    """Why the change is proposed."""

    reason = _words(_("Why"), required=False, hint=_("The other side reads this above the change."))


class PositionForm(forms.Form):
    """What a party says to a proposal."""

    stance = forms.ChoiceField(label=_("Your side"), choices=Stance.choices, widget=forms.RadioSelect)
    words = _words(_("Reason"), required=False, hint=_("Needed when your side rejects or reserves its position."))


class CommentForm(forms.Form):
    """A remark."""

    words = _words(_("Your remark"))


class BracketForm(forms.Form):
    """What is open."""

    reason = forms.CharField(label=_("What is open"), max_length=400, widget=forms.Textarea(attrs={"rows": 2}))
