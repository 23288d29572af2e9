"""What a reader fills in."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from saphan.core.forms import Several, offer_words
from saphan.directory.models import Country
from saphan.portal.doorway.open_forms import OpenForm
from saphan.portal.newsletter.models import Subscriber
from saphan.portal.newsletter.subscribing import Wish
from saphan.portal.places.models import CountryPage
from saphan.portal.search.sources import TOPIC_NAMES

NO_COUNTRY = "ZZ"  # unknown or stateless: nobody reads its news


def reachable(address: str) -> None:
    """Letters go by the common form of addresses only (RFC 5321); few mail servers take others."""
    if not address.isascii():
        raise ValidationError(_("Letters cannot be sent to this address: it holds signs that mail servers do not take."))


def address_field() -> forms.EmailField:
    """Asks for an address to which letters can go."""
    attributes = {"autocomplete": "email", "inputmode": "email", "spellcheck": "false"}
    return forms.EmailField(label=_("E-mail address"), max_length=254, validators=[reachable], widget=forms.EmailInput(attrs=attributes))


def countries_told_of(chosen: Sequence[str] = ()) -> list[Country]:
    """Countries that have a page of ours, and those that somebody chose before; all where there are no such pages."""
    pages = CountryPage.objects.live().values_list("country", flat=True).distinct()
    told = {*pages} or {*Country.objects.exclude(pk=NO_COUNTRY).values_list("pk", flat=True)}
    return list(Country.objects.filter(pk__in=told | set(chosen)))


class WishForm(forms.Form):
    """Language, countries, topics, and how discreet the letters are."""

    language = forms.ChoiceField(label=_("Language of the letters"), choices=settings.LANGUAGES)
    more_languages = forms.MultipleChoiceField(
        label=_("Also in these languages"),
        widget=Several,
        required=False,
        choices=settings.LANGUAGES,
        help_text=_("In each of them a letter of its own comes."),
    )
    countries = forms.MultipleChoiceField(
        label=_("Countries"),
        widget=Several,
        required=False,
        help_text=_("None ticked: all. Otherwise you read of these, and of what concerns no single country."),
    )
    topics = forms.MultipleChoiceField(
        label=_("Topics"),
        widget=Several,
        required=False,
        help_text=_("None ticked: all. Otherwise you read of these only, and a letter comes only in a month with news of one of them."),
    )
    discreet = forms.BooleanField(
        label=_("Discreet letters"),
        required=False,
        help_text=_("Sender and subject do not say what the letter is about. For mailboxes that others can see."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer_words(self, "countries", [(country.pk, str(country)) for country in countries_told_of([*(self.initial.get("countries") or [])])])
        names = {slug: name for read in TOPIC_NAMES for slug, name in read(get_language() or settings.LANGUAGE_CODE).items()}
        offer_words(self, "topics", sorted(names.items(), key=lambda pair: pair[1]))

    def wish(self) -> Wish:
        """What was chosen."""
        chosen = self.cleaned_data
        return Wish(chosen["language"], chosen["countries"], chosen["topics"], chosen["discreet"], chosen["more_languages"])


def wish_of(subscriber: Subscriber) -> dict[str, Any]:
    """The present choices as the form shows them."""
    return {name: getattr(subscriber, name) for name in ("language", "more_languages", "countries", "topics", "discreet")}


class SubscribeForm(WishForm, OpenForm):
    """Asks for the newsletter."""

    purpose = "newsletter.ask"
    most_an_hour = 10
    email = address_field()
    consent = forms.BooleanField(label=_("I agree"), error_messages={"required": _("Without your agreement we may not keep the address.")})
    field_order = ("email", "language", "more_languages", "countries", "topics", "discreet", "consent")


class AddressForm(OpenForm):
    """Asks for the link to the own choices."""

    purpose = "newsletter.own"
    most_an_hour = 5
    email = address_field()
