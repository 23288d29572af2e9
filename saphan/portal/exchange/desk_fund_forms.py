"""The forms of the ledger's screens."""

from decimal import Decimal
from typing import Any
from uuid import UUID

from django import forms
from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from saphan.access.models import User
from saphan.core.forms import offer
from saphan.portal.exchange.asking import DayInput
from saphan.portal.exchange.closing import DecisionFacts
from saphan.portal.exchange.ledger import WRITTEN_BY_HAND, PostingFacts, pledges_to
from saphan.portal.exchange.ledger_models import Currency, Fund, Verb, Will
from saphan.portal.exchange.ledger_states import FundState
from saphan.portal.exchange.models import Campaign, Need, Pledge
from saphan.portal.exchange.receipts import LONGEST_NAME
from saphan.portal.exchange.states import CampaignState, NeedState

SEALED = _("Sealed: who paid, which voucher. Never a person whom you help.")


def amount_field() -> forms.DecimalField:
    """An amount of money."""
    return forms.DecimalField(label=pgettext_lazy("money", "Amount"), min_value=Decimal("0.01"), max_digits=14, decimal_places=2)


def note_field() -> forms.CharField:
    """A note that is sealed."""
    return forms.CharField(label=_("Note"), max_length=500, required=False, help_text=SEALED, widget=forms.Textarea(attrs={"rows": 2}))


class OpenForm(forms.Form):
    """For what a fund is opened."""

    purpose = forms.ChoiceField(label=_("For which need or campaign"))
    currency = forms.ChoiceField(label=_("Currency"), choices=Currency.choices, initial=Currency.BAHT, help_text=_("A need is counted in baht."))

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        money = Need.objects.filter(org=user.org_id, kind="cash", state__in=[NeedState.OPEN, NeedState.MET, NeedState.PAUSED], fund=None)
        campaigns = Campaign.objects.filter(org=user.org_id, state=CampaignState.OPEN, fund=None)
        found = [(f"need:{need.pk}", f"{need.reference}: {need.title}") for need in money]
        found += [(f"campaign:{campaign.pk}", f"{campaign.reference}: {campaign.title}") for campaign in campaigns]
        field = self.fields["purpose"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", "—"), *found]

    def chosen(self) -> dict[str, Any]:
        """What the service wants to know."""
        kind, _colon, pk = self.cleaned_data["purpose"].partition(":")
        return {f"{kind}_id": UUID(pk), "currency": self.cleaned_data["currency"]}


class PostForm(forms.Form):
    """What happened to a fund."""

    verb = forms.ChoiceField(label=_("What happened"), choices=[(verb.value, verb.label) for verb in WRITTEN_BY_HAND], initial=Verb.RECEIVE)
    amount = amount_field()
    happened_on = forms.DateField(label=_("On"), widget=DayInput, initial=timezone.localdate)
    pledge = forms.ModelChoiceField(label=_("Of which pledge"), queryset=Pledge.objects.none(), required=False)
    note = note_field()

    def __init__(self, *args: Any, fund: Fund, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "pledge", pledges_to(fund).order_by("-pledged_at"), shown=lambda pledge: str(pledge.reference))

    def facts(self) -> PostingFacts:
        """What was filled in."""
        told = self.cleaned_data
        pledge = told["pledge"]
        return PostingFacts(told["verb"], told["amount"], told["happened_on"], told["note"], pledge_id=pledge.pk if pledge else None)


class DecisionForm(forms.Form):
    """What a donor decided about money that is left."""

    will = forms.ChoiceField(label=_("What the donor wants"), choices=Will.choices)
    amount = amount_field()
    to_fund = forms.ModelChoiceField(label=_("Other fund"), queryset=Fund.objects.none(), required=False, help_text=_("Only when it is moved."))
    told_on = forms.DateField(label=_("Told on"), widget=DayInput, initial=timezone.localdate)
    note = note_field()

    def __init__(self, *args: Any, fund: Fund, **kwargs: Any) -> None:
        super().__init__(*args, **{"auto_id": "decision_%s"} | kwargs)  # another form stands on the same page
        others = Fund.objects.filter(org=fund.org_id, currency=fund.currency, state=FundState.OPEN).exclude(pk=fund.pk)
        offer(self, "to_fund", others.select_related("need", "campaign"), shown=lambda other: f"{other.reference}: {other.title}")

    def facts(self) -> DecisionFacts:
        """What was filled in."""
        told = self.cleaned_data
        return DecisionFacts(told["will"], told["amount"], told["told_on"], told["to_fund"].pk if told["to_fund"] else None, told["note"])


class NoteForm(forms.Form):
    """Why a posting is reversed."""

    note = note_field()


class ReceiptForm(forms.Form):
    """To whom a receipt is given, and in which language."""

    name = forms.CharField(label=_("Name on the receipt"), max_length=LONGEST_NAME, help_text=_("As the donor wants it. It is sealed at once."))
    language = forms.ChoiceField(label=_("Language of the receipt"), choices=settings.LANGUAGES[:2], initial="th")
