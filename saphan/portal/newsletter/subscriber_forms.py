"""What is asked of those who look after the subscribers."""

from django import forms
from django.utils.translation import gettext_lazy as _


class FindForm(forms.Form):
    """One address whose owner asks about it. It stands in no address of a page."""

    email = forms.EmailField(
        label=_("E-mail address"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
        help_text=_("Only when its owner asks. Every look is in the audit, and the address itself is not shown again."),
    )


class ListForm(forms.Form):
    """The file to look at."""

    file = forms.FileField(label=_("CSV file in UTF-8"), widget=forms.FileInput(attrs={"accept": ".csv,text/csv"}))


class ReasonForm(forms.Form):
    """Why the list is needed outside."""

    reason = forms.CharField(
        label=_("What the list is needed for"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("The second person reads this. No names of subscribers."),
    )
