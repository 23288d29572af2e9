"""The forms of the coordinators' screens."""

from collections.abc import Mapping
from datetime import timedelta
from decimal import Decimal
from typing import Any

from django import forms
from django.conf import settings
from django.utils.functional import lazy
from django.utils.translation import gettext_lazy as _

from saphan.access.models import User
from saphan.core import clock
from saphan.core.errors import DomainError, Invalid
from saphan.core.forms import Several, Versioned, offer
from saphan.directory.models import Province
from saphan.portal.exchange.asking import REACH, DayInput, things
from saphan.portal.exchange.campaigns import CampaignFacts
from saphan.portal.exchange.codes import VALID_DAYS, Check, Condition, DonorKind, Kind, Question, Result, Tier, Urgency, Why
from saphan.portal.exchange.hubs import HubFacts
from saphan.portal.exchange.models import Campaign, Hub, Need, Offer
from saphan.portal.exchange.need_models import LETTERS_OF_TEXT, LETTERS_OF_TITLE
from saphan.portal.exchange.needs import NeedFacts
from saphan.portal.exchange.offers import OfferFacts
from saphan.portal.exchange.states import CampaignState, NeedState, OfferState, PledgeState
from saphan.portal.exchange.units import Unit

NEVER = _("Never a person, an age, an origin, a telephone number, or a place nearer than the province.")
WORDS = ("title_en", "text_en", "title_th", "text_th", "own_language", "title_own", "text_own")


def put_errors(form: forms.BaseForm, error: DomainError) -> None:
    """Puts what a service refused at the fields that it means."""
    fields: Mapping[str, str] = error.fields if isinstance(error, Invalid) else {}
    for name, sentence in fields.items():
        form.add_error(name if name in form.fields else None, sentence)
    if not fields:
        form.add_error(None, error.sentence)


class WordedForm(Versioned):
    """Title and text in English, Thai and one language more."""

    alias = forms.CharField(
        label=_("Alias of who needs it"), max_length=80, help_text=_("For example “a house for women in the north”. It must lead to no house.")
    )
    title_en = forms.CharField(label=_("Title in English"), max_length=LETTERS_OF_TITLE, required=False, help_text=NEVER)
    text_en = forms.CharField(
        label=_("Text in English"), max_length=LETTERS_OF_TEXT, required=False, widget=forms.Textarea(attrs={"rows": 4}), help_text=NEVER
    )
    title_th = forms.CharField(label=_("Title in Thai"), max_length=LETTERS_OF_TITLE, required=False)
    text_th = forms.CharField(label=_("Text in Thai"), max_length=LETTERS_OF_TEXT, required=False, widget=forms.Textarea(attrs={"rows": 4}))
    own_language = forms.ChoiceField(label=_("Another language"), choices=[("", "—"), *settings.LANGUAGES[2:]], required=False)
    title_own = forms.CharField(label=_("Title in that language"), max_length=LETTERS_OF_TITLE, required=False)
    text_own = forms.CharField(label=_("Text in that language"), max_length=LETTERS_OF_TEXT, required=False, widget=forms.Textarea(attrs={"rows": 4}))

    def words(self) -> dict[str, str]:
        """All of them."""
        return {name: self.cleaned_data[name] for name in WORDS}


class NeedForm(WordedForm):
    """A need: what, how much, for when, where, and who may bring it."""

    thing = forms.ChoiceField(label=_("What is needed"), choices=lazy(things, list)())
    quantity = forms.DecimalField(label=_("Amount"), min_value=Decimal("0.01"), max_digits=12, decimal_places=2)
    unit = forms.ChoiceField(label=_("Unit"), choices=Unit.choices)
    urgency = forms.TypedChoiceField(label=_("How soon"), choices=Urgency.choices, coerce=int, initial=Urgency.SOON)
    needed_by = forms.DateField(label=_("Needed by"), widget=DayInput, required=False)
    province = forms.ModelChoiceField(label=_("Province"), queryset=Province.objects.order_by("country_id", "name_en"))
    languages = forms.MultipleChoiceField(
        label=_("Languages"),
        choices=settings.LANGUAGES,
        widget=Several,
        required=False,
        help_text=_("Whoever helps must speak one of them. None: any."),
    )
    tier = forms.TypedChoiceField(
        label=_("How well the donor must be known"), choices=Tier.choices, coerce=int, initial=Tier.UNKNOWN,
        help_text=_("“Not checked” lets donors promise by themselves; everything else goes through vetting and matching."),
    )  # fmt: skip
    meets_survivors = forms.BooleanField(label=_("Whoever helps will meet survivors"), required=False)
    allow_overflow = forms.BooleanField(label=_("More than this is welcome"), required=False)
    hub = forms.ModelChoiceField(label=_("Hub"), queryset=Hub.objects.none(), required=False, help_text=_("Where donors bring it. Never a shelter."))
    campaign = forms.ModelChoiceField(label=_("Campaign"), queryset=Campaign.objects.none(), required=False)
    note = forms.CharField(
        label=_("Private note"), max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("For your organisation only. Sealed; it is never shown in public."),
    )  # fmt: skip
    field_order = ("thing", "quantity", "unit", "urgency", "needed_by", "province", "alias", *WORDS)

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "hub", Hub.objects.visible_to(user).in_use().order_by("alias"))
        mine = Campaign.objects.filter(org=user.org_id).exclude(state=CampaignState.CLOSED).order_by("-written_at")
        offer(self, "campaign", mine, shown=lambda campaign: campaign.title)

    def facts(self) -> NeedFacts:
        """What was filled in."""
        told = self.cleaned_data
        kind, _colon, item = told["thing"].partition(":")
        same = ("alias", "quantity", "unit", "urgency", "needed_by", "languages", "tier", "meets_survivors", "allow_overflow", "note")
        return NeedFacts(
            kind=kind, item=item, province_id=told["province"].pk, words=self.words(), hub_id=told["hub"].pk if told["hub"] else None,
            campaign_id=told["campaign"].pk if told["campaign"] else None, **{name: told[name] for name in same},
        )  # fmt: skip


