"""Forms of screening."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from saphan.access.models import User
from saphan.care.persons.codes import Language
from saphan.care.persons.models import Person
from saphan.care.screening.codes import ANSWER_LABELS, Interpreter, Known, Risk, StopReason, YesNo
from saphan.care.screening.instruments import InstrumentVersion
from saphan.care.screening.models import SafetyCheck
from saphan.care.screening.rules import Answer
from saphan.care.screening.safety import failing_points
from saphan.care.screening.states import HearingState, InterviewState
from saphan.core.forms import Answers, offer

ASKED = (Answer.YES, Answer.NO, Answer.UNKNOWN, Answer.DECLINED)
LONGEST = 4000


class InterviewFilter(forms.Form):
    """The filters of the list of interviews."""

    find = forms.CharField(label=_("Find"), required=False, max_length=60, help_text=_("Alias, reference or questions"))
    state = forms.ChoiceField(label=_("State"), choices=[("", _("all")), *InterviewState.choices], required=False)
    mine = forms.BooleanField(label=_("Only those I hold"), required=False)


class HearingFilter(forms.Form):
    """The filters of the list of hearings."""

    find = forms.CharField(label=_("Find"), required=False, max_length=60, help_text=_("Alias, reference or questions"))
    state = forms.ChoiceField(label=_("State"), choices=[("", _("all")), *HearingState.choices], required=False)
    waiting = forms.BooleanField(label=_("Only those that wait for my vote"), required=False)


class NewInterviewForm(forms.Form):
    """Whom, and with which questions."""

    person = forms.UUIDField(label=_("Person"), widget=forms.Select, error_messages={"invalid": _("Choose a person.")})
    instrument = forms.ModelChoiceField(label=_("Questions"), queryset=InstrumentVersion.objects.none(), empty_label=None, widget=forms.RadioSelect)

    def __init__(self, *args: Any, people: list[Person], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [("", _("Choose…")), *((str(p.pk), f"{p.alias} ({p.get_age_band_display()})") for p in people)]
        self.fields["person"].widget.choices = choices
        usable = InstrumentVersion.objects.exclude(state="retired").select_related("instrument")
        offer(self, "instrument", usable, shown=self._named)

    @staticmethod
    def _named(version: InstrumentVersion) -> str:
        number = _("version %(number)s") % {"number": version.number}
        return f"{version.instrument}, {number} ({version.get_state_display()})"


class SafetyForm(forms.Form):
    """The safety check before an interview; each point that fails says why at its place."""

    private_place = forms.ChoiceField(label=_("Are we in a place where nobody can listen or watch?"), choices=YesNo.choices, widget=Answers)
    language = forms.ChoiceField(label=_("Language of the interview"), choices=Language.choices)
    interpreter = forms.ChoiceField(label=_("Interpreter"), choices=Interpreter.choices, widget=Answers)
    same_village = forms.ChoiceField(
        label=_("Is the interpreter from the same village or family?"),
        help_text=_("These three only where an interpreter is present."),
        choices=Known.choices,
        widget=Answers(aside=["unknown"]),
        required=False,
    )
    same_community = forms.ChoiceField(
        label=_("Does the interpreter belong to the community of those who did harm?"),
        choices=Known.choices,
        widget=Answers(aside=["unknown"]),
        required=False,
    )
    sex_asked = forms.ChoiceField(
        label=_("Was the person asked whether a woman or a man should interpret?"),
        choices=Known.choices,
        widget=Answers(aside=["unknown"]),
        required=False,
    )
    consent = forms.ChoiceField(
        label=_("Did the person agree to the interview, in the person's own language?"), choices=YesNo.choices, widget=Answers
    )
    may_skip = forms.ChoiceField(label=_("Does the person know that any question may be left out?"), choices=YesNo.choices, widget=Answers)
    referrals_ready = forms.ChoiceField(label=_("Is the list of services at hand?"), choices=YesNo.choices, widget=Answers)
    person_risk = forms.ChoiceField(
        label=_("How does the person see the risk now?"), help_text=_("Ask, and take it as it is said."), choices=Risk.choices, widget=Answers
    )
    worker_risk = forms.ChoiceField(label=_("How do you see the risk now?"), choices=Risk.choices, widget=Answers)

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if given.get("interpreter") == Interpreter.PRESENT:
            for name in ("same_village", "same_community", "sex_asked"):
                if not given.get(name):
                    self.add_error(name, _("Please answer: it concerns the safety of the person."))
        return given

    def failing(self) -> dict[str, str]:
        """The points that stand against beginning now."""
        return failing_points(self.cleaned_data)


class SafetyAgainForm(SafetyForm):
    """The check before an interview goes on: what may have changed since. The rest is carried over from the check before."""

    CARRIED = ("language", "may_skip", "referrals_ready")

    def __init__(self, *args: Any, before: SafetyCheck, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.carried = {name: getattr(before, name) for name in self.CARRIED}
        for name in self.CARRIED:
            del self.fields[name]
        self.fields["consent"].label = _("Does the person agree to go on, here, now and with you?")

    def clean(self) -> dict[str, Any]:
        return {**self.carried, **super().clean()}


class PresentForm(forms.Form):
    """Who is in the room."""

    present = forms.CharField(
        label=_("Who is present?"), required=False, max_length=300,
        help_text=_("For example: interpreter, social worker, lawyer, a person of trust. Kept sealed."),
    )  # fmt: skip


class ResumeForm(PresentForm):
    """Who is in the room, and whether it is the room and the interpreter of the sitting before."""

    changed = forms.ChoiceField(
        label=_("Is the place, or the interpreter, another than last time?"), choices=YesNo.choices, widget=Answers,
        help_text=_("If so, the safety check is made again, briefly."),
    )  # fmt: skip


class NoteForm(forms.Form):
    """A note beside an answer, kept sealed, and how many replies the page had shown."""

    note = forms.CharField(
        label=_("Note"), required=False, max_length=LONGEST, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("In the person's own words where possible. Kept sealed."),
    )  # fmt: skip
    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=0)


class AnswerForm(NoteForm):
    """One of the five answers, and a note."""

    answer = forms.ChoiceField(
        label=_("Answer"), widget=Answers(aside=[Answer.UNKNOWN, Answer.DECLINED]), choices=[(a.value, ANSWER_LABELS[a]) for a in ASKED],
        error_messages={"required": _("Choose an answer, or use “Ask later”."), "invalid_choice": _("Choose one of the answers.")},
    )  # fmt: skip
    field_order = ("answer", "note", "seen")


class HandOverForm(forms.Form):
    """Which colleague goes on."""

    to = forms.ModelChoiceField(label=_("Colleague who goes on"), queryset=User.objects.none(), empty_label=_("Choose…"))

    def __init__(self, *args: Any, colleagues: list[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "to", User.objects.filter(pk__in=[u.pk for u in colleagues]).order_by("name"))


class StopForm(forms.Form):
    """Why the interview stops."""

    reason = forms.ChoiceField(label=_("Why does it stop?"), choices=StopReason.choices, widget=Answers)
