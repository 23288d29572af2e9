"""What the pages of a followed procedure ask."""

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from saphan.agreements.following.kept import binds_on
from saphan.agreements.following.models import KeptProcedure
from saphan.agreements.following.words import KINDS
from saphan.agreements.procedures.calendars import ZONES
from saphan.core import clock
from saphan.core.origin import country_said

if TYPE_CHECKING:
    from saphan.agreements.following.selectors import Offered

SHOW = [("running", _("running")), ("late", _("late")), ("settled", _("settled")), ("all", _("all"))]
WHOSE = [("ours", _("we owe")), ("theirs", _("others owe")), ("all", _("all"))]


class PromiseFilter(forms.Form):
    """Which promises the queue shows."""

    show = forms.ChoiceField(label=_("Show"), required=False, choices=SHOW)
    whose = forms.ChoiceField(label=_("Who owes"), required=False, choices=WHOSE)
    times = forms.BooleanField(label=_("with times of stages"), required=False)


class DriftFilter(forms.Form):
    """Which findings the list shows."""

    kind = forms.ChoiceField(label=_("Kind"), required=False, choices=[("", _("all")), *KINDS.items()])
    article = forms.CharField(label=_("Article"), required=False, max_length=5)
    closed = forms.BooleanField(label=_("also closed ones"), required=False)


class _Departing(forms.Form):
    """Why a rule was shortened, and that whoever approves it may."""

    reason = forms.CharField(
        label=_("Why"), widget=forms.Textarea(attrs={"rows": 3}), max_length=2000, required=False,
        help_text=_("Sealed: only those who read this file may open it."),
    )  # fmt: skip
    holds = forms.BooleanField(label=_("I hold this office, or stand in for whoever holds it. My name stands under the departure."), required=False)

    def ask_always(self) -> None:
        """Where nothing but a new departure can be chosen, its reason and her word are no options."""
        for name, sentence in (
            ("reason", gettext("Write why. The agreement asks for it.")),
            ("holds", gettext("Only whoever holds the office may approve this.")),
        ):
            self.fields[name].required = True
            self.fields[name].error_messages["required"] = sentence

    def clean(self) -> dict[str, Any]:
        chosen = super().clean() or {}
        if self.is_new(chosen):
            if not (chosen.get("reason") or "").strip() and "reason" not in self.errors:
                self.add_error("reason", gettext("Write why. The agreement asks for it."))
            if not chosen.get("holds") and "holds" not in self.errors:
                self.add_error("holds", gettext("Only whoever holds the office may approve this."))
        return chosen

    def is_new(self, chosen: dict[str, Any]) -> bool:  # noqa: ARG002  # the other form asks what was chosen
        """Whether a departure is being written down."""
        return True


class DepartForm(_Departing):
    """Which rule is shortened, as whom, and why."""

    rule = forms.ChoiceField(label=_("What is shortened, and as whom you approve it"))
    field_order = ("rule", "reason", "holds")

    def __init__(self, *args: Any, offered: "Sequence[Offered]", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["rule"].choices = [(f"{one.what}:{one.name}:{one.role}", one.label) for one in offered]  # type: ignore[attr-defined]  # a ChoiceField
        self.ask_always()


class ExplainForm(_Departing):
    """Which departure explains a finding: one that is on record, or one that is written down only now."""

    how = forms.ChoiceField(label=_("Which departure"), widget=forms.RadioSelect)
    field_order = ("how", "reason", "holds")

    def __init__(self, *args: Any, offered: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["how"].choices = list(offered)  # type: ignore[attr-defined]  # a ChoiceField
        self.fields["how"].initial = offered[0][0] if offered else None
        if all(name.startswith("as:") for name, _label in offered):
            self.ask_always()

    def is_new(self, chosen: dict[str, Any]) -> bool:
        return str(chosen.get("how", "")).startswith("as:")


class DayForm(forms.Form):
    """A day that the list of holidays does not have, or has wrongly."""

    country = forms.ChoiceField(label=_("Country"), choices=lambda: [(code, country_said(code)) for code in ZONES])
    day = forms.DateField(label=_("Day"), widget=forms.DateInput(attrs={"type": "date"}))
    works = forms.TypedChoiceField(
        label=_("Offices"),
        choices=[("off", _("are closed")), ("on", _("work"))],
        coerce=lambda value: value == "on",
        widget=forms.RadioSelect,
        initial="off",
    )
    name = forms.CharField(label=_("Name of the day"), required=False, max_length=120)

    def clean_day(self) -> date:
        day: date = self.cleaned_data["day"]
        if not 2000 <= day.year <= 2100:
            raise forms.ValidationError(_("Enter a day between 2000 and 2100."))
        return day


class VersionForm(forms.Form):
    """Which version is to be followed."""

    after = forms.ModelChoiceField(label=_("Version"), queryset=KeptProcedure.objects.none(), to_field_name="digest", empty_label=None)

    def __init__(self, *args: Any, binding: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        others = (
            KeptProcedure.objects.filter(identity=binding.identity).exclude(pk=binding.procedure_id).select_related("version").order_by("-kept_at")
        )
        today = timezone.localdate(clock.now())
        others = others.filter(pk__in=[kept.pk for kept in others if binds_on(kept, today)])
        self.fields["after"].queryset = others  # type: ignore[attr-defined]  # a ModelChoiceField
