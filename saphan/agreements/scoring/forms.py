"""What is asked about commitments and scorecards."""

from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from saphan.agreements.models import AgreementParty, AgreementVersion
from saphan.agreements.scoring.committing import Owed
from saphan.agreements.scoring.occurring import Rhythm
from saphan.core.dates import DateField
from saphan.core.forms import offer, offer_words

NO_NAMES = gettext_lazy("No names of persons.")


class CommitmentForm(forms.Form):
    """What a party owes by the calendar."""

    article = forms.ChoiceField(label=gettext_lazy("Article on which it stands"))
    party = forms.ModelChoiceField(
        label=gettext_lazy("Which party owes it"), queryset=AgreementParty.objects.none(), widget=forms.RadioSelect, empty_label=None
    )
    words_en = forms.CharField(
        label=gettext_lazy("What is owed, in English"),
        max_length=300,
        help_text=gettext_lazy("For example: The yearly meeting of focal points takes place."),
    )
    words_th = forms.CharField(label=gettext_lazy("What is owed, in Thai"), max_length=300, required=False)
    rhythm = forms.ChoiceField(label=gettext_lazy("How often"), choices=Rhythm, widget=forms.RadioSelect, initial=Rhythm.YEARLY)
    first_due_on = DateField(
        label=gettext_lazy("Due for the first time on"),
        help_text=gettext_lazy("The last day on which it is in time. For example 31/3/2027 or 31/3/2570."),
    )

    def __init__(self, *args: Any, version: AgreementVersion, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "party", version.agreement.parties.filter(role="party").select_related("country", "organisation"))
        numbers = dict.fromkeys(version.texts.order_by("place").values_list("number", flat=True))
        offer_words(self, "article", [(number, _("Article %(number)s") % {"number": number}) for number in numbers])

    def owed(self) -> Owed:
        chosen = self.cleaned_data
        words = {"en": chosen["words_en"], "th": chosen["words_th"]}
        return Owed(chosen["article"], chosen["party"].pk, words, chosen["rhythm"], chosen["first_due_on"])


class StatementForm(forms.Form):
    """That it happened, and by what one sees it."""

    happened_on = DateField(label=gettext_lazy("It happened on"))
    note = forms.CharField(
        label=gettext_lazy("By what one sees it"), max_length=600, required=False, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("For example: minutes signed by both sides, list of participants by office. No names of persons."),
    )  # fmt: skip
    file = forms.FileField(
        label=gettext_lazy("Evidence"), max_length=200, required=False, help_text=gettext_lazy("PDF, picture, Word or Excel, at most 10 MB.")
    )


class WhyForm(forms.Form):
    """Why."""

    reason = forms.CharField(label=gettext_lazy("Why"), max_length=600, widget=forms.Textarea(attrs={"rows": 3}), help_text=NO_NAMES)


class EndForm(forms.Form):
    """On which day it ends."""

    on = DateField(label=gettext_lazy("It ends on"), help_text=gettext_lazy("What was due before that day stays owed."))


class CardFilter(forms.Form):
    """Which version, which period, and as of when."""

    version = forms.ModelChoiceField(label=gettext_lazy("Version"), queryset=AgreementVersion.objects.none(), required=False, empty_label=None)
    period = forms.ChoiceField(label=gettext_lazy("Period"), required=False)
    seen = forms.ChoiceField(
        label=gettext_lazy("As it stood"), required=False, choices=[("", gettext_lazy("at the end of the period")), ("today", gettext_lazy("today"))]
    )

    def __init__(self, *args: Any, versions: "QuerySet[AgreementVersion]", choices: Iterable[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "version", versions, shown=lambda version: str(version.semver))
        offer_words(self, "period", choices)


SHOW: Sequence[tuple[str, Any]] = [
    ("", gettext_lazy("all")), ("open", gettext_lazy("to be kept")), ("past", gettext_lazy("past their day")), ("answer", gettext_lazy("to be confirmed")),
]  # fmt: skip


class ShowFilter(forms.Form):
    """Which occurrences."""

    show = forms.ChoiceField(label=gettext_lazy("Show"), required=False, choices=SHOW)
