"""What is asked about a case."""

from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from saphan.access.models import User
from saphan.care.cases.codes import Capacity, CloseReason, Form, Ground, GuardianTie, NoteKind, SharingPurpose
from saphan.care.cases.consents import Given
from saphan.care.cases.selectors import keepers_of
from saphan.care.cases.states import State
from saphan.care.persons.codes import Language
from saphan.care.persons.models import Person
from saphan.core.sensitivity import SEALED_CLASSES
from saphan.directory.models import Organisation, Province

ALL = ("", _("all"))
SEALED_CHOICES = [(c.value, c.label) for c in SEALED_CLASSES]


class CaseFilter(forms.Form):
    """What the list of cases shows."""

    find = forms.CharField(label=_("Alias or reference"), required=False, max_length=40)
    state = forms.ChoiceField(label=_("State"), required=False, choices=[ALL, *State.choices])
    lead = forms.ModelChoiceField(label=_("Lead"), required=False, queryset=User.objects.none(), empty_label=_("all"))
    province = forms.ModelChoiceField(label=_("Province of the office"), required=False, queryset=Province.objects.none(), empty_label=_("all"))
    late = forms.BooleanField(label=_("only late for review"), required=False)

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        lead: Any = self.fields["lead"]
        lead.queryset = keepers_of(user.org_id)
        province: Any = self.fields["province"]
        province.queryset = Province.objects.filter(offices__org=user.org_id).distinct()


class ConsentFields(forms.Form):
    """How a consent is given: the person's words, language and capacity."""

    language = forms.ChoiceField(label=_("In which language it was explained"), choices=Language)
    form = forms.ChoiceField(label=_("How it was given"), choices=Form, widget=forms.RadioSelect, initial=Form.SPOKEN)
    capacity = forms.ChoiceField(label=_("Who gave it"), choices=Capacity, widget=forms.RadioSelect)
    guardian_tie = forms.ChoiceField(label=_("The guardian is"), choices=[("", _("no guardian")), *GuardianTie.choices], required=False)
    assent = forms.BooleanField(label=_("The child agrees too"), required=False)
    evidence = forms.CharField(
        label=_("How we know: witness, interpreter, where the paper lies"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Sealed."),
    )

    def __init__(self, *args: Any, person: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("language", person.language)
        self.initial.setdefault("capacity", Capacity.CHILD if person.counts_as_child else Capacity.ADULT)
        if not person.counts_as_child:
            del self.fields["guardian_tie"], self.fields["assent"]

    def given_as(self, purpose: str, receiver_id: UUID | None = None, classes: tuple[str, ...] = ()) -> Given:
        """The answers as the service takes them."""
        typed = self.cleaned_data
        return Given(
            purpose=purpose, receiver_id=receiver_id, classes=classes, language=typed["language"], form=typed["form"], capacity=typed["capacity"],
            guardian_tie=typed.get("guardian_tie", ""), assent=typed.get("assent", False), evidence=typed["evidence"],
        )  # fmt: skip


class OpenCaseForm(ConsentFields):
    """Opening a case: the ground where no team has decided, and the person's consent."""

    ground = forms.ChoiceField(
        label=_("On what ground"),
        choices=[("", _("choose")), *Ground.choices],
        help_text=_("Any reasonable ground is enough. The team decides later."),
    )
    field_order = ("ground",)

    def __init__(self, *args: Any, decided: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if decided:
            del self.fields["ground"]

    def given(self) -> Given:
        """The consent to a case file being kept."""
        return self.given_as(SharingPurpose.CASE)


class ConsentForm(ConsentFields):
    """A consent to share: for what, with whom, which parts."""

    purpose = forms.ChoiceField(label=_("For what"), choices=SharingPurpose, initial=SharingPurpose.SERVICE)
    receiver = forms.ModelChoiceField(label=_("With whom"), queryset=Organisation.objects.none(), required=False, empty_label=_("nobody outside"))
    classes = forms.MultipleChoiceField(
        label=_("Which parts of the file"), choices=SEALED_CHOICES, widget=forms.CheckboxSelectMultiple, required=False
    )
    field_order = ("purpose", "receiver", "classes")

    def __init__(self, *args: Any, person: Person, **kwargs: Any) -> None:
        super().__init__(*args, person=person, **kwargs)
        receiver: Any = self.fields["receiver"]
        receiver.queryset = Organisation.objects.filter(state=Organisation.State.APPROVED).exclude(pk=person.org_id)

    def given(self) -> Given:
        """The answers as the service takes them."""
        typed = self.cleaned_data
        receiver: Organisation | None = typed["receiver"]
        return self.given_as(typed["purpose"], receiver.pk if receiver else None, tuple(typed["classes"]))


class ReviewForm(forms.Form):
    """When the plan is looked at again."""

    next_on = forms.DateField(label=_("Next review on"), widget=forms.DateInput(attrs={"type": "date"}))


class TransferForm(forms.Form):
    """Who leads from now on."""

    lead = forms.ModelChoiceField(label=_("New lead"), queryset=User.objects.none())

    def __init__(self, *args: Any, org_id: UUID, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        lead: Any = self.fields["lead"]
        lead.queryset = keepers_of(org_id)


class CloseForm(forms.Form):
    """Why the case ends."""

    reason = forms.ChoiceField(label=_("Why it ends"), choices=CloseReason)


class NoteForm(forms.Form):
    """A need, a step of the plan, a talk."""

    kind = forms.ChoiceField(label=_("What it is"), choices=NoteKind, initial=NoteKind.PLAN)
    text = forms.CharField(label=_("Note"), widget=forms.Textarea(attrs={"rows": 4}), max_length=8000, help_text=_("Sealed when you save."))


class DocumentForm(forms.Form):
    """A file and the class that it belongs to."""

    file = forms.FileField(label=_("File"), help_text=_("PDF, picture, text, table or document, at most 10 MB. Hidden data in pictures is removed."))
    sensitivity = forms.ChoiceField(label=_("What it tells about"), choices=SEALED_CHOICES)