def filled_from(need: Need) -> dict[str, Any]:
    """The beginning of the form of a need that exists, without its sealed note."""
    same = ("alias", "quantity", "unit", "urgency", "needed_by", "languages", "tier", "meets_survivors", "allow_overflow", "version", *WORDS)
    return {
        **{name: getattr(need, name) for name in same},
        "thing": f"{need.kind}:{need.item}", "province": need.province_id, "hub": need.hub_id, "campaign": need.campaign_id,
    }  # fmt: skip


class CampaignForm(WordedForm):
    """A campaign with its picture."""

    until_on = forms.DateField(label=_("Until"), widget=DayInput, required=False)
    picture = forms.FileField(
        label=_("Picture"), required=False, help_text=_("No survivor, no house, no street. What the camera noted is taken off.")
    )  # a file field: the picture is opened, checked and written anew by ourselves
    picture_alt = forms.CharField(label=_("Picture in words"), max_length=250, required=False)
    picture_rights = forms.CharField(label=_("Rights of the picture"), max_length=250, required=False)

    def facts(self, picture: Any = None) -> CampaignFacts:
        """What was filled in, with the picture as it was kept."""
        told = self.cleaned_data
        return CampaignFacts(
            alias=told["alias"], words=self.words(), until_on=told["until_on"], picture=picture, picture_alt=told["picture_alt"],
            picture_rights=told["picture_rights"],
        )  # fmt: skip


