"""What is asked of those who write and send an issue."""

from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from saphan.core import clock
from saphan.core.dates import DateField
from saphan.core.forms import offer_words
from saphan.portal.newsletter.digest import month_named
from saphan.portal.newsletter.issues import INTRODUCTION, SUBJECT, SUMMARY, TITLE, first_of
from saphan.portal.newsletter.testing import DISCREET, PLAIN

MONTHS = 6


class MonthForm(forms.Form):
    """Which month an issue tells of: this one, or one of the last five."""

    month = forms.ChoiceField(label=gettext_lazy("Month"))

    def __init__(self, *args: Any, language: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        first = first_of(timezone.localdate(clock.now()))
        months = [first]
        while len(months) < MONTHS:
            months.append(first_of(months[-1] - timedelta(days=1)))
        offer_words(self, "month", [(day.isoformat(), month_named(day, language)) for day in months])

    def first(self) -> date:
        """The first day of the chosen month."""
        return date.fromisoformat(self.cleaned_data["month"])


class EditionForm(forms.Form):
    """Subject and introduction."""

    subject = forms.CharField(label=gettext_lazy("Subject"), required=False, max_length=SUBJECT, help_text=gettext_lazy("Empty: made of the month."))
    introduction = forms.CharField(
        label=gettext_lazy("Words before the items"),
        required=False,
        max_length=INTRODUCTION,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy("An empty line begins a new paragraph."),
    )


class ItemForm(forms.Form):
    """Other words for an item."""

    title = forms.CharField(label=gettext_lazy("Title"), max_length=TITLE)
    summary = forms.CharField(label=gettext_lazy("Summary"), required=False, max_length=SUMMARY, widget=forms.Textarea(attrs={"rows": 3}))


class PositionForm(forms.Form):
    """Where an item stands in its section."""

    position = forms.IntegerField(min_value=1, max_value=999)


class TestForm(forms.Form):
    """Which face of the letter is tried."""

    face = forms.ChoiceField(choices=[(PLAIN, PLAIN), (DISCREET, DISCREET)])


class ScheduleForm(forms.Form):
    """When an issue leaves: at once, or on a day and at an hour of this place."""

    on = DateField(label=gettext_lazy("Day"), required=False, help_text=gettext_lazy("Empty: at once. For example 23/11/2026 or 23/11/2569."))
    hour = forms.TimeField(label=gettext_lazy("Time"), required=False, help_text=gettext_lazy("For example 09:30. Empty: nine in the morning."))

    def clean(self) -> dict[str, Any]:
        told: dict[str, Any] = super().clean() or {}
        if told.get("hour") and not told.get("on") and "on" not in self.errors:
            self.add_error("on", _("Say on which day."))
        elif told.get("on") and self.when(told) < clock.now():
            self.add_error("on", _("This moment has passed. Choose a later one, or leave both fields empty."))
        return told

    @staticmethod
    def when(told: dict[str, Any]) -> datetime:
        """The moment that was asked for."""
        if not told.get("on"):
            return clock.now()
        hour = told.get("hour") or time(9)
        return datetime.combine(told["on"], hour, tzinfo=timezone.get_current_timezone())
