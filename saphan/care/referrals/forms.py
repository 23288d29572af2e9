"""What is asked of the sender and of the receiver."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from saphan.care.cases.consents import class_labels
from saphan.care.cases.models import Consent
from saphan.care.referrals.codes import DeclineReason, Feedback, Outcome, Risk, WithdrawReason
from saphan.care.referrals.selectors import Choice
from saphan.core.dates import short
from saphan.core.sensitivity import Sensitivity
from saphan.directory.models import Need, Service


class ReferralFilter(forms.Form):
    """What the queue shows."""

    box = forms.ChoiceField(label=_("Queue"), required=False, choices=[("in", _("incoming")), ("out", _("outgoing"))])
    show = forms.ChoiceField(
        label=_("Show"),
        required=False,
        choices=[("waiting", _("waiting")), ("running", _("accepted and running")), ("over", _("over")), ("all", _("all"))],
    )
    risk = forms.ChoiceField(label=_("Risk"), required=False, choices=[("", _("all")), *Risk.choices])
    late = forms.BooleanField(label=_("only late"), required=False)
    mine = forms.BooleanField(label=_("only mine"), required=False)


class NeedForm(forms.Form):
    """The first question of the composer."""

    need = forms.ChoiceField(label=_("What does the person need?"), choices=[("", "—"), *Need.choices])
    risk = forms.ChoiceField(
        label=_("How soon must somebody act?"),
        choices=Risk,
        initial=Risk.MEDIUM,
        widget=forms.RadioSelect,
        help_text=_("The risk sets the clocks on both sides."),
    )


class ComposeForm(forms.Form):
    """Which service, and what its people should know once they have accepted."""

    service = forms.ChoiceField(label=_("Who could help"), widget=forms.RadioSelect, help_text=_("Free places first, then the nearest."))
    note = forms.CharField(
        label=_("A note for whoever accepts"),
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Sealed at once. It opens only after acceptance, and only if the plan is among the parts shared."),
    )

    def __init__(self, *args: Any, found: Iterable[Choice], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["service"]
        field.choices = [(str(choice.service.pk), described(choice)) for choice in found]

    def service_id(self) -> UUID:
        """The service chosen."""
        return UUID(self.cleaned_data["service"])


def described(choice: Choice) -> str:
    """One line about a service: whose, how near, how many places, whether it speaks the language, how fresh the entry is."""
    offer = choice.offer
    places = gettext("places not counted") if offer.free_places is None else gettext("%(n)d free today") % {"n": max(0, offer.free_places)}
    facts = [str(offer.service.organisation), offer.nearness_label, places]
    facts += [gettext("speaks the person's language")] if choice.speaks else []
    facts += [gettext("not verified in the last 90 days")] if offer.stale else []
    return f"{offer.service}: " + ", ".join(facts)


class SendForm(forms.Form):
    """On which consent, and which parts of the file open at acceptance."""

    consent = forms.ChoiceField(label=_("The person's consent"), widget=forms.RadioSelect)
    classes = forms.MultipleChoiceField(
        label=_("What opens when they accept"), widget=forms.CheckboxSelectMultiple, help_text=_("Offer no more than this service needs.")
    )

    def __init__(self, *args: Any, consents: list[Consent], **kwargs: Any) -> None:
        covered = {c for consent in consents for c in consent.classes}
        kwargs.setdefault("initial", {"consent": str(consents[0].pk) if consents else "", "classes": sorted(covered)})
        super().__init__(*args, **kwargs)
        consent: Any = self.fields["consent"]
        consent.choices = [(str(c.pk), consent_line(c)) for c in consents]
        classes: Any = self.fields["classes"]
        classes.choices = [(c.value, c.label) for c in Sensitivity if c.value in covered]


def consent_line(consent: Consent) -> str:
    """One line about a consent: for what, which parts, until when."""
    parts = ", ".join(class_labels(consent.classes))
    return gettext("%(purpose)s: %(parts)s (until %(day)s)") % {
        "purpose": consent.get_purpose_display(),
        "parts": parts,
        "day": short(consent.expires_at.date()),
    }


class DeclineForm(forms.Form):
    """Why not, and who else."""

    reason = forms.ChoiceField(label=_("Why you cannot take it up"), choices=DeclineReason, widget=forms.RadioSelect)
    alternative = forms.ModelChoiceField(
        label=_("Who else could help"), queryset=Service.objects.none(), required=False, empty_label=_("the next best of the directory"),
    )  # fmt: skip

    def __init__(self, *args: Any, need: str, own: UUID, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        others: Any = self.fields["alternative"]
        others.queryset = Service.objects.offered().filter(kind=need).exclude(organisation=own).select_related("organisation")


class WithdrawForm(forms.Form):
    """Why it is taken back. That the person withdrew consent is recorded at the consent, which withdraws all that hangs on it."""

    reason = forms.ChoiceField(label=_("Why it is taken back"), choices=[c for c in WithdrawReason.choices if c[0] != WithdrawReason.CONSENT])


class CompleteForm(forms.Form):
    """What came of the service."""

    outcome = forms.ChoiceField(label=_("What came of it"), choices=Outcome, widget=forms.RadioSelect)


class FeedbackForm(forms.Form):
    """What the person says."""

    feedback = forms.ChoiceField(label=_("Did it help? Ask the person."), choices=Feedback, widget=forms.RadioSelect)