class HubForm(forms.Form):
    """A hub. Place and hours are written, never read here."""

    alias = forms.CharField(
        label=_("Alias of the hub"), max_length=80, help_text=_("For example “hub north”. Donors read it; it must lead to no door.")
    )
    province = forms.ModelChoiceField(label=_("Province"), queryset=Province.objects.order_by("country_id", "name_en"))
    place = forms.CharField(
        label=_("Place"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 3}), help_text=_("Sealed at once.")
    )
    hours = forms.CharField(label=_("Opening hours"), max_length=200, required=False, help_text=_("Sealed at once."))

    def __init__(self, *args: Any, exists: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if exists:
            for name in ("place", "hours"):
                self.fields[name].help_text = _("Leave it empty to keep what is sealed; nobody needs to read it here.")

    def facts(self) -> HubFacts:
        """What was filled in."""
        told = self.cleaned_data
        return HubFacts(alias=told["alias"], province_id=told["province"].pk, place=told["place"], hours=told["hours"])


class PassForm(forms.Form):
    """The check list of the safety review."""

    answers = forms.MultipleChoiceField(
        label=_("I have read every word and looked at every picture"), choices=Question, widget=Several, required=False
    )


class ReturnForm(forms.Form):
    """Back to the writer."""

    findings = forms.CharField(
        label=_("What must change"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Only the writer's organisation reads it."),
    )


class ProlongForm(forms.Form):
    """A new day."""

    needed_by = forms.DateField(label=_("Needed by"), widget=DayInput)


class OfferForm(forms.Form):
    """An offer that came by telephone or in person."""

    thing = forms.ChoiceField(label=_("What is offered"), choices=lazy(things, list)())
    quantity = forms.DecimalField(label=_("Amount"), min_value=Decimal("0.01"), max_digits=12, decimal_places=2)
    unit = forms.ChoiceField(label=_("Unit"), choices=Unit.choices)
    from_on = forms.DateField(label=_("Available from"), widget=DayInput)
    until_on = forms.DateField(label=_("Available until"), widget=DayInput, required=False)
    donor_kind = forms.ChoiceField(label=_("Who offers"), choices=DonorKind, initial=DonorKind.PERSON)
    name = forms.CharField(label=_("Name"), max_length=160, help_text=_("Sealed at once."))
    email = forms.EmailField(label=_("E-mail"), max_length=254, required=False)
    phone = forms.CharField(label=_("Telephone"), max_length=40, required=False)
    province = forms.ModelChoiceField(label=_("Province"), queryset=Province.objects.order_by("country_id", "name_en"))
    reach_km = forms.TypedChoiceField(label=_("How far it can be brought"), choices=REACH, coerce=int, initial=100)
    languages = forms.MultipleChoiceField(label=_("Languages"), choices=settings.LANGUAGES, widget=Several, required=False)
    meets = forms.BooleanField(label=_("Would meet survivors"), required=False)
    message = forms.CharField(label=_("Message"), max_length=1000, required=False, widget=forms.Textarea(attrs={"rows": 3}))

    def facts(self, language: str) -> OfferFacts:
        """What was filled in."""
        told = dict(self.cleaned_data)
        kind, _colon, item = told.pop("thing").partition(":")
        return OfferFacts(kind=kind, item=item, province_id=told.pop("province").pk, language=language, **told)


class VetForm(forms.Form):
    """How well the donor is known."""

    tier = forms.TypedChoiceField(label=_("How well known"), choices=Tier.choices, coerce=int)


class CheckForm(forms.Form):
    """One check upon a donor."""

    kind = forms.ChoiceField(label=_("Check"), choices=Check)
    result = forms.ChoiceField(label=_("Result"), choices=Result)
    done_on = forms.DateField(label=_("Done on"), widget=DayInput)
    expires_on = forms.DateField(label=_("Valid until"), widget=DayInput, required=False, help_text=_("Empty: as long as this check usually holds."))

    def clean(self) -> dict[str, Any]:
        told = super().clean() or {}
        if told.get("done_on") and told.get("kind") and not told.get("expires_on") and "expires_on" not in self.errors:
            told["expires_on"] = told["done_on"] + timedelta(days=VALID_DAYS[told["kind"]])
        return told


class OneOfReference(forms.ModelChoiceField):  # type: ignore[type-arg]  # generic only in its stubs
    """A row by its reference, typed: there may be a hundred thousand, too many for a list to choose from."""

    widget = forms.TextInput

    def __init__(self, label: Any, queryset: Any, absent: Any) -> None:
        super().__init__(queryset, label=label, to_field_name="reference", error_messages={"invalid_choice": absent})

    def to_python(self, value: Any) -> Any:
        return super().to_python("".join(str(value or "").split()).upper())


class ProposeForm(forms.Form):
    """An offer for a need, by hand."""

    need = OneOfReference(_("Reference of the need"), Need.objects.none(), _("There is no open need with this reference."))
    offer = OneOfReference(_("Reference of the offer"), Offer.objects.none(), _("There is no open offer with this reference."))
    quantity = forms.DecimalField(label=_("Amount, in the need's unit"), min_value=Decimal("0.01"), max_digits=12, decimal_places=2)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        day = clock.now().date()
        self.fields["need"].queryset = Need.objects.open(day)  # type: ignore[attr-defined]  # a field of rows
        self.fields["offer"].queryset = Offer.objects.open(day)  # type: ignore[attr-defined]  # a field of rows


class AcceptForm(forms.Form):
    """All of it, or a part."""

    quantity = forms.DecimalField(label=_("Amount"), min_value=Decimal("0.01"), max_digits=12, decimal_places=2)


class WhyForm(forms.Form):
    """Why not. A closed list: what is written freely may tell too much."""

    why = forms.ChoiceField(label=_("Why"), choices=[choice for choice in Why.choices if choice[0] not in (Why.TIME, Why.DONOR)])


class DayForm(forms.Form):
    """The day agreed with the donor."""

    day = forms.DateField(label=_("Agreed day"), widget=DayInput)


class CountForm(forms.Form):
    """What arrived."""

    arrived = forms.DecimalField(label=_("Counted"), min_value=Decimal("0.01"), max_digits=12, decimal_places=2)
    condition = forms.ChoiceField(label=_("Condition"), choices=Condition)


class ReferenceField(forms.CharField):
    """A reference as somebody reads it out or a slip shows it: blanks and small letters do no harm. Where one is typed, the other filters rest."""

    def __init__(self) -> None:
        super().__init__(label=_("Reference"), required=False, max_length=20)

    def to_python(self, value: Any) -> str:
        return "".join(str(super().to_python(value)).split()).upper()


class NeedFilter(forms.Form):
    """What the list of needs shows."""

    reference = ReferenceField()
    state = forms.ChoiceField(label=_("State"), required=False, choices=[("", _("all")), *NeedState.choices])
    kind = forms.ChoiceField(label=_("Kind"), required=False, choices=[("", _("all")), *Kind.choices])
    others = forms.BooleanField(label=_("also of others"), required=False)


class OfferFilter(forms.Form):
    """What the list of offers shows."""

    reference = ReferenceField()
    state = forms.ChoiceField(label=_("State"), required=False, choices=[("", _("alive")), *OfferState.choices[1:]])
    kind = forms.ChoiceField(label=_("Kind"), required=False, choices=[("", _("all")), *Kind.choices])
    meets = forms.BooleanField(label=_("would meet survivors"), required=False)
    checks = forms.BooleanField(label=_("checks that run out"), required=False)


class PledgeFilter(forms.Form):
    """What the list of pledges shows."""

    reference = ReferenceField()
    state = forms.ChoiceField(label=_("State"), required=False, choices=[("", _("to be done")), ("all", _("all")), *PledgeState.choices])
