"""Forms of the team: calling it together, its sittings, votes, the decision, replacing a member."""

from datetime import date, datetime, time
from typing import Any
from uuid import UUID

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from saphan.access.models import User
from saphan.care.persons.codes import Language
from saphan.care.screening.codes import Ballot, CancelReason, Conflict, Heard, Interpreter, Outcome, YesNo
from saphan.care.screening.models import Interview, Member
from saphan.care.screening.reference import team_roles, usual_role
from saphan.care.screening.sessions import LONGEST_MINUTES, REMOTE, ROOM
from saphan.care.screening.teams import LONGEST, Call
from saphan.core.dates import DateField
from saphan.core.forms import Answers, offer


def moment(day: date, hour: time | None) -> datetime:
    """A day and an hour of this place as one instant; noon where no hour is given."""
    return timezone.make_aware(datetime.combine(day, hour or time(12)))


def hour_field(label: Any, *, required: bool = False) -> forms.TimeField:
    """An hour of the day."""
    return forms.TimeField(label=label, required=required, widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"))


def role_choices() -> list[tuple[str, str]]:
    """The parts in the team, in the reader's language."""
    return [(role.code, role.name) for role in team_roles().values()]


def _seat(user: User) -> str:
    return f"{user.name}, {user.org}"


class TeamForm(forms.Form):
    """Who is called, in which part, and when the team sits."""

    members = forms.ModelMultipleChoiceField(label=_("Members who are called"), queryset=User.objects.none(), widget=forms.CheckboxSelectMultiple)
    chair = forms.ModelChoiceField(
        label=_("Chair"), queryset=User.objects.none(), required=False, empty_label=_("the first member with a vote"),
        help_text=_("Keeps the sitting."),
    )  # fmt: skip
    recorder = forms.ModelChoiceField(
        label=_("Recorder"), queryset=User.objects.none(), required=False, empty_label=_("nobody yet"), help_text=_("Keeps the minutes.")
    )
    sits_on = DateField(label=_("Day of the sitting"), required=False)
    sits_time = hour_field(_("Hour"))
    needs = forms.CharField(
        label=_("What the person needs and fears now"), required=False, max_length=LONGEST, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("A sentence or two for the team's minimum file. No name, no place. Kept sealed."),
    )  # fmt: skip

    def __init__(self, *args: Any, team: list[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        called = User.objects.filter(pk__in=[u.pk for u in team]).select_related("org").order_by("org__name_en", "name")
        for name in ("members", "chair", "recorder"):
            offer(self, name, called, shown=_seat)
        self.parts = {}
        for user in called:
            name = f"role_{user.pk.hex}"
            label = _("Part of %(name)s") % {"name": user.name}
            self.fields[name] = forms.ChoiceField(label=label, choices=role_choices(), required=False, initial=usual_role(user.org.kind))
            self.parts[name] = user.pk

    @property
    def part_fields(self) -> list[Any]:
        """The parts, one field a member."""
        return [self[name] for name in self.parts]

    def call(self) -> Call:
        """Who is called, from what was chosen."""
        chosen = self.cleaned_data
        roles = {pk: chosen[name] for name, pk in self.parts.items() if chosen.get(name)}
        sits_at = moment(chosen["sits_on"], chosen.get("sits_time")) if chosen.get("sits_on") else None
        return Call(list(chosen["members"]), roles, chosen.get("chair"), chosen.get("recorder"), sits_at, chosen.get("needs", ""))


class ConveneForm(TeamForm):
    """The same, and from when the clock runs."""

    services_began_on = DateField(
        label=_("First day of basic services"), help_text=_("The team's clock runs from this day. For example 23/11/2026 or 23/11/2569.")
    )


class DeclareForm(forms.Form):
    """A conflict of interest, or none."""

    conflict = forms.ChoiceField(
        label=_("Do you have a conflict of interest in this case?"), widget=Answers,
        help_text=_("For example kinship, work for an employer concerned, or an earlier part in the matter."),
        choices=[(Conflict.NONE.value, _("No, none")), (Conflict.CONFLICT.value, _("Yes: I do not vote"))],
    )  # fmt: skip


class VoteForm(forms.Form):
    """One member's vote with its reason."""

    choice = forms.ChoiceField(label=_("Your vote"), choices=Ballot.choices, widget=Answers(aside=[Ballot.ABSTAIN]))
    reason = forms.CharField(
        label=_("Your reason"), max_length=LONGEST, widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("Which answers speak for it, which against. Kept sealed; dissent is kept with the decision."),
    )  # fmt: skip


class DecideForm(forms.Form):
    """The reasons of the decision; the outcome itself is the team's majority."""

    summary = forms.CharField(
        label=_("Reasons of the decision"), max_length=LONGEST, widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("A few plain sentences. Kept sealed."),
    )  # fmt: skip
    missing = forms.CharField(
        label=_("What the team must know first"), required=False, max_length=LONGEST, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Which questions, which papers. Kept sealed."),
    )  # fmt: skip
    information_by = DateField(label=_("By which day"), required=False)
    earlier = forms.MultipleChoiceField(
        label=_("A newer result is there"), widget=forms.CheckboxSelectMultiple,
        help_text=_("Take it over above, or say that the team decided without it."),
    )  # fmt: skip
    why_earlier = forms.CharField(
        label=_("Why the team decided on the earlier result"), max_length=LONGEST, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Kept sealed with the decision and shown with it here; it does not stand in the letter."),
    )  # fmt: skip

    def __init__(self, *args: Any, majority: str, newer: Interview | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if majority != Outcome.MORE_INFORMATION:
            del self.fields["missing"], self.fields["information_by"]
        if newer is None:
            del self.fields["earlier"], self.fields["why_earlier"]
        else:  # the tick names the result that was seen: one that came since is asked about anew
            told = _("Decided on the earlier result; %(newer)s is not taken over") % {"newer": newer.reference}
            self.fields["earlier"].choices = [(str(newer.pk), told)]  # type: ignore[attr-defined]  # a MultipleChoiceField

    def written(self) -> dict[str, Any]:
        """What was written, as the service takes it."""
        ticked = self.cleaned_data.get("earlier")
        return self.cleaned_data | {"earlier": UUID(ticked[0]) if ticked else None}


class ReplaceForm(forms.Form):
    """Who takes a member's place."""

    to = forms.ModelChoiceField(label=_("Who sits in this place now"), queryset=User.objects.none(), empty_label=_("Choose…"))
    role = forms.ChoiceField(label=_("In which part"), required=False)

    def __init__(self, *args: Any, team: list[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "to", User.objects.filter(pk__in=[u.pk for u in team]).select_related("org").order_by("org__name_en", "name"), shown=_seat)
        self.fields["to"].choices = [("", _("Choose…")), *((user.pk, _seat(user)) for user in team)]  # type: ignore[attr-defined]  # a ChoiceField; shown once a seat, so it asks the database no more
        self.fields["role"].choices = [("", _("the same as before")), *role_choices()]  # type: ignore[attr-defined]  # a ChoiceField


class TakeBackForm(forms.Form):
    """Why a declared conflict of interest was a mistake; one form a seat, so that each has its own places on the page."""

    reason = forms.CharField(
        label=_("How did the mistake come about?"), max_length=LONGEST, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("The member declares anew; until then the file stays closed. Kept sealed, with your name."),
    )  # fmt: skip

    def __init__(self, *args: Any, seat_id: UUID, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.seat_id, self.auto_id = seat_id, f"id_%s_{seat_id.hex}"


class CancelForm(forms.Form):
    """Why the hearing does not take place."""

    reason = forms.ChoiceField(label=_("Why does it not take place?"), choices=CancelReason.choices, widget=Answers)


class OpenSessionForm(forms.Form):
    """Who is there when the team sits down; one question a seat."""

    def __init__(self, *args: Any, seats: list[Member], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.seats = {f"seat_{seat.pk.hex}": seat for seat in seats}
        choices = [(ROOM, _("in the room")), (REMOTE, _("from afar")), ("absent", _("not there"))]
        for name, seat in self.seats.items():
            self.fields[name] = forms.ChoiceField(
                label=seat.user.name, choices=choices, initial="absent", widget=Answers(aside=[ROOM, REMOTE, "absent"])
            )

    def present(self) -> dict[UUID, str]:
        """How each seat takes part."""
        return {seat.pk: self.cleaned_data[name] for name, seat in self.seats.items() if self.cleaned_data[name] != "absent"}


class EndSessionForm(forms.Form):
    """Whom the team heard, how, and the minutes."""

    heard = forms.ChoiceField(label=_("Whom did the team hear?"), choices=Heard.choices, widget=Answers)
    language = forms.ChoiceField(label=_("In which language?"), choices=Language.choices)
    interpreter = forms.ChoiceField(label=_("Interpreter"), choices=Interpreter.choices, widget=Answers)
    told = forms.ChoiceField(
        label=_("Were the rights and what follows told in that language?"), choices=YesNo.choices, widget=Answers,
        help_text=_("Protection and its times, help, reflection, compensation, legal aid, review."),
    )  # fmt: skip
    minutes = forms.CharField(
        label=_("Minutes"), max_length=LONGEST_MINUTES, widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("What was said and asked, in a few sentences. Kept sealed."),
    )  # fmt: skip
