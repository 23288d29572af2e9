"""The forms of a donor: what, who, and the last look before it is sent. Her own page has forms of its own."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django import forms
from django.conf import settings
from django.utils.functional import lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from saphan.core import clock
from saphan.core.forms import Several
from saphan.directory.models import Province
from saphan.portal.doorway.open_forms import OpenForm
from saphan.portal.exchange.codes import ITEMS_OF, DonorKind, Kind
from saphan.portal.exchange.models import Need
from saphan.portal.exchange.offers import BACK_AT_MOST, OfferFacts
from saphan.portal.exchange.thanks import LONGEST
from saphan.portal.exchange.units import WHOLE, Unit

REACH = [(0, _("it must be fetched")), (30, _("30 km")), (100, _("100 km")), (300, _("300 km")), (3000, _("the whole country"))]
AMONG_PEOPLE = (Kind.SERVICE, Kind.SKILL, Kind.TIME)


def things() -> list[tuple[str, list[tuple[str, Any]]]]:
    """Everything that can be given, by kind; one answer tells both, so that the two cannot contradict each other."""
    return [(str(Kind(kind).label).capitalize(), [(f"{kind}:{item}", item.label) for item in items]) for kind, items in ITEMS_OF.items()]


class DayInput(forms.DateInput):
    """A day, chosen in the browser's own calendar or typed."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class WhatForm(forms.Form):
    """Step 1: what, how much, when. For a need only the amount and the days are open."""

    thing = forms.ChoiceField(label=_("What do you offer?"), choices=lazy(things, list)())
    quantity = forms.DecimalField(label=_("How much?"), min_value=Decimal("0.01"), max_digits=12, decimal_places=2)
    unit = forms.ChoiceField(label=_("Counted in"), choices=Unit.choices)
    from_on = forms.DateField(label=_("From which day?"), widget=DayInput)
    until_on = forms.DateField(label=_("Until which day?"), widget=DayInput, required=False)

    def __init__(self, *args: Any, need: Need | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.need = need
        self.fields["from_on"].initial = clock.now().date
        if need is not None:
            del self.fields["thing"], self.fields["unit"]
            quantity = self.fields["quantity"]
            quantity.label = gettext("How much? (%(unit)s)") % {"unit": need.get_unit_display()}
            quantity.initial = need.missing.normalize() if need.missing == need.missing.to_integral_value() else need.missing

    def clean(self) -> dict[str, Any]:
        told = super().clean() or {}
        begin, end = told.get("from_on"), told.get("until_on")
        if begin and begin < clock.now().date() - BACK_AT_MOST:
            self.add_error("from_on", _("This day lies more than a year back."))
        unit, quantity = self.need.unit if self.need else told.get("unit"), told.get("quantity")
        if quantity and unit in WHOLE and quantity != quantity.to_integral_value():
            self.add_error("quantity", _("Only whole amounts of this unit can be brought."))
        if begin and end and end < begin:
            self.add_error("until_on", _("This day lies before the first one."))
        if end and end < clock.now().date():
            self.add_error("until_on", _("This day has passed."))
        return told

    @property
    def kind(self) -> str:
        """The kind chosen, or the need's."""
        return self.need.kind if self.need else str(self.cleaned_data["thing"]).partition(":")[0]

    @property
    def item(self) -> str:
        """What it is."""
        return self.need.item if self.need else str(self.cleaned_data["thing"]).partition(":")[2]

    @property
    def counted_in(self) -> str:
        """Its unit."""
        return self.need.unit if self.need else str(self.cleaned_data["unit"])


class WhoForm(forms.Form):
    """Step 2: who offers and how she is reached. All of it but the province and the languages is sealed at once."""

    donor_kind = forms.ChoiceField(label=_("Who offers?"), choices=DonorKind, widget=forms.RadioSelect, initial=DonorKind.PERSON)
    name = forms.CharField(label=_("Name"), max_length=160, help_text=_("Only coordinators read it. It is sealed as soon as you send it."))
    email = forms.EmailField(label=_("E-mail"), max_length=254, help_text=_("We send one letter with a link to confirm your offer."))
    phone = forms.CharField(
        label=_("Telephone"), max_length=40, required=False, help_text=_("By telephone we tell where to bring things. Without one, you come to us by e-mail first.")
    )  # fmt: skip
    province = forms.ModelChoiceField(label=_("Province"), queryset=Province.objects.select_related("country").order_by("country_id", "name_en"))
    reach_km = forms.TypedChoiceField(label=_("How far can you come or bring it?"), choices=REACH, coerce=int, initial=100)
    languages = forms.MultipleChoiceField(label=_("Which languages do you speak?"), choices=settings.LANGUAGES, widget=Several, required=False)
    meets = forms.BooleanField(
        label=_("I would like to help where I meet survivors"), required=False,
        help_text=_("Then we ask for your identity card, two references, a criminal record certificate and a training, and talk with you first."),
    )  # fmt: skip
    message = forms.CharField(
        label=_("What else should we know?"), max_length=1000, required=False, widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("For example size, condition, or hours. Sealed at once."),
    )  # fmt: skip

    def __init__(self, *args: Any, kind: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if kind and kind not in AMONG_PEOPLE:
            del self.fields["meets"]


class SendForm(OpenForm):
    """Step 3: read once more, agree, send."""

    purpose = "exchange.offer"
    agreed = forms.BooleanField(
        label=_("I agree that coordinators of the platform keep this to work on my offer. I can have it erased at any time on the page of my offer.")
    )


def facts_of(what: WhatForm, who: WhoForm, language: str) -> OfferFacts:
    """Both steps together."""
    told, person = what.cleaned_data, who.cleaned_data
    return OfferFacts(
        donor_kind=person["donor_kind"], name=person["name"], email=person["email"], phone=person["phone"], message=person["message"], kind=what.kind,
        item=what.item, quantity=told["quantity"], unit=what.counted_in, from_on=told["from_on"], until_on=told["until_on"],
        province_id=person["province"].pk, reach_km=person["reach_km"], languages=person["languages"], meets=person.get("meets", False),
        need_id=what.need.pk if what.need else None, language=language,
    )  # fmt: skip


def carried(form: forms.Form) -> list[tuple[str, str]]:
    """Names and values of a filled form, to be carried hidden through the next step."""
    pairs: list[tuple[str, str]] = []
    for name, field in form.fields.items():
        value = field.widget.value_from_datadict(form.data, form.files, form.add_prefix(name))
        pairs += [(name, str(item)) for item in (value if isinstance(value, list | tuple) else [value]) if item not in (None, "", False)]
    return pairs


class ChangeForm(forms.Form):
    """On the donor's own page: how much, until when, how far."""

    quantity = forms.DecimalField(label=_("How much?"), min_value=Decimal("0.01"), max_digits=12, decimal_places=2)
    until_on = forms.DateField(label=_("Until which day?"), widget=DayInput, required=False)
    reach_km = forms.TypedChoiceField(label=_("How far can you come or bring it?"), choices=REACH, coerce=int)


class DayWishForm(forms.Form):
    """On the donor's own page: another day than the one that was agreed."""

    day = forms.DateField(label=_("Which day would suit you?"), widget=DayInput)


class ContactForm(forms.Form):
    """On the donor's own page: who she is and how she is reached. Nothing of what is sealed is shown."""

    name = forms.CharField(label=_("Name"), max_length=160, required=False, help_text=_("Leave empty what shall stay as it is."))
    phone = forms.CharField(label=_("Telephone"), max_length=40, required=False)
    no_phone = forms.BooleanField(label=_("Take my telephone number out"), required=False)
    email = forms.EmailField(
        label=_("E-mail"), max_length=254, required=False, help_text=_("We send a letter with a link to the new address; it counts once you have pressed the button there.")
    )  # fmt: skip


class LinksForm(OpenForm):
    """Asks for the links to one's own offers."""

    purpose = "exchange.own"
    most_an_hour = 5
    email = forms.EmailField(label=_("E-mail"), max_length=254)


class ThanksForm(forms.Form):
    """How a name shall stand on the wall."""

    name = forms.CharField(
        label=_("Name on the wall"), max_length=LONGEST, help_text=_("Your name, another one, or “A friend from Nan”. A person reads it before it stands there.")
    )  # fmt: skip
    agreed = forms.BooleanField(label=_("I agree that everybody can read this name. I can take it down at any time."))


class NeedFilter(forms.Form):
    """What the public list shows."""

    province = forms.CharField(required=False, max_length=6)
    kind = forms.ChoiceField(required=False, choices=[("", ""), *Kind.choices])
    urgency = forms.TypedChoiceField(required=False, choices=[("", ""), (2, ""), (3, ""), (4, "")], coerce=int, empty_value="")


def chosen_of(asked: Mapping[str, Any]) -> dict[str, Any]:
    """What the filters understand of an address; everything else is no filter."""
    form = NeedFilter(asked)
    form.is_valid()
    return {name: form.cleaned_data.get(name) or "" for name in ("province", "kind", "urgency")}
